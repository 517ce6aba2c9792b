//! Memory: the peak of the resident memory, with large responses of every kind.

use std::fmt::Write;
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::support::{TestCommand, raw_server};

const MIB: u64 = 1 << 20;

/// Runs the command with its output in files. Returns the exit status and the peak of its resident
/// memory in bytes.
fn run(command: &TestCommand, args: &[&str]) -> (i32, u64) {
    let output = || tempfile::tempfile().unwrap();
    let mut child = command.std_command(args).stdout(output()).stderr(output()).spawn().unwrap();
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code().unwrap(), peak);
        }
        peak = peak.max(peak_so_far(&child));
        thread::sleep(Duration::from_millis(1));
    }
}

/// Returns the peak that the kernel reports for a process that has not ended.
fn peak_so_far(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| 1_024 * line.trim().trim_end_matches(" kB").parse::<u64>().unwrap())
}

/// A response that is not compressed.
fn response(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// The results of a search with these items.
fn items(items: &str) -> String {
    format!(r#"{{"artists":{{"items":[{items}],"total":9}}}}"#)
}

/// Repeats a text to this length, or slightly less.
fn fill(text: &str, length: usize) -> String {
    text.repeat(length / text.len())
}

/// Returns this number of object members, each with its comma.
fn members(count: usize) -> String {
    (0..count).fold(String::new(), |mut members, number| {
        let _ = write!(members, "\"{number}\":\"abc\",");
        members
    })
}

#[test]
fn one_response_takes_less_than_100_mib() {
    let most = 190_000;
    let text = |text| items(&format!("{{\"name\":\"{}\"}},{{}},{{}}", fill(text, 3_100_000)));
    let list = format!("{{\"genres\":[{}1]}}", "\"123456789\",".repeat(most));
    let nested = format!("{{\"a\":{}{}}}", "[".repeat(most), "]".repeat(most));
    let rows = [
        ("an escaped text", text("\\u0001"), 0),
        ("items", items(&("{\"id\":\"0123\"},".repeat(most / 2) + "{}")), 0),
        ("a list in an item", items(&list), 0),
        ("nested lists", items(&nested), 0),
        ("keys of an item", items(&format!("{{{}\"id\":1}}", members(most))), 0),
        ("keys", format!("{{{}\"artists\":{{\"items\":[]}}}}", members(most)), 1),
        ("values", items(&(fill("{},", 3_100_000) + "{}")), 1),
    ];
    for (name, body, expected) in rows {
        let server = raw_server(response(&body));
        for format in ["json", "csv"] {
            let (status, peak) = run(&TestCommand::for_server(&server), &["BTS", "-f", format]);
            assert_eq!(status, expected, "{name}, {format}");
            assert!(peak < 100 * MIB, "{name}, {format}: {} MiB", peak / MIB);
        }
    }
}

#[test]
fn sixteen_jobs_with_large_responses_take_less_than_200_mib() {
    // The items of a type that was not searched for are kept as they are.
    let tracks = fill("x", 3_100_000);
    let body = format!("{{\"artists\":{{}},\"tracks\":{{\"items\":[\"{tracks}\"]}}}}");
    let lines: Vec<String> = (0..32).map(|number| format!("{number}\n")).collect();
    let command =
        TestCommand::for_server(&raw_server(response(&body))).with_file("list", lines.concat());
    let args = ["--input", "list", "--jobs", "16", "-f", "id"];
    let (status, peak) = run(&command, &args);
    assert_eq!(status, 0);
    assert!(peak < 200 * MIB, "{} MiB", peak / MIB);
}
