//! Retry rules: which errors are retried, how long to wait, and when to give up.
//! [`RetryBudget::decide`] returns the decision; its caller waits and sends the request again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use super::waits::Waits;
use crate::error::{Error, ErrorResponse, RateLimit};
use crate::event::{Event, EventHandler};
use crate::query::SearchQuery;

/// The cooldown after the first 429 that does not say how long to wait. It doubles with each 429.
const FIRST_COOLDOWN: Duration = Duration::from_secs(1);
/// The first backoff after a failure of the server or the network, before jitter. It doubles with
/// each retry.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// The longest backoff, unless the response asks for a longer one.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Limits on retries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    /// The maximum number of retries of one request.
    pub retries: u32,
    /// The longest total wait of one search, and of a batch for the rate limit since a request was last
    /// accepted.
    pub max_wait: Duration,
}

/// What to do about a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Send again at once, with a new token: the last one was rejected.
    RenewToken,
    /// Send again after this wait.
    Backoff(Duration),
    /// Pause all requests for this long, then send again.
    Cooldown(Duration),
    /// Fail. If the wait was too long: the `max_wait` that would have been enough.
    GiveUp { max_wait_needed: Option<Duration> },
}

const GIVE_UP: Decision = Decision::GiveUp { max_wait_needed: None };

/// What one request may still spend on retries.
#[derive(Debug)]
pub(crate) struct RetryBudget<'a> {
    policy: RetryPolicy,
    /// The waits of the search, which may consist of several requests.
    waits: &'a Waits,
    retries: u32,
    /// The number of 429 responses.
    rate_limits: u32,
    token_renewed: bool,
}

impl<'a> RetryBudget<'a> {
    pub fn new(policy: RetryPolicy, waits: &'a Waits) -> Self {
        Self { policy, waits, retries: 0, rate_limits: 0, token_renewed: false }
    }

    /// Decides about an error, and counts the retry. `jitter`, from 0 to 1, shortens a backoff by up
    /// to half, so that parallel processes do not retry at the same moment.
    pub fn decide(&mut self, error: &Error, jitter: f64) -> Decision {
        match error {
            Error::TokenRejected(_) if !self.token_renewed => {
                self.token_renewed = true;
                Decision::RenewToken
            }
            // Without Retry-After, it is unknown when a quota is renewed.
            Error::RateLimited { limit: RateLimit::Quota, retry_after: None, .. } => GIVE_UP,
            Error::RateLimited { retry_after, .. } => self.decide_cooldown(*retry_after),
            // 400 is a server error of the accounts service: see `status_error`.
            Error::BadRequest(ErrorResponse { status: 408, retry_after, .. })
            | Error::ServerError(ErrorResponse {
                status: 400 | 500 | 502..=504,
                retry_after,
                ..
            }) => self.decide_backoff(*retry_after, jitter),
            Error::Timeout { .. } | Error::Network { .. } => self.decide_backoff(None, jitter),
            // A token request has been retried already.
            _ => GIVE_UP,
        }
    }

    fn decide_backoff(&mut self, retry_after: Option<Duration>, jitter: f64) -> Decision {
        let backoff = doubled(FIRST_BACKOFF, self.retries).min(MAX_BACKOFF);
        let wait = backoff.mul_f64(1.0 - jitter / 2.0).max(retry_after.unwrap_or_default());
        match self.too_long(self.waits.backoffs.with(wait)) {
            None => self.take_retry(Decision::Backoff(wait)),
            max_wait_needed => self.take_retry(Decision::GiveUp { max_wait_needed }),
        }
    }

    fn decide_cooldown(&mut self, retry_after: Option<Duration>) -> Decision {
        let wait = retry_after.unwrap_or_else(|| doubled(FIRST_COOLDOWN, self.rate_limits));
        self.rate_limits += 1;
        let decision = match self.cooldown_too_long(wait) {
            None => Decision::Cooldown(wait),
            max_wait_needed => Decision::GiveUp { max_wait_needed },
        };
        // A batch meets the rate limit again and again, and still makes progress.
        if self.waits.is_in_batch() { decision } else { self.take_retry(decision) }
    }

    /// Counts a retry, unless all are used up.
    fn take_retry(&mut self, decision: Decision) -> Decision {
        if self.retries >= self.policy.retries {
            return GIVE_UP;
        }
        self.retries += 1;
        decision
    }

    /// Reports the retry, and waits before it.
    pub async fn back_off(
        &self,
        wait: Duration,
        error: &Error,
        query: Option<&Arc<SearchQuery>>,
        events: &EventHandler,
    ) {
        let (retry, retries) = (self.retries, self.policy.retries);
        let (query, error) = (query.cloned(), error.clone());
        events.emit(Event::Retry { query, wait, error, retry, retries });
        self.waits.backoffs.wait(wait).await;
    }

    /// Waits for the rate limit.
    pub async fn wait_for_cooldown(&self, wait: Duration) {
        self.waits.rate_limits().wait(wait).await;
    }

    /// If a wait for the rate limit is too long, returns the `max_wait` that would be enough.
    pub fn cooldown_too_long(&self, wait: Duration) -> Option<Duration> {
        self.too_long(self.waits.rate_limits().with(wait))
    }

    /// Returns a total wait if it exceeds `max_wait`.
    ///
    /// Accepts up to 10 % more, at most 1 s: 429 responses that arrive together have slightly
    /// different `Retry-After` values.
    fn too_long(&self, total: Duration) -> Option<Duration> {
        let max_wait = self.policy.max_wait;
        let tolerance = (max_wait / 10).min(Duration::from_secs(1));
        (total > max_wait.saturating_add(tolerance)).then_some(total)
    }
}

/// Returns a random number from 0 to 1. The standard library seeds each `RandomState` differently.
pub(crate) fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX)
}

/// Returns the wait doubled this many times.
fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::simulation::{network, status};
    use crate::duration::LONGEST;
    use crate::transport::{Mask, Service, status_error};

    const POLICY: RetryPolicy = RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) };

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// The decision after this many retries, without jitter.
    fn decide(error: &Error, retries: u32) -> Decision {
        let waits = Waits::of_search();
        let spent = RetryBudget::new(POLICY, &waits);
        let mut budget = RetryBudget { retries, rate_limits: retries, ..spent };
        budget.decide(error, 0.0)
    }

    fn status_of(service: Service, status: u16) -> Error {
        status_error(service, "host", status, None, b"", &Mask::default())
    }

    #[test]
    fn decides_by_status_and_number_of_retries() {
        for service in [Service::Api, Service::Accounts] {
            for (code, retries) in (100..=999).flat_map(|code| (0..=3).map(move |n| (code, n))) {
                let expected = match code {
                    401 if service == Service::Api => Decision::RenewToken,
                    429 if retries < 3 => {
                        Decision::Cooldown(seconds([1.0, 2.0, 4.0][retries as usize]))
                    }
                    408 | 500 | 502 | 503 | 504 if retries < 3 => {
                        Decision::Backoff(seconds([0.5, 1.0, 2.0][retries as usize]))
                    }
                    _ => GIVE_UP,
                };
                let decision = decide(&status_of(service, code), retries);
                assert_eq!(decision, expected, "{service:?} {code} {retries}");
            }
        }
    }

    #[test]
    fn transient_error_of_the_accounts_service_is_retried() {
        let body = br#"{"error":"errorTransient"}"#;
        let error = status_error(Service::Accounts, "host", 400, None, body, &Mask::default());
        assert_eq!(decide(&error, 0), Decision::Backoff(seconds(0.5)));
    }

    #[test]
    fn backs_off_after_network_failures_only() {
        let (host, timeout) = (|| "host".to_owned(), seconds(30.0));
        let source = Arc::new(std::fmt::Error);
        for (error, is_retried) in [
            (Error::Timeout { host: host(), timeout }, true),
            (network("reset"), true),
            (Error::Token(Arc::new(network("reset"))), false),
            (Error::Proxy { proxy: host() }, false),
            (Error::UnknownIssuer { host: host() }, false),
            (Error::Certificate { host: host(), source }, false),
            (Error::BadResponse { host: host(), problem: host(), source: None }, false),
        ] {
            let expected = if is_retried { Decision::Backoff(seconds(1.0)) } else { GIVE_UP };
            assert_eq!(decide(&error, 1), expected, "{error:?}");
        }
    }

    #[test]
    fn backoff_is_at_most_30_s_unless_the_response_asks_for_more() {
        let decide = |retry_after| {
            let waits = Waits::of_search();
            let policy = RetryPolicy { retries: 10, ..POLICY };
            let mut budget = RetryBudget { retries: 9, ..RetryBudget::new(policy, &waits) };
            budget.decide(&status(503, retry_after), 0.0)
        };
        assert_eq!(decide(None), Decision::Backoff(seconds(30.0)));
        assert_eq!(decide(Some(10)), Decision::Backoff(seconds(30.0)));
        assert_eq!(decide(Some(40)), Decision::Backoff(seconds(40.0)));
    }

    #[tokio::test(start_paused = true)]
    async fn batch_continues_as_long_as_it_makes_progress() {
        let waits = Waits::in_batch(Arc::default());
        let mut budget = RetryBudget::new(POLICY, &waits);
        let mut refuse = async || {
            let decision = budget.decide(&status(429, Some(25)), 0.0);
            if decision == Decision::Cooldown(seconds(25.0)) {
                budget.wait_for_cooldown(seconds(25.0)).await;
            }
            decision
        };
        for _ in 0..10 {
            refuse().await;
            assert_eq!(refuse().await, Decision::Cooldown(seconds(25.0)));
            waits.accepted();
        }
        refuse().await;
        refuse().await;
        let give_up = Decision::GiveUp { max_wait_needed: Some(seconds(75.0)) };
        assert_eq!(refuse().await, give_up);
    }

    #[tokio::test(start_paused = true)]
    async fn backoffs_of_a_batch_count_for_each_search() {
        let batch = Arc::default();
        for _ in 0..100 {
            let waits = Waits::in_batch(Arc::clone(&batch));
            let mut budget = RetryBudget::new(POLICY, &waits);
            for wait in [0.5, 1.0, 2.0] {
                let decision = budget.decide(&status(500, None), 0.0);
                assert_eq!(decision, Decision::Backoff(seconds(wait)));
                budget.waits.backoffs.wait(seconds(wait)).await;
            }
            assert_eq!(budget.decide(&status(500, None), 0.0), GIVE_UP);
        }
    }

    #[test]
    fn quota_without_retry_after_is_final() {
        let limit = RateLimit::Quota;
        let quota = Error::RateLimited { limit, retry_after: None, max_wait_needed: None };
        assert_eq!(decide(&quota, 0), GIVE_UP);
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_at_once_if_retry_after_exceeds_max_wait() {
        let decide = async |waited: f64, retry_after| {
            let waits = Waits::of_search();
            waits.backoffs.wait(seconds(waited)).await;
            let mut budget = RetryBudget::new(POLICY, &waits);
            budget.decide(&status(429, Some(retry_after)), 0.0)
        };
        let give_up = |needed| Decision::GiveUp { max_wait_needed: Some(needed) };
        assert_eq!(
            decide(0.0, 61).await,
            Decision::Cooldown(seconds(61.0)),
            "a second more is accepted"
        );
        assert_eq!(decide(0.0, 62).await, give_up(seconds(62.0)));
        assert_eq!(decide(30.0, 32).await, give_up(seconds(62.0)));
        assert_eq!(decide(30.0, LONGEST.as_secs()).await, give_up(LONGEST + seconds(30.0)),);
    }

    #[test]
    fn renews_the_token_once_per_request() {
        let waits = Waits::of_search();
        let mut budget = RetryBudget::new(POLICY, &waits);
        let rejected = status(401, None);
        assert_eq!(budget.decide(&rejected, 0.0), Decision::RenewToken);
        assert_eq!(budget.decide(&rejected, 0.0), GIVE_UP);
    }

    #[test]
    fn jitter_shortens_a_backoff_and_never_a_retry_after() {
        let decide = |retry_after| {
            let waits = Waits::of_search();
            RetryBudget::new(POLICY, &waits).decide(&status(503, retry_after), 1.0)
        };
        assert_eq!(decide(None), Decision::Backoff(seconds(0.25)));
        assert_eq!(decide(Some(5)), Decision::Backoff(seconds(5.0)));
    }
}
