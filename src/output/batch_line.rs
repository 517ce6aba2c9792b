//! A line of a batch with its result, as the formats print it.

use serde::Serialize;

use crate::results::{Item, SearchResults};

/// A line of a batch and its outcome.
#[derive(Clone, Copy, Debug)]
pub struct BatchLine<'a> {
    /// The cells of the input that are passed on: the query, or the columns of a table.
    pub cells: &'a [String],
    /// The level of the first item, `found` without levels, `none`, or the code of the error.
    pub result: &'a str,
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
    /// Returns the result that an item stands for.
    pub fn result_of(&self, item: Option<&Item>) -> &'a str {
        item.and_then(Item::level).map_or(self.result, |level| level.name())
    }

    /// Returns the items that were found.
    pub fn items(&self) -> impl Iterator<Item = &'a Item> + use<'a> {
        self.outcome.and_then(Result::ok).into_iter().flat_map(SearchResults::items)
    }
}
