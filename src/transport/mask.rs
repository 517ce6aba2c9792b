//! Hides secrets in the texts of a server. Some servers and proxies repeat the credentials that they
//! were sent.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::credentials::Credentials;

/// Replaces a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// A run of letters and digits of at least this length may be a secret. Spotify's ids and secrets
/// have 32 characters, its tokens more than 100.
const MIN_RUN: usize = 24;

/// A shorter secret is not looked for: `secret` and `token` are words of ordinary messages.
const MIN_SECRET: usize = 7;

/// A part of a secret that has at least this many characters is hidden, too.
const MIN_PART: usize = 16;

/// How often a text is unescaped. Some servers escape a text that is escaped already.
const MAX_ESCAPED: usize = 4;

/// The secrets that a server may repeat.
#[derive(Clone, Debug)]
pub(super) struct Mask(Vec<SecretString>);

impl Mask {
    /// Creates a mask for the secret of these credentials, alone and as a part of the Basic header.
    pub fn new(credentials: &Credentials) -> Self {
        let basic = basic_credentials(credentials).as_str().into();
        Self(vec![credentials.secret.clone(), basic])
    }

    /// Adds the token in an `Authorization` header.
    pub fn with_header(&self, header: &HeaderValue) -> Self {
        let token = header.to_str().ok().and_then(|header| header.split_once(' '));
        Self(self.0.iter().cloned().chain(token.map(|(_, token)| token.into())).collect())
    }

    /// Returns true if the text contains a secret or a long part of one: as it is, escaped, or with
    /// other characters between its own.
    pub fn is_needed_for(&self, text: &str) -> bool {
        let mut text = decode_escapes(&text.split_whitespace().collect::<String>());
        text.retain(is_secret_char);
        self.0.iter().any(|secret| {
            let secret = secret.expose_secret().trim_end_matches('=');
            let part = secret.len().min(MIN_PART);
            part >= MIN_SECRET
                && secret.as_bytes().windows(part).any(|part| contains(text.as_bytes(), part))
        })
    }
}

/// Returns the value of the Basic header without the word `Basic` (RFC 7617).
pub(super) fn basic_credentials(credentials: &Credentials) -> Zeroizing<String> {
    let Credentials { id, secret } = credentials;
    let pair = Zeroizing::new(format!("{}:{}", id.expose_secret(), secret.expose_secret()));
    Zeroizing::new(BASE64_STANDARD.encode(pair.as_bytes()))
}

/// Replaces every run of characters that is long enough for a secret of Spotify's, or the whole text if
/// it has such a run in escapes.
pub(super) fn mask_long_runs(text: &str) -> String {
    let masked = replace_long_runs(text);
    let decoded = decode_escapes(&masked);
    if replace_long_runs(&decoded) == decoded { masked } else { HIDDEN.to_owned() }
}

fn replace_long_runs(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_secret_char) {
        let end = rest[start..].find(|c| !is_secret_char(c)).map_or(rest.len(), |end| start + end);
        masked.push_str(&rest[..start]);
        masked.push_str(if end - start < MIN_RUN { &rest[start..end] } else { HIDDEN });
        rest = &rest[end..];
    }
    masked + rest
}

fn is_secret_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=_-".contains(c)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Decodes percent-encoding and the escapes of strings in programs: `%3D`, `\u003d`, `\x3d`.
fn decode_escapes(text: &str) -> String {
    (0..MAX_ESCAPED).fold(text.to_owned(), |text, _| decode_escapes_once(&text))
}

fn decode_escapes_once(text: &str) -> String {
    const ESCAPES: [(&str, usize); 3] = [("%", 2), ("\\u", 4), ("\\x", 2)];
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['%', '\\']) {
        decoded += &rest[..start];
        rest = &rest[start..];
        let escape = ESCAPES.iter().find_map(|&(prefix, digits)| {
            let hex = rest.strip_prefix(prefix)?.get(..digits)?;
            Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, prefix.len() + digits))
        });
        let (char, length) = escape.unwrap_or((rest.as_bytes()[0].into(), 1));
        decoded.push(char);
        rest = &rest[length..];
    }
    decoded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_long_runs_of_letters_and_digits() {
        let secret = "0123456789abcdef0123456789abcdef";
        assert_eq!(
            mask_long_runs(&format!("{secret}:{secret}, a short-word")),
            "[hidden]:[hidden], a short-word"
        );
        assert_eq!(mask_long_runs("Basic YWJjZGVmZ2hpamtsbW5vcA==!"), "Basic [hidden]!");
        assert_eq!(mask_long_runs("100 % of é\\u00e4öü"), "100 % of é\\u00e4öü");
        let escaped = secret.replace('a', "%61").replace('0', "\\u0030");
        assert_eq!(mask_long_runs(&format!("no app {escaped}")), HIDDEN);
    }

    #[test]
    fn finds_a_secret_in_every_encoding() {
        let header = HeaderValue::from_static("Bearer BQDk7Zr3sVfT0xYhQ2mN9-pLwEaUcJ6g");
        let mask = Mask::new(&Credentials::new("my-app", "hunter2")).with_header(&header);
        for text in [
            "no app has the secret 'hunter2'",
            "my-app:hunter2",
            "h u n\nt e r 2",
            "%68unter2, %68%75%6E%74%65%72%32",
            "\\u0068unter2",
            "%2568unter2, \\u002568unter2",
            "b\"\\x68unter2\"",
            "h\0u\0n\0t\0e\0r\x002\0",
            // The Basic header of `my-app:hunter2`.
            "bXktYXBwOmh1bnRlcjI=",
            "bXktYXBwOmh1bnRlcjI",
            "token BQDk7Zr3sVfT 0xYhQ2mN9…",
        ] {
            assert!(mask.is_needed_for(text), "{text}");
        }
        for text in ["Invalid client secret", "my-app", "hunter", "%", "\\u00", "%é", "\\", ""] {
            assert!(!mask.is_needed_for(text), "{text}");
        }
        let short = Mask::new(&Credentials::new("id", "secret"));
        assert!(!short.is_needed_for("Invalid client secret"));
    }
}
