//! The sample catalogue: it needs no account and no network.

use crate::support::{TestCommand, TestServer, artists};

#[test]
fn demo_needs_no_settings_and_says_that_its_data_is_a_sample() {
    let outcome = TestCommand::new().run(&["--demo", "BTS", "--type", "artist", "--limit", "3"]);
    outcome.assert_success();
    assert_eq!(outcome.stderr, "note: this is sample data, not Spotify's catalogue\n");
    let results = outcome.json();
    let items = results["artists"]["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["BTS", "BTS World", "BTSC"]);
    assert_eq!(TestCommand::new().run(&["--demo", "-q", "BTS"]).stderr, "");
}

#[tokio::test]
async fn demo_ignores_credentials_base_urls_proxies_and_certificates() {
    let server = TestServer::with_results(&artists(&[])).await;
    let command = server
        .command()
        .env("SPOTIFY_CLIENT_ID", "'")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("SSL_CERT_FILE", "missing.pem");
    let types = "track,album,playlist,show,episode,audiobook";
    let outcome = command.run(&["--demo", "sample", "-t", types, "-f", "csv"]);
    outcome.assert_success();
    assert_eq!(server.request_counts().await, (0, 0));
    for item_type in types.split(',') {
        let row = format!("\n{item_type},");
        assert!(outcome.stdout.contains(&row), "{item_type}: {}", outcome.stdout);
    }
}

#[test]
fn demo_searches_names_in_any_case() {
    let count = |query| {
        let outcome = TestCommand::new().run(&["--demo", "-q", query, "-f", "id"]);
        outcome.stdout.lines().count()
    };
    assert_eq!((count("bts w"), count("BTSC"), count("k-pop"), count("zzz")), (1, 1, 0, 0));
}
