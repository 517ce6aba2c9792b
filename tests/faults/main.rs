//! Faults: the built command against servers, proxies, outputs and caches that misbehave. One file
//! per subject, with a table in each: a fault is one row, and `harness` runs the rows.
//!
//! Whatever happens, a run ends in time with the expected exit status and error code, does not panic,
//! stays within its memory, and leaves no secret in its output or in a file.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic here is a failed test")]
#![allow(missing_docs, reason = "the names of the tests are the documentation")]

mod bodies;
mod caches;
mod certificates;
mod framing;
mod harness;
mod http2;
mod json;
mod outputs;
mod proxies;
mod secrets;
mod statuses;
mod tokens;
mod truncation;

#[path = "../cli/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the other tests use more of it")]
mod support;
