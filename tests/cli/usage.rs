//! The command line: what is refused, help, and generated files.

use crate::support::{TestCommand, TestServer, artists};

#[tokio::test]
async fn unusable_arguments_exit_2_and_send_nothing() {
    let server = TestServer::with_results(&artists(&[])).await;
    let long = "x".repeat(9_000);
    let cases: &[(&[&str], &str)] = &[
        (&[], "the query is empty"),
        (&["  "], "the query is empty"),
        (&[&long], "the query is longer than 8192 bytes"),
        (&["x", "--tpye", "artist"], "--type"),
        (&["x", "--type", "artits"], "artist"),
        (&["x", "--limit", "0"], "1..=1000"),
        (&["x", "--limit", "1001"], "1..=1000"),
        (&["x", "--limit", "ten"], "invalid digit"),
        (&["x", "--offset", "1000"], "0..=999"),
        (&["x", "--offset", "995"], "--offset 995 plus --limit 10 is more"),
        (&["x", "--market", "from_token"], "two-letter"),
        (&["x", "--include-external", "video"], "audio"),
        (&["x", "--year", "99"], "four digits"),
        (&["x", "--genre", ""], "the value is empty"),
        (&["x", "--isrc", "short", "-t", "track"], "twelve"),
        (&["--isrc", "USUM71703861"], "--isrc needs --type track"),
        (&["x", "--new"], "--new needs --type album"),
        (&["x", "--format", "xml"], "jsonl"),
        (&["x", "--timeout", "0"], "greater than 0"),
        (&["x", "--max-wait", "-1"], "from 0 to"),
        (&["x", "--max-wait", "NaN"], "from 0 to"),
        (&["x", "--retries", "11"], "0..=10"),
        (&["x", "--quiet", "--verbose"], "cannot be used"),
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
fn help_and_version_go_to_standard_output() {
    for args in [["-h"], ["--help"]] {
        let outcome = TestCommand::new().run(&args);
        outcome.assert_silent_success();
        assert!(outcome.stdout.contains("--max-wait <SECONDS>"), "{}", outcome.stdout);
        let widest = outcome.stdout.lines().map(str::len).max().unwrap();
        assert!(widest <= 100, "{widest} columns: {}", outcome.stdout);
    }
    let help = TestCommand::new().run(&["--help"]).stdout;
    let (_, sections) = help.split_once("every request\n").unwrap();
    insta::assert_snapshot!(sections, @"

    Environment:
      SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET    your app's credentials; create an app at
                                                  https://developer.spotify.com/dashboard.
                                                  Also read from .env in the working directory
      SPOTIFY_MARKET                              default for --market
      SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL       base URLs of a gateway or test server
      SSL_CERT_FILE                               like --cacert
      HTTPS_PROXY, ALL_PROXY, NO_PROXY            proxies
      NO_COLOR, CLICOLOR_FORCE                    never or always use colours
      XDG_CACHE_HOME                              directory of the cache

    Exit status:
      0  success, even with no results
      1  the API, the network or the output failed
      2  the command line, the credentials or a file is unusable; nothing was sent
      3  nothing was found, with --exit-status

    Error codes:
      exit 1  credentials_rejected, premium_required, forbidden, bad_request, not_found,
              rate_limited, server_error, timeout, network, bad_response, output, system
      exit 2  credentials_missing, credentials_malformed, config_invalid

    Examples:
      spotify-search --demo BTS                              try it without an account
      spotify-search daft punk --type artist --limit 3
      spotify-search -t track --artist 'Miles Davis' --year 1959 -n 50
      spotify-search BTS --json | jq -r '.artists.items[].name'
      spotify-search --input names.txt --json > results.jsonl
    ");
    let version = TestCommand::new().run(&["--version"]);
    version.assert_silent_success();
    assert!(version.stdout.starts_with("spotify-search "));
}

#[test]
fn last_format_option_wins() {
    let stdout =
        |args: &[&str]| TestCommand::new().run(&[&["--demo", "-q", "BTSC"], args].concat()).stdout;
    assert!(stdout(&["--json", "--format", "id"]).starts_with("1Dx8"));
    assert!(stdout(&["--format", "id", "--json"]).starts_with('{'));
    assert!(stdout(&["--format", "json", "--format", "id"]).starts_with("1Dx8"));
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
