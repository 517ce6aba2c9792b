//! The help, the manual, and what the command prints without a query.

use std::process::Command;

use crate::support::{TestCommand, skip};

/// Asserts that no line is wider than 80 columns.
fn assert_fits_80_columns(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

/// Asserts that the parts follow one another.
fn assert_order(mut text: &str, parts: &[&str]) {
    for part in parts {
        let (_, rest) = text.split_once(part).unwrap_or_else(|| panic!("{part} in {text}"));
        text = rest;
    }
}

#[test]
fn missing_query_shows_how_to_start() {
    for args in [&[][..], &["--type", "track"], &["--demo"]] {
        let outcome = TestCommand::new().run(args);
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{args:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(outcome.stderr, @"
            error: a query, a field filter or --input is required

            Usage: spotify-search [OPTIONS] <QUERY>...
                   spotify-search [OPTIONS] --input <FILE>

            Examples:
              spotify-search --demo BTS                  try it without an account
              spotify-search --artist 'Miles Davis' --track 'So What'
              spotify-search --input names.txt --output ids.csv
              spotify-search BTS --json | jq -r '.artists.items[].name'

            For more information, try '--help'.
            ");
        }
    }
}

#[test]
fn short_help_fits_a_screen() {
    for args in [&["-h"][..], &["x", "--limit", "3", "-h"]] {
        let outcome = TestCommand::new().run(args);
        outcome.assert_silent_success();
        assert_fits_80_columns(&outcome.stdout);
        let lines = outcome.stdout.lines().count();
        assert!(lines <= 45, "{lines} lines: {}", outcome.stdout);
        let parts = ["Usage:", "Examples:", "--demo BTS", "--type <TYPE>", "--demo ", "See --help"];
        assert_order(&outcome.stdout, &parts);
        assert!(!outcome.stdout.contains("--max-wait"), "{}", outcome.stdout);
    }
}

#[test]
fn long_help_has_everything() {
    let outcome = TestCommand::new().run(&["--help"]);
    outcome.assert_silent_success();
    assert_fits_80_columns(&outcome.stdout);
    assert_order(&outcome.stdout, &["Usage:", "Examples:", "Arguments:", "--max-wait <TIME>"]);
    let sections = outcome.stdout.split_once("\nEnvironment:").unwrap().1;
    insta::assert_snapshot!(sections, @"

      SPOTIFY_CLIENT_ID,       your app's credentials; create an app at
      SPOTIFY_CLIENT_SECRET    https://developer.spotify.com/dashboard
      SPOTIFY_MARKET           default for --market
      SPOTIFY_API_URL,         base URLs of a gateway or a test server:
      SPOTIFY_ACCOUNTS_URL     https, or http to this machine
      SSL_CERT_FILE            default for --cacert
      HTTPS_PROXY, ALL_PROXY   proxy for all requests
      NO_PROXY                 hosts to reach without the proxy
      NO_COLOR, CLICOLOR=0     do not use colours
      CLICOLOR_FORCE           use colours, even without a terminal
      FORCE_HYPERLINK          1 or 0: always or never link names in a table
      COLUMNS                  width of a table that does not go to a terminal
      TZ                       time zone of times in hints
      XDG_CONFIG_HOME          replaces ~/.config
      XDG_CACHE_HOME           replaces ~/.cache

    Files:
      .env
          SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, one NAME=value per line,
          in the working directory. Used if the environment does not set them
      ~/.config/spotify-search/credentials
          the same for all directories. Used if .env does not set them
      ~/.cache/spotify-search/
          the cache: tokens, page sizes and rate limits.
          --no-cache turns it off

    Exit status:
      0         success, even with no results
      1         the API, the network or the output failed
      2         the command line, the credentials or a file is unusable;
                nothing was sent
      3         nothing was found, with --exit-status
      4         a batch is not finished because of a limit: run it again later
      130, 143  as a shell reports it: ended by SIGINT or SIGTERM

    Error codes:
      An error is one line on standard error: error[code]: message. The codes
      are stable. A mistake in the arguments has no code and exit status 2.

      Exit status 2:
        credentials_missing    the client id or the secret is not set
        credentials_malformed  one of them cannot be an id or a secret
        config_invalid         a variable, file or other setting is unusable
      Exit status 1; for a batch 4 after rate_limited and request_limit:
        credentials_rejected   Spotify rejects the id, the secret or the token
        premium_required       the app's owner has no Premium subscription
        forbidden              the app may not do this
        bad_request            Spotify rejects the request
        not_found              Spotify returned 404; long queries can cause it
        rate_limited           the rate limit lasts longer than --max-wait
        request_limit          --max-requests is reached
        server_error           Spotify failed
        timeout                a request took longer than --timeout
        network                the connection failed
        bad_response           the response is unusable
        output                 the output cannot be written
        system                 the operating system refuses a resource
      Ended by a signal:
        interrupted            stopped by a signal, for example Ctrl-C
    ");
}

#[test]
fn version_goes_to_standard_output() {
    for args in [["-V"], ["--version"]] {
        let outcome = TestCommand::new().run(&args);
        outcome.assert_silent_success();
        assert!(outcome.stdout.starts_with("spotify-search "), "{}", outcome.stdout);
    }
}

#[test]
fn manual_has_the_usual_sections() {
    let manual = TestCommand::new().run(&["--generate", "man"]).stdout;
    let sections: Vec<&str> = manual.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    assert_eq!(
        sections,
        [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "\"EXIT STATUS\"",
            "ERRORS",
            "ENVIRONMENT",
            "FILES",
            "EXAMPLES",
        ]
    );
    let text = manual.replace("\\&", "").replace("\\(aq", "'").replace(['\\'], "");
    // A flag that the short help does not show.
    assert_order(&text, &["--offset", "Skip this many results", "credentials_missing", ".env"]);
    let mut is_filled = true;
    for line in text.lines() {
        match line {
            ".nf" | ".fi" => is_filled = line == ".fi",
            // A manual is indented by 7 columns.
            _ => assert!(is_filled || line.len() <= 73, "{line}"),
        }
    }
}

#[test]
fn manual_is_formatted_without_warnings() {
    if !Command::new("man").arg("--version").output().is_ok_and(|output| output.status.success()) {
        skip("man-db is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spotify-search.1");
    std::fs::write(&file, TestCommand::new().run(&["--generate", "man"]).stdout).unwrap();
    let mut man = Command::new("man");
    man.env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8");
    let output = man.arg("--warnings").arg("-l").arg(file).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let page = String::from_utf8(output.stdout).unwrap();
    assert_fits_80_columns(&page);
    assert!(page.contains("spotify-search --artist 'Miles Davis'"), "{page}");
}

#[test]
fn generates_the_manual_and_completions() {
    for (kind, text) in [
        ("man", ".TH spotify-search"),
        ("complete-bash", "complete -F _spotify__search"),
        ("complete-zsh", "#compdef spotify-search"),
        ("complete-fish", "complete -c spotify-search"),
        ("complete-powershell", "Register-ArgumentCompleter"),
        ("complete-elvish", "edit:completion"),
    ] {
        let outcome = TestCommand::new().run(&["--generate", kind]);
        outcome.assert_silent_success();
        assert!(outcome.stdout.contains(text), "{kind}: {}", outcome.stdout);
        assert!(outcome.stdout.replace('\\', "").contains("max-wait"), "{kind}");
    }
}
