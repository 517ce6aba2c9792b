//! A search and its outcome, as the formats print it.

use serde::Serialize;

use spotify_search::{Item, SearchResults};

/// A line of a batch and its outcome, or a single search.
#[derive(Clone, Copy, Debug)]
pub struct BatchLine<'a> {
    /// The cells of the input that are passed on: the query, or the columns of a table.
    pub cells: &'a [String],
    /// The level of the first item, `found` without levels, `none`, or the code of the error. `None` for a
    /// single search.
    pub result: Option<&'a str>,
    pub outcome: Option<Outcome<'a>>,
}

/// What a search returned.
pub type Outcome<'a> = Result<&'a SearchResults, FailedQuery<'a>>;

/// The error of a line. The keys are printed in this order.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FailedQuery<'a> {
    /// The error code.
    pub code: &'static str,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// One sentence.
    pub message: &'a str,
    /// The remaining wait of a rate limit, in seconds.
    pub retry_after: Option<u64>,
}

impl<'a> BatchLine<'a> {
    /// Returns the results, if the search succeeded.
    pub fn results(&self) -> Option<&'a SearchResults> {
        self.outcome?.ok()
    }

    /// Returns the items that were found. A line of a batch without items has a row, too.
    pub fn rows(&self) -> impl Iterator<Item = Option<&'a Item>> + use<'a> {
        let items = self.results().into_iter().flat_map(SearchResults::items);
        let mut items = items.map(Some).peekable();
        let no_item = (self.result.is_some() && items.peek().is_none()).then_some(None);
        items.chain(no_item)
    }

    /// Returns the result that an item stands for.
    pub fn result_of(&self, item: Option<&Item>) -> Option<&'a str> {
        let level = item.and_then(Item::level);
        self.result.map(|result| level.map_or(result, |level| level.name()))
    }
}
