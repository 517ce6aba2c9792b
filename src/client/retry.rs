//! When a failed request is tried again: one pure decision, and the loop that carries it out. The
//! loop waits by a function that is passed in, so that no test has to wait.

use std::time::Duration;

use super::Event;
use super::failure::{Failure, Service};
use crate::error::Error;

/// The first wait after a 429 that does not say how long; each later one is twice as long.
const FIRST_RATE_WAIT: Duration = Duration::from_secs(1);
/// The first wait after a failure of the server or the network, before jitter; each later one is
/// twice as long.
const FIRST_BACK_OFF: Duration = Duration::from_millis(500);

/// How much patience one query has.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// How often a failed request is tried again.
    pub retries: u32,
    /// The longest it waits in all.
    pub max_wait: Duration,
}

/// How much of its patience a query has used up.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    retries: u32,
    waited: Duration,
    renewed: bool,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    /// Wait that long, then try again.
    Retry(Duration),
    /// Fetch a new token, then try again at once.
    RenewToken,
    /// Fail. `wait` is how long it would have waited, `needed` the `max_wait` that this takes;
    /// `None` where something else ended it.
    GiveUp { wait: Duration, needed: Option<Duration> },
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
    match failure {
        Failure::Status(failure) => match failure.status {
            401 if failure.service == Service::Api => Remedy::NewToken,
            429 => Remedy::Wait(failure.retry_after),
            500 | 502..=504 => Remedy::BackOff,
            _ => Remedy::Nothing,
        },
        Failure::Timeout { .. } | Failure::Connection { .. } => Remedy::BackOff,
        Failure::Untrusted { .. } | Failure::Unreadable { .. } => Remedy::Nothing,
    }
}

/// Decides about one failure. `jitter` is between 0 and 1 and shortens a back-off by up to half, so
/// that parallel runs do not all come back at once.
fn decide(failure: &Failure, spent: &Spent, policy: &RetryPolicy, jitter: f64) -> Decision {
    let doubling = |first: Duration| first.saturating_mul(1 << spent.retries.min(16));
    let wait = match remedy(failure) {
        Remedy::Wait(asked) => asked.unwrap_or_else(|| doubling(FIRST_RATE_WAIT)),
        Remedy::BackOff => doubling(FIRST_BACK_OFF).mul_f64(1.0 - jitter / 2.0),
        Remedy::NewToken if !spent.renewed => return Decision::RenewToken,
        Remedy::NewToken | Remedy::Nothing => {
            return Decision::GiveUp { wait: Duration::ZERO, needed: None };
        }
    };
    let needed = spent.waited.saturating_add(wait);
    if spent.retries >= policy.retries {
        Decision::GiveUp { wait, needed: None }
    } else if needed > policy.max_wait {
        Decision::GiveUp { wait, needed: Some(needed) }
    } else {
        Decision::Retry(wait)
    }
}

/// Which token a try is to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenUse {
    /// The one at hand, if there is one.
    Any,
    /// A newer one than that of the last try.
    Renewed,
}

/// Tries until an answer comes or patience ends, telling of every wait before it begins.
pub(crate) async fn run<T>(
    policy: &RetryPolicy,
    tell: &dyn Fn(Event),
    sleep: impl AsyncFn(Duration),
    mut attempt: impl AsyncFnMut(TokenUse) -> Result<T, Failure>,
) -> Result<T, Error> {
    let mut spent = Spent::default();
    let mut token = TokenUse::Any;
    loop {
        let failure = match attempt(token).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        token = TokenUse::Any;
        match decide(&failure, &spent, policy, fastrand::f64()) {
            Decision::RenewToken => {
                tracing::info!("the token is not accepted any more: fetching a new one");
                spent.renewed = true;
                token = TokenUse::Renewed;
            }
            Decision::Retry(wait) => {
                spent.retries += 1;
                spent.waited += wait;
                let error = failure.into_error(wait, None);
                tell(Event::Waiting { wait, error, retry: spent.retries, retries: policy.retries });
                sleep(wait).await;
            }
            Decision::GiveUp { wait, needed } => return Err(failure.into_error(wait, needed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::failure::StatusFailure;
    use std::cell::RefCell;

    fn status(service: Service, status: u16, retry_after: Option<u64>) -> Failure {
        Failure::Status(StatusFailure {
            service,
            host: "host".into(),
            status,
            retry_after: retry_after.map(Duration::from_secs),
            message: None,
            reason: None,
        })
    }

    fn others() -> [Failure; 4] {
        let (host, cause) = ("host".to_owned(), "cause".to_owned());
        [
            Failure::Timeout { host: host.clone(), limit: Duration::from_secs(30) },
            Failure::Connection { host: host.clone(), cause: cause.clone() },
            Failure::Untrusted { host: host.clone(), cause: cause.clone() },
            Failure::Unreadable { host, fault: cause },
        ]
    }

    const PATIENT: RetryPolicy = RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) };

    /// Decides without jitter.
    fn decision(failure: &Failure, retries: u32, waited: u64, renewed: bool) -> Decision {
        let spent = Spent { retries, waited: Duration::from_secs(waited), renewed };
        decide(failure, &spent, &PATIENT, 0.0)
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
                    _ => Decision::GiveUp { wait: seconds(wait), needed: None },
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
            assert!(matches!(
                decision(&failure, 0, 0, false),
                Decision::GiveUp { needed: None, .. }
            ));
        }
    }

    #[test]
    fn a_wait_that_does_not_fit_ends_it_at_once_and_says_what_would_fit() {
        let asked = |seconds| status(Service::Api, 429, Some(seconds));
        let seconds = Duration::from_secs;
        assert_eq!(decision(&asked(60), 0, 0, false), Decision::Retry(seconds(60)));
        assert_eq!(
            decision(&asked(61), 0, 0, false),
            Decision::GiveUp { wait: seconds(61), needed: Some(seconds(61)) }
        );
        assert_eq!(
            decision(&asked(31), 1, 30, false),
            Decision::GiveUp { wait: seconds(31), needed: Some(seconds(61)) }
        );
        assert_eq!(
            decision(&asked(u64::MAX), 1, 30, false),
            Decision::GiveUp { wait: seconds(u64::MAX), needed: Some(Duration::MAX) }
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
        let decided = |failure: &Failure| decide(failure, &Spent::default(), &PATIENT, 1.0);
        let half = Duration::from_millis(250);
        assert_eq!(decided(&status(Service::Api, 503, None)), Decision::Retry(half));
        let asked = Duration::from_secs(5);
        assert_eq!(decided(&status(Service::Api, 429, Some(5))), Decision::Retry(asked));
    }

    /// Runs over these outcomes; returns the answer, the waits and the tokens used.
    async fn run_over(
        outcomes: Vec<Result<u8, Failure>>,
    ) -> (Result<u8, Error>, Vec<u64>, Vec<TokenUse>) {
        let waits = RefCell::new(Vec::new());
        let mut tokens = Vec::new();
        let mut outcomes = outcomes.into_iter();
        let result = run(
            &PATIENT,
            &|_| {},
            async |wait: Duration| waits.borrow_mut().push(wait.as_secs()),
            async |token| {
                tokens.push(token);
                outcomes.next().unwrap()
            },
        )
        .await;
        (result, waits.into_inner(), tokens)
    }

    #[tokio::test]
    async fn the_loop_waits_as_told_and_returns_the_first_answer() {
        use TokenUse::{Any, Renewed};
        let (result, waits, tokens) = run_over(vec![
            Err(status(Service::Api, 429, Some(7))),
            Err(status(Service::Api, 401, None)),
            Err(status(Service::Api, 429, None)),
            Ok(1),
        ])
        .await;
        assert_eq!(result.unwrap(), 1);
        assert_eq!(waits, [7, 2]);
        assert_eq!(tokens, [Any, Any, Renewed, Any]);
    }

    #[tokio::test]
    async fn the_loop_ends_with_the_last_failure() {
        let (result, waits, _) = run_over(vec![Err(status(Service::Api, 429, Some(1))); 4]).await;
        assert_eq!(waits, [1, 1, 1]);
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), "Spotify asks to wait 1 s before the next search");
        assert!(matches!(error, Error::RateLimited { needed: None, .. }));
    }
}
