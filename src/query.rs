//! What may be asked: keywords, field filters, item types, market and range, with the limits that
//! Spotify's documentation gives, checked before anything is sent. How a query becomes requests is
//! left to [`crate::client`].
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::fmt;
use std::str::FromStr;

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

/// A field filter, already valid: `year:1999-2005`.
///
/// Made by one function a field, so that a command line can reject a bad value where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    field: Field,
    value: String,
}

/// The fields that a search can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Artist,
    Album,
    Track,
    Year,
    Genre,
    Isrc,
    Upc,
    Tag,
}

impl Field {
    /// The name in the query, and the types of item that the field can narrow.
    fn facts(self) -> (&'static str, &'static [ItemType]) {
        use ItemType::{Album, Artist, Track};
        match self {
            Self::Artist => ("artist", &[Album, Artist, Track]),
            Self::Year => ("year", &[Album, Artist, Track]),
            Self::Album => ("album", &[Album, Track]),
            Self::Genre => ("genre", &[Artist, Track]),
            Self::Track => ("track", &[Track]),
            Self::Isrc => ("isrc", &[Track]),
            Self::Upc => ("upc", &[Album]),
            Self::Tag => ("tag", &[Album]),
        }
    }
}

#[expect(clippy::missing_errors_doc, reason = "each fails with a sentence about the value")]
impl Filter {
    /// Only what this artist made.
    pub fn artist(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Artist, value)
    }

    /// Only what is on an album of this name.
    pub fn album(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Album, value)
    }

    /// Only tracks of this name.
    pub fn track(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Track, value)
    }

    /// Only this genre.
    pub fn genre(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Genre, value)
    }

    /// Only this year, or this range of years with both ends in it.
    pub fn year(value: &str) -> Result<Self, String> {
        let year = |text: &str| {
            let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.to_owned())
        };
        let value = value.trim();
        let valid = match value.split_once('-') {
            None => year(value).is_some(),
            Some((from, to)) => match (year(from), year(to)) {
                (Some(from), Some(to)) if from > to => {
                    return Err(format!("the range runs backwards: did you mean {to}-{from}?"));
                }
                (from, to) => from.is_some() && to.is_some(),
            },
        };
        if valid {
            Ok(Self { field: Field::Year, value: value.to_owned() })
        } else {
            Err("a year has four digits, and a range is two of them: 1999 or 1999-2005".into())
        }
    }

    /// Only the recording of this International Standard Recording Code; hyphens may stand in it.
    pub fn isrc(value: &str) -> Result<Self, String> {
        let code: String = value.trim().replace('-', "").to_ascii_uppercase();
        if code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self { field: Field::Isrc, value: code })
        } else {
            Err("an ISRC has twelve letters and digits, such as USUM71703861".into())
        }
    }

    /// Only the release of this Universal Product Code (8 to 14 digits).
    pub fn upc(value: &str) -> Result<Self, String> {
        let code = value.trim();
        if (8..=14).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self { field: Field::Upc, value: code.to_owned() })
        } else {
            Err("a UPC has 8 to 14 digits, such as 602537347377".into())
        }
    }

    /// Only albums of the last two weeks.
    pub fn new_releases() -> Self {
        Self { field: Field::Tag, value: "new".into() }
    }

    /// Only albums of the lowest tenth in popularity.
    pub fn hipster() -> Self {
        Self { field: Field::Tag, value: "hipster".into() }
    }

    /// A value in words. Spotify has no way to write a quotation mark inside a quoted value, and
    /// its matching does not need one, so those are left out.
    fn phrase(field: Field, value: &str) -> Result<Self, String> {
        let bare = value.replace('"', " ");
        let words: Vec<&str> = bare.split_whitespace().collect();
        if words.is_empty() {
            return Err("the value is blank".into());
        }
        Ok(Self { field, value: words.join(" ") })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _) = self.field.facts();
        if self.value.contains(' ') {
            write!(f, "{name}:\"{}\"", self.value)
        } else {
            write!(f, "{name}:{}", self.value)
        }
    }
}

/// Why a query can't be sent.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Neither keywords nor a field filter.
    #[error("the query is blank: give words to search for, or a field filter")]
    Blank,
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
            let (_, applies_to) = filter.field.facts();
            if !applies_to.iter().any(|kind| unique.contains(kind)) {
                let types: Vec<&str> = applies_to.iter().map(|kind| kind.name()).collect();
                return Err(QueryError::FilterWithoutType {
                    filter: filter.to_string(),
                    types: types.join(" or --type "),
                });
            }
        }
        Ok(Self {
            text: parts.join(" "),
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
    fn quotation_marks_inside_a_value_are_left_out() {
        let filter = Filter::artist("\"Weird Al\" Yankovic").unwrap();
        assert_eq!(filter.to_string(), "artist:\"Weird Al Yankovic\"");
        assert!(Filter::artist("\"\"").is_err());
    }

    #[test]
    fn years_are_four_digits_or_a_range_of_them_in_order() {
        for good in ["1999", "1999-2005", "2005-2005", " 1999 "] {
            assert!(Filter::year(good).is_ok(), "{good}");
        }
        for bad in
            ["", "99", "19999", "1999-", "-2005", "1999-05", "2005-1999", "199x", "1999-2000-2001"]
        {
            assert!(Filter::year(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn codes_are_checked_for_their_form() {
        assert_eq!(Filter::isrc("us-um7-17-03861").unwrap().to_string(), "isrc:USUM71703861");
        assert!(Filter::isrc("USUM7170386").is_err());
        assert!(Filter::isrc("ÜSUM7170386").is_err());
        assert_eq!(Filter::upc("602537347377").unwrap().to_string(), "upc:602537347377");
        assert!(Filter::upc("60253734737x").is_err());
        assert!(Filter::upc("1234567").is_err());
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
