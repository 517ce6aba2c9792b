//! Hides secrets in the texts of a server. Some servers and proxies repeat the credentials that they
//! were sent.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::credentials::Credentials;

/// Replaces a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// A shorter secret is not looked for: `secret` and `token` are words of ordinary messages. Spotify's
/// ids and secrets have 32 characters.
const MIN_SECRET: usize = 7;

/// The secrets that a server may repeat.
#[derive(Debug, Default)]
pub(crate) struct Mask(Vec<SecretString>);

impl Mask {
    /// Creates a mask for the id and the secret, and for what the `Authorization` header of a request
    /// contains: the two in base64, or a token.
    pub fn new(credentials: &Credentials, authorization: Option<&HeaderValue>) -> Self {
        let header = authorization.and_then(|header| header.to_str().ok()?.split_once(' '));
        // A server may leave out the padding of base64.
        let sent = header.map(|(_, value)| [value.into(), value.trim_end_matches('=').into()]);
        let app = [credentials.id.clone(), credentials.secret.clone()];
        let secrets = app.into_iter().chain(sent.into_iter().flatten());
        // Some JSON writers escape the slash.
        let spellings = |secret: SecretString| {
            let escaped = secret.expose_secret().replace('/', "\\/").into();
            [secret, escaped]
        };
        let is_long = |secret: &SecretString| secret.expose_secret().len() >= MIN_SECRET;
        Self(secrets.flat_map(spellings).filter(is_long).collect())
    }

    /// Replaces each secret in the text.
    pub fn hide(&self, text: &str) -> String {
        let secrets = self.0.iter().map(SecretString::expose_secret);
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(text: &str) -> String {
        let credentials = Credentials::new("app-one", "hunter2");
        // The Basic value is that of `app-one:hunter2`.
        ["Bearer BQDk7Zr3sVf+/0xY", "Basic YXBwLW9uZTpodW50ZXIy"].iter().fold(
            text.to_owned(),
            |text, header| {
                Mask::new(&credentials, Some(&HeaderValue::from_static(header))).hide(&text)
            },
        )
    }

    #[test]
    fn hides_each_secret_of_the_run_and_nothing_else() {
        for (text, shown) in [
            ("no app has app-one:hunter2, sorry", "no app has [hidden]:[hidden], sorry"),
            ("Basic YXBwLW9uZTpodW50ZXIy!", "Basic [hidden]!"),
            ("xBQDk7Zr3sVf+/0xYx", "x[hidden]x"),
            ("BQDk7Zr3sVf+\\/0xY", "[hidden]"),
            ("hunter2hunter2", "[hidden][hidden]"),
        ] {
            assert_eq!(hide(text), shown, "{text}");
        }
        for text in [
            "see https://developer.spotify.com/documentation/web-api/concepts/quota-modes",
            "upstream_reset_before_response_started{connection_termination}",
            "hunter 2, HUNTER2, hunter, \\u00, \\ud800, \\, é",
            "",
        ] {
            assert_eq!(hide(text), text);
        }
    }

    #[test]
    fn short_secret_is_not_looked_for() {
        let mask = Mask::new(&Credentials::new("id", "secret"), None);
        assert_eq!(mask.hide("Invalid client secret"), "Invalid client secret");
    }
}
