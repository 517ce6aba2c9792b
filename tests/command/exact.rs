//! `--exact`: only the results whose name equals the query.

use crate::support::{
    Outcome, Request, TestCommand, TestServer, artists, found, http_response, parameter, raw_server,
};
use serde_json::{Value, json};

/// Names that a search for `p!nk` could find, in Spotify's order.
const PINK: [&str; 6] = ["Pink Floyd", "Pnk", "P!NK", "p! nk", "P!nk", "p!nk"];

/// Returns the names in the first section of a document.
fn names(document: &Value, section: &str) -> Vec<String> {
    let items = document[section]["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// Runs an exact search. Returns the names of the items in the section.
#[track_caller]
fn exact_names(server: &TestServer, section: &str, args: &[&str]) -> Vec<String> {
    let outcome = server.run(&[&["--exact"], args].concat());
    outcome.assert_silent_success();
    names(&outcome.json(), section)
}

fn run_batch(server: &TestServer, lines: &str, args: &[&str]) -> Outcome {
    let command = server.command().with_file("names.txt", lines);
    command.run(&[&["--exact", "--input", "names.txt"], args].concat())
}

#[tokio::test]
async fn closest_names_come_first() {
    let server = TestServer::with_results(&artists(&PINK)).await;
    let found = exact_names(&server, "artists", &["p!nk"]);
    assert_eq!(found, ["p!nk", "P!NK", "P!nk", "Pnk", "p! nk"]);
}

#[tokio::test]
async fn limit_applies_to_the_matches_of_each_type() {
    let items = |names: &[&str]| artists(names)["artists"].take();
    let both = json!({"tracks": items(&["x", "y", "X"]), "artists": items(&["z", "X!", "x", "X"])});
    let server = TestServer::with_results(&both).await;
    let outcome = server.run(&["--exact", "x", "-t", "artist,track", "-n", "2"]);
    outcome.assert_silent_success();
    assert_eq!(names(&outcome.json(), "artists"), ["x", "X"]);
    assert_eq!(names(&outcome.json(), "tracks"), ["x", "X"]);
}

#[tokio::test]
async fn requests_at_least_10_results_and_filters_all_pages() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 50).await;
    assert_eq!(exact_names(&server, "artists", &["artists 7", "-n", "1"]), ["artists 7"]);
    assert_eq!(exact_names(&server, "artists", &["artists 7", "--offset", "8"]), [""; 0]);
    assert_eq!(exact_names(&server, "artists", &["artists 63", "-n", "70"]), ["artists 63"]);
    assert_eq!(server.pages().await, [(10, 0), (10, 8), (50, 0), (20, 50)]);
    let urls = server.run(&["--exact", "x", "-n", "1", "--dry-run"]).stdout;
    assert!(urls.ends_with("limit=10&offset=0\n"), "{urls}");
}

#[test]
fn document_has_only_the_matching_items_and_is_otherwise_unchanged() {
    let body = |items: &str| {
        format!(
            r#"{{"z":[1],"tracks":{{"total":900,"next":null,"limit":10,"items":[{items}],"offset":0}},"a":2}}"#
        )
    };
    let item = r#"{"name":"so what","z":1.0,"id":"3","a":null}"#;
    let items = format!(r#"{{"name":"So What (Live)","id":"1"}},null,{{"id":"2"}},{item}"#);
    let command = TestCommand::for_server(&raw_server(http_response("200 OK", &body(&items))));
    let outcome = command.run(&["--exact", "So What", "-t", "track", "-n", "1", "-q"]);
    outcome.assert_silent_success();
    assert_eq!(outcome.stdout.replace([' ', '\n'], ""), body(item).replace(' ', ""));
}

#[tokio::test]
async fn dropped_results_cause_no_note_and_no_total_in_the_table() {
    // The total is smaller than the offset and the number of items.
    let mut results = artists(&["BTS World", "BTSC", "BTS"]);
    results["artists"]["total"] = json!(2);
    let server = TestServer::with_results(&results).await;
    for args in [&["BTS", "-n", "1"][..], &["unknown", "--offset", "5"]] {
        let outcome = server.run(&[&["--exact"], args].concat());
        outcome.assert_silent_success();
    }
    let table = |name| server.run(&["--exact", name, "-f", "table"]).stdout;
    insta::assert_snapshot!(table("bts") + "\n" + &table("unknown"), @"
    Artists: 1 for “bts”

    Name  ID
    BTS   id-BTS

    Artists: none for “unknown”
    ");
}

#[tokio::test]
async fn exit_status_3_if_no_name_equals_the_query() {
    let server = TestServer::with_results(&artists(&PINK)).await;
    assert_eq!(server.run(&["--exact", "-e", "P!nk"]).exit_status, 0);
    assert_eq!(server.run(&["--exact", "-e", "pink"]).exit_status, 3);
    assert_eq!(run_batch(&server, "pink\nP!nk\n", &["-e"]).exit_status, 0);
    assert_eq!(run_batch(&server, "pink\nfloyd\n", &["-e"]).exit_status, 3);
}

/// A server that finds each query with words around it, as it is, and in upper case.
async fn with_similar_names() -> TestServer {
    TestServer::responding(|request: &Request| {
        let query = parameter(request, "q");
        found(&[&format!("The {query} Tribute"), &query.to_uppercase(), &query])
    })
    .await
}

#[tokio::test]
async fn batch_gives_one_id_for_each_name() {
    let server = with_similar_names().await;
    let outcome = run_batch(&server, "Björk\nAC/DC\nU2\n", &["-n", "1", "-f", "csv"]);
    outcome.assert_silent_success();
    let columns: Vec<_> = outcome.stdout.lines().map(|row| row.split(',').take(4)).collect();
    let rows: Vec<String> =
        columns.into_iter().map(|row| row.collect::<Vec<_>>().join(",")).collect();
    insta::assert_snapshot!(rows.join("\n"), @"
    query,result,matches,type
    Björk,found,,artist
    AC/DC,found,,artist
    U2,found,,artist
    ");
}

#[tokio::test]
async fn names_are_compared_with_the_words_or_with_the_filter_for_the_type() {
    let items = |names: &[&str]| artists(names)["artists"].take();
    let found = ["So What", "Kind of Blue", "Miles Davis", "Blue in Green"];
    let all = json!({"tracks": items(&found), "albums": items(&found), "artists": items(&found)});
    let server = TestServer::with_results(&all).await;
    let tracks = |args: &[&str]| exact_names(&server, "tracks", &[&["-t", "track"], args].concat());
    let filters = ["--track", "So What", "--album", "Kind of Blue", "--artist", "Miles Davis"];
    assert_eq!(tracks(&filters), ["So What"]);
    assert_eq!(tracks(&[&["blue in green"], &filters[..]].concat()), ["Blue in Green"]);
    assert_eq!(tracks(&[r#"so what artist:"Miles Davis" year:1959"#]), ["So What"]);
    assert_eq!(tracks(&[r#"artist:"Miles Davis" track:"So What""#]), ["So What"]);
    assert_eq!(
        tracks(&[r#"Track:"so what""#, "--track", "blue"]),
        ["So What"],
        "the inline filter comes first"
    );
    assert_eq!(tracks(&["artist:Miles", "--track", "blue in green"]), ["Blue in Green"]);
    let outcome = server.run(&[&["--exact", "-t", "album,artist"], &filters[2..]].concat());
    assert_eq!(names(&outcome.json(), "albums"), ["Kind of Blue"]);
    assert_eq!(names(&outcome.json(), "artists"), ["Miles Davis"]);
}

#[tokio::test]
async fn type_without_a_name_to_compare_is_a_usage_error() {
    let server = TestServer::with_results(&artists(&[])).await;
    let stderr = |args: &[&str]| {
        let outcome = server.run(&[&["--exact"], args].concat());
        assert_eq!(outcome.exit_status, 2, "{outcome:?}");
        outcome.stderr.lines().next().unwrap().to_owned()
    };
    let messages = [
        stderr(&["--artist", "Miles Davis", "-t", "track"]),
        stderr(&["album:x", "-t", "album,artist"]),
        stderr(&["--year", "1959", "-t", "artist,show"]),
        stderr(&["artist:x", "-t", "artist,show"]),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    error: --exact needs words, or --track for tracks
    error: --exact needs words, or --artist for artists
    error: --exact needs words, or --artist for artists
    error: --exact needs words for --type show
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn line_without_a_name_to_compare_fails_and_the_rest_goes_on() {
    let server = TestServer::with_results(&artists(&["x"])).await;
    let outcome = run_batch(&server, "year:1959\nx\n", &["-f", "id"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, "id-x\n"));
    insta::assert_snapshot!(outcome.stderr, @"error[bad_request]: line 1: an exact search for artists needs words or the artist filter");
}

#[test]
fn sample_catalogue_can_be_searched_for_exact_names() {
    let stdout = |args: &[&str]| {
        let outcome =
            TestCommand::new().run(&[&["--demo", "-q", "--exact", "-f", "id"], args].concat());
        outcome.assert_silent_success();
        outcome.stdout
    };
    assert_eq!(stdout(&["metallica", "-t", "artist,album"]).lines().count(), 2);
    assert_eq!(stdout(&["michael buble"]), "1GxkXlMwML1oSg5eLPiAz3\n");
    assert_eq!(stdout(&["aenima", "-t", "album"]), "6yWMN087PgSimbcVmHLEwG\n");
    assert_eq!(stdout(&["michael"]), "");
}
