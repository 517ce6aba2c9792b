//! Standard output and standard error that are closed, full or in the way.

#![cfg(unix)]

use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;

use crate::support::{Spotify, artists};

/// An answer of more than a pipe holds.
async fn plenty() -> Spotify {
    let names: Vec<String> = (0..5_000).map(|number| format!("artist number {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Spotify::with(&artists(&names)).await
}

#[tokio::test]
async fn a_closed_pipe_is_no_error() {
    let spotify = plenty().await;
    for format in ["json", "jsonl", "csv", "table", "id"] {
        let tool = spotify.tool();
        let mut command = tool.std_command(&["x", "-f", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0]).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{format}"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_an_output_error() {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    for args in [
        &["x"][..],
        &["x", "-f", "csv"],
        &["x", "-f", "table"],
        &["x", "--dry-run"],
        &["--generate", "man"],
        &["--generate", "complete-zsh"],
        &["--help"],
    ] {
        let tool = spotify.tool();
        let output = tool.std_command(args).stdout(full()).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(
            stderr.starts_with("error[output]: cannot write the output: "),
            "{args:?}: {stderr}"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_standard_error_that_is_full_harms_no_search() {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    for (args, code) in [(&["x", "-vv"][..], 0), (&["x", "--demo"], 0), (&["x", "--bad"], 2)] {
        let tool = spotify.tool();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = tool.std_command(args).stderr(full).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}");
    }
}
