//! Robustness tests: properties that hold for generated input, killed runs, and a long run against
//! an unreliable server. They run the built command against servers on loopback.

// They need signals, a POSIX shell and the peak memory of a process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic here is a failed test")]
#![allow(missing_docs, reason = "the names of the tests are the documentation")]

mod batches;
mod kills;
mod responses;
mod server;
mod soak;
mod statuses;
#[allow(dead_code, unused_imports, reason = "shared with the other integration tests")]
#[path = "../cli/support/mod.rs"]
mod support;

use proptest::test_runner::Config;

/// Runs this many cases of a property. A failure is printed and not stored in a file.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() }
}
