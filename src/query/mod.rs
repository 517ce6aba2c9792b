//! Search queries: words, field filters, item types, market and range, validated against the limits
//! that Spotify documents. Nothing here sends a request.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

mod filter;
pub(crate) mod inline_filters;
mod item_type;
mod level;
mod locale;
mod market;
mod page;
mod query_error;
mod search_query;
mod validation;
mod wanted;

#[cfg(feature = "demo")]
pub(crate) use filter::Field;
pub use filter::Filter;
pub use item_type::ItemType;
pub use level::Level;
pub use locale::Locale;
pub use market::Market;
pub(crate) use page::{LARGE_PAGE, Page, SMALL_PAGE};
pub use query_error::QueryError;
pub use search_query::{MAX_RESULTS, SearchQuery};
pub use validation::MAX_QUERY_BYTES;
pub use wanted::Wanted;
