//! What may be asked: keywords, field filters, item types, market and range, with the limits that
//! Spotify's documentation gives, checked before anything is sent. How a query becomes requests is
//! left to [`crate::client`].
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

mod filter;

use std::fmt;
use std::str::FromStr;

pub use filter::Filter;

/// A longer text is no query, in bytes: Spotify refuses far shorter ones, and an address has its
/// bounds.
pub const MAX_TEXT: usize = 8 << 10;

/// Spotify serves nothing past this many results of a search, whatever its `total` says.
pub const MAX_RESULTS: u16 = 1_000;

/// A kind of thing in Spotify's catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ItemType {
    Album,
    Artist,
    Playlist,
    Track,
    Show,
    Episode,
    Audiobook,
}

impl ItemType {
    /// Every type, in the order of Spotify's documentation.
    pub const ALL: [Self; 7] = [
        Self::Album,
        Self::Artist,
        Self::Playlist,
        Self::Track,
        Self::Show,
        Self::Episode,
        Self::Audiobook,
    ];

    /// The name in a request: `artist`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Album => "album",
            Self::Artist => "artist",
            Self::Playlist => "playlist",
            Self::Track => "track",
            Self::Show => "show",
            Self::Episode => "episode",
            Self::Audiobook => "audiobook",
        }
    }

    /// The key of its results in an answer: `artists`.
    pub fn section(self) -> &'static str {
        match self {
            Self::Album => "albums",
            Self::Artist => "artists",
            Self::Playlist => "playlists",
            Self::Track => "tracks",
            Self::Show => "shows",
            Self::Episode => "episodes",
            Self::Audiobook => "audiobooks",
        }
    }

    /// The type whose results stand under this key of an answer.
    pub fn of_section(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.section() == key)
    }
}

impl fmt::Display for ItemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A country whose catalogue is searched: ISO 3166-1 alpha-2, in capitals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market(String);

impl FromStr for Market {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err("a market is a country code of two letters, such as US or KR".into())
        }
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a query can't be sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Neither keywords nor a field filter.
    #[error("the query is blank: give words to search for, or a field filter")]
    Blank,
    /// More than any query has.
    #[error("the query is too long: it has more than {MAX_TEXT} bytes")]
    TooLong,
    /// No type was named.
    #[error("no type of item to search for")]
    NoType,
    /// A filter narrows none of the types that are searched.
    #[error("the filter {filter} does not apply to the types searched: use --type {types}")]
    FilterWithoutType {
        /// The filter as it stands in the query.
        filter: String,
        /// The types it applies to, with "or" between them.
        types: String,
    },
    /// The range is empty or reaches past the last result that Spotify serves.
    #[error(
        "Spotify serves the first 1000 results only: offset {offset} + limit {limit} is past that"
    )]
    Range {
        /// The first result asked for.
        offset: u16,
        /// How many.
        limit: u16,
    },
}

/// One search, valid as far as can be known before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
    types: Vec<ItemType>,
    market: Option<Market>,
    offset: u16,
    limit: u16,
    include_external: bool,
}

impl SearchQuery {
    /// A search for `words`, narrowed by `filters`, among `types` (each counted once): the first
    /// ten results of each, in no particular market.
    ///
    /// # Errors
    ///
    /// [`QueryError`] where there is nothing to search for or a filter can't apply.
    pub fn new(words: &str, filters: &[Filter], types: &[ItemType]) -> Result<Self, QueryError> {
        let mut parts: Vec<String> = vec![words.trim().to_owned()];
        parts.extend(filters.iter().map(Filter::to_string));
        parts.retain(|part| !part.is_empty());
        if parts.is_empty() {
            return Err(QueryError::Blank);
        }
        let text = parts.join(" ");
        if text.len() > MAX_TEXT {
            return Err(QueryError::TooLong);
        }
        let mut unique: Vec<ItemType> = Vec::new();
        for &kind in types {
            if !unique.contains(&kind) {
                unique.push(kind);
            }
        }
        if unique.is_empty() {
            return Err(QueryError::NoType);
        }
        for filter in filters {
            let applies_to = filter.applies_to();
            if !applies_to.iter().any(|kind| unique.contains(kind)) {
                let types: Vec<&str> = applies_to.iter().map(|kind| kind.name()).collect();
                return Err(QueryError::FilterWithoutType {
                    filter: filter.to_string(),
                    types: types.join(" or --type "),
                });
            }
        }
        Ok(Self {
            text,
            types: unique,
            market: None,
            offset: 0,
            limit: 10,
            include_external: false,
        })
    }

    /// The same in the catalogue of one country.
    #[must_use]
    pub fn market(self, market: Option<Market>) -> Self {
        Self { market, ..self }
    }

    /// The same with audio that is hosted elsewhere included.
    #[must_use]
    pub fn include_external(self, include_external: bool) -> Self {
        Self { include_external, ..self }
    }

    /// The same for `limit` results of each type from `offset` on (0 is the first).
    ///
    /// # Errors
    ///
    /// [`QueryError::Range`] where that is nothing or reaches past the first
    /// [`MAX_RESULTS`].
    pub fn range(self, offset: u16, limit: u16) -> Result<Self, QueryError> {
        let end = offset.checked_add(limit);
        if limit == 0 || end.is_none_or(|end| end > MAX_RESULTS) {
            return Err(QueryError::Range { offset, limit });
        }
        Ok(Self { offset, limit, ..self })
    }

    /// The text of the query, filters included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The types searched, each once, in the order given.
    pub fn types(&self) -> &[ItemType] {
        &self.types
    }

    /// The first result asked for; 0 is the very first.
    pub fn offset(&self) -> u16 {
        self.offset
    }

    /// How many results of each type are asked for.
    pub fn limit(&self) -> u16 {
        self.limit
    }

    /// The parameters of one request for this query, `limit` results of each type from `offset`.
    pub fn parameters(&self, offset: u16, limit: u16) -> Vec<(&'static str, String)> {
        let types: Vec<&str> = self.types.iter().map(|kind| kind.name()).collect();
        let mut parameters = vec![("q", self.text.clone()), ("type", types.join(","))];
        if let Some(market) = &self.market {
            parameters.push(("market", market.to_string()));
        }
        parameters.push(("limit", limit.to_string()));
        parameters.push(("offset", offset.to_string()));
        if self.include_external {
            parameters.push(("include_external", "audio".into()));
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemType::{Album, Artist, Show, Track};

    fn text_of(words: &str, filters: &[Filter]) -> String {
        SearchQuery::new(words, filters, &[Track, Album]).unwrap().text().to_owned()
    }

    #[test]
    fn filters_follow_the_words_and_are_quoted_where_they_have_spaces() {
        let filters = [Filter::artist(" Miles  Davis ").unwrap(), Filter::year("1959").unwrap()];
        assert_eq!(
            text_of("blue in green", &filters),
            "blue in green artist:\"Miles Davis\" year:1959"
        );
        assert_eq!(text_of("  ", &filters[1..]), "year:1959");
    }

    #[test]
    fn markets_are_two_letters_in_any_case() {
        assert_eq!("kr".parse::<Market>().unwrap().to_string(), "KR");
        for bad in ["", "k", "kor", "k1", "ÖÖ", "from_token"] {
            assert!(bad.parse::<Market>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_filter_needs_a_type_that_it_applies_to() {
        let isrc = [Filter::isrc("USUM71703861").unwrap()];
        assert!(SearchQuery::new("", &isrc, &[Artist, Track]).is_ok());
        let error = SearchQuery::new("", &isrc, &[Artist]).unwrap_err();
        assert!(error.to_string().contains("use --type track"), "{error}");
        let new = [Filter::new_releases()];
        assert!(SearchQuery::new("", &new, &[Album]).is_ok());
        assert!(SearchQuery::new("", &new, &[Show]).is_err());
    }

    #[test]
    fn a_range_ends_at_the_last_result_that_spotify_serves() {
        let query = || SearchQuery::new("x", &[], &[Artist]).unwrap();
        assert!(query().range(0, 1_000).is_ok());
        assert!(query().range(999, 1).is_ok());
        assert!(query().range(999, 2).is_err());
        assert!(query().range(0, 0).is_err());
        assert!(query().range(u16::MAX, u16::MAX).is_err());
    }

    #[test]
    fn blank_words_alone_are_no_query_and_a_type_counts_once() {
        assert_eq!(SearchQuery::new(" \t", &[], &[Artist]), Err(QueryError::Blank));
        assert_eq!(SearchQuery::new("x", &[], &[]), Err(QueryError::NoType));
        let query = SearchQuery::new("x", &[], &[Show, Artist, Show]).unwrap();
        assert_eq!(query.types(), [Show, Artist]);
    }
}
