//! An app's client id and secret.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

/// An app's client id and secret. `Debug` shows neither.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Not secret, but kept out of all output like the secret.
    pub(crate) id: SecretString,
    pub(crate) secret: SecretString,
}

impl Credentials {
    /// Creates credentials from the values on the app's page in Spotify's developer dashboard.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: SecretString::from(id.into()), secret: SecretString::from(secret.into()) }
    }

    /// Returns id and secret in base64, as the token request sends them (RFC 7617).
    pub(crate) fn basic(&self) -> SecretString {
        let (id, secret) = (self.id.expose_secret(), self.secret.expose_secret());
        let pair = Zeroizing::new(format!("{id}:{secret}"));
        BASE64_STANDARD.encode(pair.as_bytes()).into()
    }

    /// Returns true if the id or the secret is empty.
    pub(crate) fn is_incomplete(&self) -> bool {
        let is_empty = |text: &SecretString| text.expose_secret().trim().is_empty();
        is_empty(&self.id) || is_empty(&self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_value() {
        let text = format!("{:?}", Credentials::new("the-id", "the-secret"));
        assert!(!text.contains("the-"), "{text}");
    }
}
