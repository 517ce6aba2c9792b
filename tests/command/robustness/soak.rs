//! A long batch against an unreliable server. The test is ignored because it takes minutes.

use std::collections::HashMap;
use std::env;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write as _};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::Value;

use super::{random, search_server};
use crate::support::{HttpServer, ResponseTemplate, TestCommand, found, rate_limited};

/// The greatest peak memory of the command, in bytes.
const MAX_MEMORY: i64 = 64 << 20;

/// Returns a number from the environment.
fn setting(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Responds to an attempt of a query. One attempt in ten fails.
fn respond(seed: u64, query: &str, attempt: u32) -> ResponseTemplate {
    let number = random((seed, query, attempt));
    match number % 1_000 {
        0..2 => rate_limited(&(number % 2).to_string()),
        2..22 => ResponseTemplate::new(500).set_body_string("{}"),
        22..52 => ResponseTemplate::hang_up(),
        52..72 => found(&[query]).cut_after(usize::try_from(number / 1_000 % 100).unwrap()),
        72..100 => found(&[query]).set_delay(Duration::from_millis(number / 1_000 % 300)),
        _ => found(&[query]),
    }
}

/// A server whose failures depend on the seed, the query and the attempt only, so that a seed gives
/// the same failures again.
fn unreliable_server(seed: u64) -> HttpServer {
    let attempts: Mutex<HashMap<String, u32>> = Mutex::default();
    search_server(move |query| {
        let attempt = {
            let mut attempts = attempts.lock().unwrap();
            let attempt = attempts.entry(query.to_owned()).or_default();
            *attempt += 1;
            *attempt
        };
        respond(seed, query, attempt)
    })
}

#[test]
#[ignore = "takes minutes; SOAK_LINES and SOAK_SEED change the number of lines and the seed"]
fn soak() {
    let clock = || SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let seed = setting("SOAK_SEED").unwrap_or_else(clock);
    let count = setting("SOAK_LINES").unwrap_or(20_000);
    writeln!(io::stderr(), "SOAK_SEED={seed} SOAK_LINES={count}").unwrap();
    let lines = (0..count).fold(String::new(), |mut lines, number| {
        let _ = writeln!(lines, "name {number}");
        lines
    });
    let server = unreliable_server(seed);
    let command = TestCommand::for_server(&server.url).with_file("names.txt", lines);
    let args = ["--input", "names.txt", "--json", "--jobs", "16", "--retries", "10"];
    let mut child = command.std_command(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let document: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let name = format!("name {printed}");
        assert_eq!(document["query"], name.as_str());
        assert_eq!(document["artists"]["items"][0]["name"], name.as_str());
        printed += 1;
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(printed, count);
    let memory = peak_memory();
    writeln!(io::stderr(), "peak memory: {} MiB", memory >> 20).unwrap();
    assert!(memory < MAX_MEMORY, "{memory} bytes");
}

/// Returns the peak resident memory of the largest child process, in bytes.
fn peak_memory() -> i64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    // Linux reports kibibytes, macOS bytes.
    usage.max_rss() * if cfg!(target_os = "macos") { 1 } else { 1_024 }
}
