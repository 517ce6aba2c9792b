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
            error: a query, a field filter or --input is required; --input - reads standard input

            Usage: spotify-search [OPTIONS] <QUERY>...
                   spotify-search [OPTIONS] --input <FILE>

            Examples:
              spotify-search --demo BTS                  try it without an account
              spotify-search --artist 'Miles Davis' --track 'So What'
              spotify-search --match --input songs.csv --output ids.csv
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
        assert!(lines <= 48, "{lines} lines: {}", outcome.stdout);
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
    let sections = [
        "\nOutput:",
        "by_ids",
        "\nMatching:",
        "subtitle",
        "\nBatch:",
        "artist name",
        "\nExit status:",
        "130, 143",
        "\nErrors:",
        "credentials_missing",
        "\nEnvironment:",
        "SPOTIFY_CLIENT_ID",
        "\nFiles:",
        if cfg!(windows) { "%LOCALAPPDATA%" } else { "~/.cache" },
    ];
    assert_order(&outcome.stdout, &sections);
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
            "\"OUTPUT\"",
            "\"MATCHING\"",
            "\"BATCH\"",
            "\"EXIT STATUS\"",
            "\"ERRORS\"",
            "\"ENVIRONMENT\"",
            "\"FILES\"",
            "\"EXAMPLES\"",
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
            _ => assert!(is_filled || line.chars().count() <= 73, "{line}"),
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
