//! The command line: what is refused before anything is sent, and what needs nothing sent.

use crate::support::{Spotify, Tool, artists};

#[tokio::test]
async fn unusable_command_lines_exit_2_and_send_nothing() {
    let spotify = Spotify::with(&artists(&[])).await;
    let cases: &[(&[&str], &str)] = &[
        (&[], "query is blank"),
        (&["  "], "query is blank"),
        (&["x", "--tpye", "artist"], "--type"),
        (&["x", "--type", "artits"], "artist"),
        (&["x", "--limit", "0"], "1..=1000"),
        (&["x", "--limit", "1001"], "1..=1000"),
        (&["x", "--limit", "ten"], "invalid digit"),
        (&["x", "--offset", "1000"], "0..=999"),
        (&["x", "--offset", "995"], "offset 995 + limit 10"),
        (&["x", "--market", "from_token"], "two letters"),
        (&["x", "--include-external", "video"], "audio"),
        (&["x", "--year", "99"], "four digits"),
        (&["x", "--genre", ""], "blank"),
        (&["x", "--isrc", "short", "-t", "track"], "twelve"),
        (&["--isrc", "USUM71703861"], "--type track"),
        (&["x", "--format", "xml"], "jsonl"),
        (&["x", "--timeout", "0"], "more than 0"),
        (&["x", "--max-wait", "-1"], "between 0 and"),
        (&["x", "--max-wait", "NaN"], "between 0 and"),
        (&["x", "--retries", "11"], "0..=10"),
        (&["x", "--quiet", "--verbose"], "cannot be used"),
        (&["x", "--demo", "--year", "1999"], "by name only"),
        (&["x", "--generate", "man"], "cannot be used"),
    ];
    for (args, said) in cases {
        let outcome = spotify.run(args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}: {outcome:?}");
        assert!(outcome.stderr.contains(said), "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: "), "{args:?}: {}", outcome.stderr);
    }
    let long = spotify.run(&[&"x".repeat(9_000)]);
    assert_eq!((long.code, long.stderr.contains("too long")), (2, true));
    assert_eq!(spotify.counts().await, (0, 0));
}

#[test]
fn a_dry_run_prints_the_url_and_needs_no_credentials() {
    let outcome = Tool::new().run(&["daft", "punk", "--year", "1997", "-t", "album", "--dry-run"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(outcome.stdout, @"https://api.spotify.com/v1/search?q=daft+punk+year%3A1997&type=album&limit=10&offset=0");
}

#[test]
fn help_and_version_go_to_standard_output() {
    for args in [["-h"], ["--help"]] {
        let outcome = Tool::new().run(&args);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert!(outcome.stdout.contains("--max-wait <SECONDS>"), "{}", outcome.stdout);
        let widest = outcome.stdout.lines().map(str::len).max().unwrap();
        assert!(widest <= 100, "{widest} columns: {}", outcome.stdout);
    }
    let help = Tool::new().run(&["--help"]).stdout;
    let (_, sections) = help.split_once("every request\n").unwrap();
    insta::assert_snapshot!(sections, @"

    Environment:
      SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET    those of an app at
                                                  https://developer.spotify.com/dashboard;
                                                  also from .env in the working directory
      SPOTIFY_MARKET                              the market where --market is not given
      SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL       a gateway in Spotify's place
      SSL_CERT_FILE                               as --cacert
      HTTPS_PROXY, ALL_PROXY, NO_PROXY            proxies
      NO_COLOR, CLICOLOR_FORCE                    colour never, or always
      XDG_CACHE_HOME                              where to remember between runs

    Exit status:
      0  done, also when nothing was found
      1  the API, the network or the output failed; with -e, nothing was found
      2  the command line, the credentials or a file named on it is unusable; nothing was sent

    Error codes:
      exit 1  credentials_rejected, premium_required, forbidden, bad_request, not_found,
              rate_limited, server_error, timeout, network, bad_response, output
      exit 2  credentials_missing, credentials_malformed, config_invalid

    Examples:
      spotify-search --demo BTS                              try it without an account
      spotify-search daft punk --type artist --limit 3
      spotify-search -t track --artist 'Miles Davis' --year 1959 -n 50
      spotify-search BTS --json | jq -r '.artists.items[].name'
      spotify-search --input names.txt --json > answers.jsonl
    ");
    assert!(Tool::new().run(&["--version"]).stdout.starts_with("spotify-search "));
}

#[test]
fn the_last_of_two_formats_wins() {
    let outcome =
        |args: &[&str]| Tool::new().run(&[&["--demo", "-q", "BTSC"], args].concat()).stdout;
    assert!(outcome(&["--json", "--format", "id"]).starts_with("1Dx8"));
    assert!(outcome(&["--format", "id", "--json"]).starts_with('{'));
    assert!(outcome(&["--format", "json", "--format", "id"]).starts_with("1Dx8"));
}

#[test]
fn the_manual_and_the_completions_are_generated() {
    for (kind, mark) in [
        ("man", ".TH spotify-search"),
        ("complete-bash", "complete -F _spotify__search"),
        ("complete-zsh", "#compdef spotify-search"),
        ("complete-fish", "complete -c spotify-search"),
        ("complete-powershell", "Register-ArgumentCompleter"),
        ("complete-elvish", "edit:completion"),
    ] {
        let outcome = Tool::new().run(&["--generate", kind]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{kind}");
        assert!(outcome.stdout.contains(mark), "{kind}: {}", outcome.stdout);
        assert!(outcome.stdout.replace('\\', "").contains("max-wait"), "{kind}");
    }
}
