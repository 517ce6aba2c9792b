//! Access tokens from the client-credentials flow: fetched when there is none in the cache, and again when
//! Spotify rejects one. All requests of a client share one token, and so do all processes that
//! share a cache.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow>,
//! RFC 6749 §4.4, and RFC 7617 for the Basic header.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::http::HttpClient;
use super::mask::Mask;
use super::settings::TransportSettings;
use super::status_error::Service;
use crate::cache::{AppCache, AppEntry, FETCH_LOCK_TIMEOUT, TOKEN_MARGIN, usable_lifetime};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::results::{html_problem, whole_number};
use crate::retry::{Decision, RetryBudget, Waits, random};

/// The lifetime of Spotify's tokens, for a response without `expires_in`.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3_600);
/// The longest time that a token is used, even if `expires_in` is larger.
const MAX_LIFETIME: Duration = Duration::from_secs(86_400);

/// Returns the token that all requests of a client share, and fetches it when necessary.
pub(super) struct TokenSource {
    settings: Arc<TransportSettings>,
    accounts: HttpClient,
    /// Connected to while a token is fetched.
    api: Arc<HttpClient>,
    cache: Arc<AppCache>,
    tokens: Mutex<Tokens>,
}

#[derive(Debug, Default)]
struct Tokens {
    current: Option<CurrentToken>,
    /// The last token that Spotify rejected. The cache may still contain it.
    rejected: Option<SecretString>,
    /// The error of the last fetch that failed, and when it failed.
    failure: Option<(Instant, Error)>,
    /// True until the first fetch. Later there may be connections to the API.
    can_preconnect: bool,
}

#[derive(Clone, Debug)]
struct CurrentToken {
    token: SecretString,
    /// `None` if the token is used until Spotify rejects it.
    usable_until: Option<Instant>,
}

impl TokenSource {
    pub fn new(
        settings: Arc<TransportSettings>,
        api: Arc<HttpClient>,
        cache: Arc<AppCache>,
        entry: &AppEntry,
    ) -> Result<Self> {
        let accounts = HttpClient::new(Service::Accounts, settings.clone(), api.mask.clone())?;
        let current = CurrentToken::cached(entry, &api.mask);
        // Preconnect only if the API and accounts hosts differ: a local test server may accept one
        // connection at a time.
        let has_own_host = api.base.is_https() && api.base.host() != accounts.base.host();
        let can_preconnect = has_own_host && current.is_none();
        let tokens = Mutex::new(Tokens { current, can_preconnect, ..Tokens::default() });
        Ok(Self { settings, accounts, api, cache, tokens })
    }

    /// Returns a token, fetched if necessary. Searches that run at the same time share one fetch and its
    /// failure; processes share the token. `waits` counts the waits between retries.
    pub async fn get(&self, waits: &Waits) -> Result<SecretString> {
        let mut tokens = self.tokens.lock().await;
        if let Some((failed, error)) = &tokens.failure
            && *failed > waits.started
        {
            return Err(error.clone());
        }
        if let Some(current) = &tokens.current
            && current.usable_until.is_none_or(|end| Instant::now() < end)
        {
            return Ok(current.token.clone());
        }
        if mem::take(&mut tokens.can_preconnect) {
            self.api.preconnect().await;
        }
        let _lock = self.cache.lock(FETCH_LOCK_TIMEOUT).await;
        // Another process may have fetched a token while this one waited for the lock.
        if let Some(cached) = CurrentToken::cached(&self.cache.read(), &self.api.mask)
            && tokens.rejected.as_ref().is_none_or(|rejected| !cached.has(rejected))
        {
            return Ok(tokens.current.insert(cached).token.clone());
        }
        let (token, lifetime) = self.fetch(waits).await.inspect_err(|error| {
            tokens.failure = Some((Instant::now(), error.clone()));
        })?;
        let now = SystemTime::now();
        self.cache.update_locked(|entry| entry.set_token(token.clone(), lifetime, now));
        tokens.failure = None;
        tokens.current = Some(CurrentToken::fetched(token.clone(), lifetime));
        Ok(token)
    }

    /// Invalidates a token that Spotify has rejected, so that the next request fetches a new one.
    pub async fn invalidate(&self, token: SecretString) {
        let mut tokens = self.tokens.lock().await;
        // Another request may have replaced it.
        if tokens.current.as_ref().is_some_and(|current| current.has(&token)) {
            tracing::info!("token rejected");
            tokens.current = None;
            tokens.rejected = Some(token);
        }
    }

    /// Fetches a token, with retries.
    async fn fetch(&self, waits: &Waits) -> Result<(SecretString, Duration)> {
        let events = &self.settings.events;
        let mut budget = RetryBudget::new(self.settings.policy, waits);
        loop {
            let error = match self.attempt().await {
                Err(error) => error,
                fetched => return fetched,
            };
            match budget.decide(&error, random()) {
                Decision::Backoff(wait) => budget.back_off(wait, &error, None, events).await,
                Decision::Cooldown(wait) => {
                    events.emit(Event::RateLimited { wait });
                    budget.wait_for_cooldown(wait).await;
                }
                Decision::GiveUp { max_wait_needed } => {
                    return Err(token_error(error.with_max_wait_needed(max_wait_needed)));
                }
                Decision::RenewToken => unreachable!("the accounts service rejects no token"),
            }
        }
    }

    async fn attempt(&self) -> Result<(SecretString, Duration)> {
        let (accounts, credentials) = (&self.accounts, &self.settings.credentials);
        let request = accounts
            .client()
            .post(accounts.base.join(&["api", "token"]))
            .basic_auth(credentials.id.expose_secret(), Some(credentials.secret.expose_secret()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        self.settings.events.emit(Event::TokenRequested);
        let body = Zeroizing::new(accounts.send(request).await?);
        // The parser's error is not kept: it could quote a part of the token.
        let response = serde_json::from_slice::<TokenResponse>(&body).ok();
        let (token, lifetime) = response.and_then(TokenResponse::into_token).ok_or_else(|| {
            let problem = html_problem(&body).unwrap_or("contains no access token");
            accounts.bad_response(problem)
        })?;
        accounts.mask.add(&token);
        self.settings.events.emit(Event::TokenReceived);
        tracing::info!(?lifetime, "fetched a token");
        Ok((token, lifetime))
    }
}

impl CurrentToken {
    fn cached(entry: &AppEntry, mask: &Mask) -> Option<Self> {
        let (token, remaining) = entry.token(SystemTime::now())?;
        mask.add(token);
        let usable_until = Some(Instant::now() + remaining.min(MAX_LIFETIME));
        can_be_sent(token).then(|| Self { token: token.clone(), usable_until })
    }

    /// A token with a lifetime of less than a minute is used until Spotify rejects it. Otherwise each
    /// request might need a token of its own.
    fn fetched(token: SecretString, lifetime: Duration) -> Self {
        let usable = usable_lifetime(lifetime.min(MAX_LIFETIME));
        let usable_until = (lifetime >= TOKEN_MARGIN).then(|| Instant::now() + usable);
        Self { token, usable_until }
    }

    fn has(&self, token: &SecretString) -> bool {
        self.token.expose_secret() == token.expose_secret()
    }
}

/// Returns true if the token can be part of a header.
fn can_be_sent(token: &SecretString) -> bool {
    let text = token.expose_secret();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Tells the error of a token request from that of a search, unless it means the same for both.
fn token_error(error: Error) -> Error {
    match error {
        Error::CredentialsRejected(_)
        | Error::PremiumRequired(_)
        | Error::Proxy { .. }
        | Error::UnknownIssuer { .. }
        | Error::Certificate { .. } => error,
        other => Error::Token(Arc::new(other)),
    }
}

/// The response to a token request (RFC 6749 §5.1).
#[derive(Deserialize)]
struct TokenResponse {
    access_token: SecretString,
    /// In seconds.
    expires_in: Option<Box<RawValue>>,
}

impl TokenResponse {
    fn into_token(self) -> Option<(SecretString, Duration)> {
        let seconds = self.expires_in.and_then(|json| whole_number(&json));
        let lifetime = seconds.map_or(DEFAULT_LIFETIME, Duration::from_secs);
        can_be_sent(&self.access_token).then_some((self.access_token, lifetime))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Option<(String, u64)> {
        let response: TokenResponse = serde_json::from_str(body).ok()?;
        let (token, lifetime) = response.into_token()?;
        Some((token.expose_secret().to_owned(), lifetime.as_secs()))
    }

    #[test]
    fn reads_the_token_and_its_lifetime() {
        let token = |seconds| Some(("t".to_owned(), seconds));
        assert_eq!(parse(r#"{"access_token": "t", "expires_in": 60}"#), token(60));
        assert_eq!(parse(r#"{"access_token": "t", "expires_in": 60.0}"#), token(60));
        assert_eq!(parse(r#"{"access_token": "t"}"#), token(3_600));
        assert_eq!(parse(r#"{"access_token": "t", "expires_in": "soon"}"#), token(3_600));
        for bad in ["{}", r#"{"access_token": null}"#, r#"{"access_token": ""}"#, "[]"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse(r#"{"access_token": "line\nbreak"}"#), None);
    }

    #[tokio::test(start_paused = true)]
    async fn is_used_until_a_minute_before_it_expires() {
        let usable = |lifetime| {
            let current = CurrentToken::fetched("t".into(), Duration::from_secs(lifetime));
            current.usable_until.map(|end| (end - Instant::now()).as_secs())
        };
        assert_eq!(usable(3_600), Some(3_540));
        assert_eq!(usable(100), Some(50));
        assert_eq!(usable(u64::MAX), Some(86_340));
        assert_eq!(usable(0), None, "until it is rejected");
    }
}
