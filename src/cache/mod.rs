//! The cache: what one run keeps for the next.

mod app_cache;

pub(crate) use app_cache::{AppCache, AppEntry, LONG_LOCK_WAIT};
