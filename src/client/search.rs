//! One search: validates the query, fetches its pages and merges them.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;

use super::pagination::{Trial, is_page_too_large};
use super::request::Shared;
use crate::error::Result;
use crate::event::Event;
use crate::matching::keep_matches;
use crate::query::{MAX_RESULTS, Page, SMALL_PAGE, SearchQuery};
use crate::results::SearchResults;
use crate::retry::Waits;

/// A client of the Web API for one app.
///
/// A clone is cheap and shares token, connections, limiter and page size. Futures may be dropped at
/// any point; later searches are not affected.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Shared>);

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// Searches the catalogue, with as many requests as the range of the query needs.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) before anything is sent; any other
    /// [`Error`](crate::Error) of the API or the network after all retries. A page that fails fails
    /// the search: there are no partial results.
    pub async fn search(&self, query: &SearchQuery) -> Result<SearchResults> {
        self.search_within(query, &Waits::of_search()).await
    }

    /// Searches. `waits` counts the waits of the search, or of the batch that it is a part of.
    pub(super) async fn search_within(
        &self,
        query: &SearchQuery,
        waits: &Waits,
    ) -> Result<SearchResults> {
        query.validate()?;
        let query = Arc::new(query.clone());
        if query.requested_limit() <= SMALL_PAGE {
            return self.fetch_pages(&query, SMALL_PAGE, &mut None, waits).await;
        }
        let (size, mut trial) = self.0.page_size.choose().await;
        match self.fetch_pages(&query, size, &mut trial, waits).await {
            // The app's page size is smaller than assumed: start over with small pages.
            Err(error) if size > SMALL_PAGE && is_page_too_large(&error) => {
                self.learn_page_size(SMALL_PAGE, trial).await;
                self.fetch_pages(&query, SMALL_PAGE, &mut None, waits).await
            }
            outcome => outcome,
        }
    }

    /// Returns the URLs of the requests for a query, one for each page, as far as they are known in
    /// advance. Sends nothing.
    pub fn urls(&self, query: &SearchQuery) -> Vec<String> {
        let pages = Page::all(query, self.0.page_size.expected());
        pages
            .map(|page| self.0.settings.endpoints.get_api().search_url(query, page).into())
            .collect()
    }

    /// Returns the largest number of requests in flight.
    pub(super) fn jobs(&self) -> usize {
        self.0.limiter.max_permits
    }

    /// Fetches the pages of a query, several at a time, and merges them.
    async fn fetch_pages<'a>(
        &'a self,
        query: &Arc<SearchQuery>,
        size: u16,
        trial: &mut Option<Trial<'a>>,
        waits: &Waits,
    ) -> Result<SearchResults> {
        let mut pages = Page::all(query, size).peekable();
        let (mut done, of) = (1, Page::all(query, size).count());
        let mut in_flight = FuturesOrdered::new();
        let first = pages.next().expect("a valid query has a page");
        let mut results = self.0.fetch(query, first, waits).await?;
        if size > SMALL_PAGE {
            self.learn_page_size(size, trial.take()).await;
        }
        while results.has_more() {
            // Beyond the reported total, a page is requested only when the one before it names it.
            while let Some(page) = pages.next_if(|page| {
                in_flight.is_empty()
                    || in_flight.len() < self.jobs() && !results.likely_end_before(page.offset)
            }) {
                in_flight.push_back(self.0.fetch(query, page, waits));
            }
            self.0.settings.events.emit(Event::Page { query: query.clone(), done, of });
            let Some(page) = in_flight.next().await else { break };
            results.append(page?);
            done += 1;
        }
        if results.hidden() > 0 && results.has_more() && !waits.is_in_batch() {
            self.replace_hidden(&mut results, query, size, waits).await;
        }
        keep_matches(query, &mut results);
        Ok(results)
    }

    /// Fetches one page beyond the range of the query, in place of the results that Spotify hides.
    async fn replace_hidden(
        &self,
        results: &mut SearchResults,
        query: &Arc<SearchQuery>,
        size: u16,
        waits: &Waits,
    ) {
        let offset = query.get_offset() + query.requested_limit();
        let limit = size.min(MAX_RESULTS - offset);
        if limit > 0 {
            match self.0.fetch(query, Page { offset, limit }, waits).await {
                Ok(page) => results.replace_hidden(page),
                Err(error) => tracing::info!("cannot replace hidden results: {error}"),
            }
        }
    }

    async fn learn_page_size<'a>(&'a self, size: u16, trial: Option<Trial<'a>>) {
        if self.0.page_size.learn(size, trial).await {
            tracing::info!(size, "learned the page size");
            let now = SystemTime::now();
            self.0.cache.update(|entry| entry.set_page_size(size, now)).await;
        }
    }
}
