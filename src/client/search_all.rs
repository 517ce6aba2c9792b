//! Runs several searches at a time and returns the results in the order of the queries. Decides when a
//! batch stops.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use tokio::task::JoinHandle;

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

/// The results of many queries, a [`Stream`]. See [`Client::search_all`].
#[derive(Debug)]
#[must_use = "searches start when the results are awaited"]
pub struct SearchAll<I> {
    queries: I,
    batch: Batch,
}

/// A query, and its results or why it failed.
pub type QueryOutcome = (SearchQuery, Result<SearchResults>);

impl Client {
    /// Searches for many queries, several at a time. Yields each query with its results, or with the
    /// error that it met, in the order of the queries.
    ///
    /// Queries are taken from the iterator as they are needed, so that memory does not grow with
    /// their number. Each search runs in a task of its own. Dropping the [`SearchAll`] cancels the
    /// searches that are still running.
    ///
    /// The batch keeps its latest 16 MiB of results, and a repeated query takes them instead of
    /// searching again. Failures are not kept.
    ///
    /// After an error that [affects every query](Error::affects_every_query), and after ten failed
    /// searches in a row, nothing more is sent: the remaining queries yield that error.
    ///
    /// ```
    /// # use spotify_search::{Client, SearchQuery, Error};
    /// # async fn example(client: Client) {
    /// let names = ["BTS", "Daft Punk", "Björk"];
    /// let mut batch = client.search_all(names.map(|name| SearchQuery::new(name).limit(1)));
    /// while let Some((query, results)) = batch.next().await {
    ///     match results {
    ///         Ok(results) => println!("{}: {}", query.words(), results.items().count()),
    ///         Err(error) => println!("{}: {error}", query.words()),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn search_all<Q>(&self, queries: Q) -> SearchAll<Q::IntoIter>
    where
        Q: IntoIterator<Item = SearchQuery>,
    {
        SearchAll { queries: queries.into_iter(), batch: Batch::new(self.clone()) }
    }
}

impl<I: Iterator<Item = SearchQuery>> SearchAll<I> {
    /// Waits for the outcome of the next query. Returns `None` after the last.
    pub async fn next(&mut self) -> Option<QueryOutcome> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<QueryOutcome>> {
        while !self.batch.is_full()
            && let Some(query) = self.queries.next()
        {
            self.batch.push(query);
        }
        self.batch.poll_next(context)
    }
}

impl<I: Iterator<Item = SearchQuery> + Unpin> Stream for SearchAll<I> {
    type Item = QueryOutcome;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<QueryOutcome>> {
        self.get_mut().poll(context)
    }
}

/// Searches in flight, in the order in which they were pushed. Returns one outcome for each.
#[derive(Debug)]
pub(crate) struct Batch {
    client: Client,
    searches: VecDeque<(SearchQuery, Search)>,
    recent: RecentResults,
    state: Arc<BatchState>,
    failures_in_a_row: u32,
}

#[derive(Debug)]
enum Search {
    Running(RunningSearch),
    /// Takes the results of an earlier query that is equal, or searches if there are none.
    Repeated,
}

#[derive(Debug)]
struct RunningSearch {
    task: JoinHandle<Result<SearchResults>>,
    /// The number of requests that the search needs.
    pages: usize,
}

impl Batch {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            searches: VecDeque::new(),
            recent: RecentResults::default(),
            state: Arc::default(),
            failures_in_a_row: 0,
        }
    }

    /// Returns true if enough searches are in flight.
    ///
    /// "Enough" is twice the number of requests in flight, so that one slow response does not hold
    /// up the others, but at least two searches. Searches of many pages count more, so that the
    /// first are done first and memory stays small. Repeated queries send nothing and do not count.
    pub fn is_full(&self) -> bool {
        let pages = |(_, search): &(_, Search)| match search {
            Search::Running(search) => search.pages,
            Search::Repeated => 0,
        };
        let pages: usize = self.searches.iter().map(pages).sum();
        let is_enough = self.searches.len() >= 2 && pages >= self.client.jobs().saturating_mul(2);
        is_enough || self.searches.len() >= MAX_SEARCHES
    }

    /// Returns true if no search is in flight.
    pub fn is_empty(&self) -> bool {
        self.searches.is_empty()
    }

    /// Returns true after so many failed searches in a row that the batch has stopped.
    pub fn has_failed_repeatedly(&self) -> bool {
        self.failures_in_a_row >= MAX_FAILURES_IN_A_ROW
    }

    /// Starts a search, unless an equal one has been started or the batch has stopped.
    pub fn push(&mut self, query: SearchQuery) {
        let is_new = self.state.stop_error.get().is_none() && self.recent.add(&query);
        let search = if is_new { Search::Running(self.start(&query)) } else { Search::Repeated };
        self.searches.push_back((query, search));
    }

    fn start(&self, query: &SearchQuery) -> RunningSearch {
        let pages = usize::from(query.requested_limit().div_ceil(SMALL_PAGE));
        let (client, query, state) = (self.client.clone(), query.clone(), self.state.clone());
        let task = tokio::spawn(async move {
            let waits = Waits::in_batch(state.clone());
            let outcome = client.search_within(&query, &waits).await;
            if let Err(error) = &outcome
                && error.affects_every_query()
            {
                // Another search may have failed first.
                let _ = state.stop_error.set(error.clone());
            }
            outcome
        });
        RunningSearch { task, pages }
    }

    /// Waits for the search that was pushed first. Returns `None` if there is none. If the future is
    /// dropped, the next call waits for the same search.
    pub async fn next(&mut self) -> Option<QueryOutcome> {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<QueryOutcome>> {
        loop {
            let Some((query, search)) = self.searches.front_mut() else {
                return Poll::Ready(None);
            };
            let outcome = match search {
                Search::Running(running) => match ready!(Pin::new(&mut running.task).poll(context))
                {
                    Ok(outcome) => Some(outcome),
                    Err(error) => match error.try_into_panic() {
                        Ok(panic) => panic::resume_unwind(panic),
                        // The runtime of the search has shut down: search again on this one.
                        Err(_) => None,
                    },
                },
                Search::Repeated => match (self.recent.get(query), self.state.stop_error.get()) {
                    (Some(results), _) => Some(Ok(results.clone())),
                    (None, Some(error)) => Some(Err(error.clone())),
                    // The first search failed, or its results are no longer kept.
                    (None, None) => None,
                },
            };
            let Some((query, _)) = self.searches.pop_front() else { return Poll::Ready(None) };
            if let Some(outcome) = outcome {
                self.note(&outcome);
                return Poll::Ready(Some((query, outcome)));
            }
            let search = Search::Running(self.start(&query));
            self.searches.push_front((query, search));
        }
    }

    /// Keeps results, and stops the batch after too many failures in a row.
    fn note(&mut self, outcome: &Result<SearchResults>) {
        match outcome {
            Ok(results) => {
                self.failures_in_a_row = 0;
                self.recent.keep(results);
            }
            // Nothing was sent.
            Err(Error::InvalidQuery(_)) => {}
            Err(error) => {
                self.failures_in_a_row += 1;
                if self.has_failed_repeatedly() {
                    let _ = self.state.stop_error.set(error.clone());
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
            format!("{} {code}", query.words())
        });
        let codes = codes.collect().await;
        let requests = script.sent.lock().unwrap().len();
        (codes, requests)
    }

    #[tokio::test(start_paused = true)]
    async fn every_query_has_one_outcome_in_its_place() {
        let ok = || Ok(found(&SearchQuery::new("x")));
        let premium =
            Error::PremiumRequired(ErrorResponse { status: 403, message: None, retry_after: None });
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
        let premium =
            Error::PremiumRequired(ErrorResponse { status: 403, message: None, retry_after: None });
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
