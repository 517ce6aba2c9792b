//! Killed runs that share a cache with later runs.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use std::{env, io};

use serde_json::Value;

use super::{random, search_server};
use crate::support::{TestCommand, found};

/// The number of lines of each batch.
const LINES: usize = 30;

/// Returns a batch that uses this cache. No other batch has the same queries.
fn batch(url: &str, cache: &Path, number: usize) -> TestCommand {
    let lines = (0..LINES).fold(String::new(), |mut lines, line| {
        let _ = writeln!(lines, "batch {number} line {line}");
        lines
    });
    TestCommand::for_server(url).with_cache_in(cache).with_file("names.txt", lines)
}

const ARGS: [&str; 3] = ["--input", "names.txt", "--json"];

/// Kills a command after this time. Returns false if it ended before.
fn kill_after(time: Duration, mut command: Command) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(time);
    // Fails if the command has ended.
    let _ = child.kill();
    child.wait().unwrap().signal() == Some(9)
}

/// Returns the paths of all files below a directory.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|actual| actual == extension)
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with(".spotify-search-")
}

/// Asserts that every file is one that the cache knows, and that its contents are complete.
#[track_caller]
fn assert_no_file_is_corrupt(cache: &Path) {
    for path in files(cache).unwrap() {
        let bytes = fs::read(&path).unwrap();
        if has_extension(&path, "json") {
            let parsed = serde_json::from_slice::<Value>(&bytes);
            assert!(parsed.is_ok(), "{parsed:?}: {}", path.display());
        } else {
            let is_lock = has_extension(&path, "lock") && bytes.is_empty();
            assert!(is_lock || is_temporary(&path), "{}", path.display());
        }
    }
}

/// Removes the entry, which is then written again.
fn remove_entry(cache: &Path) {
    let files = files(cache).unwrap();
    let entries = files.iter().filter(|path| has_extension(path, "json"));
    entries.for_each(|path| fs::remove_file(path).unwrap());
}

#[test]
fn killed_runs_leave_a_cache_that_later_runs_can_use() {
    let runs: usize = env::var("KILLED_RUNS").map_or(30, |runs| runs.parse().unwrap());
    let seed = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let folder = tempfile::tempdir().unwrap();
    let server = search_server(|query| found(&[query]));
    let (url, cache) = (server.url.as_str(), folder.path());
    let times = (0..3).map(|number| {
        let start = Instant::now();
        batch(url, cache, number).run(&ARGS).assert_silent_success();
        start.elapsed()
    });
    // The shortest, because another process can slow down a run.
    let time_of_a_run = u64::try_from(times.min().unwrap().as_micros()).unwrap();
    let mut killed = 0;
    for number in 3..3 + runs {
        // Half of the runs have to fetch a token and write the entry of the app.
        if number % 2 == 0 {
            remove_entry(cache);
        }
        let time = Duration::from_micros(random((seed, number)) % time_of_a_run);
        let killed_batch = batch(url, cache, number);
        killed += usize::from(kill_after(time, killed_batch.std_command(&ARGS)));
        assert_no_file_is_corrupt(cache);
        let next = killed_batch.run(&ARGS);
        next.assert_silent_success();
        assert_eq!(next.stdout.lines().count(), LINES, "{next:?}");
    }
    assert!(killed > 0, "no run was killed before its end");

    remove_entry(cache);
    batch(url, cache, 3 + runs).run(&ARGS).assert_silent_success();
    let left_over = files(cache).unwrap().into_iter().filter(|path| is_temporary(path));
    assert_eq!(left_over.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}
