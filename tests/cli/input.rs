//! Inputs of a batch that are not plain UTF-8.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Outcome, TestServer, found};

/// Returns the text in UTF-16, little endian and big endian.
fn utf16(text: &str) -> [Vec<u8>; 2] {
    [
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

fn run_with_file(server: &TestServer, input: &[u8], args: &[&str]) -> Outcome {
    let command = server.command().with_file("names.txt", input);
    command.run(&[&["--input", "names.txt"], args].concat())
}

/// Runs the command with this standard input. Returns the exit status and standard error.
fn run_with_stdin(server: &TestServer, input: &[u8]) -> (Option<i32>, String) {
    let command = server.command();
    let mut command = command.std_command(&["--input", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn utf16_is_refused_once_before_anything_is_sent() {
    let server = TestServer::responding(found(&["BTS"])).await;
    for text in ["\u{feff}BTS\r\ndaft punk\r\n", "\u{feff}방탄소년단\r\n"] {
        for input in utf16(text) {
            for args in [&[][..], &["--dry-run"]] {
                run_with_file(&server, &input, args).assert_error(2, "config_invalid");
            }
            let (exit_status, stderr) = run_with_stdin(&server, &input);
            assert_eq!(exit_status, Some(2), "{stderr}");
            let message = "error[config_invalid]: cannot read standard input: it is UTF-16, ";
            assert!(stderr.starts_with(message), "{stderr}");
        }
    }
    let [_, big] = utf16("\u{feff}BTS\r\n");
    insta::assert_snapshot!(run_with_file(&server, &big, &[]).stderr, @"
    error[config_invalid]: cannot read names.txt: it is UTF-16, not UTF-8
    hint: convert it with iconv -f UTF-16 -t UTF-8, or in PowerShell write it with Out-File -Encoding utf8
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn carriage_returns_alone_are_refused() {
    let server = TestServer::responding(found(&["BTS"])).await;
    insta::assert_snapshot!(run_with_file(&server, b"BTS\rdaft punk\r", &[]).stderr, @r"
    error[config_invalid]: cannot read names.txt: its lines end with a carriage return only
    hint: convert it with tr '\r' '\n'
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[cfg(unix)]
#[tokio::test]
async fn output_that_is_the_input_file_is_refused() {
    let server = TestServer::responding(found(&["BTS"])).await;
    let command = server.command().with_file("names.txt", "BTS\n");
    for args in ["-i names.txt >> names.txt", "-i - < names.txt >> names.txt"] {
        let run = command.std_command(&[]);
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(format!("{} {args}", run.get_program().display()));
        shell.current_dir(run.get_current_dir().unwrap());
        shell.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with("error[config_invalid]: the output is the input file "));
    }
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn line_with_a_nul_character_is_unusable() {
    let server = TestServer::responding(found(&["BTS"])).await;
    let outcome = run_with_file(&server, b"one\ntwo\n\nthree\nf\0ur\n\0five\nsix", &["-f", "id"]);
    assert_eq!((outcome.exit_status, outcome.stdout.lines().count()), (1, 4), "{outcome:?}");
    insta::assert_snapshot!(outcome.stderr, @"
    error[bad_request]: line 5: the query contains a NUL character
    error[bad_request]: line 6: the query contains a NUL character
    ");
}
