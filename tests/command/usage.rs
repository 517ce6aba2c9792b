//! The command line: what is refused and how, item types, formats.

use crate::support::{TestCommand, TestServer, artists};

#[tokio::test]
async fn unusable_arguments_exit_2_and_send_nothing() {
    let server = TestServer::with_results(&artists(&[])).await;
    let long = "x".repeat(9_000);
    let cases: &[(&[&str], &str)] = &[
        (&[""], "the query is empty"),
        (&["  "], "the query is empty"),
        (&[&long], "the query is longer than 8192 bytes"),
        (&["x", "--tpye", "artist"], "--type"),
        (&["-artist", "x"], "a similar argument exists: '--artist'"),
        (&["x", "--id"], "a similar argument exists: '-f id'"),
        (&["x", "-o", "ids.csv"], "redirect it with > FILE"),
        (&["x", "--type", "artits"], "a similar value exists: 'artist'"),
        (
            &["x", "--type", "artist,"],
            "album, artist, playlist, track, show, episode, audiobook, all",
        ),
        (
            &["x", "--limit", "0"],
            "invalid value '0' for '--limit <N>': must be a number from 1 to 1000",
        ),
        (&["x", "--limit", "1001"], "must be a number from 1 to 1000"),
        (&["x", "--limit", "ten"], "must be a number from 1 to 1000"),
        (&["x", "--limit", "99999999"], "must be a number from 1 to 1000"),
        (&["x", "--offset", "1000"], "must be a number from 0 to 999"),
        (&["x", "--offset", "-1"], "must be a number from 0 to 999"),
        (&["x", "--jobs", "17"], "must be a number from 1 to 16"),
        (&["x", "--offset", "995"], "limit 10 from offset 995"),
        (&["x", "--market", "from_token"], "two-letter"),
        (&["x", "--include-external", "video"], "audio"),
        (&["x", "--year", "99"], "four digits"),
        (&["x", "--genre", ""], "the value is empty"),
        (&["x", "--isrc", "short", "-t", "track"], "twelve"),
        (&["--isrc", "USUM71703861", "-t", "artist"], "--isrc needs --type track"),
        (&["x", "--new", "-t", "artist"], "--new needs --type album"),
        (&["x", "--new", "--track", "x"], "--new needs --type album"),
        (&["x", "--format", "xml"], "auto, table, json, jsonl, csv, tsv, id, uri, url"),
        (&["x", "--format", "jsno"], "a similar value exists: 'json'"),
        (&["x", "--color", "nevr"], "a similar value exists: 'never'"),
        (&["x", "--timeout", "0"], "greater than 0"),
        (&["x", "--max-wait", "-1"], "must be a time such as"),
        (&["x", "--max-wait", "1w"], "must be a time such as"),
        (&["x", "--retries", "11"], "must be a number from 0 to 10"),
        (&["-i", "a", "-i", "b"], "--input cannot be used more than once"),
        (&["x", "--generate", "man"], "cannot be used"),
    ];
    for (args, message) in cases {
        let outcome = server.run(args);
        assert_eq!(
            (outcome.exit_status, outcome.stdout.as_str()),
            (2, ""),
            "{args:?}: {outcome:?}"
        );
        assert!(outcome.stderr.contains(message), "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: "), "{args:?}: {}", outcome.stderr);
    }
    assert_eq!(server.request_counts().await, (0, 0));
}

#[test]
fn types_may_be_plural_or_follow_from_the_filters() {
    let cases: &[(&[&str], &str)] = &[
        (&["x"], "artist"),
        (&["x", "-t", "Tracks, album", "--type", "SHOWS"], "track,album,show"),
        (&["x", "-t", "songs, podcast"], "track,show"),
        (&["x", "-t", "All"], "album,artist,playlist,track,show,episode,audiobook"),
        (&["x", "-t", "show,all"], "show,album,artist,playlist,track,episode,audiobook"),
        (&["--track", "So What"], "track"),
        (&["--album", "Kind of Blue"], "album"),
        (&["--artist", "Miles Davis", "--new"], "album"),
        (&["--album", "Kind of Blue", "-t", "track"], "track"),
    ];
    for (args, types) in cases {
        let outcome = TestCommand::new().run(&[args, &["--dry-run"][..]].concat());
        outcome.assert_silent_success();
        let url = outcome.stdout.replace("%2C", ",");
        assert!(url.contains(&format!("&type={types}&")), "{args:?}: {url}");
    }
}

#[test]
fn variables_color_errors_and_help() {
    let is_colored = |command: TestCommand, args: &[&str]| {
        let outcome = command.run(args);
        (outcome.stdout + &outcome.stderr).contains('\u{1b}')
    };
    let forced = || TestCommand::new().env("CLICOLOR_FORCE", "1");
    for mistake in
        [&["--limit", "0"][..], &["--bad"], &["x", "--upc", "12345678", "-t", "track"], &["--help"]]
    {
        assert!(!is_colored(TestCommand::new(), mistake), "{mistake:?}");
        assert!(is_colored(forced(), mistake), "{mistake:?}");
        assert!(!is_colored(forced().env("NO_COLOR", "1"), mistake), "{mistake:?}");
    }
    assert!(!is_colored(forced(), &["x", "--upc", "12345678", "-t", "track", "--color=never"]));
}

#[cfg(unix)]
#[test]
fn terminal_gets_colors_unless_turned_off() {
    let bytes = |args: &[&str]| {
        let command = TestCommand::new().env("TERM", "xterm");
        command.run_on_terminal(args, 50, 80).bytes
    };
    for args in [&["--bad"][..], &[], &["-h"]] {
        assert!(bytes(args).contains(&0x1b), "{args:?}");
    }
    assert!(!bytes(&["--color=never"]).contains(&0x1b));
}

#[test]
fn last_of_quiet_and_verbose_wins() {
    let stderr =
        |args: &[&str]| TestCommand::new().run(&[&["--demo", "BTS"], args].concat()).stderr;
    assert_eq!(stderr(&["-v", "-q"]), "");
    assert!(stderr(&["-q", "-v"]).contains("sample data"));
}
