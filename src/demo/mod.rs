//! The sample catalogue of `--demo`: answers searches inside this process, without an account and
//! without the network, within the limits of a Development Mode app.
//!
//! `catalogue` loads the items, `criteria` parses a query, and `sample_search` builds the response. The first
//! three items were recorded from Spotify in 2020; the others are facts about well-known artists, albums,
//! tracks and so on, written in the shape of the Web API.

mod catalogue;
mod criteria;
mod sample_search;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::client::{Client, ClientBuilder};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorResponse, Result};
use crate::query::{Page, QueryError, SMALL_PAGE, SearchQuery};
use crate::results::SearchResults;
use crate::retry::Waits;
use crate::transport::{Endpoints, Transport};

pub use criteria::is_supported;
pub use sample_search::examples;

/// Returns a client that searches the sample catalogue: some well-known artists, albums, tracks and
/// other items, with their ids on Spotify.
///
/// It understands words, quoted phrases, and the filters `artist`, `album`, `track`, `year` and
/// `genre`, also inside the words (`artist:"Bruno Mars"`). A query with another filter fails with
/// [`Error::InvalidQuery`].
pub fn client() -> Client {
    client_with(Client::builder(Credentials::new("", "")))
}

/// Returns a client of the sample catalogue with the settings of a builder: events, jobs, and the limits of
/// retries, waits and requests. Credentials, endpoints and cache are not used.
pub fn client_with(builder: ClientBuilder) -> Client {
    builder.endpoints(Endpoints::default()).build_with(SampleCatalogue)
}

/// Answers search requests from the sample catalogue.
struct SampleCatalogue;

impl Transport for SampleCatalogue {
    fn send<'a>(
        &'a self,
        query: &'a Arc<SearchQuery>,
        page: Page,
        _: &'a Waits,
    ) -> BoxFuture<'a, Result<SearchResults>> {
        Box::pin(async move {
            if page.limit > SMALL_PAGE {
                let message = Some("Invalid limit".to_owned());
                return Err(Error::BadRequest(ErrorResponse {
                    message,
                    ..ErrorResponse::new(400)
                }));
            }
            let body = sample_search::response(query, page).map_err(QueryError::InvalidValue)?;
            SearchResults::parse(&body, query, page.limit, "the sample catalogue")
        })
    }
}
