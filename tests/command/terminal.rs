//! Output on a terminal.

use serde_json::Value;

use crate::support::{TestCommand, TestServer, artists, error};

/// Searches the sample catalogue. Returns what the terminal shows.
fn demo(args: &[&str]) -> String {
    let args = [&["--demo", "-q", "BTS", "-n", "3"], args].concat();
    let outcome = TestCommand::new().run_on_terminal(&args, 500, 120);
    assert_eq!(outcome.exit_status, 0, "{outcome:?}");
    outcome.screen()
}

fn is_table(screen: &str) -> bool {
    screen.starts_with("Artists: 3 of ") && screen.contains("\nBTS World ")
}

fn is_json(screen: &str) -> bool {
    let json: Option<Value> = serde_json::from_str(screen).ok();
    json.is_some_and(|json| json["artists"]["items"][1]["name"] == "BTS World")
}

#[test]
fn default_format_is_a_table() {
    for args in [&[][..], &["--format", "auto"]] {
        let screen = demo(args);
        assert!(is_table(&screen), "{args:?}: {screen}");
    }
}

#[test]
fn json_is_printed_if_requested_and_the_last_format_option_wins() {
    for args in [&["--json"][..], &["--format", "json"], &["--format", "table", "--json"]] {
        let screen = demo(args);
        assert!(is_json(&screen), "{args:?}: {screen}");
    }
    for args in [&["--json", "--format", "table"][..], &["--json", "--format", "auto"]] {
        let screen = demo(args);
        assert!(is_table(&screen), "{args:?}: {screen}");
    }
}

#[test]
fn json_has_colors_on_a_terminal_only() {
    let bytes = |args: &[&str]| {
        let args = [&["--demo", "-q", "BTS"], args].concat();
        let outcome = TestCommand::new().run_on_terminal(&args, 500, 120);
        String::from_utf8(outcome.bytes).unwrap()
    };
    for format in ["json", "jsonl"] {
        let colored = bytes(&["-f", format]);
        assert!(colored.contains("\u{1b}[34m\u{1b}[1m\"name\"\u{1b}[0m"), "{colored}");
        assert!(!bytes(&["-f", format, "--color", "never"]).contains('\u{1b}'));
        let piped = TestCommand::new().run(&["--demo", "-q", "BTS", "-f", format]);
        assert!(!piped.stdout.contains('\u{1b}'));
    }
    assert!(!bytes(&["-f", "csv"]).contains('\u{1b}'));
}

#[tokio::test]
async fn direction_marks_are_dropped_in_a_table_and_escaped_elsewhere() {
    let name = "\u{200f}\u{5e9}\u{5dc}\u{5d5}\u{5dd}\u{200e}\u{61c}";
    let server = TestServer::with_results(&artists(&[name])).await;
    let screen = |format| {
        let args = ["x", "-q", "--color", "never", "-f", format];
        server.command().run_on_terminal(&args, 100, 200).screen()
    };
    let marked = "\\u200f\u{5e9}\u{5dc}\u{5d5}\u{5dd}\\u200e\\u061c";
    let table = screen("table");
    assert!(table.contains("\n\u{5e9}\u{5dc}\u{5d5}\u{5dd} "), "{table}");
    assert!(!table.contains("u200"), "{table}");
    for format in ["json", "csv", "id"] {
        assert!(screen(format).contains(marked), "{format}: {}", screen(format));
    }
    let json: Value = serde_json::from_str(&screen("json")).unwrap();
    assert_eq!(json["artists"]["items"][0]["name"], name);
}

#[tokio::test]
async fn control_characters_in_the_log_and_in_usage_errors_are_escaped() {
    let server = TestServer::responding(error(400, "bad\u{9b}2J\u{202e}\u{1b}[2J")).await;
    let log = server.run(&["x", "-vv"]).stderr;
    assert_eq!(
        log.matches("bad\\u009b2J\\u202e").count(),
        2,
        "in a record and in the error: {log}"
    );
    let arguments = [&["x", "--\u{1b}[2J"][..], &["x", "-n\u{1b}[2J"], &["x", "-artist=\u{9b}2J"]];
    for args in arguments {
        let screen = TestCommand::new().run_on_terminal(args, 100, 200);
        let text = String::from_utf8(screen.bytes).unwrap();
        assert_eq!(screen.exit_status, 2);
        assert!(!text.contains("\u{1b}[2J") && !text.contains('\u{9b}'), "{text:?}");
        assert!(text.contains("\\u00"), "{text:?}");
    }
}
