//! An app's client id and secret.

use secrecy::{ExposeSecret, SecretString};

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
