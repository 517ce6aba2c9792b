//! The cache: what one run stores for the next. A cache that cannot be read or written is never an
//! error; it costs a request and a line in the log.
//!
//! Each app has a file with its token, page size and cooldown (`app_cache`, `app_entry`).

mod app_cache;
mod app_entry;
mod location;
mod private_file;

pub(crate) use app_cache::{AppCache, FETCH_LOCK_TIMEOUT};
pub(crate) use app_entry::{AppEntry, TOKEN_MARGIN, usable_lifetime};
pub use location::Cache;
