//! Standard output and standard error that are closed or full.

#![cfg(unix)]

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{TestServer, artists};

#[tokio::test]
async fn closed_pipe_is_no_error() {
    // More results than a pipe holds.
    let names: Vec<String> = (0..5_000).map(|number| format!("artist number {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = TestServer::with_results(&artists(&names)).await;
    for format in ["json", "jsonl", "csv", "table", "id"] {
        let command = server.command();
        let mut command = command.std_command(&["x", "-f", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        let expected = (Some(0), &b""[..]);
        assert_eq!((output.status.code(), output.stderr.as_slice()), expected, "{format}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_reader_neither_repeats_nor_fails_a_request() {
    let names = ["x".repeat(40_000)];
    let server = TestServer::with_results(&artists(&[&names[0]])).await;
    let queries: Vec<String> = (0..40).map(|number| format!("query {number}")).collect();
    let command = server.command().with_file("names.txt", queries.join("\n"));
    let mut child = command
        .std_command(&["--input", "names.txt", "--timeout", "0.4", "--jobs", "2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    // The pipe is full while the reader pauses.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let sent = server.searches().await.len();
    assert!(sent < 40, "{sent} requests were sent while nobody read the results");
    let mut results = String::new();
    stdout.read_to_string(&mut results).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(results.lines().filter(|line| line.contains("\"artists\"")).count(), 40);
    assert_eq!(server.request_counts().await, (1, 40));
}

/// A device on which every write fails as on a full disk.
#[cfg(target_os = "linux")]
fn full_disk() -> std::fs::File {
    std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn full_disk_is_an_output_error() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    for args in [
        &["x"][..],
        &["x", "-f", "csv"],
        &["x", "-f", "table"],
        &["x", "--dry-run"],
        &["--generate", "man"],
        &["--generate", "complete-zsh"],
        &["--help"],
    ] {
        let command = server.command();
        let output = command.std_command(args).stdout(full_disk()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        let message = "error[output]: cannot write the output: ";
        assert!(stderr.starts_with(message), "{args:?}: {stderr}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn full_standard_error_does_not_change_the_exit_status() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    for (args, exit_status) in [(&["x", "-vv"][..], 0), (&["x", "--demo"], 0), (&["x", "--bad"], 2)]
    {
        let command = server.command();
        let output = command.std_command(args).stderr(full_disk()).output().unwrap();
        assert_eq!(output.status.code(), Some(exit_status), "{args:?}");
    }
}
