//! What came of a line of a batch.

use serde::Serialize;

use super::row_result::RowResult;
use spotify_search::{Item, SearchResults, Section};

/// What came of a line of a batch.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// The line has nothing to search for.
    Nothing,
    Results(&'a SearchResults),
    Failed(FailedQuery<'a>),
}

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

impl<'a> Outcome<'a> {
    /// Returns the result of the line: that of its closest item, if there are items.
    pub fn result(&self) -> RowResult {
        match self {
            Self::Nothing => RowResult::None,
            Self::Results(results) => {
                let levels = results.items().map(Item::level);
                levels.min().map_or(RowResult::None, RowResult::of_level)
            }
            Self::Failed(error) => RowResult::Failed(error.code),
        }
    }

    /// Returns the results, if the search succeeded.
    pub fn results(&self) -> Option<&'a SearchResults> {
        if let Self::Results(results) = self { Some(results) } else { None }
    }

    /// Returns the first result that was compared, if none matches.
    pub fn nearest(&self) -> Option<&'a Item> {
        self.results()?.sections().find_map(Section::nearest)
    }

    /// Returns the items and the result of each. Without items, there is one row of the line's result.
    pub fn rows(&self) -> impl Iterator<Item = (Option<&'a Item>, RowResult)> + use<'a> {
        let items = self.results().into_iter().flat_map(SearchResults::items);
        let mut rows = items.map(|item| (Some(item), RowResult::of_level(item.level()))).peekable();
        let no_item = rows.peek().is_none().then(|| (None, self.result()));
        rows.chain(no_item)
    }
}
