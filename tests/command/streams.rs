//! Standard streams that are closed, full or non-blocking.

#![cfg(unix)]

use std::io::{BufRead, BufReader, PipeReader, Read, Write};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::support::{Request, TestCommand, TestServer, artists, found, parameter};

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
    assert!(sent < 40, "{sent} requests were sent while the results were not read");
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
async fn batch_with_a_full_disk_says_which_lines_are_done() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let command = server.command().with_file("names.txt", "a\nb\n");
    let output = command.std_command(&["-i", "names.txt"]).stdout(full_disk()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(
        String::from_utf8(output.stderr).unwrap(),
        @"
    error[output]: cannot write the output: No space left on device (os error 28); stopped at line 1 of names.txt; nothing is done
    hint: with --output FILE, the same command continues where it stopped
    "
    );
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

/// Sets `O_NONBLOCK` on one end of a pipe, as node does with the streams that it shares.
fn set_non_blocking(end: impl AsFd) {
    fcntl(end, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
}

/// Reads slowly at first, so that the pipe is full.
fn read_slowly(mut pipe: PipeReader) -> String {
    let mut text = String::new();
    std::thread::sleep(Duration::from_millis(200));
    pipe.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn non_blocking_output_is_written_completely() {
    // More than a pipe holds.
    let names: Vec<String> = (0..5_000).map(|number| format!("artist number {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = TestServer::with_results(&artists(&names)).await;
    let batch = ["x"; 4].join("\n");
    for args in [
        &["x", "-n", "1000", "-f", "json"][..],
        &["-q", "--input", "names.txt", "-n", "1000", "-f", "json"],
        &["-q", "--input", "names.txt", "-n", "1000", "-f", "table"],
        &["--generate", "complete-bash"],
        &["--help"],
    ] {
        let command = server.command().with_file("names.txt", &batch);
        let expected = command.std_command(args).output().unwrap().stdout;
        let (reader, writer) = std::io::pipe().unwrap();
        set_non_blocking(&writer);
        // A little room is left, so that the first write is a partial one.
        (&writer).write_all(&vec![b'-'; 60_000]).unwrap();
        let mut child =
            command.std_command(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let output = read_slowly(reader);
        let errors = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
        assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""), "{args:?}");
        assert!(output.as_bytes()[60_000..] == expected, "{args:?}");
    }
}

#[test]
fn non_blocking_standard_error_gets_every_line() {
    let lines = b"caf\0\n".repeat(3_000);
    for verbosity in ["-q", "-vv"] {
        let command = TestCommand::new().with_file("names.txt", &lines);
        let args = ["--input", "names.txt", "--demo", "-f", "id", verbosity];
        let (reader, writer) = std::io::pipe().unwrap();
        set_non_blocking(&writer);
        let mut child = command.std_command(&args).stderr(writer).spawn().unwrap();
        let errors = read_slowly(reader);
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert_eq!(errors.matches("contains a NUL character\n").count(), 3_000, "{verbosity}");
    }
}

#[test]
fn non_blocking_input_is_read_until_its_end() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    set_non_blocking(&reader);
    let command = TestCommand::new();
    let mut command = command.std_command(&["--input", "-", "--demo", "-q", "-n", "1", "-f", "id"]);
    let mut child = command.stdin(reader).stdout(Stdio::piped()).spawn().unwrap();
    let mut results = BufReader::new(child.stdout.take().unwrap());
    for query in ["BTS\n", "BTS\nB", "TS\n"] {
        writer.write_all(query.as_bytes()).unwrap();
        // The next line is written when the command waits for it.
        let mut result = String::new();
        results.read_line(&mut result).unwrap();
        assert_eq!(result.len(), 23, "{result}");
    }
    drop((writer, command));
    assert!(child.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_terminal_holds_up_the_output_and_not_the_requests() {
    let server = TestServer::responding(|request: &Request| {
        // Wider than the terminal's buffer, so that writing blocks.
        found(&[&format!("{}{}", parameter(request, "q"), "x".repeat(2_000))])
    })
    .await;
    let names = (0..62).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
    let command = server.command().with_file("names.txt", names);
    let args = ["-i", "names.txt", "-f", "jsonl", "--timeout", "0.6", "--retries", "0"];
    let mut run = command.start_on_terminal(&args, 24, 80, None);
    run.keyboard.write_all(b"\x13").unwrap();
    tokio::time::sleep(Duration::from_millis(1_800)).await;
    run.keyboard.write_all(b"\x11").unwrap();
    let outcome = tokio::task::spawn_blocking(|| run.finish()).await.unwrap();
    assert_eq!(outcome.exit_status, 0, "{}", outcome.screen());
    assert_eq!(server.searches().await.len(), 62);
}
