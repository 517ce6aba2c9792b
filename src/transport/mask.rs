//! Hides secrets in the texts of a server. Some servers and proxies repeat the credentials that they
//! were sent.

use std::cmp::Reverse;
use std::sync::Mutex;

use secrecy::{ExposeSecret, SecretString};

use crate::credentials::Credentials;
use crate::lock::lock;

/// Replaces a secret.
const HIDDEN: &str = "[hidden]";

/// A shorter secret is not looked for: `secret` and `token` are words of ordinary messages. Spotify's
/// ids and secrets have 32 characters.
const MIN_SECRET: usize = 7;

/// The secrets of a run, which any server may repeat: id, secret, Basic value and each token.
#[derive(Debug, Default)]
pub(crate) struct Mask(Mutex<Vec<SecretString>>);

impl Mask {
    /// Creates a mask for the id, the secret and the Basic value of the token request.
    pub fn new(credentials: &Credentials) -> Self {
        let mask = Self::default();
        let basic = credentials.basic();
        // A server may leave out the padding of base64.
        mask.add(&basic.expose_secret().trim_end_matches('=').into());
        for secret in [&basic, &credentials.id, &credentials.secret] {
            mask.add(secret);
        }
        mask
    }

    /// Adds a secret, such as a new token.
    pub fn add(&self, secret: &SecretString) {
        if secret.expose_secret().len() >= MIN_SECRET {
            let mut secrets = lock(&self.0);
            secrets.push(secret.clone());
            // One secret may begin with another one: the longest is replaced first.
            secrets.sort_by_key(|secret| Reverse(secret.expose_secret().len()));
        }
    }

    /// Replaces each secret in the text, plain or with JSON escapes.
    pub fn hide(&self, text: &str) -> String {
        let secrets = lock(&self.0);
        let plain = without_escapes(text);
        let hide =
            |text: String, secret: &SecretString| text.replace(secret.expose_secret(), HIDDEN);
        let shown = secrets.iter().fold(plain.clone(), hide);
        if shown == plain { text.to_owned() } else { shown }
    }
}

/// Replaces the JSON escapes of characters that secrets may have.
fn without_escapes(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.strip_prefix('u').and_then(|part| part.get(..4));
        let char =
            code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match char {
            Some(char) => {
                plain.push(char);
                plain += &part[5..];
            }
            None if part.starts_with('/') => plain += part,
            None => {
                plain.push('\\');
                plain += part;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(text: &str) -> String {
        // The Basic value is YXBwLW9uZTphcHAtb25lLWh1bnRlcjI=.
        let mask = Mask::new(&Credentials::new("app-one", "app-one-hunter2"));
        mask.add(&"BQDk7Zr3sVf+/0xY".into());
        mask.hide(text)
    }

    #[test]
    fn hides_each_secret_of_the_run_and_nothing_else() {
        for (text, shown) in [
            ("no app has app-one:app-one-hunter2, sorry", "no app has [hidden]:[hidden], sorry"),
            ("Basic YXBwLW9uZTphcHAtb25lLWh1bnRlcjI=!", "Basic [hidden]!"),
            ("Basic YXBwLW9uZTphcHAtb25lLWh1bnRlcjI!", "Basic [hidden]!"),
            ("xBQDk7Zr3sVf+/0xYx", "x[hidden]x"),
            ("BQDk7Zr3sVf\\u002B\\/0xY", "[hidden]"),
            ("\\u0042QDk7Zr3sVf\\u002b\\u002F0xY", "[hidden]"),
            ("app-oneapp-one", "[hidden][hidden]"),
        ] {
            assert_eq!(hide(text), shown, "{text}");
        }
        for text in [
            "see https://developer.spotify.com/documentation/web-api/concepts/quota-modes",
            "upstream_reset_before_response_started{connection_termination}",
            "app one, APP-ONE, app-on, \\u00, \\ud800, \\u00é, \\, é",
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
