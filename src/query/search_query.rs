//! A search query: what to search for and which range of results to return.

use std::borrow::Borrow;

use indexmap::IndexSet;
use unicode_normalization::UnicodeNormalization;

use super::filter::Field;
use super::inline_filters;
use super::wanted::Wanted;
use super::{Filter, ItemType, Level, Locale, Market, Page, SMALL_PAGE};

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
#[must_use = "a query does nothing until a client searches for it"]
pub struct SearchQuery {
    words: String,
    /// The item that the words are made of, if they are.
    wanted: Option<Box<Wanted>>,
    filters: Vec<Filter>,
    /// The types to search, each once. If there are none, the filters decide.
    types: Vec<ItemType>,
    market: Option<Market>,
    locale: Option<Locale>,
    offset: u16,
    limit: u16,
    include_external: bool,
    /// The level at which a result must match, if it must.
    matching: Option<Level>,
    /// The number of results that are compared.
    depth: u16,
}

impl SearchQuery {
    /// Creates a search for the first 10 results for these words, in no particular market. The type
    /// is the one that the field filters imply, also those in the words (`track` and `isrc`: tracks;
    /// `album`, `upc` and `tag`: albums), otherwise artists.
    pub fn new(words: impl AsRef<str>) -> Self {
        let query = Self {
            words: String::new(),
            wanted: None,
            filters: Vec::new(),
            types: Vec::new(),
            market: None,
            locale: None,
            offset: 0,
            limit: 10,
            include_external: false,
            matching: None,
            depth: SMALL_PAGE,
        };
        query.words(words)
    }

    /// Searches for an item of which more is known than its name. The name and the first artist become the
    /// words; the album, the length and the ISRC are not sent. With [`matching`](Self::matching), results
    /// are compared with all of them. The implied type is track.
    ///
    /// ```
    /// use spotify_search::{ItemType, SearchQuery, Wanted};
    ///
    /// let song = Wanted::new("Under Pressure").artist("Queen; David Bowie").album("Hot Space");
    /// let query = SearchQuery::new("").wanted(song);
    /// assert_eq!(query.text(), "Under Pressure Queen");
    /// assert_eq!(query.searched_types(), [ItemType::Track]);
    /// ```
    pub fn wanted(mut self, wanted: Wanted) -> Self {
        self.words = wanted.words().nfc().collect();
        self.wanted = Some(Box::new(wanted));
        self
    }

    /// Replaces the words, so that one query can be the template of many.
    pub fn words(mut self, words: impl AsRef<str>) -> Self {
        self.words = words.as_ref().trim().nfc().collect();
        self.wanted = None;
        self
    }

    /// Sets the types to search. Repeated types count once.
    pub fn types(mut self, types: impl IntoIterator<Item: Borrow<ItemType>>) -> Self {
        let types: IndexSet<ItemType> = types.into_iter().map(|known| *known.borrow()).collect();
        self.types = types.into_iter().collect();
        self
    }

    /// Adds a field filter.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Sets the number of results of each type, 1 to 1000. The default is 10.
    pub fn limit(self, limit: u16) -> Self {
        Self { limit, ..self }
    }

    /// Skips this many results of each type.
    pub fn offset(self, offset: u16) -> Self {
        Self { offset, ..self }
    }

    /// Searches the catalogue of one country.
    pub fn market(self, market: impl Into<Option<Market>>) -> Self {
        Self { market: market.into(), ..self }
    }

    /// Asks for names in this language. Without it, Spotify may transliterate names: 平沢進 becomes
    /// Susumu Hirasawa.
    pub fn locale(self, locale: impl Into<Option<Locale>>) -> Self {
        Self { locale: locale.into(), ..self }
    }

    /// Includes audio that is hosted outside Spotify.
    pub fn include_external(self, include: bool) -> Self {
        Self { include_external: include, ..self }
    }

    /// Keeps only the results that match what was asked for at this level or closer, the best first: the
    /// length of [`Wanted`] decides, then the level, the artist and the album, and then Spotify's order.
    ///
    /// A name is compared with the words of the query, without filters inside the words such as
    /// `artist:"Miles Davis"`. If there are no other words, it is compared with the filter for the
    /// searched type, for example with [`Filter::track`] if the query is for tracks. A track or an album
    /// must also be by the artist of the filter [`Filter::artist`]. Without that filter, the words are read
    /// both as a name and as a name and its artists: `Radiohead - Karma Police`, `karma police radiohead`. If
    /// no result matches with its artist, a name alone does not say which is meant: the levels up to
    /// [`Level::Edition`] then count as one. A track with the ISRC of the query matches whatever its name. [`Matcher`](crate::Matcher) compares single items.
    ///
    /// [`depth`](Self::depth) results of each type are compared, and at least as many as
    /// [`limit`](Self::limit) allows.
    ///
    /// ```
    /// # #[cfg(feature = "cli")] {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use spotify_search::{Level, SearchQuery};
    ///
    /// let client = spotify_search::demo::client();
    /// let query = SearchQuery::new("michael buble").matching(Level::Exact).limit(1);
    /// let results = client.search(&query).await?;
    /// let names: Vec<_> = results.items().filter_map(|item| item.name()).collect();
    /// assert_eq!(names, ["Michael Bublé"]);
    /// # Ok::<(), spotify_search::Error>(())
    /// # }).unwrap();
    /// # }
    /// ```
    pub fn matching(self, level: impl Into<Option<Level>>) -> Self {
        Self { matching: level.into(), ..self }
    }

    /// Sets the number of results of each type that are compared, 1 to 1000. The default is 10, which
    /// takes one request.
    pub fn depth(self, depth: u16) -> Self {
        Self { depth, ..self }
    }

    /// Returns the words without the filters.
    pub fn get_words(&self) -> &str {
        &self.words
    }

    /// Returns the filters that were added, without those inside the words.
    pub fn get_filters(&self) -> &[Filter] {
        &self.filters
    }

    /// Returns the types that were set. If there are none, [`searched_types`](Self::searched_types) has the
    /// one that the filters imply.
    pub fn get_types(&self) -> &[ItemType] {
        &self.types
    }

    /// Returns the words and the filters, as Spotify gets them.
    pub fn text(&self) -> String {
        let words = Some(self.words.clone()).filter(|words| !words.is_empty());
        let filters = self.filters.iter().map(Filter::to_string);
        words.into_iter().chain(filters).collect::<Vec<_>>().join(" ")
    }

    /// Returns the types to search.
    pub fn searched_types(&self) -> &[ItemType] {
        if !self.types.is_empty() {
            &self.types
        } else if self.wanted.is_some() {
            &[ItemType::Track]
        } else {
            let (_, inline) = inline_filters::split(&self.words);
            let inline = inline.into_iter().map(|(field, _)| field);
            Field::implied_types(inline.chain(self.filters.iter().map(|filter| filter.field)))
        }
    }

    /// Returns the market whose catalogue is searched.
    pub fn get_market(&self) -> Option<&Market> {
        self.market.as_ref()
    }

    /// Returns the language of names.
    pub fn get_locale(&self) -> Option<&Locale> {
        self.locale.as_ref()
    }

    /// Returns the offset of the first result.
    pub fn get_offset(&self) -> u16 {
        self.offset
    }

    /// Returns the number of results of each type to request: more than to return, if they are compared.
    pub fn requested_limit(&self) -> u16 {
        let available = MAX_RESULTS.saturating_sub(self.offset);
        match self.matching {
            Some(_) => self.limit.max(self.depth).min(available),
            None => self.limit,
        }
    }

    /// Returns true if audio that is hosted outside Spotify is included.
    pub fn get_include_external(&self) -> bool {
        self.include_external
    }

    /// Returns the number of results of each type that are compared.
    pub fn get_depth(&self) -> u16 {
        self.depth
    }

    /// Returns the largest number of results of each type to return.
    pub fn get_limit(&self) -> u16 {
        self.limit
    }

    /// Returns the level at which a result must match, if it must.
    pub fn get_matching(&self) -> Option<Level> {
        self.matching
    }

    /// Returns true if items are compared with the words, which may contain an artist. Otherwise they are
    /// compared with an item or with filters.
    pub(crate) fn compares_words(&self) -> bool {
        self.wanted.is_none() && !inline_filters::split(&self.words).0.is_empty()
    }

    /// Returns what items of this type are compared with: the item that is searched for, else the words, else
    /// the filter with the name of the type.
    pub(crate) fn wanted_item(&self, item_type: ItemType) -> Wanted {
        if let Some(wanted) = &self.wanted {
            return Wanted::clone(wanted);
        }
        let (words, inline) = inline_filters::split(&self.words);
        let added = self.filters.iter().map(|filter| (filter.field, filter.value()));
        let filters: Vec<(Field, &str)> = inline.into_iter().chain(added).collect();
        let value = |wanted: Option<Field>| {
            let filter = filters.iter().find(|(field, _)| Some(*field) == wanted);
            filter.map_or("", |(_, value)| value)
        };
        let name = if words.is_empty() { value(Field::of_type(item_type)) } else { &words };
        Wanted::new(name).artist(value(Some(Field::Artist))).isrc(value(Some(Field::Isrc)))
    }

    /// Returns the URL parameters of the request for one page.
    pub(crate) fn parameters(&self, page: Page) -> Vec<(&'static str, String)> {
        let types: Vec<&str> = self.searched_types().iter().map(|known| known.name()).collect();
        let mut parameters = vec![("q", self.text()), ("type", types.join(","))];
        if let Some(market) = &self.market {
            parameters.push(("market", market.to_string()));
        }
        parameters.push(("limit", page.limit.to_string()));
        parameters.push(("offset", page.offset.to_string()));
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
    fn requests_as_many_results_as_are_compared() {
        let requested_limit = |offset, limit| {
            SearchQuery::new("x")
                .matching(Level::Exact)
                .offset(offset)
                .limit(limit)
                .requested_limit()
        };
        assert_eq!(requested_limit(0, 1), 10);
        assert_eq!(requested_limit(0, 35), 35);
        assert_eq!(requested_limit(995, 2), 5);
        assert_eq!(SearchQuery::new("x").matching(Level::Exact).depth(50).requested_limit(), 50);
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
