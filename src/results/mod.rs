//! Search results: the response in the API's own shape, and a typed view of each item.

mod compared_fields;
mod item;
mod json_object;
mod response_error;
mod search_results;
mod section;

pub use item::{Item, ItemView};
pub(crate) use json_object::whole_number;
pub(crate) use response_error::html_problem;
pub use search_results::SearchResults;
pub use section::Section;
