//! The client: runs searches, with pagination, retries and rate limiting. It prints nothing; progress
//! is reported as [`Event`](crate::Event)s.

mod batch;
mod builder;
mod limiter;
mod pagination;
#[cfg(test)]
mod rate_limit_tests;
mod recent_results;
mod request;
mod search;
mod search_all;
#[cfg(test)]
pub(crate) mod simulation;

pub use batch::{Batch, QueryOutcome};
pub use builder::ClientBuilder;
pub use search::Client;
pub use search_all::SearchAll;
