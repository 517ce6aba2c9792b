//! Output formats, printed into a pipe.

use serde_json::{Value, json};

use crate::support::{Outcome, TestCommand, TestServer, http_response, raw_server};

/// Two tracks among what real responses contain: a repeated id, numbers with a decimal point.
fn tracks() -> Value {
    json!({"tracks": {
        "href": "https://api.spotify.com/v1/search?offset=0", "limit": 10, "next": null, "offset": 0,
        "previous": null, "total": 2,
        "items": [
            {"id": "t1", "name": "So What", "type": "track", "uri": "spotify:track:t1", "duration_ms": 545_000,
             "explicit": false, "external_urls": {"spotify": "https://open.spotify.com/track/t1"},
             "artists": [{"name": "Miles Davis"}, {"name": "Bill Evans"}],
             "album": {"name": "Kind of Blue", "release_date": "1959-08-17", "images": [{"url": "https://i/1", "width": null}]}},
            {"id": "t1", "name": "So What, again", "uri": "spotify:track:t1"},
            {"id": "t2", "name": "Blue, \"in\" Green", "uri": "spotify:track:t2", "popularity": 61.0, "artists": null}
        ]
    }})
}

async fn run(format: &str) -> Outcome {
    let server = TestServer::with_results(&tracks()).await;
    let outcome = server.run(&["kind of blue", "--type", "track", "--format", format]);
    outcome.assert_success();
    outcome
}

async fn output(format: &str) -> String {
    let outcome = run(format).await;
    outcome.assert_silent_success();
    outcome.stdout
}

#[tokio::test]
async fn table_has_a_row_for_each_item() {
    insta::assert_snapshot!(output("table").await, @r#"
    Tracks: 2 of 2 for “kind of blue”

    Name              Artists                  Album         Length  Released    Popularity  ID
    So What           Miles Davis, Bill Evans  Kind of Blue    9:05  1959-08-17              t1
    Blue, "in" Green                                                                     61  t2
    "#);
}

#[tokio::test]
async fn csv_has_one_header_and_a_row_for_each_item() {
    insta::assert_snapshot!(output("csv").await, @r#"
    type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
    track,t1,So What,Miles Davis; Bill Evans,Kind of Blue,,1959-08-17,545000,,,,false,https://open.spotify.com/track/t1,spotify:track:t1,https://i/1
    track,t2,"Blue, ""in"" Green",,,,,,,,61,,,spotify:track:t2,
    "#);
}

#[tokio::test]
async fn tsv_has_tabs_and_no_quotes() {
    insta::assert_snapshot!(output("tsv").await.replace('\t', "→"), @r#"
    type→id→name→by→album→genres→released→duration_ms→count→followers→popularity→explicit→url→uri→image
    track→t1→So What→Miles Davis; Bill Evans→Kind of Blue→→1959-08-17→545000→→→→false→https://open.spotify.com/track/t1→spotify:track:t1→https://i/1
    track→t2→Blue, "in" Green→→→→→→→→61→→→spotify:track:t2→
    "#);
}

#[tokio::test]
async fn jsonl_has_a_line_for_each_item() {
    insta::assert_snapshot!(output("jsonl").await, @r#"
    {"album":{"images":[{"url":"https://i/1","width":null}],"name":"Kind of Blue","release_date":"1959-08-17"},"artists":[{"name":"Miles Davis"},{"name":"Bill Evans"}],"duration_ms":545000,"explicit":false,"external_urls":{"spotify":"https://open.spotify.com/track/t1"},"id":"t1","name":"So What","type":"track","uri":"spotify:track:t1"}
    {"artists":null,"id":"t2","name":"Blue, \"in\" Green","popularity":61.0,"uri":"spotify:track:t2"}
    "#);
}

#[tokio::test]
async fn id_uri_and_url_print_one_field_of_each_item() {
    assert_eq!(output("id").await, "t1\nt2\n");
    assert_eq!(output("uri").await, "spotify:track:t1\nspotify:track:t2\n");
    let urls = run("url").await;
    assert_eq!(urls.stdout, "https://open.spotify.com/track/t1\n");
    assert_eq!(urls.stderr, "note: left out 1 result without a URL\n");
}

#[test]
fn json_changes_only_white_space() {
    let object = r#"{"z":968410.0,"a":[1e3,-0.0,12345678901234567890123],"é":"é\u00e9\/","nested":{"b":null,"a":{}},"id":"1"}"#;
    let body = format!(
        r#"{{"total_time":1,"artists":{{"total":1,"items":[{object}],"new_field":{{"y":1,"x":2}},"limit":10}}}}"#
    );
    let url = raw_server(http_response("200 OK", &body));
    let outcome = TestCommand::for_server(&url).run(&["x"]);
    outcome.assert_silent_success();
    let compact: String =
        outcome.stdout.lines().map(|line| line.trim_start().replacen("\": ", "\":", 1)).collect();
    assert_eq!(compact, body);
    let jsonl = TestCommand::for_server(&url).run(&["x", "-f", "jsonl"]).stdout;
    assert_eq!(jsonl.trim_end(), object);
}

#[test]
fn deeply_nested_values_are_printed() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let object = format!(r#"{{"id":"1","deep":{deep}}}"#);
    let body = format!(r#"{{"deep":{deep},"artists":{{"items":[{object}]}}}}"#);
    let url = raw_server(http_response("200 OK", &body));
    let outcome = TestCommand::for_server(&url).run(&["x"]);
    outcome.assert_silent_success();
    assert_eq!(outcome.stdout.replace([' ', '\n'], ""), body);
    let jsonl = TestCommand::for_server(&url).run(&["x", "-f", "jsonl"]).stdout;
    assert_eq!(jsonl.trim_end(), object);
}

#[tokio::test]
async fn types_have_the_order_of_the_command_line() {
    let response = json!({"artists": {"items": [{"name": "an artist", "id": "1"}]}, "tracks": {"items": [{"name": "a track", "id": "2"}]}});
    let server = TestServer::with_results(&response).await;
    let run = |types, format| server.run(&["x", "-t", types, "-f", format]).stdout;
    assert_eq!(run("track,artist", "id"), "2\n1\n");
    assert_eq!(run("artist,track", "id"), "1\n2\n");
    let types = |text: &str| {
        let rows = text.lines().skip(1).map(|row| row.split(',').next().unwrap_or_default());
        rows.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(types(&run("track,artist", "csv")), "track artist");
    insta::assert_snapshot!(run("track,artist", "jsonl"), @r#"
    {"id":"2","name":"a track"}
    {"id":"1","name":"an artist"}
    "#);
    insta::assert_snapshot!(run("track,artist", "table"), @"
    Tracks: 1 for “x”

    Name     ID
    a track  2

    Artists: 1 for “x”

    Name       ID
    an artist  1
    ");
    // The document stays as Spotify sent it.
    let document = run("track,artist", "json");
    assert!(document.find("artists") < document.find("tracks"), "{document}");
}

#[tokio::test]
async fn no_header_leaves_out_the_header_of_csv_and_tsv() {
    let server = TestServer::with_results(&json!({"artists": {"items": [{"id": "1"}]}})).await;
    let row = "artist,1,,,,,,,,,,,,,\n";
    assert_eq!(server.run(&["x", "--no-header", "-f", "csv"]).stdout, row);
    let tsv = server.run(&["x", "--no-header", "-f", "tsv"]).stdout;
    assert_eq!(tsv.replace('\t', ","), row);
    // A batch without results prints the header at its end.
    let batch = |lines: &str, args: &[&str]| {
        let command = server.command().with_file("names.txt", lines);
        command.run(&[&["--input", "names.txt", "-f", "csv"], args].concat()).stdout
    };
    assert_eq!(batch("", &["--no-header"]), "");
    assert!(batch("", &[]).starts_with("query,result,matches,type,id,"));
    assert_eq!(batch("x\ny\n", &["--no-header"]), format!("x,found,,{row}y,found,,{row}"));
}

#[tokio::test]
async fn no_results_are_a_success_unless_exit_status_is_given() {
    let server = TestServer::with_results(&json!({"artists": {"items": [], "total": 0}})).await;
    let header = "type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image\n";
    for (format, stdout) in
        [("table", "Artists: none for “x”\n"), ("jsonl", ""), ("id", ""), ("csv", header)]
    {
        let outcome = server.run(&["x", "-f", format]);
        outcome.assert_success();
        assert_eq!(outcome.stdout, stdout);
        let note = if format == "id" { "note: nothing found\n" } else { "" };
        assert_eq!(outcome.stderr, note);
    }
    let outcome = server.run(&["x", "--exit-status"]);
    assert_eq!((outcome.exit_status, outcome.stderr.as_str()), (3, ""));
    let server = TestServer::with_results(&json!({"artists": {"items": [{"id": "1"}]}})).await;
    server.run(&["x", "--exit-status"]).assert_success();
}

#[test]
fn options_and_variables_decide_about_colours() {
    let is_colored = |args: &[&str], vars: &[(&str, &str)]| {
        let command =
            vars.iter().fold(TestCommand::new(), |command, (name, value)| command.env(name, value));
        let args = [&["--demo", "-q", "-f", "table", "BTS"], args].concat();
        command.run(&args).stdout.contains('\u{1b}')
    };
    assert!(!is_colored(&[], &[]));
    assert!(is_colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(is_colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}
