//! The transport that talks to Spotify: a token and one search request per page.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::header::ACCEPT_LANGUAGE;
use secrecy::ExposeSecret;

use super::http::HttpClient;
use super::interface::Transport;
use super::mask::Mask;
use super::settings::TransportSettings;
use super::status_error::{Service, status_in_body};
use super::token::TokenSource;
use crate::cache::{AppCache, AppEntry};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::query::{Page, SearchQuery};
use crate::results::SearchResults;
use crate::retry::Waits;

/// Sends search requests to Spotify's Web API.
pub(crate) struct SpotifyTransport {
    settings: Arc<TransportSettings>,
    api: Arc<HttpClient>,
    tokens: TokenSource,
}

impl SpotifyTransport {
    /// Creates a transport that starts with the cached token, if there is one. Sends nothing yet.
    pub fn new(
        settings: TransportSettings,
        cache: Arc<AppCache>,
        entry: &AppEntry,
    ) -> Result<Self> {
        let mask = Arc::new(Mask::new(&settings.credentials));
        let settings = Arc::new(settings);
        let api = Arc::new(HttpClient::new(Service::Api, settings.clone(), mask)?);
        let tokens = TokenSource::new(settings.clone(), api.clone(), cache, entry)?;
        Ok(Self { settings, api, tokens })
    }
}

impl Transport for SpotifyTransport {
    fn prepare<'a>(&'a self, waits: &'a Waits) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.tokens.get(waits).await.map(drop) })
    }

    fn send<'a>(
        &'a self,
        query: &'a Arc<SearchQuery>,
        page: Page,
        waits: &'a Waits,
    ) -> BoxFuture<'a, Result<SearchResults>> {
        Box::pin(async move {
            let token = self.tokens.get(waits).await?;
            let mut request = self.api.client().get(self.api.base.search_url(query, page));
            if let Some(locale) = query.get_locale() {
                request = request.header(ACCEPT_LANGUAGE, locale.to_string());
            }
            let request = request.bearer_auth(token.expose_secret());
            self.settings.events.emit(Event::Request { query: query.clone() });
            let outcome = self.api.send(request).await;
            if let Err(Error::TokenRejected(_)) = &outcome {
                self.tokens.invalidate(token).await;
            }
            let body = outcome?;
            SearchResults::parse(&body, query, page.limit, &self.api.base.host()).map_err(|error| {
                match status_in_body(&body) {
                    Some(status) => self.api.status_error(status, None, &body),
                    None => error,
                }
            })
        })
    }
}
