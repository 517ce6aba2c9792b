//! The client: one search as one or more requests, many searches in order, retries, rate limits and
//! pagination. It prints nothing; what a user may want to see meanwhile is an [`Event`].

mod batch;
mod builder;
mod event;
mod limiter;
mod pagination;
mod request;
mod retry;
mod search;
#[cfg(test)]
mod simulation;

#[cfg(feature = "cli")]
pub(crate) use batch::Batch;
pub use batch::SearchAll;
pub use builder::ClientBuilder;
pub use event::Event;
pub use search::Client;
