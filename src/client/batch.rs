//! Runs several searches at a time and returns the results in the order of the queries.

use std::collections::VecDeque;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinHandle;

use super::recent_results::RecentResults;
use super::search::Client;
use crate::error::{Error, Result};
use crate::query::{SMALL_PAGE, SearchQuery};
use crate::results::SearchResults;
use crate::retry::{TotalWait, Waits};

/// The results of many queries. See [`Client::search_all`].
pub struct SearchAll<I> {
    queries: I,
    batch: Batch,
}

impl Client {
    /// Searches for many queries, several at a time. Results come in the order of the queries.
    ///
    /// Queries are taken from the iterator as they are needed, so that memory does not grow with
    /// their number. Each search runs in a task of its own. Dropping the [`SearchAll`] cancels the
    /// searches that are still running.
    ///
    /// The batch keeps its latest 16 MiB of results, and a repeated query takes them instead of
    /// searching again. Failures are not kept.
    ///
    /// ```
    /// # use spotify_search::{Client, SearchQuery, Error};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let names = ["BTS", "Daft Punk", "Björk"];
    /// let mut batch = client.search_all(names.map(|name| SearchQuery::new(name).limit(1)));
    /// while let Some(results) = batch.next().await {
    ///     let results = results?;
    ///     println!("{}: {}", results.query().words(), results.items().count());
    /// }
    /// # Ok(())
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
    /// Waits for the results of the next query. Returns `None` after the last.
    ///
    /// After an error that [affects every query](Error::affects_every_query), no new searches
    /// start, and repeated queries have no results.
    pub async fn next(&mut self) -> Option<Result<SearchResults>> {
        while !self.batch.is_full()
            && let Some(query) = self.queries.next()
        {
            self.batch.push(query);
        }
        self.batch.next().await
    }
}

/// Searches in flight, in the order in which they started.
pub(crate) struct Batch {
    client: Client,
    searches: VecDeque<Search>,
    recent: RecentResults,
    /// The waits for the rate limit.
    waits: Arc<TotalWait>,
    /// Set after an error that affects every query.
    is_stopped: Arc<AtomicBool>,
}

enum Search {
    Running(RunningSearch),
    /// Equal to an earlier query: takes its results, or searches again if there are none.
    Repeated(SearchQuery),
}

struct RunningSearch {
    task: JoinHandle<Result<SearchResults>>,
    /// The number of requests that the search needs.
    pages: usize,
}

/// The largest number of searches in flight, repeated queries included.
const MAX_SEARCHES: usize = 1_024;

impl Batch {
    pub fn new(client: Client) -> Self {
        Self {
            client,
            searches: VecDeque::new(),
            recent: RecentResults::default(),
            waits: Arc::default(),
            is_stopped: Arc::default(),
        }
    }

    /// Returns true if no search should start now: enough are in flight, or one has met an error
    /// that affects every query.
    ///
    /// "Enough" is twice the number of requests in flight, so that one slow response does not hold
    /// up the others, but at least two searches. Searches of many pages count more, so that the
    /// first are done first and memory stays small. Repeated queries send nothing and do not count.
    pub fn is_full(&self) -> bool {
        let pages = |search: &Search| match search {
            Search::Running(search) => search.pages,
            Search::Repeated(_) => 0,
        };
        let pages: usize = self.searches.iter().map(pages).sum();
        let is_enough = self.searches.len() >= 2 && pages >= 2 * self.client.jobs();
        is_enough || self.searches.len() >= MAX_SEARCHES || self.is_stopped.load(Ordering::Relaxed)
    }

    /// Returns true if no search is in flight.
    pub fn is_empty(&self) -> bool {
        self.searches.is_empty()
    }

    /// Starts a search, unless an equal one has been started.
    pub fn push(&mut self, query: SearchQuery) {
        let search = if self.recent.add(&query) {
            Search::Running(self.start(query))
        } else {
            Search::Repeated(query)
        };
        self.searches.push_back(search);
    }

    fn start(&self, query: SearchQuery) -> RunningSearch {
        let pages = usize::from(query.range_limit().div_ceil(SMALL_PAGE));
        let (client, waits) = (self.client.clone(), Waits::in_batch(self.waits.clone()));
        let is_stopped = self.is_stopped.clone();
        let task = tokio::spawn(async move {
            let outcome = client.search_within(&query, &waits).await;
            if outcome.as_ref().is_err_and(Error::affects_every_query) {
                is_stopped.store(true, Ordering::Relaxed);
            }
            outcome
        });
        RunningSearch { task, pages }
    }

    /// Waits for the search that was pushed first. Returns `None` if there is none. If the future is
    /// dropped, the next call waits for the same search.
    pub async fn next(&mut self) -> Option<Result<SearchResults>> {
        loop {
            match self.searches.front_mut()? {
                Search::Running(search) => {
                    let outcome = (&mut search.task).await;
                    self.searches.pop_front();
                    let outcome =
                        outcome.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()));
                    if let Ok(results) = &outcome {
                        self.recent.keep(results);
                    }
                    return Some(outcome);
                }
                Search::Repeated(query) => {
                    if let Some(results) = self.recent.get(query).cloned() {
                        self.searches.pop_front();
                        return Some(Ok(results));
                    }
                    if self.is_stopped.load(Ordering::Relaxed) {
                        self.searches.pop_front();
                        continue;
                    }
                    // The first search failed, or its results are no longer kept.
                    let query = query.clone();
                    self.searches[0] = Search::Running(self.start(query));
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

    use tokio::time::Instant;

    use super::*;
    use crate::client::simulation::{LATENCY, RollingWindow, builder};

    #[tokio::test(start_paused = true)]
    async fn repeated_queries_do_not_reduce_the_requests_in_flight() {
        let server = RollingWindow::new(1_000, Duration::from_secs(1));
        let client = builder().jobs(4).build_with(server);
        let queries = (0..4_000).map(|number| SearchQuery::new((number / 100).to_string()));
        let (mut batch, start) = (client.search_all(queries), Instant::now());
        while let Some(results) = batch.next().await {
            results.unwrap();
        }
        // 40 requests, 4 at a time.
        assert_eq!(start.elapsed(), 10 * LATENCY);
    }
}
