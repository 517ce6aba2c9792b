//! Simulated transports for tests. With tokio's paused clock, tests run without real delays.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::{Client, ClientBuilder};
use crate::credentials::Credentials;
use crate::duration::whole_seconds;
use crate::error::{Error, Result};
use crate::query::{Page, SearchQuery};
use crate::results::SearchResults;
use crate::retry::Waits;
use crate::transport::{Mask, Service, Transport, status_error};

type Outcome = Result<Vec<u8>>;

/// Responds with these outcomes in order. Cheap to clone; clones share the outcomes.
#[derive(Clone, Default)]
pub struct Script {
    outcomes: Arc<Mutex<VecDeque<Outcome>>>,
    /// The times at which requests were sent.
    pub sent: Arc<Mutex<Vec<Instant>>>,
}

impl Script {
    pub fn new(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let outcomes = Arc::new(Mutex::new(outcomes.into_iter().collect()));
        Self { outcomes, sent: Arc::default() }
    }

    /// Returns the seconds between the start and each request.
    pub fn seconds_since(&self, start: Instant) -> Vec<f64> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|time| (*time - start).as_secs_f64()).collect()
    }
}

impl Transport for Script {
    fn send<'a>(
        &'a self,
        query: &'a Arc<SearchQuery>,
        page: Page,
        _: &'a Waits,
    ) -> BoxFuture<'a, Result<SearchResults>> {
        self.sent.lock().unwrap().push(Instant::now());
        let outcome = self.outcomes.lock().unwrap().pop_front();
        let outcome = outcome.expect("no more requests were expected");
        Box::pin(std::future::ready(parse(outcome, query, page)))
    }
}

/// A server with a rolling window: it accepts at most `limit` requests in any `period`. Clones share
/// the window.
#[derive(Clone)]
pub struct RollingWindow {
    pub limit: u32,
    pub period: Duration,
    /// True if a 429 has a `Retry-After`, in whole seconds, rounded up.
    pub has_retry_after: bool,
    /// The times of the requests accepted within the last period.
    accepted: Arc<Mutex<VecDeque<Instant>>>,
    refused: Arc<Mutex<Vec<Instant>>>,
}

/// The time from a request to its response.
pub const LATENCY: Duration = Duration::from_millis(40);

impl RollingWindow {
    pub fn new(limit: u32, period: Duration) -> Self {
        Self {
            limit,
            period,
            has_retry_after: true,
            accepted: Arc::default(),
            refused: Arc::default(),
        }
    }

    /// Returns the times at which requests were refused.
    pub fn refused(&self) -> Vec<Instant> {
        self.refused.lock().unwrap().clone()
    }

    fn respond(&self, query: &SearchQuery) -> Outcome {
        let mut accepted = self.accepted.lock().unwrap();
        let now = Instant::now();
        while accepted.front().is_some_and(|time| *time + self.period <= now) {
            accepted.pop_front();
        }
        if accepted.len() < self.limit as usize {
            accepted.push_back(now);
            return Ok(found(query));
        }
        self.refused.lock().unwrap().push(now);
        let wait = whole_seconds(accepted[0] + self.period - now);
        Err(status(429, self.has_retry_after.then_some(wait)))
    }
}

impl Transport for RollingWindow {
    fn send<'a>(
        &'a self,
        query: &'a Arc<SearchQuery>,
        page: Page,
        _: &'a Waits,
    ) -> BoxFuture<'a, Result<SearchResults>> {
        Box::pin(async move {
            tokio::time::sleep(LATENCY / 2).await;
            let outcome = self.respond(query);
            tokio::time::sleep(LATENCY / 2).await;
            parse(outcome, query, page)
        })
    }
}

fn parse(outcome: Outcome, query: &Arc<SearchQuery>, page: Page) -> Result<SearchResults> {
    SearchResults::parse(&outcome?, query, page.limit, "host")
}

/// Starts to build a client for `build_with`.
pub fn builder() -> ClientBuilder {
    Client::builder(Credentials::new("id", "secret"))
}

/// Returns a response body with one artist whose name is the query.
pub fn found(query: &SearchQuery) -> Vec<u8> {
    format!(r#"{{"artists":{{"items":[{{"id":"1","name":"{}"}}]}}}}"#, query.get_words())
        .into_bytes()
}

/// The error of a search with this status and `Retry-After`.
pub fn status(status: u16, retry_after: Option<u64>) -> Error {
    let retry_after = retry_after.map(Duration::from_secs);
    status_error(Service::Api, "host", status, retry_after, b"", &Mask::default())
}

/// The error of a connection.
pub fn network(cause: &str) -> Error {
    let source = Arc::new(std::io::Error::other(cause.to_owned()));
    Error::Network { host: "host".into(), source }
}
