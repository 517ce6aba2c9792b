//! Robustness: properties that hold for generated input, killed runs, and a long run against an
//! unreliable server.

mod batches;
mod kills;
mod responses;
mod soak;

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use proptest::test_runner::Config;

use crate::support::{HttpServer, Request, ResponseTemplate, parameter, token_or};

/// Runs this many cases of a property. A failure is printed and not stored in a file.
fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() }
}

/// Starts a server that issues tokens and sends `respond(query)` to every search.
fn search_server(respond: impl Fn(&str) -> ResponseTemplate + Send + Sync + 'static) -> HttpServer {
    HttpServer::http(token_or(move |request: &Request| respond(&parameter(request, "q"))))
}

/// Returns a number that looks random. Equal arguments give equal numbers.
fn random(arguments: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(arguments)
}
