//! The transport that talks to Spotify: a token and one search request per page.

use std::sync::Arc;

use reqwest::Url;

use super::endpoints::Endpoints;
use super::http::{HttpClient, HttpSettings};
use super::interface::{BoxFuture, Transport};
use super::mask::Mask;
use super::status_error::Service;
use super::token::TokenSource;
use crate::cache::{AppCache, AppEntry};
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::event::{Event, EventHandler};
use crate::query::{Page, SearchQuery};
use crate::retry::{RetryPolicy, Waits};

/// Sends search requests to Spotify's Web API.
pub(crate) struct SpotifyTransport {
    api: Arc<HttpClient>,
    tokens: TokenSource,
    events: EventHandler,
}

impl SpotifyTransport {
    /// Creates a transport that starts with the cached token, if there is one. Sends nothing yet.
    pub fn new(
        endpoints: Endpoints,
        settings: &HttpSettings,
        policy: RetryPolicy,
        credentials: &Credentials,
        cache: Arc<AppCache>,
        entry: &AppEntry,
        events: EventHandler,
    ) -> Result<Self> {
        let Endpoints { api, accounts } = endpoints;
        // Preconnect only if the API and accounts hosts differ: a local test server may accept one
        // connection at a time.
        let can_preconnect = api.is_https() && api.host() != accounts.host();
        let mask = Mask::new(credentials);
        let api = HttpClient::new(Service::Api, api, settings, mask.clone(), can_preconnect)?;
        let api = Arc::new(api);
        let accounts = HttpClient::new(Service::Accounts, accounts, settings, mask, false)?;
        let tokens = TokenSource::new(
            accounts,
            api.clone(),
            policy,
            credentials,
            cache,
            entry,
            events.clone(),
        );
        Ok(Self { api, tokens, events })
    }

    fn request_url(&self, query: &SearchQuery, page: Page) -> Url {
        let mut url = self.api.base().join(&["v1", "search"]);
        url.query_pairs_mut().extend_pairs(query.parameters(page));
        url
    }
}

impl Transport for SpotifyTransport {
    fn host(&self) -> String {
        self.api.base().host()
    }

    fn url(&self, query: &SearchQuery, page: Page) -> String {
        self.request_url(query, page).into()
    }

    fn send<'a>(
        &'a self,
        query: &'a SearchQuery,
        page: Page,
        waits: &'a Waits,
    ) -> BoxFuture<'a, Result<Vec<u8>>> {
        Box::pin(async move {
            let token = self.tokens.get(waits).await?;
            let request = token.authorize(self.api.get(self.request_url(query, page)));
            self.events.emit(Event::Request);
            let outcome = self.api.send(request).await;
            if let Err(Error::TokenRejected(_)) = &outcome {
                self.tokens.invalidate(token).await;
            }
            outcome
        })
    }
}
