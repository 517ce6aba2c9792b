//! Search Spotify's catalogue with an app's client id and secret: no browser, no user login.
//!
//! ```
//! use spotify_search::{Client, Credentials, ItemType, SearchQuery};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spotify_search::Error> {
//! let client = Client::builder(Credentials::new("client id", "client secret")).build()?;
//! # let client = spotify_search::demo::client();
//! let query = SearchQuery::new("BTS").types([ItemType::Artist]).limit(1);
//! let results = client.search(&query).await?;
//! let names: Vec<_> = results.items().filter_map(|item| item.name()).collect();
//! assert_eq!(names, ["BTS"]);
//! # Ok(())
//! # }
//! ```
//!
//! The futures run on tokio, with its timers and its I/O enabled.
//!
//! # In a service
//!
//! A [`Client`] is `Send + Sync`, and a clone is cheap: clones share the token, the connections and
//! the rate limiter. Futures may be dropped at any point, for example by a timeout. The client waits and
//! retries by itself, as long as [`max_wait`](ClientBuilder::max_wait) allows. [`Error`] tells the rest
//! apart, and [`Error::is_transient`] what is worth another try.
//!
//! ```
//! use spotify_search::{Client, Error, ErrorResponse, SearchQuery};
//!
//! async fn count(client: Client, name: String) -> Result<usize, u16> {
//!     let results = client.search(&SearchQuery::new(name)).await;
//!     results.map(|results| results.items().count()).map_err(|error| status(&error))
//! }
//!
//! fn status(error: &Error) -> u16 {
//!     match error {
//!         Error::InvalidQuery(_) | Error::BadRequest(_) => 400,
//!         Error::RateLimited { .. } => 429,
//!         Error::Timeout { .. } => 504,
//!         _ => 502,
//!     }
//! }
//!
//! # #[tokio::main]
//! # async fn main() {
//! let client = spotify_search::demo::client();
//! let counts = ["BTS", " "].map(|name| tokio::spawn(count(client.clone(), name.to_owned())));
//! let [found, blank] = counts;
//! assert_eq!((found.await.unwrap(), blank.await.unwrap()), (Ok(3), Err(400)));
//! assert_eq!(status(&Error::ServerError(ErrorResponse::new(503))), 502);
//! # }
//! ```
//!
//! # Many queries
//!
//! [`Client::search_all`] runs the searches of an iterator, several at a time, and returns the results in
//! order. [`Client::batch`] is fed as queries arrive. Both stop when no further search can succeed; the
//! queries that were not sent yield [`Error::Stopped`].
//!
//! ```
//! use spotify_search::SearchQuery;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spotify_search::Error> {
//! # let client = spotify_search::demo::client();
//! let mut batch = client.search_all(["BTS", "Miles Davis"].map(SearchQuery::new));
//! let mut ids = Vec::new();
//! while let Some((query, results)) = batch.next().await {
//!     let first = results?.into_iter().next();
//!     ids.push((query.get_words().to_owned(), first.and_then(|item| item.id())));
//! }
//! assert_eq!(ids[0].1.as_deref(), Some("3Nrfpe0tUJi4K4DXYWgMUX"));
//! # Ok(())
//! # }
//! ```
//!
//! # The right id for a name
//!
//! [`SearchQuery::matching`] keeps only the results that match the name that was asked for, at a
//! [`Level`] or closer. [`Wanted`] names what else is known. [`Matcher`] compares items of any source:
//!
//! ```
//! use spotify_search::{Item, ItemType, Level, Matcher};
//!
//! let json = r#"{"name": "Creep - Remastered", "artists": [{"name": "Radiohead"}]}"#;
//! let item = Item::from_json(ItemType::Track, json)?;
//! let matcher = Matcher::new(ItemType::Track, "creep").artist("radiohead");
//! assert_eq!(matcher.level(&item), Some(Level::Edition));
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # In tests
//!
//! With the feature `demo`, [`demo::client`] returns a client of a built-in sample catalogue, without an
//! account and without the network. [`SearchResults::from_json`] and [`ErrorResponse::new`] make what a
//! search can return.
//!
//! # Without async
//!
//! ```
//! use spotify_search::SearchQuery;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # let client = spotify_search::demo::client();
//! let results = runtime.block_on(client.search(&SearchQuery::new("BTS")))?;
//! assert!(!results.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Tracing
//!
//! The client writes records of the crate `tracing`: each request and its status at the level DEBUG, what
//! changes its behaviour at INFO. No record contains a secret. A search runs in the caller's span, also in a
//! batch. [`ClientBuilder::on_event`] reports progress.
//!
//! # TLS
//!
//! The client brings its own rustls with ring and Mozilla's root certificates. Cargo unifies the features of
//! reqwest: if a program uses reqwest itself, without one of its TLS features, its own clients panic with
//! "No rustls crypto provider is configured" unless the program installs one at its start:
//! `rustls::crypto::ring::default_provider().install_default()`.
//!
//! # Where a change goes
//!
//! Data flows one way: arguments become settings, a [`SearchQuery`] goes to a [`Client`], which returns
//! [`SearchResults`], and an output format renders them. The command (`main.rs`, `cli/`, `output/`) is a
//! crate of its own on top of this library.
//!
//! | folder or file | contents | for example |
//! |---|---|---|
//! | `query/` | the query, field filters, types, levels, market, inline filters | a field filter |
//! | `results/` | the response and its items | a field of an item |
//! | `matching/` | which results match what was asked for | a rule for names |
//! | `client/` | one search, many searches, pagination, limiter, builder | when a batch stops: `batch.rs` |
//! | `retry/` | which errors are retried, when, and how often | a retry rule: `budget.rs` |
//! | `transport/` | HTTP, TLS, proxies, tokens, the error of each status | an error of the API: `status_error.rs` |
//! | `cache/` | what one run stores for the next | a cached value |
//! | `demo/` | the sample catalogue and its search | a sample item |
//! | `error.rs`, `event.rs` | what callers see besides results | an error code |
//! | `credentials.rs`, `duration.rs` | what several folders share | |
//! | `output/` | the formats, one file for each | a format: `format.rs`, a column: `columns.rs` |
//! | `cli/` | the command, with folders of its own | a flag: `args/flags.rs` |
//!
//! # Features
//!
//! `cli` (default) is what the command needs; `demo`, which it implies, is the sample catalogue. Without
//! them the library has fewer dependencies.

mod cache;
mod client;
mod credentials;
#[cfg(feature = "demo")]
pub mod demo;
pub mod duration;
mod error;
mod event;
mod lock;
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
