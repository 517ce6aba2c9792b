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
#[cfg(test)]
pub(crate) mod simulation;

#[cfg(feature = "cli")]
pub(crate) use batch::Batch;
pub use batch::SearchAll;
pub use builder::ClientBuilder;
pub use search::Client;
