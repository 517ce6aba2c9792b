//! Limits the number of requests in flight, and makes all requests of the client wait for the cooldown
//! after a 429.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::duration::LONGEST;
use crate::error::{Error, RateLimit, Result};
use crate::event::{Event, EventHandler};
use crate::lock::lock;
use crate::retry::RetryBudget;

/// The number of successful requests in a row after which one more may be in flight. In
/// simulations, smaller numbers regained a permit in every window and met more 429 responses.
const SUCCESSES_PER_PERMIT: u32 = 256;

/// A cooldown that is extended by more than this is reported again.
const REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// Limits the requests of a client.
#[derive(Debug)]
pub(super) struct Limiter {
    semaphore: Semaphore,
    /// The largest number of requests in flight.
    pub max_permits: usize,
    limits: Mutex<Limits>,
}

#[derive(Debug)]
struct Limits {
    /// The number of permits: `max_permits` minus those taken away after a 429.
    permits: usize,
    /// Successful requests since the number of permits last changed.
    successes: u32,
    /// The end of the last cooldown.
    cooldown_end: Instant,
    /// The end of the cooldown that was reported last.
    reported_end: Option<Instant>,
}

/// The permission to have one request in flight, until it is dropped.
pub(super) type Permit<'a> = SemaphorePermit<'a>;

impl Limiter {
    /// Creates a limiter for at most `max_permits` requests in flight, with the rest of a cooldown
    /// from an earlier run.
    pub fn new(max_permits: usize, cooldown: Option<Duration>) -> Self {
        let max_permits = max_permits.clamp(1, Semaphore::MAX_PERMITS);
        let limits = Limits {
            permits: max_permits,
            successes: 0,
            cooldown_end: Instant::now(),
            reported_end: None,
        };
        let semaphore = Semaphore::new(max_permits);
        let limiter = Self { semaphore, max_permits, limits: Mutex::new(limits) };
        limiter.start_cooldown(cooldown.unwrap_or_default());
        limiter
    }

    /// Waits until there is no cooldown and a permit is free. Permits are granted in the order of
    /// the calls.
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] at once if the cooldown is too long for the budget.
    pub async fn acquire(
        &self,
        budget: &RetryBudget<'_>,
        events: &EventHandler,
    ) -> Result<Permit<'_>> {
        loop {
            let permit = self.semaphore.acquire().await;
            let permit = permit.unwrap_or_else(|_| unreachable!("the semaphore is never closed"));
            let Some(remaining) = self.remaining_cooldown() else {
                return Ok(permit);
            };
            drop(permit);
            let max_wait_needed = budget.cooldown_too_long(remaining);
            if max_wait_needed.is_some() {
                let (limit, retry_after) = (RateLimit::Cooldown, Some(remaining));
                return Err(Error::RateLimited { limit, retry_after, max_wait_needed });
            }
            if self.is_unreported() {
                events.emit(Event::RateLimited { wait: remaining });
            }
            budget.wait_for_cooldown(remaining).await;
        }
    }

    /// Pauses all requests for this long, or longer if there is a longer cooldown.
    pub fn start_cooldown(&self, wait: Duration) {
        let end = Instant::now() + wait.min(LONGEST);
        let mut limits = lock(&self.limits);
        limits.cooldown_end = limits.cooldown_end.max(end);
    }

    fn remaining_cooldown(&self) -> Option<Duration> {
        let remaining = lock(&self.limits).cooldown_end.checked_duration_since(Instant::now())?;
        (!remaining.is_zero()).then_some(remaining)
    }

    /// Returns true the first time, so that a cooldown is reported once.
    fn is_unreported(&self) -> bool {
        let mut limits = lock(&self.limits);
        let end = limits.cooldown_end;
        let is_unreported = limits.reported_end.is_none_or(|last| end > last + REPORT_INTERVAL);
        if is_unreported {
            limits.reported_end = Some(end);
        }
        is_unreported
    }

    /// Returns the permit of a successful request. After a run of successes, one more request may be
    /// in flight.
    pub fn succeeded(&self, permit: Permit<'_>) {
        let mut limits = lock(&self.limits);
        limits.successes += 1;
        if limits.successes >= SUCCESSES_PER_PERMIT && limits.permits < self.max_permits {
            limits.successes = 0;
            limits.permits += 1;
            self.semaphore.add_permits(1);
        }
        drop(permit);
    }

    /// Takes away the permit of a request that met the rate limit, unless it is the last one: fewer
    /// requests in flight meet the limit less often.
    pub fn rate_limited(&self, permit: Permit<'_>) {
        let mut limits = lock(&self.limits);
        limits.successes = 0;
        if limits.permits > 1 {
            limits.permits -= 1;
            permit.forget();
            tracing::info!(permits = limits.permits, "rate limited: fewer requests in flight");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retry::{RetryPolicy, Waits};
    use std::sync::Arc;

    const POLICY: RetryPolicy = RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) };

    /// Acquires a permit; returns the waits that were reported.
    async fn acquire<'a>(limiter: &'a Limiter, waits: &Waits) -> (Result<Permit<'a>>, Vec<u64>) {
        let reported = Arc::new(Mutex::new(Vec::new()));
        let seen = reported.clone();
        let events = EventHandler::new(move |event| match event {
            Event::RateLimited { wait } => seen.lock().unwrap().push(wait.as_secs()),
            other => panic!("{other:?}"),
        });
        let permit = limiter.acquire(&RetryBudget::new(POLICY, waits), &events).await;
        let reported = reported.lock().unwrap().clone();
        (permit, reported)
    }

    #[tokio::test]
    async fn a_429_takes_a_permit_away_and_successes_return_it() {
        let limiter = Limiter::new(3, None);
        let waits = Waits::of_search();
        let permit = async || acquire(&limiter, &waits).await.0.unwrap();
        for left in [2, 1, 1] {
            limiter.rate_limited(permit().await);
            assert_eq!(limiter.semaphore.available_permits(), left);
        }
        for _ in 1..SUCCESSES_PER_PERMIT {
            limiter.succeeded(permit().await);
        }
        assert_eq!(limiter.semaphore.available_permits(), 1);
        limiter.succeeded(permit().await);
        assert_eq!(limiter.semaphore.available_permits(), 2);
        for _ in 0..10 * SUCCESSES_PER_PERMIT {
            limiter.succeeded(permit().await);
        }
        assert_eq!(limiter.semaphore.available_permits(), 3);
        drop(permit().await);
        assert_eq!(limiter.semaphore.available_permits(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn all_requests_wait_for_the_cooldown_and_it_is_reported_once() {
        let limiter = Limiter::new(2, Some(Duration::from_secs(40)));
        let (one, other) = (Waits::of_search(), Waits::of_search());
        let start = Instant::now();
        let (first, second) = tokio::join!(acquire(&limiter, &one), acquire(&limiter, &other));
        assert_eq!(start.elapsed(), Duration::from_secs(40));
        assert_eq!((first.1, second.1), (vec![40], vec![]));
        drop((first.0.unwrap(), second.0.unwrap()));
        drop(acquire(&limiter, &one).await.0.unwrap());
        assert_eq!(start.elapsed(), Duration::from_secs(40), "the cooldown is over");
    }

    #[tokio::test(start_paused = true)]
    async fn fails_at_once_if_the_cooldown_exceeds_the_budget() {
        let limiter = Limiter::new(1, None);
        limiter.start_cooldown(Duration::MAX);
        limiter.start_cooldown(Duration::from_secs(1));
        let waits = Waits::of_search();
        let (start, (permit, reported)) = (Instant::now(), acquire(&limiter, &waits).await);
        let limit = RateLimit::Cooldown;
        assert!(matches!(permit, Err(Error::RateLimited { limit: l, .. }) if l == limit));
        assert_eq!((start.elapsed(), reported), (Duration::ZERO, vec![]));
    }
}
