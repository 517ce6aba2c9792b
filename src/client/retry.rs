//! When a failed request is tried again: one pure decision, and the loop that carries it out. The
//! loop waits by a function that is passed in, so that no test has to wait.

use std::time::Duration;

use super::Event;
use super::limiter::{Limiter, Permit};
use super::waits::{Cooldown, RetryPolicy, Waited, Waiting};
use crate::error::Error;
use crate::transport::{Failure, FailureKind, Service};

/// The first wait after a 429 that does not say how long; each later one is twice as long.
const FIRST_RATE_WAIT: Duration = Duration::from_secs(1);
/// The first wait after a failure of the server or the network, before jitter; each later one is
/// twice as long.
const FIRST_BACK_OFF: Duration = Duration::from_millis(500);

/// What a request has used up of its patience.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    retries: u32,
    renewed: bool,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    /// Wait that long, then try again.
    Retry(Duration),
    /// Fetch a new token, then try again at once.
    RenewToken,
    /// Fail. `needed` is the `max_wait` that a retry would take; `None` where something else ended
    /// it.
    GiveUp { needed: Option<Duration> },
}

/// What can be done about a failure, patience aside.
enum Remedy {
    Nothing,
    NewToken,
    /// Wait as asked, or longer each time where nothing is asked.
    Wait(Option<Duration>),
    BackOff,
}

fn remedy(failure: &Failure) -> Remedy {
    match &failure.kind {
        FailureKind::Status(status) => match status.status {
            401 if failure.service == Service::Api => Remedy::NewToken,
            429 if status.is_about_a_quota() && status.retry_after.is_none() => Remedy::Nothing,
            429 => Remedy::Wait(status.retry_after),
            500 | 502..=504 => Remedy::BackOff,
            _ => Remedy::Nothing,
        },
        FailureKind::Timeout(_) | FailureKind::Connection(_) => Remedy::BackOff,
        FailureKind::Untrusted { .. } | FailureKind::Unreadable(_) => Remedy::Nothing,
    }
}

/// Decides about one failure. `jitter` is between 0 and 1 and shortens a back-off by up to half, so
/// that parallel runs do not all come back at once.
fn decide(
    failure: &Failure,
    spent: Spent,
    waiting: &Waiting,
    policy: &RetryPolicy,
    jitter: f64,
) -> Decision {
    let doubling = |first: Duration| first.saturating_mul(1 << spent.retries.min(16));
    let wait = match remedy(failure) {
        Remedy::Wait(asked) => asked.unwrap_or_else(|| doubling(FIRST_RATE_WAIT)),
        Remedy::BackOff => doubling(FIRST_BACK_OFF).mul_f64(1.0 - jitter / 2.0),
        Remedy::NewToken if !spent.renewed => return Decision::RenewToken,
        Remedy::NewToken | Remedy::Nothing => {
            return Decision::GiveUp { needed: None };
        }
    };
    let needed = waiting.with(wait);
    if spent.retries >= policy.retries {
        Decision::GiveUp { needed: None }
    } else if policy.is_too_long(needed) {
        Decision::GiveUp { needed: Some(needed) }
    } else {
        Decision::Retry(wait)
    }
}

/// Which token a try is to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenUse {
    /// The one at hand, if there is one.
    Any,
    /// Another than the one that was refused, also in every later try.
    Renewed,
}

/// Tries requests until patience ends.
pub(crate) struct Retrier<'a, Sleep: AsyncFn(Duration)> {
    pub policy: &'a RetryPolicy,
    pub cooldown: &'a Cooldown,
    /// How long the query of the requests has waited.
    pub waited: &'a Waited,
    pub turns: &'a Limiter,
    /// Is told of every wait before it begins.
    pub on_event: &'a dyn Fn(Event),
    pub sleep: Sleep,
}

impl<Sleep: AsyncFn(Duration)> Retrier<'_, Sleep> {
    /// Tries until an answer comes or patience ends.
    pub async fn run<T>(
        &self,
        mut attempt: impl AsyncFnMut(TokenUse) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let mut spent = Spent::default();
        let mut token = TokenUse::Any;
        loop {
            let turn = self.turn().await?;
            let failure = match attempt(token).await {
                Ok(answer) => {
                    self.turns.went_well();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            if failure.is_rate_limit() {
                self.turns.met_the_limit(turn);
            } else {
                drop(turn);
            }
            match decide(&failure, spent, &self.waited.now(), self.policy, fastrand::f64()) {
                Decision::RenewToken => {
                    tracing::info!("the token is not accepted any more: fetching a new one");
                    spent.renewed = true;
                    token = TokenUse::Renewed;
                }
                Decision::Retry(wait) => self.wait(wait, failure, &mut spent).await,
                Decision::GiveUp { needed } => {
                    let error = failure.into_error(needed);
                    if let Some(wait) = error.retry_after() {
                        self.cooldown.extend(wait);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Waits for the end of a cool-down and for a turn.
    async fn turn(&self) -> Result<Permit<'_>, Error> {
        loop {
            let turn = self.turns.next().await;
            let Some(rest) = self.cooldown.rest() else {
                return Ok(turn);
            };
            drop(turn);
            let needed = self.waited.now().with(rest);
            if self.policy.is_too_long(needed) {
                return Err(Error::CoolingDown { rest, needed });
            }
            if self.cooldown.take_untold() {
                (self.on_event)(Event::CoolingDown { rest });
            }
            self.waited.add(rest);
            (self.sleep)(rest).await;
        }
    }

    /// Waits before a retry. For a rate limit that is to begin a cool-down, which the next turn
    /// waits for.
    async fn wait(&self, wait: Duration, failure: Failure, spent: &mut Spent) {
        spent.retries += 1;
        let (retry, retries) = (spent.retries, self.policy.retries);
        if failure.is_rate_limit() {
            if self.cooldown.extend(wait) {
                let error = failure.into_error(None);
                (self.on_event)(Event::Waiting { wait, error, retry, retries });
            }
        } else {
            let error = failure.into_error(None);
            (self.on_event)(Event::Waiting { wait, error, retry, retries });
            self.waited.add(wait);
            (self.sleep)(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::StatusFailure;
    use std::cell::RefCell;

    fn failed(service: Service, kind: FailureKind) -> Failure {
        Failure { service, host: "host".into(), kind }
    }

    fn status(service: Service, status: u16, retry_after: Option<u64>) -> Failure {
        let retry_after = retry_after.map(Duration::from_secs);
        let status = StatusFailure { status, retry_after, message: None, reason: None };
        failed(service, FailureKind::Status(status))
    }

    fn others() -> [Failure; 4] {
        [
            FailureKind::Timeout(Duration::from_secs(30)),
            FailureKind::Connection("cause".into()),
            FailureKind::Untrusted { cause: "cause".into(), is_unknown: true },
            FailureKind::Unreadable("fault".into()),
        ]
        .map(|kind| failed(Service::Api, kind))
    }

    const PATIENT: RetryPolicy = RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) };

    /// Decides without jitter.
    fn decision(failure: &Failure, retries: u32, waited: u64, renewed: bool) -> Decision {
        let waiting = Waiting { total: Duration::from_secs(waited), ahead: Duration::ZERO };
        decide(failure, Spent { retries, renewed }, &waiting, &PATIENT, 0.0)
    }

    #[test]
    fn every_status_at_every_attempt_is_decided_as_documented() {
        let seconds = Duration::from_secs_f64;
        for service in [Service::Api, Service::Accounts] {
            for (code, retries) in (100..=999).flat_map(|code| (0..=3).map(move |n| (code, n))) {
                let wait = match code {
                    429 => [1.0, 2.0, 4.0, 8.0][retries as usize],
                    500 | 502 | 503 | 504 => [0.5, 1.0, 2.0, 4.0][retries as usize],
                    _ => 0.0,
                };
                let expected = match code {
                    401 if service == Service::Api => Decision::RenewToken,
                    429 | 500 | 502 | 503 | 504 if retries < 3 => Decision::Retry(seconds(wait)),
                    _ => Decision::GiveUp { needed: None },
                };
                let failure = status(service, code, None);
                assert_eq!(
                    decision(&failure, retries, 0, false),
                    expected,
                    "{service:?} {code} {retries}"
                );
            }
        }
    }

    #[test]
    fn broken_connections_and_time_outs_back_off_and_the_rest_is_final() {
        let [timeout, connection, untrusted, unreadable] = others();
        for failure in [timeout, connection] {
            assert_eq!(decision(&failure, 1, 0, false), Decision::Retry(Duration::from_secs(1)));
            assert!(matches!(decision(&failure, 3, 0, false), Decision::GiveUp { .. }));
        }
        for failure in [untrusted, unreadable] {
            assert!(matches!(decision(&failure, 0, 0, false), Decision::GiveUp { needed: None }));
        }
    }

    #[test]
    fn a_wait_that_does_not_fit_ends_it_at_once_and_says_what_would_fit() {
        let asked = |seconds| status(Service::Api, 429, Some(seconds));
        let seconds = Duration::from_secs;
        // A moment more than the minute that is allowed is still fine.
        assert_eq!(decision(&asked(61), 0, 0, false), Decision::Retry(seconds(61)));
        assert_eq!(
            decision(&asked(62), 0, 0, false),
            Decision::GiveUp { needed: Some(seconds(62)) }
        );
        assert_eq!(
            decision(&asked(32), 1, 30, false),
            Decision::GiveUp { needed: Some(seconds(62)) }
        );
        assert_eq!(
            decision(&asked(u64::MAX), 1, 30, false),
            Decision::GiveUp { needed: Some(Duration::MAX) }
        );
    }

    #[test]
    fn a_token_is_renewed_once_and_never_for_the_token_service() {
        let api = status(Service::Api, 401, None);
        assert_eq!(decision(&api, 3, 60, false), Decision::RenewToken);
        assert!(matches!(decision(&api, 0, 0, true), Decision::GiveUp { .. }));
        let accounts = status(Service::Accounts, 401, None);
        assert!(matches!(decision(&accounts, 0, 0, false), Decision::GiveUp { .. }));
    }

    #[test]
    fn jitter_shortens_a_back_off_by_up_to_half_and_never_what_was_asked() {
        let decided = |failure: &Failure| {
            decide(failure, Spent::default(), &Waiting::default(), &PATIENT, 1.0)
        };
        let half = Duration::from_millis(250);
        assert_eq!(decided(&status(Service::Api, 503, None)), Decision::Retry(half));
        let asked = Duration::from_secs(5);
        assert_eq!(decided(&status(Service::Api, 429, Some(5))), Decision::Retry(asked));
    }

    /// Runs over these outcomes within a cool-down; returns the answer, the waits and the tokens
    /// used.
    async fn run_over(
        outcomes: Vec<Result<u8, Failure>>,
        cooldown: &Cooldown,
    ) -> (Result<u8, Error>, Vec<u64>, Vec<TokenUse>) {
        let waits = RefCell::new(Vec::new());
        let mut tokens = Vec::new();
        let mut outcomes = outcomes.into_iter();
        let retrier = Retrier {
            policy: &PATIENT,
            cooldown,
            waited: &Waited::default(),
            turns: &Limiter::new(1),
            on_event: &|_| {},
            sleep: async |wait: Duration| {
                waits.borrow_mut().push(wait.as_secs());
                tokio::time::advance(wait).await;
            },
        };
        let result = retrier.run(async |token| {
            tokens.push(token);
            outcomes.next().unwrap()
        });
        (result.await, waits.into_inner(), tokens)
    }

    #[tokio::test(start_paused = true)]
    async fn the_loop_waits_as_told_and_returns_the_first_answer() {
        use TokenUse::{Any, Renewed};
        let outcomes = vec![
            Err(status(Service::Api, 429, Some(7))),
            Err(status(Service::Api, 401, None)),
            Err(status(Service::Api, 429, None)),
            Ok(1),
        ];
        let (result, waits, tokens) = run_over(outcomes, &Cooldown::default()).await;
        assert_eq!(result.unwrap(), 1);
        assert_eq!(waits, [7, 2]);
        assert_eq!(tokens, [Any, Any, Renewed, Renewed]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_loop_ends_with_the_last_failure() {
        let outcomes = vec![Err(status(Service::Api, 429, Some(1))); 4];
        let (result, waits, _) = run_over(outcomes, &Cooldown::default()).await;
        assert_eq!(waits, [1, 1, 1]);
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), "Spotify asks to wait 1 s before the next search");
        assert!(matches!(error, Error::RateLimited { needed: None, .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cool_down_holds_for_every_request() {
        let cooldown = Cooldown::default();
        cooldown.extend(Duration::from_secs(40));
        let (result, waits, _) = run_over(vec![Ok(1)], &cooldown).await;
        assert_eq!((result.unwrap(), waits), (1, vec![40]));
        let (_, waits, _) = run_over(vec![Ok(1)], &cooldown).await;
        assert!(waits.is_empty(), "it is over");

        // One that does not fit sends nothing.
        let refused = vec![Err(status(Service::Api, 429, Some(5_000)))];
        assert!(run_over(refused, &cooldown).await.0.is_err());
        let (result, waits, tokens) = run_over(vec![Ok(1)], &cooldown).await;
        assert!(matches!(result, Err(Error::CoolingDown { .. })), "{result:?}");
        assert_eq!((waits.len(), tokens.len()), (0, 0));
    }
}
