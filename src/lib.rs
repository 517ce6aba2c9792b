//! Search Spotify's catalogue with an app's client id and secret: no browser, no user login.
//!
//! This is the library under the command `spotify-search`. Data goes one way through it: a command
//! line becomes a [`query::SearchQuery`] and settings, the [`client::Client`] turns the query into
//! [`results::SearchResults`], and an [`output::Printer`] writes those.
//!
//! | module | its job |
//! |---|---|
//! | [`cli`] | what was typed, what it means, running it, and saying what went wrong |
//! | [`credentials`] | the client id and secret, from the environment and `.env` |
//! | [`query`] | what may be asked, with Spotify's limits |
//! | [`client`] | tokens, requests, retries, pages |
//! | [`batch`] | many queries, in order |
//! | [`results`] | results as the API gives them |
//! | [`output`] | one file a format, and what makes text safe for a terminal |
//! | `json_format` | the white space of JSON text |
//! | `cache` | what is remembered between runs |
//! | [`error`] | the one typed error |
//! | [`demo`] | the sample catalogue, served on loopback |
//!
//! ```
//! use spotify_search::client::{Client, ClientSettings};
//! use spotify_search::query::{ItemType, SearchQuery};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The sample catalogue; for Spotify itself, `Credentials::new(id, secret)` and the defaults.
//! let (settings, credentials) = spotify_search::demo::start(ClientSettings::default()).await?;
//! let client = Client::new(settings, &credentials, |_event| {})?;
//! let query = SearchQuery::new("BTS", &[], &[ItemType::Artist])?;
//! let results = client.search(&query).await?;
//! let names: Vec<_> = results.items().map(|(kind, item)| item.view(kind).name).collect();
//! assert_eq!(names[0].as_deref(), Some("BTS"));
//! # Ok(())
//! # }
//! ```

pub mod batch;
pub mod cli;
pub mod client;
pub mod credentials;
pub mod demo;
pub mod error;

mod cache;
mod json_format;
pub mod output;
pub mod query;
pub mod results;
mod transport;
