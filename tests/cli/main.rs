//! Runs the built command as a user does, in an environment of its own, against real servers on
//! loopback: one file a subject.

#![allow(clippy::unwrap_used, reason = "a panic here is a failed test, which is the point")]
#![allow(missing_docs, reason = "the names of the tests say it")]

mod batch;
mod cache;
mod credentials;
mod demo;
mod errors;
mod formats;
mod network;
mod paging;
mod requests;
mod retries;
mod secrets;
mod streams;
mod support;
mod usage;
