//! Markets: the countries whose catalogues can be searched.

use std::fmt;
use std::str::FromStr;

use super::QueryError;

/// A country as an ISO 3166-1 alpha-2 code in upper case: `KR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Market(String);

impl FromStr for Market {
    type Err = QueryError;

    /// Parses two letters in any case. Whether Spotify serves the country is not checked.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(QueryError::invalid("a market is a two-letter country code, such as US or KR"))
        }
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_two_letters_in_any_case() {
        assert_eq!("kr".parse::<Market>().unwrap().to_string(), "KR");
        for bad in ["", "k", "kor", "k1", "ÖÖ", "from_token"] {
            assert!(bad.parse::<Market>().is_err(), "{bad}");
        }
    }
}
