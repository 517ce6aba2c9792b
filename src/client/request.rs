//! The request loop: one page from the limiter to the parsed response, with retries.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::limiter::{Limiter, Permit};
use super::pagination::PageSize;
use crate::cache::AppCache;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::query::{Page, SearchQuery};
use crate::results::SearchResults;
use crate::retry::{Decision, RetryBudget, Waits, random};
use crate::transport::{Transport, TransportSettings};

/// What the clones of a client share.
pub(super) struct Shared {
    pub settings: TransportSettings,
    pub transport: Box<dyn Transport>,
    pub limiter: Limiter,
    pub page_size: PageSize,
    /// The maximum of `sent`.
    pub max_requests: u64,
    /// The number of search requests.
    pub sent: AtomicU64,
    pub cache: Arc<AppCache>,
}

impl Shared {
    /// Fetches one page, and retries as often as the budget allows. `waits` counts the waits of all pages
    /// of a search.
    pub async fn fetch(
        &self,
        query: &Arc<SearchQuery>,
        page: Page,
        waits: &Waits,
    ) -> Result<SearchResults> {
        let mut budget = RetryBudget::new(self.settings.policy, waits);
        let mut last_error = None;
        loop {
            // A search that was sent fails with its own error.
            let stopped = |stopped: Error| last_error.take().unwrap_or(stopped);
            let ready = async {
                let permit = self.limiter.acquire(&budget, &self.settings.events).await?;
                Ok::<_, Error>((permit, self.transport.prepare(waits).await))
            };
            let (permit, prepared) = waits.unless_stopped(ready).await.map_err(stopped)??;
            let send = async {
                prepared?;
                self.count_request()?;
                self.transport.send(query, page, waits).await
            };
            let error = match send.await {
                Ok(results) => {
                    self.limiter.succeeded(permit);
                    waits.accepted();
                    return Ok(results);
                }
                Err(error) => error,
            };
            self.failed(query, permit, waits, &error);
            match budget.decide(&error, random()) {
                // The transport has invalidated the token that it used.
                Decision::RenewToken => {}
                Decision::Cooldown(wait) => self.limiter.start_cooldown(wait),
                Decision::Backoff(wait) => {
                    let events = &self.settings.events;
                    let back_off = budget.back_off(wait, &error, Some(query), events);
                    // If the batch has stopped, the next iteration returns the error.
                    let _ = waits.unless_stopped(back_off).await;
                }
                Decision::GiveUp { max_wait_needed } => {
                    let error = error.with_max_wait_needed(max_wait_needed);
                    self.keep_cooldown(&error).await;
                    return Err(error);
                }
            }
            last_error = Some(error);
        }
    }

    /// Counts a request that is about to be sent.
    ///
    /// # Errors
    ///
    /// [`Error::RequestLimit`] if no more may be sent.
    fn count_request(&self) -> Result<()> {
        let max = self.max_requests;
        let count = self.sent.fetch_add(1, Ordering::Relaxed);
        if count < max { Ok(()) } else { Err(Error::RequestLimit { max }) }
    }

    /// Returns the permit of a failed request, and notes what the error means for the rate limit.
    fn failed(&self, query: &Arc<SearchQuery>, permit: Permit, waits: &Waits, error: &Error) {
        match error {
            Error::RateLimited { .. } => {
                self.limiter.rate_limited(permit);
                self.settings.events.emit(Event::TooManyRequests { query: query.clone() });
            }
            Error::Token(_) => {}
            // The rate limit let the request through.
            error if error.status().is_some_and(|status| status < 500) => waits.accepted(),
            _ => {}
        }
    }

    /// Keeps a cooldown that was not waited for: other requests of this client fail at once, and
    /// later runs, too, if it is long.
    async fn keep_cooldown(&self, error: &Error) {
        let Some(wait) = error.retry_after() else { return };
        self.limiter.start_cooldown(wait);
        if wait > self.settings.policy.max_wait {
            let now = SystemTime::now();
            self.cache.update(|entry| entry.set_cooldown(wait, now)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;
    use crate::client::simulation::{RollingWindow, Script, builder, found, network, status};
    use crate::error::RateLimit;

    fn query() -> SearchQuery {
        SearchQuery::new("x")
    }

    fn ok() -> Vec<u8> {
        found(&query())
    }

    /// Runs a search against a script. Returns the outcome and the seconds at which requests were
    /// sent.
    async fn search(outcomes: Vec<Result<Vec<u8>>>) -> (Result<SearchResults>, Vec<f64>) {
        let script = Script::new(outcomes);
        let (client, start) = (builder().build_with(script.clone()), Instant::now());
        let outcome = client.search(&query()).await;
        (outcome, script.seconds_since(start))
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_retry_after_says_and_returns_the_results() {
        let outcomes = vec![
            Err(status(429, Some(7))),
            Err(status(401, None)),
            Err(status(429, None)),
            Ok(ok()),
        ];
        let (outcome, sent) = search(outcomes).await;
        assert!(outcome.is_ok());
        // The second 429 does not say how long to wait: 2 s at the second retry.
        assert_eq!(sent, [0.0, 7.0, 7.0, 9.0]);
    }

    #[tokio::test(start_paused = true)]
    async fn fails_with_the_last_failure_when_the_retries_are_used_up() {
        let (outcome, sent) = search((0..4).map(|_| Err(status(429, Some(1)))).collect()).await;
        assert_eq!(sent, [0.0, 1.0, 2.0, 3.0]);
        let error = outcome.unwrap_err();
        assert_eq!(error.to_string(), "rate limited by Spotify for another 1 s");
        assert!(matches!(error, Error::RateLimited { max_wait_needed: None, .. }));
    }

    #[tokio::test(start_paused = true)]
    async fn backs_off_after_failures_of_the_network_and_the_server() {
        let (outcome, sent) = search(vec![
            Err(Error::Timeout { host: "host".into(), timeout: Duration::from_secs(30) }),
            Err(network("reset")),
            Err(status(503, None)),
            Ok(ok()),
        ])
        .await;
        assert!(outcome.is_ok());
        for (pair, max) in sent.windows(2).zip([0.5, 1.0, 2.0]) {
            let wait = pair[1] - pair[0];
            assert!((max / 2.0..=max).contains(&wait), "{sent:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn long_rate_limit_fails_at_once_and_blocks_later_searches() {
        let script = Script::new([Err(status(429, Some(5_000)))]);
        let (client, start) = (builder().build_with(script.clone()), Instant::now());
        let error = client.search(&query()).await.unwrap_err();
        assert!(matches!(error, Error::RateLimited { limit: RateLimit::Window, .. }), "{error:?}");
        let error = client.search(&query()).await.unwrap_err();
        assert!(
            matches!(error, Error::RateLimited { limit: RateLimit::Cooldown, .. }),
            "{error:?}"
        );
        assert_eq!(script.seconds_since(start), [0.0]);
    }

    #[tokio::test(start_paused = true)]
    async fn unusable_response_is_not_retried() {
        let (outcome, sent) = search(vec![Ok(b"<html>".to_vec())]).await;
        assert_eq!(outcome.unwrap_err().code(), "bad_response");
        assert_eq!(sent.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn events_report_each_refusal_and_each_wait_once() {
        let events = Arc::new(Mutex::new(Vec::new()));
        let seen = events.clone();
        let server = RollingWindow::new(2, Duration::from_secs(3));
        let client = builder().on_event(move |event| seen.lock().unwrap().push(event));
        let client = client.jobs(4).build_with(server.clone());
        let mut batch = client.search_all(["a", "b", "c", "d"].map(SearchQuery::new));
        while let Some((_, results)) = batch.next().await {
            results.unwrap();
        }
        let mut events = events.lock().unwrap();
        let refusals =
            events.extract_if(.., |event| matches!(event, Event::TooManyRequests { .. }));
        assert_eq!(refusals.count(), server.refused().len());
        let is_wait = |event: &Event| matches!(event, Event::RateLimited { wait } if *wait > Duration::from_secs(2));
        assert!(matches!(events.as_slice(), [event] if is_wait(event)), "{events:?}");
    }
}
