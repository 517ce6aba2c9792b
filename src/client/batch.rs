//! Many searches at a time, with one outcome for each query, in order. Decides when a batch stops.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::task::JoinHandle;
use tracing::Instrument;

use super::recent_results::RecentResults;
use super::search::Client;
use crate::error::{Error, Result};
use crate::query::{SMALL_PAGE, SearchQuery};
use crate::results::SearchResults;
use crate::retry::{BatchState, Waits};

/// The number of failed searches in a row that stops a batch: the service is probably down.
const MAX_FAILURES_IN_A_ROW: u32 = 10;

/// The largest number of searches in flight, repeated queries included.
const MAX_SEARCHES: usize = 1_024;

/// The longest query, in characters, that Spotify accepts in every case. It has answered longer ones with
/// 400 or 404.
const MAX_ACCEPTED_CHARS: usize = 100;

/// A query, and its results or why it failed.
pub type QueryOutcome = (SearchQuery, Result<SearchResults>);

/// Searches for queries as they are pushed, several at a time. Returns one outcome for each, in order.
///
/// A batch keeps its latest 16 MiB of results, and a repeated query takes them instead of searching again.
/// Failures are not kept.
///
/// A batch stops after an error that [affects every query](Error::affects_every_query), and after ten failed
/// searches in a row. An error [about the query alone](Self::is_about_query) does not count. Searches that
/// have been sent finish; every other query yields [`Error::Stopped`].
///
/// Dropping the batch cancels the searches that are still running.
#[derive(Debug)]
pub struct Batch {
    client: Client,
    /// `None` for a query that takes the results of an earlier one that is equal, or is searched for if there
    /// are none.
    searches: VecDeque<(SearchQuery, Option<RunningSearch>)>,
    recent: RecentResults,
    state: Arc<BatchState>,
    failures_in_a_row: u32,
    /// True if a search of the batch has succeeded.
    has_succeeded: bool,
    /// True if an earlier batch has found something.
    found_before: bool,
}

#[derive(Debug)]
struct RunningSearch {
    task: JoinHandle<Result<SearchResults>>,
    /// The number of requests that the search needs.
    pages: usize,
}

impl Client {
    /// Starts a batch, to which queries are pushed as they arrive. Each search runs in a task of its own, in
    /// the tracing span in which it is pushed.
    ///
    /// ```
    /// # use spotify_search::SearchQuery;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let client = spotify_search::demo::client();
    /// # let (sender, mut names) = tokio::sync::mpsc::channel(2);
    /// # tokio::spawn(async move { for name in ["BTS", "Björk"] { sender.send(name).await.unwrap() } });
    /// let (mut batch, mut found) = (client.batch(), 0);
    /// loop {
    ///     tokio::select! {
    ///         Some(name) = names.recv(), if !batch.is_full() => batch.push(SearchQuery::new(name)),
    ///         Some((_, outcome)) = batch.next() => found += usize::from(outcome.is_ok()),
    ///         else => break,
    ///     }
    /// }
    /// assert_eq!(found, 2);
    /// # }
    /// ```
    pub fn batch(&self) -> Batch {
        Batch {
            client: self.clone(),
            searches: VecDeque::new(),
            recent: RecentResults::default(),
            state: Arc::default(),
            failures_in_a_row: 0,
            has_succeeded: false,
            found_before: false,
        }
    }
}

impl Batch {
    /// Returns true if enough searches are in flight. A query that is pushed all the same waits.
    ///
    /// "Enough" is twice the number of requests in flight, so that one slow response does not hold
    /// up the others, but at least two searches. Searches of many pages count more, so that the
    /// first are done first and memory stays small. Repeated queries send nothing and do not count.
    pub fn is_full(&self) -> bool {
        let running = self.searches.iter().filter_map(|(_, search)| search.as_ref());
        let pages: usize = running.map(|search| search.pages).sum();
        let is_enough = self.searches.len() >= 2 && pages >= self.client.jobs().saturating_mul(2);
        is_enough || self.searches.len() >= MAX_SEARCHES
    }

    /// Returns true after so many failed searches in a row that the batch has stopped.
    pub fn has_failed_repeatedly(&self) -> bool {
        self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW
    }

    /// Records that an earlier batch with the same settings has found something. A 400 or 404 is then
    /// about its own query.
    pub fn found_before(&mut self) {
        self.found_before = true;
    }

    /// Returns true if the error of the query that [`next`](Self::next) has just returned is about this query
    /// alone: it is not valid, or Spotify refused it with 400 or 404 although it accepted others, or because
    /// it refuses any that long. A wrong market concerns all queries.
    pub fn is_about_query(&self, query: &SearchQuery, error: &Error) -> bool {
        match error {
            Error::InvalidQuery(_) => true,
            Error::BadRequest(response)
                if response.status != 400 || response.mentions("invalid market") =>
            {
                false
            }
            Error::BadRequest(_) | Error::NotFound(_) => {
                self.has_succeeded || self.found_before || is_long(query)
            }
            _ => false,
        }
    }

    /// Returns true if every query may fail with this error. Before the first success of this batch, the
    /// reason of a 400 may be a setting that all queries share.
    fn may_concern_all(&self, query: &SearchQuery, error: &Error) -> bool {
        let is_400 = matches!(error, Error::BadRequest(_));
        is_400 && !self.has_succeeded && !is_long(query) || !self.is_about_query(query, error)
    }

    /// Starts a search, unless an equal one has been started or the batch has stopped.
    pub fn push(&mut self, query: SearchQuery) {
        let is_sent = self.recent.add(&query) && self.state.stop_error.get().is_none();
        let search = is_sent.then(|| self.start(&query));
        self.searches.push_back((query, search));
    }

    fn start(&self, query: &SearchQuery) -> RunningSearch {
        let pages = usize::from(query.requested_limit().div_ceil(SMALL_PAGE));
        let (client, query, state) = (self.client.clone(), query.clone(), self.state.clone());
        let search = async move {
            let waits = Waits::in_batch(state.clone());
            let outcome = client.search_within(&query, &waits).await;
            if let Err(error) = &outcome
                && error.affects_every_query()
            {
                // Another search may have failed first.
                let _ = state.stop_error.set(Arc::new(error.clone()));
            }
            outcome
        };
        RunningSearch { task: tokio::spawn(search.in_current_span()), pages }
    }

    /// Waits for the search that was pushed first. Returns `None` if there is none. If the future is
    /// dropped, the next call waits for the same search.
    pub async fn next(&mut self) -> Option<QueryOutcome> {
        poll_fn(|context| self.poll_next(context)).await
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<QueryOutcome>> {
        loop {
            let Some((query, search)) = self.searches.front_mut() else {
                return Poll::Ready(None);
            };
            let outcome = match search {
                Some(running) => match ready!(Pin::new(&mut running.task).poll(context)) {
                    Ok(outcome) => Some(outcome),
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => panic::resume_unwind(panic),
                        // The runtime of the search has shut down: search again on this one.
                        Err(_) => None,
                    },
                },
                // `None` if the first search failed, or its results are no longer kept.
                None => self.recent.get(query).map(|results| Ok(results.clone())),
            };
            let Some((query, _)) = self.searches.pop_front() else { return Poll::Ready(None) };
            let outcome = outcome.or_else(|| {
                let source = self.state.stop_error.get()?.clone();
                Some(Err(Error::Stopped { source }))
            });
            if let Some(outcome) = outcome {
                self.note(&query, &outcome);
                return Poll::Ready(Some((query, outcome)));
            }
            let search = self.start(&query);
            self.searches.push_front((query, Some(search)));
        }
    }

    /// Keeps results, and stops the batch after too many failures in a row.
    fn note(&mut self, query: &SearchQuery, outcome: &Result<SearchResults>) {
        match outcome {
            Ok(results) => {
                self.failures_in_a_row = 0;
                self.has_succeeded = true;
                self.recent.keep(results);
            }
            Err(error) if !self.may_concern_all(query, error) => {}
            Err(error) => {
                self.failures_in_a_row += 1;
                if self.has_failed_repeatedly() {
                    let _ = self.state.stop_error.set(Arc::new(error.clone()));
                }
            }
        }
    }
}

impl Drop for RunningSearch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns true if Spotify may refuse the query for its length.
fn is_long(query: &SearchQuery) -> bool {
    query.text().chars().count() > MAX_ACCEPTED_CHARS
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt;
    use tokio::time::Instant;

    use super::*;
    use crate::client::simulation::{LATENCY, RollingWindow, Script, builder, found, status};
    use crate::error::ErrorResponse;

    #[tokio::test(start_paused = true)]
    async fn repeated_queries_do_not_reduce_the_requests_in_flight() {
        let server = RollingWindow::new(1_000, Duration::from_secs(1));
        let client = builder().jobs(4).build_with(server);
        let queries = (0..4_000).map(|number| SearchQuery::new((number / 100).to_string()));
        let (mut batch, start) = (client.search_all(queries), Instant::now());
        while let Some((_, results)) = batch.next().await {
            results.unwrap();
        }
        // 40 requests, 4 at a time.
        assert_eq!(start.elapsed(), 10 * LATENCY);
    }

    /// Runs a batch with these outcomes of its requests, one at a time. Returns the code of each query,
    /// and the number of requests.
    async fn run(
        queries: &[&str],
        outcomes: impl IntoIterator<Item = Result<Vec<u8>>>,
    ) -> (Vec<String>, usize) {
        let script = Script::new(outcomes);
        let client = builder().jobs(1).retries(0).build_with(script.clone());
        let batch = client.search_all(queries.iter().map(SearchQuery::new));
        let codes = batch.map(|(query, results)| {
            let code = results.map_or_else(|error| error.code(), |_| "ok");
            format!("{} {code}", query.get_words())
        });
        let codes = codes.collect().await;
        let requests = script.sent.lock().unwrap().len();
        (codes, requests)
    }

    #[tokio::test(start_paused = true)]
    async fn every_query_has_one_outcome_in_its_place() {
        let ok = || Ok(found(&SearchQuery::new("x")));
        let premium = Error::PremiumRequired(ErrorResponse::new(403));
        let outcomes = [Err(status(400, None)), ok(), Err(premium)];
        let (codes, requests) = run(&["a", "c", " ", "b", "a", "c", "d"], outcomes).await;
        assert_eq!(
            codes,
            [
                "a bad_request",
                "c ok",
                " bad_request",
                "b premium_required",
                "a premium_required",
                "c ok",
                "d premium_required"
            ]
        );
        assert_eq!(requests, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn stopped_batch_does_not_wait_for_retries() {
        let premium = Error::PremiumRequired(ErrorResponse::new(403));
        let script = Script::new([Err(status(503, Some(20))), Err(premium)]);
        let client = builder().jobs(2).build_with(script);
        let (batch, start) = (client.search_all(["a", "b"].map(SearchQuery::new)), Instant::now());
        let outcomes: Vec<QueryOutcome> = batch.collect().await;
        assert!(outcomes.iter().all(|(_, outcome)| outcome.is_err()));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn ten_failures_in_a_row_stop_the_batch() {
        let queries: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
        let failure = || Err(status(500, None));
        let nine_and_success = (0..9).map(|_| failure()).chain([Ok(found(&SearchQuery::new("x")))]);
        let outcomes = nine_and_success.chain((0..12).map(|_| failure()));
        let (codes, requests) = run(&queries, outcomes).await;
        let errors = codes.iter().filter(|code| code.ends_with("server_error")).count();
        assert_eq!((codes.len(), errors), (30, 29));
        assert_eq!(requests, 20);
    }
}
