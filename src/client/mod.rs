//! The client of Spotify's Web API: [`Client::search`] takes a query to its results, by way of a
//! token, one or more requests and as much patience as its settings allow. It prints nothing; what
//! a caller may want to tell a person while it waits is an [`Event`].

mod endpoint;
mod failure;
mod http;
mod pages;
mod retry;
mod token;

use std::time::Duration;

pub use endpoint::{BaseUrl, Endpoints};
pub use http::Roots;
pub use pages::urls;
pub use retry::RetryPolicy;

use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::model::SearchResults;
use crate::query::SearchQuery;
use failure::Service;
use http::Http;
use token::{Token, TokenSource};

/// What a client needs to know beside the credentials.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Where the two services are.
    pub endpoints: Endpoints,
    /// What a secure connection is trusted by.
    pub roots: Roots,
    /// The longest that one request may take.
    pub timeout: Duration,
    /// How often and how long to try again.
    pub retry: RetryPolicy,
}

impl Default for ClientSettings {
    /// Spotify itself, 30 s a request, three retries within 60 s.
    fn default() -> Self {
        Self {
            endpoints: Endpoints::default(),
            roots: Roots::built_in(),
            timeout: Duration::from_secs(30),
            retry: RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) },
        }
    }
}

/// Something that happens while a search is under way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A request failed and will be tried again.
    Waiting {
        /// How long it waits first.
        wait: Duration,
        /// What the request failed with.
        error: Error,
        /// The how-manieth retry this will be, from 1.
        retry: u32,
        /// How many retries there may be.
        retries: u32,
    },
}

/// A client of the Web API for one app.
pub struct Client {
    api: Http,
    tokens: TokenSource,
    retry: RetryPolicy,
    tell: Box<dyn Fn(Event)>,
}

impl Client {
    /// A client that tells of what happens by calling `tell`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] where TLS can't be set up.
    pub fn new(
        settings: ClientSettings,
        credentials: &Credentials,
        tell: impl Fn(Event) + 'static,
    ) -> Result<Self> {
        let ClientSettings { endpoints, roots, timeout, retry } = settings;
        let api = Http::new(Service::Api, endpoints.api, &roots, timeout)?;
        let accounts = Http::new(Service::Accounts, endpoints.accounts, &roots, timeout)?;
        let tokens = TokenSource::new(accounts, credentials)?;
        Ok(Self { api, tokens, retry, tell: Box::new(tell) })
    }

    /// Searches the catalogue.
    ///
    /// # Errors
    ///
    /// Any [`Error`] that is the API's or the network's, once there is nothing more to try.
    pub async fn search(&self, query: &SearchQuery) -> Result<SearchResults> {
        let url = pages::page_url(self.api.base(), query, query.offset(), query.limit());
        let mut last: Option<Token> = None;
        retry::run(&self.retry, &self.tell, tokio::time::sleep, async |wanted| {
            let token = self.tokens.token(wanted, last.as_ref()).await?;
            last = Some(token.clone());
            pages::fetch(&self.api, query, url.clone(), &token).await
        })
        .await
    }
}
