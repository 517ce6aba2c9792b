//! Search results: the response in the API's shape, and a typed view of each item.

mod item;
mod search_results;

pub use item::ItemView;
pub(crate) use item::whole;
pub use search_results::{Item, SearchResults, Section};
