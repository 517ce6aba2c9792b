//! The sample catalogue: no account, no network, and the same ways of failing.

use crate::support::{Spotify, Tool, artists};

#[test]
fn a_demo_needs_nothing_and_says_what_it_is() {
    let outcome = Tool::new().run(&["--demo", "BTS", "--type", "artist", "--limit", "3"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(outcome.stderr, "note: this is sample data, not Spotify's catalogue\n");
    let artists = outcome.json();
    let names: Vec<_> = artists["artists"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["BTS", "BTS World", "BTSC"]);
    assert_eq!(Tool::new().run(&["--demo", "-q", "BTS"]).stderr, "");
}

#[tokio::test]
async fn a_demo_uses_neither_credentials_nor_services_nor_proxies() {
    let spotify = Spotify::with(&artists(&[])).await;
    let tool = spotify
        .tool()
        .env("SPOTIFY_CLIENT_ID", "'")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("SSL_CERT_FILE", "missing.pem");
    let outcome = tool.run(&[
        "--demo",
        "sample",
        "-t",
        "track,album,playlist,show,episode,audiobook",
        "-f",
        "csv",
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(spotify.counts().await, (0, 0));
    for kind in ["album", "track", "playlist", "show", "episode", "audiobook"] {
        assert!(outcome.stdout.contains(&format!("\n{kind},")), "{kind}: {}", outcome.stdout);
    }
}

#[test]
fn a_demo_finds_names_in_any_case_and_nothing_else() {
    let found =
        |query| Tool::new().run(&["--demo", "-q", query, "-f", "id"]).stdout.lines().count();
    assert_eq!((found("bts w"), found("BTSC"), found("k-pop"), found("zzz")), (1, 1, 0, 0));
}
