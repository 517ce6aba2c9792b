//! The error type of query building and validation.

use super::filter::Field;
use super::{Filter, ItemType, MAX_QUERY_BYTES, MAX_RESULTS};

/// Why a query cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The query has neither words nor a field filter.
    #[error("the query is empty: give search words or a field filter")]
    Empty,
    /// The query is longer than [`MAX_QUERY_BYTES`].
    #[error("the query is longer than {MAX_QUERY_BYTES} bytes")]
    TooLong,
    /// The query contains the character NUL.
    #[error("the query contains a NUL character")]
    Nul,
    /// A type, a market or the value of a filter is not valid. The text says what is expected.
    #[error("{0}")]
    InvalidValue(String),
    /// A filter applies to none of the searched types.
    #[error("the filter {filter} needs the type {}", type_list(filter))]
    FilterWithoutType {
        /// The filter.
        filter: Filter,
    },
    /// There is no name to compare items of this type with: neither words nor the filter for their name.
    #[error("matching {} needs words{}", .item_type.section(), or_filter(*.item_type))]
    MatchWithoutName {
        /// The type.
        item_type: ItemType,
    },
    /// The limit is 0, or the range ends after the last result that Spotify serves.
    #[error(
        "Spotify serves the first {MAX_RESULTS} results: limit {limit} from offset {offset} is out of range"
    )]
    Range {
        /// The offset of the first result.
        offset: u16,
        /// The number of results.
        limit: u16,
    },
}

/// The types that a filter applies to: `album or track`.
fn type_list(filter: &Filter) -> String {
    let names: Vec<&str> = filter.applies_to().iter().map(|item_type| item_type.name()).collect();
    names.join(" or ")
}

/// The alternative to words in a search that matches: ` or the track filter`. Empty if no filter names the
/// type.
fn or_filter(item_type: ItemType) -> String {
    Field::of_type(item_type)
        .map(|field| format!(" or the {} filter", field.name()))
        .unwrap_or_default()
}

impl QueryError {
    pub(super) fn invalid(expected: impl Into<String>) -> Self {
        Self::InvalidValue(expected.into())
    }
}

/// Returns the value with this name, in any case. `what` is what the names are names of: "a level".
pub(super) fn by_name<T: Copy>(
    what: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    text: &str,
) -> Result<T, QueryError> {
    let found = all.iter().find(|&&value| name(value).eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = all.iter().copied().map(name).collect();
        QueryError::InvalidValue(format!("{what} is one of {}", names.join(", ")))
    })
}
