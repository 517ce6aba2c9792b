//! The client-credentials exchange: an app's id and secret for a token that lasts an hour, fetched
//! when it is first needed and again when Spotify stops accepting it.
//!
//! Sources: <https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow>,
//! RFC 6749 section 4.4, RFC 7617 for the Basic header.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::failure::Failure;
use super::http::Http;
use super::retry::TokenUse;
use crate::credentials::Credentials;
use crate::error::{Error, Result};

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
    current: Mutex<Option<Token>>,
}

impl TokenSource {
    pub fn new(accounts: Http, credentials: &Credentials) -> Result<Self> {
        Ok(Self { accounts, basic: basic(credentials)?, current: Mutex::new(None) })
    }

    /// A token: the one at hand or a new one. With [`TokenUse::Renewed`], one other than `last`;
    /// requests that ask at the same time share one exchange.
    pub async fn token(&self, wanted: TokenUse, last: Option<&Token>) -> Result<Token, Failure> {
        let mut current = self.current.lock().await;
        let is_wanted =
            |token: &Token| wanted == TokenUse::Any || last.is_none_or(|last| !last.is(token));
        if let Some(token) = current.as_ref().filter(|token| is_wanted(token)) {
            return Ok(token.clone());
        }
        let token = self.exchange().await?;
        *current = Some(token.clone());
        Ok(token)
    }

    async fn exchange(&self) -> Result<Token, Failure> {
        let accounts = &self.accounts;
        let request = accounts
            .post(accounts.base().join(&["api", "token"]))
            .header(AUTHORIZATION, self.basic.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let body = Zeroizing::new(accounts.send(request).await?);
        let granted = serde_json::from_slice(&body).ok();
        let token = granted.map(|granted: Granted| Token(granted.access_token));
        let token = token.filter(Token::is_sendable);
        let token = token.ok_or_else(|| accounts.unreadable("has no access token in it"))?;
        tracing::info!("got a token");
        Ok(token)
    }
}

/// The header that tells who asks for a token.
fn basic(credentials: &Credentials) -> Result<HeaderValue> {
    let Credentials { id, secret } = credentials;
    let pair = Zeroizing::new(format!("{}:{}", id.expose_secret(), secret.expose_secret()));
    let header = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes())));
    let mut header = HeaderValue::from_str(&header)
        .map_err(|_| Error::ConfigInvalid("the credentials can't stand in a header".into()))?;
    // No log line shows it, and HTTP/2 does not put it into its table.
    header.set_sensitive(true);
    Ok(header)
}

/// The answer of the token service, as far as it matters. Its lifetime does not: a token that has
/// expired is met by a 401, and that by a new token.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
}
