//! Retry rules: which failures are retried, how long to wait, and when to give up.
//! [`RetryBudget::decide`] returns the decision; the request loop waits and sends the request again.

use std::time::Duration;

use super::waits::Waits;
use crate::transport::{Failure, FailureKind, Service};

/// The cooldown after the first 429 that does not say how long to wait. It doubles with each 429.
const FIRST_COOLDOWN: Duration = Duration::from_secs(1);
/// The first backoff after a failure of the server or the network, before jitter. It doubles with
/// each retry.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// The longest backoff, unless the response asks for a longer one.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Limits on retries.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryPolicy {
    /// The maximum number of retries of one request.
    pub retries: u32,
    /// The longest total wait of one search, and of a batch for the rate limit since a request was last
    /// accepted.
    pub max_wait: Duration,
}

/// What to do about a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send again at once, with a new token if the last one was rejected.
    Resend,
    /// Send again after this wait.
    Backoff(Duration),
    /// Pause all requests for this long, then send again.
    Cooldown(Duration),
    /// Fail. If the wait was too long: the `max_wait` that would have been enough.
    GiveUp { max_wait_needed: Option<Duration> },
}

/// The retry rule for a failure. The budget may still forbid the retry.
enum Rule {
    Never,
    RenewToken,
    /// Wait as long as `Retry-After` says, if there is one.
    RateLimit(Option<Duration>),
    /// Back off, at least as long as `Retry-After` says.
    Backoff(Option<Duration>),
}

fn rule(failure: &Failure) -> Rule {
    match &failure.kind {
        FailureKind::Status(status) => match status.status {
            401 if failure.service == Service::Api => Rule::RenewToken,
            // Without Retry-After, it is unknown when a quota is renewed.
            429 if status.is_quota() && status.retry_after.is_none() => Rule::Never,
            429 => Rule::RateLimit(status.retry_after),
            408 | 500 | 502..=504 => Rule::Backoff(status.retry_after),
            _ => Rule::Never,
        },
        FailureKind::Timeout(_) | FailureKind::Connection(_) => Rule::Backoff(None),
        FailureKind::Certificate { .. } | FailureKind::BadResponse { .. } => Rule::Never,
    }
}

/// What one request may still spend on retries.
#[derive(Debug)]
pub(super) struct RetryBudget<'a> {
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

    /// Decides about a failure, and counts the retry. `jitter`, from 0 to 1, shortens a backoff by
    /// up to half, so that parallel processes do not retry at the same moment.
    pub fn decide(&mut self, failure: &Failure, jitter: f64) -> Decision {
        match rule(failure) {
            Rule::Never => Decision::GiveUp { max_wait_needed: None },
            Rule::RenewToken if self.token_renewed => Decision::GiveUp { max_wait_needed: None },
            Rule::RenewToken => {
                self.token_renewed = true;
                Decision::Resend
            }
            Rule::Backoff(retry_after) => self.back_off(retry_after, jitter),
            Rule::RateLimit(retry_after) => self.cool_down(retry_after),
        }
    }

    fn back_off(&mut self, retry_after: Option<Duration>, jitter: f64) -> Decision {
        let backoff = doubled(FIRST_BACKOFF, self.retries).min(MAX_BACKOFF);
        let wait = backoff.mul_f64(1.0 - jitter / 2.0).max(retry_after.unwrap_or_default());
        self.spend_retry(wait, Decision::Backoff(wait))
    }

    fn cool_down(&mut self, retry_after: Option<Duration>) -> Decision {
        let wait = retry_after.unwrap_or_else(|| doubled(FIRST_COOLDOWN, self.rate_limits));
        self.rate_limits += 1;
        if !self.waits.is_in_batch() {
            return self.spend_retry(wait, Decision::Cooldown(wait));
        }
        // A batch meets the rate limit again and again, and still makes progress.
        match self.check_cooldown(wait) {
            Ok(()) => Decision::Cooldown(wait),
            Err(too_long) => too_long.into(),
        }
    }

    /// Counts a retry and returns `decision`, unless the budget is used up.
    fn spend_retry(&mut self, wait: Duration, decision: Decision) -> Decision {
        if self.retries >= self.policy.retries {
            return Decision::GiveUp { max_wait_needed: None };
        }
        if let Err(too_long) = self.check(self.waits.backoffs.with(wait)) {
            return too_long.into();
        }
        self.retries += 1;
        decision
    }

    /// Returns the number of retries so far.
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// Waits before a retry.
    pub async fn wait(&self, wait: Duration) {
        self.waits.backoffs.wait(wait).await;
    }

    /// Checks that a wait for the rate limit is within the budget.
    pub fn check_cooldown(&self, wait: Duration) -> Result<(), TooLong> {
        self.check(self.waits.rate_limits().with(wait))
    }

    /// Waits for the rate limit.
    pub async fn wait_for_cooldown(&self, wait: Duration) {
        self.waits.rate_limits().wait(wait).await;
    }

    /// Checks that a total wait does not exceed `max_wait`.
    ///
    /// Accepts up to 10 % more, at most 1 s: 429 responses that arrive together have slightly
    /// different `Retry-After` values.
    fn check(&self, max_wait_needed: Duration) -> Result<(), TooLong> {
        let max_wait = self.policy.max_wait;
        if max_wait_needed > max_wait + (max_wait / 10).min(Duration::from_secs(1)) {
            return Err(TooLong { max_wait_needed });
        }
        Ok(())
    }
}

/// A wait that exceeds the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    /// The `max_wait` that would have been enough.
    pub max_wait_needed: Duration,
}

impl From<TooLong> for Decision {
    fn from(too_long: TooLong) -> Self {
        Self::GiveUp { max_wait_needed: Some(too_long.max_wait_needed) }
    }
}

/// Returns the wait doubled this many times.
fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(16))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::error::CertificateProblem;
    use crate::transport::StatusFailure;

    const POLICY: RetryPolicy = RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) };

    fn failure(service: Service, kind: FailureKind) -> Failure {
        Failure { service, host: "host".into(), kind }
    }

    fn status(service: Service, status: u16, retry_after: Option<u64>) -> Failure {
        let retry_after = retry_after.map(Duration::from_secs);
        let failure_of_status = StatusFailure { status, retry_after, ..StatusFailure::default() };
        failure(service, FailureKind::Status(failure_of_status))
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// The decision after this many retries, without jitter.
    fn decide(failure: &Failure, retries: u32) -> Decision {
        let waits = Waits::of_search();
        let spent = RetryBudget::new(POLICY, &waits);
        let mut budget = RetryBudget { retries, rate_limits: retries, ..spent };
        budget.decide(failure, 0.0)
    }

    const GIVE_UP: Decision = Decision::GiveUp { max_wait_needed: None };

    #[test]
    fn decides_by_status_and_number_of_retries() {
        for service in [Service::Api, Service::Accounts] {
            for (code, retries) in (100..=999).flat_map(|code| (0..=3).map(move |n| (code, n))) {
                let expected = match code {
                    401 if service == Service::Api => Decision::Resend,
                    429 if retries < 3 => {
                        Decision::Cooldown(seconds([1.0, 2.0, 4.0][retries as usize]))
                    }
                    408 | 500 | 502 | 503 | 504 if retries < 3 => {
                        Decision::Backoff(seconds([0.5, 1.0, 2.0][retries as usize]))
                    }
                    _ => GIVE_UP,
                };
                let decision = decide(&status(service, code, None), retries);
                assert_eq!(decision, expected, "{service:?} {code} {retries}");
            }
        }
    }

    #[test]
    fn backs_off_after_network_failures_only() {
        let source = || "cause".into();
        let problem = || "problem".to_owned();
        for (kind, is_retried) in [
            (FailureKind::Timeout(seconds(30.0)), true),
            (FailureKind::Connection(source()), true),
            (
                FailureKind::Certificate { problem: CertificateProblem::Invalid, source: source() },
                false,
            ),
            (FailureKind::BadResponse { problem: problem(), source: None }, false),
        ] {
            let failure = failure(Service::Api, kind);
            let expected = if is_retried { Decision::Backoff(seconds(1.0)) } else { GIVE_UP };
            assert_eq!(decide(&failure, 1), expected, "{failure:?}");
        }
    }

    #[test]
    fn backoff_is_at_most_30_s_unless_the_response_asks_for_more() {
        let decide = |retry_after| {
            let waits = Waits::of_search();
            let policy = RetryPolicy { retries: 10, ..POLICY };
            let mut budget = RetryBudget { retries: 9, ..RetryBudget::new(policy, &waits) };
            budget.decide(&status(Service::Api, 503, retry_after), 0.0)
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
            let decision = budget.decide(&status(Service::Api, 429, Some(25)), 0.0);
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
                let decision = budget.decide(&status(Service::Api, 500, None), 0.0);
                assert_eq!(decision, Decision::Backoff(seconds(wait)));
                budget.wait(seconds(wait)).await;
            }
            assert_eq!(budget.decide(&status(Service::Api, 500, None), 0.0), GIVE_UP);
        }
    }

    #[test]
    fn quota_without_retry_after_is_final() {
        let reason = Some("QUOTA_EXCEEDED".to_owned());
        let quota = StatusFailure { status: 429, reason, ..StatusFailure::default() };
        assert_eq!(decide(&failure(Service::Api, FailureKind::Status(quota)), 0), GIVE_UP);
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_at_once_if_retry_after_exceeds_max_wait() {
        let decide = async |waited: f64, retry_after| {
            let waits = Waits::of_search();
            waits.backoffs.wait(seconds(waited)).await;
            let mut budget = RetryBudget::new(POLICY, &waits);
            budget.decide(&status(Service::Api, 429, Some(retry_after)), 0.0)
        };
        let give_up = |needed| Decision::GiveUp { max_wait_needed: Some(needed) };
        assert_eq!(
            decide(0.0, 61).await,
            Decision::Cooldown(seconds(61.0)),
            "a second more is accepted"
        );
        assert_eq!(decide(0.0, 62).await, give_up(seconds(62.0)));
        assert_eq!(decide(30.0, 32).await, give_up(seconds(62.0)));
        assert_eq!(decide(30.0, u64::MAX).await, give_up(Duration::MAX));
    }

    #[test]
    fn renews_the_token_once_per_request() {
        let waits = Waits::of_search();
        let mut budget = RetryBudget::new(POLICY, &waits);
        let rejected = status(Service::Api, 401, None);
        assert_eq!(budget.decide(&rejected, 0.0), Decision::Resend);
        assert_eq!(budget.decide(&rejected, 0.0), GIVE_UP);
    }

    #[test]
    fn jitter_shortens_a_backoff_and_never_a_retry_after() {
        let decide = |retry_after| {
            let waits = Waits::of_search();
            let failure = status(Service::Api, 503, retry_after);
            RetryBudget::new(POLICY, &waits).decide(&failure, 1.0)
        };
        assert_eq!(decide(None), Decision::Backoff(seconds(0.25)));
        assert_eq!(decide(Some(5)), Decision::Backoff(seconds(5.0)));
    }
}
