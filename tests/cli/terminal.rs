//! Output on a terminal.

use serde_json::Value;

use crate::support::{TestCommand, TestServer};

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
fn table_fits_the_width() {
    for columns in [40, 80, 120] {
        let args = ["--demo", "-q", "--color", "never", "BTS"];
        let outcome = TestCommand::new().run_on_terminal(&args, 500, columns);
        let text = String::from_utf8(outcome.bytes).unwrap();
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.into(), "{columns}: {text}");
    }
}

#[tokio::test]
async fn progress_is_removed_in_the_end() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 10).await;
    let args = ["x", "-n", "60", "-f", "id"];
    let outcome = server.command().run_on_terminal(&args, 100, 80);
    assert_eq!(outcome.exit_status, 0, "{outcome:?}");
    let ids: Vec<String> = (0..60).map(|number| format!("artists-{number}")).collect();
    assert_eq!(outcome.screen(), ids.join("\n"));
}
