//! Every format, as a pipe gets it.

use serde_json::{Value, json};

use crate::support::{Outcome, Spotify, Tool, http, raw};

/// Two tracks and what surrounds them in a real answer: nulls, a repeated id, odd numbers.
fn tracks() -> Value {
    json!({"tracks": {
        "href": "https://api.spotify.com/v1/search?offset=0", "limit": 10, "next": null, "offset": 0,
        "previous": null, "total": 2,
        "items": [
            {"id": "t1", "name": "So What", "type": "track", "uri": "spotify:track:t1", "duration_ms": 545_000,
             "explicit": false, "external_urls": {"spotify": "https://open.spotify.com/track/t1"},
             "artists": [{"name": "Miles Davis"}, {"name": "Bill Evans"}],
             "album": {"name": "Kind of Blue", "release_date": "1959-08-17", "images": [{"url": "https://i/1", "width": null}]}},
            null,
            {"id": "t1", "name": "So What, again", "uri": "spotify:track:t1"},
            {"id": "t2", "name": "Blue, \"in\" Green", "uri": "spotify:track:t2", "popularity": 61.0, "artists": null}
        ]
    }})
}

async fn run(format: &str) -> Outcome {
    let spotify = Spotify::with(&tracks()).await;
    let outcome = spotify.run(&["kind of blue", "--type", "track", "--format", format]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    outcome
}

async fn printed(format: &str) -> String {
    let outcome = run(format).await;
    assert_eq!(outcome.stderr, "");
    outcome.stdout
}

#[tokio::test]
async fn a_table_is_for_people() {
    insta::assert_snapshot!(printed("table").await, @r#"
    Tracks: 2 of 2 for “kind of blue”

    Name              Artists                  Album         Released    Length  Popularity  ID
    So What           Miles Davis, Bill Evans  Kind of Blue  1959-08-17    9:05              t1
    Blue, "in" Green                                                                     61  t2
    "#);
}

#[tokio::test]
async fn csv_has_one_header_and_a_row_an_item() {
    insta::assert_snapshot!(printed("csv").await, @r#"
    type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
    track,t1,So What,Miles Davis; Bill Evans,Kind of Blue,,1959-08-17,545000,,,,false,https://open.spotify.com/track/t1,spotify:track:t1,https://i/1
    track,t2,"Blue, ""in"" Green",,,,,,,,61,,,spotify:track:t2,
    "#);
}

#[tokio::test]
async fn tsv_has_tabs_and_no_quotes() {
    insta::assert_snapshot!(printed("tsv").await.replace('\t', "→"), @r#"
    type→id→name→by→album→genres→released→duration_ms→count→followers→popularity→explicit→url→uri→image
    track→t1→So What→Miles Davis; Bill Evans→Kind of Blue→→1959-08-17→545000→→→→false→https://open.spotify.com/track/t1→spotify:track:t1→https://i/1
    track→t2→Blue, "in" Green→→→→→→→→61→→→spotify:track:t2→
    "#);
}

#[tokio::test]
async fn jsonl_has_an_item_a_line() {
    insta::assert_snapshot!(printed("jsonl").await, @r#"
    {"album":{"images":[{"url":"https://i/1","width":null}],"name":"Kind of Blue","release_date":"1959-08-17"},"artists":[{"name":"Miles Davis"},{"name":"Bill Evans"}],"duration_ms":545000,"explicit":false,"external_urls":{"spotify":"https://open.spotify.com/track/t1"},"id":"t1","name":"So What","type":"track","uri":"spotify:track:t1"}
    {"artists":null,"id":"t2","name":"Blue, \"in\" Green","popularity":61.0,"uri":"spotify:track:t2"}
    "#);
}

#[tokio::test]
async fn ids_uris_and_urls_are_lines() {
    assert_eq!(printed("id").await, "t1\nt2\n");
    assert_eq!(printed("uri").await, "spotify:track:t1\nspotify:track:t2\n");
    let urls = run("url").await;
    assert_eq!(urls.stdout, "https://open.spotify.com/track/t1\n");
    assert_eq!(urls.stderr, "note: left out: 1 of the results, without a URL\n");
}

#[test]
fn json_is_what_the_server_sent_byte_for_byte_but_for_white_space() {
    let object = r#"{"z":968410.0,"a":[1e3,-0.0,12345678901234567890123],"é":"é\u00e9\/","nested":{"b":null,"a":{}},"id":"1"}"#;
    let body = format!(
        r#"{{"total_time":1,"artists":{{"total":1,"items":[{object}],"new_field":{{"y":1,"x":2}},"limit":10}}}}"#
    );
    let base = raw(http("200 OK", &body));
    let outcome = Tool::against(&base).run(&["x"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let squeezed: String =
        outcome.stdout.lines().map(|line| line.trim_start().replacen("\": ", "\":", 1)).collect();
    assert_eq!(squeezed, body);
    assert_eq!(Tool::against(&base).run(&["x", "-f", "jsonl"]).stdout.trim_end(), object);
}

#[tokio::test]
async fn several_types_come_in_the_order_of_the_answer() {
    let answer = json!({"tracks": {"items": [{"name": "a track", "id": "1"}]}, "artists": {"items": [{"name": "an artist", "id": "2"}]}});
    let spotify = Spotify::with(&answer).await;
    let args = ["x", "-t", "artist", "-t", "track"];
    assert_eq!(spotify.run(&args).json(), answer);
    assert_eq!(spotify.run(&[&args[..], &["-f", "id"]].concat()).stdout.lines().count(), 2);
    insta::assert_snapshot!(spotify.run(&[&args[..], &["-f", "table"]].concat()).stdout, @"
    Artists: 1 for “x”

    Name       ID
    an artist  2

    Tracks: 1 for “x”

    Name     ID
    a track  1
    ");
}

#[tokio::test]
async fn nothing_found_is_no_error_unless_asked_for() {
    let spotify = Spotify::with(&json!({"artists": {"items": [], "total": 0}})).await;
    for (format, printed) in [
        ("table", "Artists: none for “x”\n"),
        ("jsonl", ""),
        ("id", ""),
        (
            "csv",
            "type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image\n",
        ),
    ] {
        let outcome = spotify.run(&["x", "-f", format]);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()),
            (0, printed, "")
        );
    }
    assert_eq!(spotify.run(&["x", "--exit-status"]).code, 1);
    let spotify = Spotify::with(&json!({"artists": {"items": [{"id": "1"}]}})).await;
    assert_eq!(spotify.run(&["x", "--exit-status"]).code, 0);
}

#[test]
fn colour_is_for_terminals_or_on_request() {
    let colored = |args: &[&str], vars: &[(&str, &str)]| {
        let tool = vars.iter().fold(Tool::new(), |tool, (name, value)| tool.env(name, value));
        let args = [&["--demo", "-q", "-f", "table", "BTS"], args].concat();
        tool.run(&args).stdout.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
