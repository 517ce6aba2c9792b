//! The interface between the client's request loop and whatever answers its requests: Spotify, the
//! sample catalogue, or a simulation in tests.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::query::{Page, SearchQuery};
use crate::results::SearchResults;
use crate::retry::Waits;

/// Sends search requests. A token request is retried, a search request is not.
pub(crate) trait Transport: Send + Sync {
    /// Makes sure that there is a token, if one is needed. `waits` counts the waits for it.
    fn prepare<'a>(&'a self, _waits: &'a Waits) -> BoxFuture<'a, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Sends the request for a page, and parses the response. `waits` counts the waits for another token,
    /// if the one of [`prepare`](Self::prepare) has become invalid.
    fn send<'a>(
        &'a self,
        query: &'a Arc<SearchQuery>,
        page: Page,
        waits: &'a Waits,
    ) -> BoxFuture<'a, Result<SearchResults>>;
}
