//! Locales: the languages in which Spotify returns names.

use std::fmt;
use std::str::FromStr;

use super::QueryError;

/// A language tag such as `ja` or `pt-BR`, for the header `Accept-Language`.
///
/// Source: [RFC 5646](https://www.rfc-editor.org/rfc/rfc5646).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Locale(String);

impl FromStr for Locale {
    type Err = QueryError;

    /// Parses a language and subtags, with `-` or `_` between them. The encoding and the modifier of a POSIX
    /// locale are ignored: `de_DE.UTF-8`.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        let tag = text.split(['.', '@']).next().unwrap_or_default().trim().replace('_', "-");
        let is_subtag = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let language = tag.split('-').next().unwrap_or_default();
        let is_language =
            (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
        if is_language && tag.split('-').all(is_subtag) {
            Ok(Self(tag))
        } else {
            Err(QueryError::invalid("a locale is a language tag, such as ja or pt-BR"))
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_language_tags() {
        for (text, tag) in
            [("ja", "ja"), (" pt-BR", "pt-BR"), ("zh_Hant", "zh-Hant"), ("de_DE.UTF-8", "de-DE")]
        {
            assert_eq!(text.parse::<Locale>().unwrap().to_string(), tag);
        }
        for bad in ["", "j", "japanese", "ja-", "ja;q=1", "日本", "ja-123456789", "12", "*"] {
            assert!(bad.parse::<Locale>().is_err(), "{bad}");
        }
    }
}
