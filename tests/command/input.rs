//! Inputs of a batch that are not plain UTF-8.

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

#[tokio::test]
async fn utf16_with_a_byte_order_mark_is_decoded() {
    let server = TestServer::responding(found(&["BTS"])).await;
    for input in utf16("\u{feff}BTS\r\n방탄소년단\r\n") {
        let outcome = run_with_file(&server, &input, &["-f", "csv"]);
        outcome.assert_silent_success();
        let queries: Vec<&str> =
            outcome.stdout.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(queries, ["query", "BTS", "방탄소년단"]);
    }
}

#[tokio::test]
async fn other_kinds_of_files_are_refused() {
    let server = TestServer::responding(found(&["BTS"])).await;
    insta::assert_snapshot!(run_with_file(&server, b"BTS\rdaft punk\r", &[]).stderr, @r"
    error[config_invalid]: cannot read names.txt: its lines end with a carriage return only
    hint: convert it with tr '\r' '\n'
    ");
    let outcome = run_with_file(&server, b"BTS\n", &["-o", "missing/ids.csv"]);
    insta::assert_snapshot!(outcome.stderr, @"error[config_invalid]: cannot write missing/ids.csv: its folder does not exist");
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

#[tokio::test]
async fn list_in_another_encoding_ends_after_ten_lines() {
    let server = TestServer::responding(found(&["BTS"])).await;
    let input = [b"BTS\n".to_vec(), b"Beyonc\xe9\n".repeat(12), b"BTS\n".to_vec()].concat();
    let outcome = run_with_file(&server, &input, &["-f", "id"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, "id-BTS\n"), "{outcome:?}");
    let (_, end) = outcome.stderr.split_once("error[config_invalid]: ").unwrap();
    insta::assert_snapshot!(end, @"
    cannot read names.txt: line 2 is not UTF-8; stopped at line 11 of names.txt; lines 1-10 are done
    hint: convert it with iconv -f ENCODING -t UTF-8; ENCODING is often WINDOWS-1252
    hint: with --output FILE, the same command continues where it stopped
    ");
}
