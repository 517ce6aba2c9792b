//! Search Spotify's catalogue with an app's client id and secret: no browser, no user login.
//!
//! ```no_run
//! use spotify_search::{Client, Credentials, ItemType, SearchQuery};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spotify_search::Error> {
//! let client = Client::builder(Credentials::new("client id", "client secret")).build()?;
//! let query = SearchQuery::new("BTS").types([ItemType::Artist]).limit(3);
//! let results = client.search(&query).await?;
//! for item in results.items() {
//!     println!("{}", item.name().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The futures run on tokio, with its timers and its I/O enabled. With the feature `cli`, the function
//! `demo::client` returns a client of a built-in sample catalogue, without an account and without the
//! network.
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
//! # The right id for a name
//!
//! [`SearchQuery::matching`] keeps only the results that match the name that was asked for, at a
//! [`Level`] or closer. [`Matcher`] compares single items.
//!
//! # Where a change goes
//!
//! Data flows one way: arguments become settings, a [`SearchQuery`] goes to a [`Client`], which returns
//! [`SearchResults`], and an output format renders them.
//!
//! | folder or file | contents | for example |
//! |---|---|---|
//! | `query/` | the query, field filters, types, market, inline filters | a field filter |
//! | `matching/` | which results match the name that was asked for | a rule for names |
//! | `client/` | one search, many searches, pagination, limiter, builder | when a batch stops: `search_all.rs` |
//! | `retry/` | which errors are retried, when, and how often | a retry rule: `budget.rs` |
//! | `transport/` | HTTP, TLS, proxies, tokens, the error of each status | an error of the API: `status_error.rs` |
//! | `cache/` | what one run stores for the next | a cached value |
//! | `results/` | the response and its items | a field of an item |
//! | `output/` | the formats, one file for each | a format: `format.rs`, a column: `columns.rs` |
//! | `demo/` | the sample catalogue and its search | a sample item |
//! | `cli/` | the command, with folders of its own | a flag: `args/flags.rs` |
//! | `error.rs`, `event.rs` | what callers see besides results | an error code |
//! | `credentials.rs`, `duration.rs`, `directories.rs` | what several folders share | |
//!
//! # Features
//!
//! `cli` (default) is what the command needs. Without it the library has fewer dependencies.

mod cache;
mod client;
mod credentials;
#[cfg(feature = "demo")]
pub mod demo;
pub mod duration;
mod error;
mod event;
mod matching;
mod query;
mod results;
mod retry;
mod transport;

pub use cache::Cache;
pub use client::{Batch, Client, ClientBuilder, QueryOutcome, SearchAll};
pub use credentials::Credentials;
pub use error::{Error, ErrorResponse, RateLimit, Result, Source};
pub use event::Event;
pub use matching::Matcher;
pub use query::{
    Filter, ItemType, Level, Locale, MAX_QUERY_BYTES, MAX_RESULTS, Market, QueryError, SearchQuery,
    Wanted,
};
pub use results::{Item, ItemView, SearchResults, Section};
pub use transport::{BaseUrl, Endpoints, Proxy, RootCertificates};
