//! A search query: what to search for and which range of results to return.

use std::borrow::Borrow;

use super::filter::Field;
use super::inline_filters;
use super::{Filter, ItemType, Market, Page, QueryError, SMALL_PAGE};
use crate::matching::ExactName;

/// The longest query text, in bytes. Spotify rejects much shorter ones; this bound only keeps URLs
/// and input lines to a sane size.
pub const MAX_QUERY_BYTES: usize = 8 << 10;

/// The number of results that Spotify serves of a search, even if its `total` is larger.
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchQuery {
    words: String,
    /// The name that is asked for, if it is not the words.
    name: Option<String>,
    /// The type to search if the settings name none.
    implied_type: ItemType,
    settings: QuerySettings,
}

/// Everything about a query except its words. A batch uses the same settings for every line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct QuerySettings {
    pub filters: Vec<Filter>,
    /// The types to search, each once. If there are none, the filters decide.
    pub types: Vec<ItemType>,
    pub market: Option<Market>,
    pub offset: u16,
    pub limit: u16,
    pub include_external: bool,
    pub exact: bool,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            filters: Vec::new(),
            types: Vec::new(),
            market: None,
            offset: 0,
            limit: 10,
            include_external: false,
            exact: false,
        }
    }
}

impl QuerySettings {
    /// Replaces the types. Repeated types count once.
    pub fn set_types(&mut self, types: impl IntoIterator<Item: Borrow<ItemType>>) {
        self.types.clear();
        for item_type in types {
            let item_type = item_type.borrow();
            if !self.types.contains(item_type) {
                self.types.push(*item_type);
            }
        }
    }

    /// Checks what does not depend on the words.
    pub fn validate(&self) -> Result<(), QueryError> {
        let implied = Field::implied_type(self.filters.iter().map(Filter::field));
        self.validate_for(self.searched_types(implied))
    }

    fn searched_types(&self, implied: ItemType) -> &[ItemType] {
        match implied {
            _ if !self.types.is_empty() => &self.types,
            ItemType::Track => &[ItemType::Track],
            ItemType::Album => &[ItemType::Album],
            _ => &[ItemType::Artist],
        }
    }

    fn validate_for(&self, types: &[ItemType]) -> Result<(), QueryError> {
        let end = self.offset.checked_add(self.limit);
        if self.limit == 0 || end.is_none_or(|end| end > MAX_RESULTS) {
            return Err(QueryError::Range { offset: self.offset, limit: self.limit });
        }
        let applies =
            |filter: &Filter| filter.applies_to().iter().any(|known| types.contains(known));
        match self.filters.iter().find(|filter| !applies(filter)) {
            Some(filter) => Err(QueryError::FilterWithoutType { filter: filter.clone() }),
            None => Ok(()),
        }
    }
}

impl SearchQuery {
    /// Creates a search for the first 10 results for these words, in no particular market. The type
    /// is the one that the field filters imply, also those in the words (`track` and `isrc`: tracks;
    /// `album`, `upc` and `tag`: albums), otherwise artists.
    pub fn new(words: impl AsRef<str>) -> Self {
        Self::with_settings(words, QuerySettings::default())
    }

    pub(crate) fn with_settings(words: impl AsRef<str>, settings: QuerySettings) -> Self {
        let words = words.as_ref().trim().to_owned();
        let mut query = Self { words, name: None, implied_type: ItemType::Artist, settings };
        query.update_implied_type();
        query
    }

    /// Sets the name that is asked for, if it is not the words.
    #[cfg(feature = "cli")]
    pub(crate) fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    fn update_implied_type(&mut self) {
        let (_, inline) = inline_filters::split(&self.words);
        let inline = inline.iter().map(|filter| filter.field);
        let fields = inline.chain(self.settings.filters.iter().map(Filter::field));
        self.implied_type = Field::implied_type(fields);
    }

    /// Sets the types to search. Repeated types count once.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item: Borrow<ItemType>>) -> Self {
        self.settings.set_types(types);
        self
    }

    /// Adds a field filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.settings.filters.push(filter);
        self.update_implied_type();
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

    /// Keeps only the results whose name equals the query.
    ///
    /// Names are compared without regard to case, accents, punctuation and symbols, which may stand
    /// for a space or for nothing: `Jay-Z` equals `jay z` and `jayz`. Names without letters and
    /// digits, such as `!!!`, are compared as they are. Names that equal the query as typed come
    /// first, then names that differ in case, then the others.
    ///
    /// A name is compared with the words of the query, without filters inside the words such as
    /// `artist:"Miles Davis"`. If there are no other words, it is compared with the filter for the
    /// searched type, for example with [`Filter::track`] if the query is for tracks.
    ///
    /// The client asks Spotify for at least 10 results of each type, from [`offset`](Self::offset)
    /// on, and keeps as many matches as [`limit`](Self::limit) allows.
    ///
    /// ```
    /// # #[cfg(feature = "cli")] {
    /// # use spotify_search::SearchQuery;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), spotify_search::Error> {
    /// let client = spotify_search::demo::client();
    /// let query = SearchQuery::new("michael buble").exact(true).limit(1);
    /// let results = client.search(&query).await?;
    /// let names: Vec<_> = results.items().filter_map(|item| item.view().name).collect();
    /// assert_eq!(names, ["Michael Bublé"]);
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    #[must_use]
    pub fn exact(mut self, exact: bool) -> Self {
        self.settings.exact = exact;
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
        if self.words.contains('\0') {
            return Err(QueryError::Nul);
        }
        self.settings.validate_for(self.searched_types())?;
        let lacks_name =
            |item_type: &&ItemType| self.is_exact() && self.exact_name(**item_type).is_none();
        match self.searched_types().iter().find(lacks_name) {
            Some(&item_type) => Err(QueryError::ExactWithoutName { item_type }),
            None => Ok(()),
        }
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

    /// Returns the types to search.
    pub fn searched_types(&self) -> &[ItemType] {
        self.settings.searched_types(self.implied_type)
    }

    /// Returns the market whose catalogue is searched.
    pub fn searched_market(&self) -> Option<&Market> {
        self.settings.market.as_ref()
    }

    /// Returns the offset of the first result.
    pub fn first_offset(&self) -> u16 {
        self.settings.offset
    }

    /// Returns the number of results of each type to request. An exact search requests at least 10:
    /// that costs no more than one.
    pub(crate) fn requested_limit(&self) -> u16 {
        let QuerySettings { offset, limit, exact, .. } = self.settings;
        let available = MAX_RESULTS.saturating_sub(offset);
        if exact { limit.max(SMALL_PAGE).min(available) } else { limit }
    }

    /// Returns the largest number of results of each type to return.
    pub fn max_results(&self) -> u16 {
        self.settings.limit
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.settings.exact
    }

    /// Returns the name that an exact search looks for among the items of this type: the words, else
    /// the filter with the name of the type.
    pub(crate) fn exact_name(&self, item_type: ItemType) -> Option<ExactName> {
        if let Some(name) = &self.name {
            return ExactName::new(name);
        }
        let (words, inline_filters) = inline_filters::split(&self.words);
        if !words.is_empty() {
            return ExactName::new(&words);
        }
        let is_name = |field: Field| field.named_type() == Some(item_type);
        let inline = inline_filters.iter().find(|filter| is_name(filter.field));
        let added = self.settings.filters.iter().find(|filter| is_name(filter.field()));
        inline.map(|filter| filter.value).or(added.map(Filter::value)).and_then(ExactName::new)
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
    fn exact_search_needs_a_name_for_each_type() {
        let exact = |words, types: &[ItemType]| {
            let query = SearchQuery::new(words).types(types.iter().copied()).exact(true);
            query.filter(Filter::artist("Miles Davis").unwrap()).validate()
        };
        assert_eq!(exact("x", &[Track, Artist, Show]), Ok(()));
        assert_eq!(exact("", &[Artist]), Ok(()));
        assert_eq!(exact("track:x album:y", &[Track, Album]), Ok(()));
        let message = |types: &[ItemType]| exact("year:1959", types).unwrap_err().to_string();
        insta::assert_snapshot!(message(&[Artist, Track]), @"an exact search for tracks needs words or the track filter");
        insta::assert_snapshot!(message(&[Artist, Show]), @"an exact search for shows needs words");
    }

    #[test]
    fn exact_search_requests_at_least_10_of_the_results_that_spotify_serves() {
        let requested_limit = |offset, limit| {
            SearchQuery::new("x").exact(true).offset(offset).limit(limit).requested_limit()
        };
        assert_eq!(requested_limit(0, 1), 10);
        assert_eq!(requested_limit(0, 35), 35);
        assert_eq!(requested_limit(995, 2), 5);
    }

    #[test]
    fn filters_imply_the_type_also_inside_the_words() {
        let isrc = Filter::isrc("USUM71703861").unwrap();
        for (query, expected) in [
            (SearchQuery::new("so what"), Artist),
            (SearchQuery::new("track:So What artist:Miles Davis"), Track),
            (SearchQuery::new("album:\"Kind of Blue\""), Album),
            (SearchQuery::new("album:x").filter(isrc), Track),
            (SearchQuery::new("track:x").types([Show]), Show),
        ] {
            assert_eq!(query.searched_types(), [expected], "{query:?}");
        }
    }

    #[test]
    fn repeated_types_count_once() {
        let query = SearchQuery::new("x").types([Show, Artist, Show]);
        assert_eq!(query.searched_types(), [Show, Artist]);
    }
}
