//! Search Spotify's catalogue with an app's client id and secret: no browser, no user login.
//!
//! ```
//! # #[cfg(feature = "cli")] {
//! use spotify_search::{ItemType, SearchQuery};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spotify_search::Error> {
//! // The built-in sample catalogue. For Spotify:
//! // Client::builder(Credentials::new(id, secret)).build()?
//! let client = spotify_search::demo::client();
//! let query = SearchQuery::new("BTS").types([ItemType::Artist]).limit(3);
//! let results = client.search(&query).await?;
//! let names: Vec<_> = results.items().filter_map(|item| item.view().name).collect();
//! assert_eq!(names, ["BTS", "BTS World", "BTSC"]);
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! # In a service
//!
//! A [`Client`] is `Send + Sync`, and a clone is cheap: clones share the token, the connections and
//! the rate limiter. Futures may be dropped at any point, for example by a timeout.
//!
//! ```
//! use spotify_search::{Client, Error, SearchQuery};
//!
//! async fn handle(client: Client, name: String) -> Result<usize, Error> {
//!     let results = client.search(&SearchQuery::new(name)).await?;
//!     Ok(results.items().count())
//! }
//!
//! fn spawn(client: &Client, name: String) -> tokio::task::JoinHandle<Result<usize, Error>> {
//!     tokio::spawn(handle(client.clone(), name))
//! }
//! ```
//!
//! # Rate limits and other errors
//!
//! The client waits and retries by itself, as long as
//! [`max_wait`](ClientBuilder::max_wait) allows. [`Error`] tells the rest apart:
//!
//! ```
//! use spotify_search::Error;
//!
//! fn status_for_caller(error: &Error) -> (u16, Option<u64>) {
//!     match error {
//!         Error::RateLimited { retry_after, .. } => (429, retry_after.map(|wait| wait.as_secs())),
//!         Error::InvalidQuery(_) | Error::BadRequest(_) => (400, None),
//!         Error::Timeout { .. } => (504, None),
//!         _ => (502, None),
//!     }
//! }
//! ```
//!
//! # Many queries
//!
//! [`Client::search_all`] runs several searches at a time and returns the results in order.
//!
//! # Modules
//!
//! Data flows one way: a [`SearchQuery`] goes to a [`Client`], which returns [`SearchResults`].
//!
//! | module | contents |
//! |---|---|
//! | `query` | queries, field filters, item types, and their limits |
//! | `client` | one search, many searches, pagination, retries, rate limits |
//! | `transport` | HTTP, TLS, proxies, tokens |
//! | `cache` | what one run stores for the next |
//! | `results` | the response in the API's shape, and a typed view of an item |
//! | `json_format` | compact and indented JSON |
//! | `error`, `duration` | errors and their codes; durations in messages |
//! | [`output`] | output formats (feature `cli`) |
//! | [`demo`] | the sample catalogue (feature `cli`) |
//! | [`cli`] | the command: arguments, settings, messages (feature `cli`) |
//!
//! # Features
//!
//! `cli` (default) is what the command needs. Without it the library has fewer dependencies.

#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        reason = "the command uses some internal items that the library does not"
    )
)]

mod cache;
#[cfg(feature = "cli")]
pub mod cli;
mod client;
mod credentials;
#[cfg(feature = "cli")]
pub mod demo;
mod directories;
mod duration;
mod error;
mod event;
mod matching;
#[cfg(feature = "cli")]
pub mod output;
mod query;
mod results;
mod retry;
mod transport;

pub use cache::Cache;
pub use client::{Client, ClientBuilder, SearchAll};
pub use credentials::Credentials;
pub use error::{CertificateProblem, Error, ErrorResponse, RateLimit, Result, Source};
pub use event::Event;
pub use query::{Filter, ItemType, MAX_QUERY_BYTES, MAX_RESULTS, Market, QueryError, SearchQuery};
pub use results::{Item, ItemView, ResponseError, SearchResults, Section};
pub use transport::{BaseUrl, Endpoints, RootCertificates};
