//! The interface between the client's request loop and whatever answers its requests: Spotify, the
//! sample catalogue, or a simulation in tests.

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::query::{Page, SearchQuery};
use crate::retry::Waits;

/// Sends search requests. A token request is retried, a search request is not.
pub(crate) trait Transport: Send + Sync {
    /// Returns the host that answers, for error messages.
    fn host(&self) -> String;

    /// Returns the URL of the request for a page.
    fn url(&self, query: &SearchQuery, page: Page) -> String;

    /// Sends the request for a page. Returns the body of a successful response. `waits` counts the waits
    /// for a token.
    fn send<'a>(
        &'a self,
        query: &'a SearchQuery,
        page: Page,
        waits: &'a Waits,
    ) -> BoxFuture<'a, Result<Vec<u8>>>;
}
