//! The sample catalogue: it needs no account and no network.

use serde_json::Value;

use crate::support::{TestCommand, TestServer, artists};

const ALL_TYPES: &str = "artist,album,track,playlist,show,episode,audiobook";

/// Returns the names that a search of the sample catalogue finds.
fn names(args: &[&str]) -> Vec<String> {
    let args = [&["--demo", "-q", "-f", "jsonl"], args].concat();
    let outcome = TestCommand::new().run(&args);
    outcome.assert_silent_success();
    let items = outcome.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn demo_needs_no_settings_and_says_that_its_data_is_a_sample() {
    let outcome = TestCommand::new().run(&["--demo", "BTS", "--type", "artist", "--limit", "3"]);
    outcome.assert_success();
    assert_eq!(outcome.stderr, "note: this is sample data, not Spotify's catalogue\n");
    let catalogue = include_str!("../../src/demo/catalogue.jsonl").lines();
    let recorded: Vec<Value> =
        catalogue.take(3).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(outcome.json()["artists"]["items"].as_array(), Some(&recorded));
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
    command.run(&["--demo", "radiohead"]).assert_success();
    assert_eq!(server.request_counts().await, (0, 0));
}

#[test]
fn items_have_the_fields_of_the_web_api() {
    let item = |item_type: &str, query: &str| {
        let args = ["--demo", "-q", query, "-t", item_type, "-n", "1"];
        TestCommand::new().run(&args).json()[format!("{item_type}s")]["items"][0].take()
    };
    let keys = |item: &Value| {
        let keys: Vec<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
        keys.join(" ")
    };
    let album = item("album", "origin of symmetry");
    assert_eq!(album["release_date_precision"], "year");
    assert_eq!(album["artists"][0]["uri"], "spotify:artist:12Chz98pHFMPJEknJQMWvI");
    let track = item("track", "karma police");
    assert_eq!(track["album"]["release_date_precision"], "day");
    assert_eq!(keys(&track["artists"][0]), "external_urls href id name type uri");
    let playlist = item("playlist", "this is radiohead");
    assert_eq!(playlist["items"]["total"], 50);
    let audiobook = item("audiobook", "moby");
    assert_eq!(audiobook["uri"], "spotify:show:2IEBhnu61ieYGFRPEJIO40");
    assert_eq!(audiobook["href"], "https://api.spotify.com/v1/audiobooks/2IEBhnu61ieYGFRPEJIO40");
    let others = [item("artist", "metric"), item("show", "slow burn"), item("episode", "honor")];
    let items = [album, track, playlist, audiobook].into_iter().chain(others);
    let lines: Vec<_> = items.map(|item| keys(&item)).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    artists external_urls href id images name release_date release_date_precision total_tracks type uri
    album artists duration_ms explicit external_urls href id name popularity type uri
    external_urls href id images items name owner type uri
    authors explicit external_urls href id images name total_chapters type uri
    external_urls followers genres href id images name popularity type uri
    explicit external_urls href id images name publisher total_episodes type uri
    duration_ms explicit external_urls href id images name release_date release_date_precision type uri
    ");
}

#[test]
fn words_match_names_artists_and_albums_in_any_case() {
    assert_eq!(names(&["radiohead", "-t", "album"]).len(), 8);
    assert_eq!(names(&["radiohead", "-t", "track"]).len(), 10);
    assert_eq!(names(&["METALLICA sand", "-t", "track"]), ["Enter Sandman"]);
    assert_eq!(names(&["pablo", "-t", "track"]), ["Creep"]);
    assert_eq!(names(&["gimlet", "-t", "show"]), ["Without Fail"]);
    assert_eq!(names(&["melville", "-t", "audiobook"]), ["Moby-Dick"]);
    assert_eq!(names(&["bts w"]), ["BTS World"]);
    assert_eq!(names(&["\"s w\""]), ["BTS World"]);
    for query in ["bublé", "buble", "BUBLE\u{301}"] {
        assert_eq!(names(&[query]), ["Michael Bublé"], "{query}");
    }
    assert_eq!(names(&["aenima", "-t", "album"]), ["Ænima"]);
    assert_eq!(names(&["k-pop"]), [""; 0]);
}

#[test]
fn names_that_start_with_the_words_come_first_then_the_most_popular() {
    assert_eq!(
        names(&["michael"]),
        [
            "Michael Jackson",
            "Michael Bublé",
            "Michael Kiwanuka",
            "Julia Michaels",
            "George Michael"
        ]
    );
    assert_eq!(names(&["metallica", "-t", "album", "-n", "1"]), ["Metallica"]);
    assert_eq!(
        names(&["metallica", "-t", "track"]),
        ["Nothing Else Matters", "Enter Sandman", "Master of Puppets (Remastered)"]
    );
}

#[test]
fn filters_apply_to_the_types_that_spotify_documents() {
    let all = |args: &[&str]| names(&[&["-n", "50", "-t", ALL_TYPES], args].concat());
    assert_eq!(
        all(&["--artist", "muse"]),
        ["Muse", "Absolution", "Drones", "Origin of Symmetry", "Showbiz"]
    );
    assert_eq!(
        all(&["--album", "OK Computer"]),
        ["OK Computer", "Karma Police", "No Surprises", "Paranoid Android"]
    );
    assert_eq!(all(&["--track", "creep"]), ["Creep"]);
    assert_eq!(all(&["--year", "2018"]), ["Sunflower - Spider-Man: Into the Spider-Verse"]);
    assert_eq!(
        all(&["--year", "1999-2000"]),
        ["Muse", "Radiohead", "Showbiz", "Kid A", "Everything In Its Right Place"]
    );
    assert_eq!(
        all(&["--genre", "hard rock"]),
        ["Metallica", "Nothing Else Matters", "Enter Sandman", "Master of Puppets (Remastered)"]
    );
    assert_eq!(all(&["p", "--artist", "radiohead", "--year", "1993"]), ["Pablo Honey", "Creep"]);
}

#[test]
fn filters_may_be_part_of_the_words() {
    let args = [r#"kid artist:"Radiohead" YEAR:2000"#, "-t", "album,track"];
    assert_eq!(names(&args), ["Kid A", "Everything In Its Right Place"]);
    for (query, message) in [
        ("isrc:USUM71703861", "the sample catalogue has no filter isrc"),
        ("tag:new", "the sample catalogue has no filter tag"),
        ("year:99", "year: a year has four digits"),
    ] {
        let outcome = TestCommand::new().run(&["--demo", "-q", query, "-t", "track"]);
        outcome.assert_error(1, "bad_request");
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}

#[test]
fn filters_without_data_in_the_catalogue_are_refused() {
    for (args, flag) in [
        (&["--isrc", "USUM71703861", "-t", "track"][..], "--isrc"),
        (&["--upc", "602537347377", "-t", "album"], "--upc"),
        (&["--artist", "Muse", "--new", "-t", "album"], "--new"),
        (&["--hipster", "-t", "album"], "--hipster"),
    ] {
        let outcome = TestCommand::new().run(&[&["--demo"], args].concat());
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
        let message = format!("error: --demo does not support {flag}\n");
        assert!(outcome.stderr.starts_with(&message), "{}", outcome.stderr);
    }
}

#[test]
fn note_names_queries_that_find_something() {
    let note = |args: &[&str]| {
        let outcome = TestCommand::new().run(&[&["--demo", "-f", "id"], args].concat());
        outcome.assert_success();
        let notes = outcome.stderr.lines().nth(1).unwrap_or_default();
        notes.strip_prefix("note: nothing found; the sample catalogue has ").map(str::to_owned)
    };
    assert_eq!(note(&["zzz"]).unwrap(), "BTS, Radiohead, Metallica and others");
    for item_type in ALL_TYPES.split(',') {
        let note = note(&["zzz", "-t", item_type]).unwrap();
        let queries = note.strip_suffix(" and others").unwrap();
        assert!(queries.contains(", "), "{item_type}: {queries}");
        for query in queries.split(", ") {
            assert!(!names(&[query, "-t", item_type]).is_empty(), "{item_type}: {query}");
        }
    }
    assert_eq!(note(&["BTS"]), None);
    assert_eq!(note(&["BTS", "--offset", "50"]), None, "nothing on this page only");
}

#[test]
fn pages_have_at_most_ten_results() {
    let section = |args: &[&str]| {
        let args = [&["--demo", "-q", "--year", "1990-2024", "-t", "track"], args].concat();
        TestCommand::new().run(&args).json()["tracks"].take()
    };
    let url = |limit, offset| {
        let search = "https://api.spotify.com/v1/search?query=year%3A1990-2024&type=track";
        Value::from(format!("{search}&limit={limit}&offset={offset}"))
    };
    let all = section(&["-n", "50"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 16);
    assert_eq!(all["total"], 16);
    assert_eq!((&all["href"], &all["next"]), (&url(10, 0), &Value::Null));
    let middle = section(&["-n", "4", "--offset", "2"]);
    assert_eq!(middle["items"], Value::from(all["items"].as_array().unwrap()[2..6].to_vec()));
    assert_eq!((&middle["href"], &middle["total"]), (&url(4, 2), &all["total"]));
    assert_eq!((&middle["previous"], &middle["next"]), (&url(4, 0), &url(4, 6)));
}
