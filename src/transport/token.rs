//! The client-credentials exchange: an app's id and secret for a token that lasts an hour, fetched
//! when none is at hand or remembered, and again when Spotify stops accepting it. All requests of
//! a run share one, and so do all runs that share a cache.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow>,
//! RFC 6749 section 4.4, RFC 7617 for the Basic header.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::{Either, select};
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use super::failure::Failure;
use super::http::Http;
use crate::cache::{AppCache, AppEntry, LONG_LOCK_WAIT};
use crate::credentials::Credentials;
use crate::results::whole;

/// A bearer token: never shown by `Debug` or a log line.
#[derive(Clone, Debug)]
pub(crate) struct Token(SecretString);

impl Token {
    /// The request with the token in its `Authorization` header (RFC 6750, section 2.1), which is
    /// marked sensitive.
    pub fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.0.expose_secret())
    }

    /// Whether it can stand in a header.
    fn is_sendable(&self) -> bool {
        let text = self.0.expose_secret();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    }

    fn is(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

/// The one token that all requests of a run share.
#[derive(Debug)]
pub(crate) struct TokenSource {
    accounts: Http,
    /// The `Authorization` header of the exchange, sensitive.
    basic: HeaderValue,
    store: Arc<AppCache>,
    current: Mutex<Option<Current>>,
}

/// The token of this run and how long it is used.
#[derive(Debug)]
struct Current {
    token: Token,
    until: Instant,
}

impl TokenSource {
    /// A source that begins with what is remembered.
    pub fn new(
        accounts: Http,
        credentials: &Credentials,
        store: Arc<AppCache>,
        memory: &AppEntry,
    ) -> Self {
        let current = Mutex::new(Current::remembered(memory));
        Self { accounts, basic: basic(credentials), store, current }
    }

    /// A token other than the one that was refused, if one was: the one at hand or a new one.
    /// Requests that ask at the same time share one exchange, in this run and in others.
    /// `meanwhile` is what can be done while one is fetched, and is given up when that is done.
    pub async fn token(
        &self,
        refused: Option<&Token>,
        meanwhile: impl Future<Output = ()>,
    ) -> Result<Token, Failure> {
        let usable = |current: &Option<Current>| {
            let Current { token, until } = current.as_ref()?;
            let is_refused = refused.is_some_and(|refused| refused.is(token));
            (!is_refused && Instant::now() < *until).then(|| token.clone())
        };
        let mut current = self.current.lock().await;
        if let Some(token) = usable(&current) {
            return Ok(token);
        }
        let lock = self.store.lock(LONG_LOCK_WAIT).await;
        // Another run may have fetched one while this waited for its turn.
        let remembered = Current::remembered(&self.store.read());
        if let Some(token) = usable(&remembered) {
            *current = remembered;
            return Ok(token);
        }
        let (token, lifetime) = match select(pin!(self.exchange()), pin!(meanwhile)).await {
            Either::Left((granted, _)) => granted?,
            Either::Right(((), exchange)) => exchange.await?,
        };
        // Read anew: another run may have learned something meanwhile.
        let mut memory = self.store.read();
        memory.set_token(token.0.clone(), lifetime, SystemTime::now());
        self.store.write(&memory);
        drop(lock);
        *current = Some(Current::fetched(token.clone(), lifetime));
        Ok(token)
    }

    async fn exchange(&self) -> Result<(Token, Duration), Failure> {
        let accounts = &self.accounts;
        let request = accounts
            .post(accounts.base().join(&["api", "token"]))
            .header(AUTHORIZATION, self.basic.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let body = Zeroizing::new(accounts.send(request).await?);
        let granted: Option<Granted> = serde_json::from_slice(&body).ok();
        let expires_in = granted.as_ref().and_then(|granted| whole(granted.expires_in.as_deref()?));
        let lifetime = Duration::from_secs(expires_in.unwrap_or(USUAL_LIFETIME));
        let token = granted.map(|granted| Token(granted.access_token));
        let token = token
            .filter(Token::is_sendable)
            .ok_or_else(|| accounts.unreadable("has no access token in it"))?;
        tracing::info!(?lifetime, "got a token");
        Ok((token, lifetime))
    }
}

impl Current {
    fn remembered(memory: &AppEntry) -> Option<Self> {
        let (text, rest) = memory.token(SystemTime::now())?;
        let token = Token(text.clone());
        token.is_sendable().then(|| Self { token, until: Instant::now() + rest.min(LONGEST_USE) })
    }

    /// One that is new is used in this run even if it is too short-lived to be remembered.
    fn fetched(token: Token, lifetime: Duration) -> Self {
        let early = (lifetime / 2).min(Duration::from_secs(60));
        let rest = lifetime.saturating_sub(early).min(LONGEST_USE);
        Self { token, until: Instant::now() + rest }
    }
}

/// However long a token is said to last, this is as long as one is used.
const LONGEST_USE: Duration = Duration::from_secs(86_400);

/// The header that tells who asks for a token.
fn basic(credentials: &Credentials) -> HeaderValue {
    let Credentials { id, secret } = credentials;
    let pair = Zeroizing::new(format!("{}:{}", id.expose_secret(), secret.expose_secret()));
    let header = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes())));
    let mut header = HeaderValue::from_str(&header).expect("base64 may stand in a header");
    // No log line shows it, and HTTP/2 does not put it into its table.
    header.set_sensitive(true);
    header
}

/// How long a token lasts where its answer does not say, in seconds: as long as all others of
/// Spotify's. One that expires earlier is met by a 401, and that by a new token.
const USUAL_LIFETIME: u64 = 3_600;

/// The answer of the token service, as far as it matters.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    /// Seconds.
    expires_in: Option<Box<RawValue>>,
}
