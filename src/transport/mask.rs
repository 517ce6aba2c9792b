//! Hides secrets in the texts of a server. Some servers and proxies repeat the credentials that they
//! were sent.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::credentials::Credentials;

/// Replaces a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// A shorter secret is not looked for: `secret` and `token` are words of ordinary messages. Spotify's
/// ids and secrets have 32 characters.
const MIN_SECRET: usize = 7;

/// The secrets that a server may repeat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask(Vec<SecretString>);

impl Mask {
    /// Creates a mask for the id and the secret of these credentials, and for their Basic value.
    pub fn new(credentials: &Credentials) -> Self {
        let basic = basic_credentials(credentials);
        // A server may leave out the padding.
        let basic = basic.trim_end_matches('=').into();
        Self(vec![credentials.id.clone(), credentials.secret.clone(), basic])
    }

    /// Adds the token in an `Authorization` header.
    pub fn with_header(&self, header: &HeaderValue) -> Self {
        let token = header.to_str().ok().and_then(|header| header.split_once(' '));
        Self(self.0.iter().cloned().chain(token.map(|(_, token)| token.into())).collect())
    }

    /// Replaces each secret in the text, as it is or with characters written as JSON escapes.
    pub fn hide(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let lengths =
                self.0.iter().filter_map(|secret| length_of(secret.expose_secret(), rest));
            if let Some(length) = lengths.max() {
                masked.push_str(HIDDEN);
                rest = &rest[length..];
            } else {
                masked.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
        masked
    }
}

/// Returns the value of the Basic header without the word `Basic` (RFC 7617).
pub(super) fn basic_credentials(credentials: &Credentials) -> Zeroizing<String> {
    let Credentials { id, secret } = credentials;
    let pair = Zeroizing::new(format!("{}:{}", id.expose_secret(), secret.expose_secret()));
    Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()))
}

/// Returns the length of the secret at the start of the text, in the spelling of the text. Returns
/// `None` if the text starts with something else.
fn length_of(secret: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    for expected in secret.chars() {
        let (char, length) = unescape(rest)?;
        if char != expected {
            return None;
        }
        rest = &rest[length..];
    }
    (secret.len() >= MIN_SECRET).then(|| text.len() - rest.len())
}

/// Returns the first character of a JSON string, and the length of its spelling: `a`, `\/` or
/// `\u0061`.
fn unescape(text: &str) -> Option<(char, usize)> {
    let hex = text.strip_prefix("\\u").and_then(|rest| rest.get(..4));
    if let Some(code) = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
        return Some((char::from_u32(code)?, 6));
    }
    let char = text.strip_prefix('\\').unwrap_or(text).chars().next()?;
    Some((char, char.len_utf8() + usize::from(text.starts_with('\\'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(text: &str) -> String {
        let header = HeaderValue::from_static("Bearer BQDk7Zr3sVf+/0xY");
        Mask::new(&Credentials::new("app-one", "hunter2")).with_header(&header).hide(text)
    }

    #[test]
    fn hides_each_secret_of_the_run_and_nothing_else() {
        for (text, shown) in [
            ("no app has app-one:hunter2, sorry", "no app has [hidden]:[hidden], sorry"),
            // The Basic value of `app-one:hunter2`, with and without padding.
            ("Basic YXBwLW9uZTpodW50ZXIy!", "Basic [hidden]!"),
            ("xBQDk7Zr3sVf+/0xYx", "x[hidden]x"),
            ("BQDk7Zr3sVf\\u002b\\/0xY", "[hidden]"),
            ("\\u0068unter2 hunter\\u0032", "[hidden] [hidden]"),
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
        let mask = Mask::new(&Credentials::new("id", "secret"));
        assert_eq!(mask.hide("Invalid client secret"), "Invalid client secret");
    }
}
