//! Integration tests: they run the built command against servers on loopback. One file per subject.

#![allow(clippy::unwrap_used, reason = "a panic here is a failed test")]
#![cfg_attr(windows, allow(dead_code, unused_imports, reason = "some tests need Unix"))]
#![allow(missing_docs, reason = "the names of the tests are the documentation")]

mod batch;
mod batch_table;
mod cache;
#[cfg(unix)]
mod completions;
mod concurrency;
mod connections;
mod credentials;
mod demo;
mod dry_run;
mod errors;
#[cfg(unix)]
mod faults;
mod formats;
mod help;
mod input;
#[cfg(unix)]
mod interrupts;
mod labelled;
mod matching;
#[cfg(target_os = "linux")]
mod memory;
mod network;
mod notes;
mod output_file;
mod output_file_edits;
mod output_file_part;
mod pagination;
#[cfg(unix)]
mod progress;
mod proxies;
#[cfg(unix)]
mod readme;
mod redo;
mod requests;
mod retries;
#[cfg(unix)]
mod robustness;
mod secrets;
mod streams;
mod support;
#[cfg(unix)]
mod table;
mod tables;
#[cfg(unix)]
mod terminal;
mod tls;
mod usage;
