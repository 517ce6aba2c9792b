//! Runs several searches at a time and returns the results in the order of the queries.

use std::collections::VecDeque;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinHandle;

use super::retry::Waits;
use super::search::Client;
use crate::error::{Error, Result};
use crate::query::{SMALL_PAGE, SearchQuery};
use crate::results::SearchResults;

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
    /// start.
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
    waits: Arc<Waits>,
    /// Set after an error that affects every query.
    is_stopped: Arc<AtomicBool>,
}

struct Search {
    task: JoinHandle<Result<SearchResults>>,
    pages: usize,
}

impl Batch {
    pub fn new(client: Client) -> Self {
        let waits = Arc::new(Waits::of_batch());
        Self { client, searches: VecDeque::new(), waits, is_stopped: Arc::default() }
    }

    /// Returns true if no search should start now: enough are in flight, or one has met an error
    /// that affects every query.
    ///
    /// "Enough" is twice the number of requests in flight, so that one slow response does not hold
    /// up the others, but at least two searches. Searches of many pages count more, so that the
    /// first are done first and memory stays small.
    pub fn is_full(&self) -> bool {
        let pages: usize = self.searches.iter().map(|search| search.pages).sum();
        let is_enough = self.searches.len() >= 2 && pages >= 2 * self.client.jobs();
        is_enough || self.is_stopped.load(Ordering::Relaxed)
    }

    /// Returns true if no search is in flight.
    pub fn is_empty(&self) -> bool {
        self.searches.is_empty()
    }

    /// Starts a search.
    pub fn push(&mut self, query: SearchQuery) {
        let pages = usize::from(query.range_limit().div_ceil(SMALL_PAGE));
        let (client, waits) = (self.client.clone(), self.waits.clone());
        let is_stopped = self.is_stopped.clone();
        let task = tokio::spawn(async move {
            let outcome = client.search_within(&query, &waits).await;
            if outcome.as_ref().is_err_and(Error::affects_every_query) {
                is_stopped.store(true, Ordering::Relaxed);
            }
            outcome
        });
        self.searches.push_back(Search { task, pages });
    }

    /// Waits for the search that started first. Returns `None` if there is none. If the future is
    /// dropped, the next call waits for the same search.
    pub async fn next(&mut self) -> Option<Result<SearchResults>> {
        let search = self.searches.front_mut()?;
        let outcome = (&mut search.task).await;
        self.searches.pop_front();
        Some(outcome.unwrap_or_else(|error| panic::resume_unwind(error.into_panic())))
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.task.abort();
    }
}
