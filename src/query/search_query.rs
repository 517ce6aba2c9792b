//! A search query: what to search for and which range of results to return.

use super::{Filter, ItemType, Market, Page, QueryError};

/// The longest query text, in bytes. Spotify rejects much shorter ones; this bound only keeps URLs
/// and input lines to a sane size.
pub const MAX_QUERY_BYTES: usize = 8 << 10;

/// The number of results that Spotify serves of a search, whatever its `total` says.
pub const MAX_RESULTS: u16 = 1_000;

/// One search. [`Client::search`](crate::Client::search) validates it before it sends anything.
///
/// ```
/// use spotify_search::{Filter, ItemType, SearchQuery};
///
/// let query = SearchQuery::new("blue in green")
///     .types([ItemType::Track])
///     .filter(Filter::artist("Miles Davis")?)
///     .limit(3);
/// assert_eq!(query.text(), r#"blue in green artist:"Miles Davis""#);
/// query.validate()?;
/// # Ok::<(), spotify_search::QueryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    words: String,
    settings: QuerySettings,
}

/// Everything about a query except its words. A batch uses the same settings for every line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QuerySettings {
    pub filters: Vec<Filter>,
    /// The types to search, each once.
    pub types: Vec<ItemType>,
    pub market: Option<Market>,
    pub offset: u16,
    pub limit: u16,
    pub include_external: bool,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            filters: Vec::new(),
            types: vec![ItemType::Artist],
            market: None,
            offset: 0,
            limit: 10,
            include_external: false,
        }
    }
}

impl QuerySettings {
    /// Replaces the types. Repeated types count once.
    pub fn set_types(&mut self, types: impl IntoIterator<Item = ItemType>) {
        self.types.clear();
        for item_type in types {
            if !self.types.contains(&item_type) {
                self.types.push(item_type);
            }
        }
    }

    /// Checks what does not depend on the words.
    pub fn validate(&self) -> Result<(), QueryError> {
        let end = self.offset.checked_add(self.limit);
        if self.limit == 0 || end.is_none_or(|end| end > MAX_RESULTS) {
            return Err(QueryError::Range { offset: self.offset, limit: self.limit });
        }
        let applies =
            |filter: &Filter| filter.applies_to().iter().any(|known| self.types.contains(known));
        match self.filters.iter().find(|filter| !applies(filter)) {
            Some(filter) => Err(QueryError::FilterWithoutType { filter: filter.clone() }),
            None => Ok(()),
        }
    }
}

impl SearchQuery {
    /// Creates a search for the first 10 artists that match these words, in no particular market.
    pub fn new(words: impl AsRef<str>) -> Self {
        Self::with_settings(words, QuerySettings::default())
    }

    pub(crate) fn with_settings(words: impl AsRef<str>, settings: QuerySettings) -> Self {
        Self { words: words.as_ref().trim().to_owned(), settings }
    }

    /// Sets the types to search. Repeated types count once.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item = ItemType>) -> Self {
        self.settings.set_types(types);
        self
    }

    /// Adds a field filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.settings.filters.push(filter);
        self
    }

    /// Sets the number of results of each type, 1 to 1000. The default is 10.
    #[must_use]
    pub fn limit(mut self, limit: u16) -> Self {
        self.settings.limit = limit;
        self
    }

    /// Skips this many results of each type.
    #[must_use]
    pub fn offset(mut self, offset: u16) -> Self {
        self.settings.offset = offset;
        self
    }

    /// Searches the catalogue of one country.
    #[must_use]
    pub fn market(mut self, market: Market) -> Self {
        self.settings.market = Some(market);
        self
    }

    /// Includes audio that is hosted outside Spotify.
    #[must_use]
    pub fn include_external(mut self, include: bool) -> Self {
        self.settings.include_external = include;
        self
    }

    /// Checks the query against the limits that Spotify documents.
    ///
    /// # Errors
    ///
    /// [`QueryError`] says what is wrong.
    pub fn validate(&self) -> Result<(), QueryError> {
        if self.words.is_empty() && self.settings.filters.is_empty() {
            return Err(QueryError::Empty);
        }
        if self.text().len() > MAX_QUERY_BYTES {
            return Err(QueryError::TooLong);
        }
        self.settings.validate()
    }

    /// Returns the words without the filters.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Returns the words and the filters, as Spotify gets them.
    pub fn text(&self) -> String {
        let words = Some(self.words.clone()).filter(|words| !words.is_empty());
        let filters = self.settings.filters.iter().map(Filter::to_string);
        words.into_iter().chain(filters).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn searched_types(&self) -> &[ItemType] {
        &self.settings.types
    }

    pub(crate) fn searched_market(&self) -> Option<&Market> {
        self.settings.market.as_ref()
    }

    pub(crate) fn range_offset(&self) -> u16 {
        self.settings.offset
    }

    pub(crate) fn range_limit(&self) -> u16 {
        self.settings.limit
    }

    /// Returns the URL parameters of the request for one page.
    pub(crate) fn parameters(&self, page: Page) -> Vec<(&'static str, String)> {
        let types: Vec<&str> = self.searched_types().iter().map(|known| known.name()).collect();
        let mut parameters = vec![("q", self.text()), ("type", types.join(","))];
        if let Some(market) = &self.settings.market {
            parameters.push(("market", market.to_string()));
        }
        parameters.push(("limit", page.limit.to_string()));
        parameters.push(("offset", page.offset.to_string()));
        if self.settings.include_external {
            parameters.push(("include_external", "audio".into()));
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemType::{Album, Artist, Show, Track};

    #[test]
    fn filters_follow_the_words() {
        let year = Filter::year("1959").unwrap();
        let query = SearchQuery::new(" blue in green ")
            .filter(Filter::artist(" Miles  Davis ").unwrap())
            .filter(year.clone());
        assert_eq!(query.text(), "blue in green artist:\"Miles Davis\" year:1959");
        assert_eq!(SearchQuery::new("  ").filter(year).text(), "year:1959");
    }

    #[test]
    fn needs_words_or_a_filter() {
        assert_eq!(SearchQuery::new(" \t").validate(), Err(QueryError::Empty));
        let filter = Filter::year("1999").unwrap();
        assert_eq!(SearchQuery::new("").filter(filter).validate(), Ok(()));
    }

    #[test]
    fn text_has_a_maximum_length() {
        let query = |length| SearchQuery::new("x".repeat(length));
        assert_eq!(query(MAX_QUERY_BYTES).validate(), Ok(()));
        assert_eq!(query(MAX_QUERY_BYTES + 1).validate(), Err(QueryError::TooLong));
    }

    #[test]
    fn filter_needs_a_type_that_it_applies_to() {
        let isrc = SearchQuery::new("").filter(Filter::isrc("USUM71703861").unwrap());
        assert_eq!(isrc.clone().types([Artist, Track]).validate(), Ok(()));
        let error = isrc.types([Artist]).validate().unwrap_err();
        assert_eq!(error.to_string(), "the filter isrc:USUM71703861 needs the type track");
        let new = SearchQuery::new("").filter(Filter::new_releases());
        assert_eq!(new.clone().types([Album]).validate(), Ok(()));
        assert!(new.types([Show]).validate().is_err());
    }

    #[test]
    fn range_ends_at_the_last_result_that_spotify_serves() {
        let validate = |offset, limit| SearchQuery::new("x").offset(offset).limit(limit).validate();
        assert!(validate(0, 1_000).is_ok());
        assert!(validate(999, 1).is_ok());
        assert!(validate(999, 2).is_err());
        assert!(validate(0, 0).is_err());
        assert!(validate(u16::MAX, u16::MAX).is_err());
    }

    #[test]
    fn repeated_types_count_once() {
        let query = SearchQuery::new("x").types([Show, Artist, Show]);
        assert_eq!(query.searched_types(), [Show, Artist]);
    }
}
