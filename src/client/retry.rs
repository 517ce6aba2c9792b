//! Retry rules: which failures are retried, how long to wait, and when to give up.
//! [`RetryBudget::decide`] returns the decision; the request loop waits and sends the request again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::transport::{Failure, FailureKind, Service};

/// The wait after the first 429 that does not say how long to wait. It doubles with each retry.
const FIRST_RATE_LIMIT_WAIT: Duration = Duration::from_secs(1);
/// The first backoff after a failure of the server or the network, before jitter. It doubles with
/// each retry.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// Limits on retries.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryPolicy {
    /// The maximum number of retries of one request.
    pub retries: u32,
    /// The longest total wait of one search.
    pub max_wait: Duration,
}

/// What to do about a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send again at once, with a new token.
    RenewToken,
    /// Send again after this wait.
    Backoff(Duration),
    /// Pause all requests for this long, then send again.
    Cooldown(Duration),
    /// Fail. If the wait was too long: the `max_wait` that would have been enough.
    GiveUp { max_wait_needed: Option<Duration> },
}

/// The retry rule for a failure, whatever the budget.
enum Rule {
    Never,
    RenewToken,
    /// Wait as long as `Retry-After` says, if there is one.
    RateLimit(Option<Duration>),
    Backoff,
}

fn rule(failure: &Failure) -> Rule {
    match &failure.kind {
        FailureKind::Status(status) => match status.status {
            401 if failure.service == Service::Api => Rule::RenewToken,
            // Without Retry-After, it is unknown when a quota is renewed.
            429 if status.is_quota() && status.retry_after.is_none() => Rule::Never,
            429 => Rule::RateLimit(status.retry_after),
            500 | 502..=504 => Rule::Backoff,
            _ => Rule::Never,
        },
        FailureKind::Timeout(_) | FailureKind::Connection(_) => Rule::Backoff,
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
    token_renewed: bool,
}

impl<'a> RetryBudget<'a> {
    pub fn new(policy: RetryPolicy, waits: &'a Waits) -> Self {
        Self { policy, waits, retries: 0, token_renewed: false }
    }

    /// Decides about a failure, and counts the retry. `jitter`, from 0 to 1, shortens a backoff by
    /// up to half, so that parallel processes do not retry at the same moment.
    pub fn decide(&mut self, failure: &Failure, jitter: f64) -> Decision {
        let doubled = |first: Duration| first.saturating_mul(1 << self.retries.min(16));
        let (wait, decision) = match rule(failure) {
            Rule::RenewToken if !self.token_renewed => {
                self.token_renewed = true;
                return Decision::RenewToken;
            }
            Rule::RenewToken | Rule::Never => return Decision::GiveUp { max_wait_needed: None },
            Rule::RateLimit(retry_after) => {
                let wait = retry_after.unwrap_or_else(|| doubled(FIRST_RATE_LIMIT_WAIT));
                (wait, Decision::Cooldown(wait))
            }
            Rule::Backoff => {
                let wait = doubled(FIRST_BACKOFF).mul_f64(1.0 - jitter / 2.0);
                (wait, Decision::Backoff(wait))
            }
        };
        if self.retries >= self.policy.retries {
            return Decision::GiveUp { max_wait_needed: None };
        }
        if let Err(TooLong { max_wait_needed }) = self.check(wait) {
            return Decision::GiveUp { max_wait_needed: Some(max_wait_needed) };
        }
        self.retries += 1;
        decision
    }

    /// Returns the number of retries so far.
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// Waits, and counts the wait.
    pub async fn wait(&self, wait: Duration) {
        self.waits.add(wait);
        tokio::time::sleep(wait).await;
    }

    /// Checks that a wait, added to those of the search so far, does not exceed `max_wait`.
    ///
    /// A tenth more is accepted, at most a second: of several requests that are refused together,
    /// each later one extends the cooldown a little.
    pub fn check(&self, wait: Duration) -> Result<(), TooLong> {
        let max_wait = self.policy.max_wait;
        let max_wait_needed = self.waits.total_with(wait);
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

/// The total time that a search has waited. Waits of its requests that overlap count once.
#[derive(Debug, Default)]
pub(super) struct Waits(Mutex<TotalWait>);

#[derive(Debug, Default)]
struct TotalWait {
    total: Duration,
    /// The end of the last wait.
    until: Option<Instant>,
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, TotalWait> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the total if another wait started now.
    fn total_with(&self, wait: Duration) -> Duration {
        let TotalWait { total, until } = *self.lock();
        let overlap = until.map(|until| until.saturating_duration_since(Instant::now()));
        total.saturating_add(wait.saturating_sub(overlap.unwrap_or_default()))
    }

    /// Adds a wait that starts now.
    fn add(&self, wait: Duration) {
        let total = self.total_with(wait);
        let mut waits = self.lock();
        waits.total = total;
        waits.until = waits.until.max(Some(Instant::now() + wait));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let waits = Waits::default();
        let mut budget = RetryBudget { retries, ..RetryBudget::new(POLICY, &waits) };
        budget.decide(failure, 0.0)
    }

    const GIVE_UP: Decision = Decision::GiveUp { max_wait_needed: None };

    #[test]
    fn decides_by_status_and_number_of_retries() {
        for service in [Service::Api, Service::Accounts] {
            for (code, retries) in (100..=999).flat_map(|code| (0..=3).map(move |n| (code, n))) {
                let expected = match code {
                    401 if service == Service::Api => Decision::RenewToken,
                    429 if retries < 3 => {
                        Decision::Cooldown(seconds([1.0, 2.0, 4.0][retries as usize]))
                    }
                    500 | 502 | 503 | 504 if retries < 3 => {
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
            (FailureKind::Certificate { unknown_issuer: true, source: source() }, false),
            (FailureKind::BadResponse { problem: problem(), source: None }, false),
        ] {
            let failure = failure(Service::Api, kind);
            let expected = if is_retried { Decision::Backoff(seconds(1.0)) } else { GIVE_UP };
            assert_eq!(decide(&failure, 1), expected, "{failure:?}");
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
        let decide = |waited: f64, retry_after| {
            let waits = Waits(Mutex::new(TotalWait { total: seconds(waited), until: None }));
            let mut budget = RetryBudget::new(POLICY, &waits);
            budget.decide(&status(Service::Api, 429, Some(retry_after)), 0.0)
        };
        let give_up = |needed| Decision::GiveUp { max_wait_needed: Some(needed) };
        assert_eq!(decide(0.0, 61), Decision::Cooldown(seconds(61.0)), "a second more is accepted");
        assert_eq!(decide(0.0, 62), give_up(seconds(62.0)));
        assert_eq!(decide(30.0, 32), give_up(seconds(62.0)));
        assert_eq!(decide(30.0, u64::MAX), give_up(Duration::MAX));
    }

    #[test]
    fn renews_the_token_once_per_request() {
        let waits = Waits::default();
        let mut budget = RetryBudget::new(POLICY, &waits);
        let rejected = status(Service::Api, 401, None);
        assert_eq!(budget.decide(&rejected, 0.0), Decision::RenewToken);
        assert_eq!(budget.decide(&rejected, 0.0), GIVE_UP);
    }

    #[test]
    fn jitter_shortens_a_backoff_and_never_a_retry_after() {
        let decide = |failure| {
            let waits = Waits::default();
            RetryBudget::new(POLICY, &waits).decide(&failure, 1.0)
        };
        assert_eq!(decide(status(Service::Api, 503, None)), Decision::Backoff(seconds(0.25)));
        assert_eq!(decide(status(Service::Api, 429, Some(5))), Decision::Cooldown(seconds(5.0)));
    }

    #[tokio::test(start_paused = true)]
    async fn overlapping_waits_count_once() {
        let waits = Waits::default();
        waits.add(seconds(10.0));
        waits.add(seconds(4.0));
        assert_eq!(waits.total_with(Duration::ZERO), seconds(10.0));
        tokio::time::advance(seconds(8.0)).await;
        waits.add(seconds(5.0));
        assert_eq!(waits.total_with(Duration::ZERO), seconds(13.0));
        tokio::time::advance(seconds(60.0)).await;
        assert_eq!(waits.total_with(seconds(1.0)), seconds(14.0));
    }
}
