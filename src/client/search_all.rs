//! Searches for many queries that an iterator yields, as a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;

use super::batch::{Batch, QueryOutcome};
use super::search::Client;
use crate::query::SearchQuery;

/// The results of many queries, a [`Stream`]. See [`Client::search_all`].
#[derive(Debug)]
#[must_use = "searches start when the results are awaited"]
pub struct SearchAll<I> {
    queries: I,
    batch: Batch,
}

impl Client {
    /// Searches for many queries, several at a time. Yields each query with its results, or with the
    /// error that it met, in the order of the queries.
    ///
    /// Queries are taken from the iterator as they are needed, so that memory does not grow with
    /// their number. [`Batch`] says when a query is not sent.
    ///
    /// ```
    /// # use spotify_search::SearchQuery;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let client = spotify_search::demo::client();
    /// let names = ["BTS", " ", "Björk"];
    /// let mut batch = client.search_all(names.map(|name| SearchQuery::new(name).limit(1)));
    /// let mut codes = Vec::new();
    /// while let Some((_, results)) = batch.next().await {
    ///     codes.push(results.map_or_else(|error| error.code(), |_| "ok"));
    /// }
    /// assert_eq!(codes, ["ok", "bad_request", "ok"]);
    /// # }
    /// ```
    pub fn search_all<Q>(&self, queries: Q) -> SearchAll<Q::IntoIter>
    where
        Q: IntoIterator<Item = SearchQuery>,
    {
        SearchAll { queries: queries.into_iter(), batch: self.batch() }
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
