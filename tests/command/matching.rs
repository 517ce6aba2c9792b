//! `--match` and `--exact`: only the results that match the name that was asked for.

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
    let outcome = server.run(&[&["--exact", "-q"], args].concat());
    outcome.assert_silent_success();
    names(&outcome.json(), section)
}

fn run_batch(server: &TestServer, lines: &str, args: &[&str]) -> Outcome {
    let command = server.command().with_file("names.txt", lines);
    command.run(&[&["--exact", "--input", "names.txt"], args].concat())
}

#[tokio::test]
async fn equal_names_keep_the_order_of_spotify_and_one_is_enough() {
    let server = TestServer::with_results(&artists(&PINK)).await;
    assert_eq!(exact_names(&server, "artists", &["p!nk"]), ["Pnk"]);
    let all = ["Pnk", "P!NK", "p! nk", "P!nk", "p!nk"];
    assert_eq!(exact_names(&server, "artists", &["p!nk", "-n", "10"]), all);
}

#[tokio::test]
async fn limit_applies_to_the_matches_of_each_type() {
    let items = |names: &[&str]| artists(names)["artists"].take();
    let both = json!({"tracks": items(&["x", "y", "X"]), "artists": items(&["z", "X!", "x", "X"])});
    let server = TestServer::with_results(&both).await;
    let outcome = server.run(&["--exact", "x", "-t", "artist,track", "-n", "2", "-q"]);
    outcome.assert_silent_success();
    assert_eq!(names(&outcome.json(), "artists"), ["X!", "x"]);
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
        let outcome = server.run(&[&["--exact", "-q"], args].concat());
        outcome.assert_silent_success();
    }
    let table = |name| server.run(&["--exact", name, "-f", "table"]).stdout;
    insta::assert_snapshot!(table("bts") + "\n" + &table("unknown"), @"
    Artists: 1 for “bts”

    Name  Match  ID
    BTS   exact  id-BTS

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
    Björk,exact,2,artist
    AC/DC,exact,1,artist
    U2,exact,1,artist
    ");
}

#[tokio::test]
async fn names_are_compared_with_the_words_or_with_the_filter_for_the_type() {
    let names = ["So What", "Kind of Blue", "Miles Davis", "Blue in Green"];
    let server = TestServer::with_results(&json!({
        "tracks": {"items": names.map(|name| track(name, "Miles Davis"))},
        "albums": {"items": names.map(|name| track(name, "Miles Davis"))},
        "artists": {"items": names.map(|name| json!({"id": name, "name": name}))},
    }))
    .await;
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
    assert_eq!(tracks(&["so what", "--artist", "Gil Evans"]), [""; 0]);
    let args = [&["--exact", "-q", "-t", "album,artist"], &filters[2..]].concat();
    let document = server.run(&args).json();
    assert_eq!(self::names(&document, "albums"), ["Kind of Blue"]);
    assert_eq!(self::names(&document, "artists"), ["Miles Davis"]);
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
    error: matching tracks needs words or the track filter
    error: matching artists needs words or the artist filter
    error: matching artists needs words or the artist filter
    error: matching shows needs words
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}

#[tokio::test]
async fn line_without_a_name_to_compare_fails_and_the_rest_goes_on() {
    let server = TestServer::with_results(&artists(&["x"])).await;
    let outcome = run_batch(&server, "year:1959\nx\n", &["-f", "id"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, "\nid-x\n"));
    insta::assert_snapshot!(outcome.stderr, @"error[bad_request]: line 1: matching artists needs words or the artist filter");
}

/// A track or an album as a result.
fn track(name: &str, artist: &str) -> Value {
    json!({"id": format!("id-{name}"), "name": name, "artists": [{"name": artist}]})
}

async fn with_tracks(tracks: &[Value]) -> TestServer {
    let section = json!({"items": tracks, "limit": 10, "next": null, "offset": 0, "total": 56});
    TestServer::with_results(&json!({ "tracks": section })).await
}

#[tokio::test]
async fn each_level_adds_to_the_one_before_and_the_closest_comes_first() {
    let names = ["Yesterday - Live", "Yesterday (Demo)", "Yesterday Once More", "Yesterday (Song)"];
    let others = ["Yesterday - Mono", "Yesterday feat. X", "YESTERDAY!"];
    let all: Vec<Value> =
        names.iter().chain(&others).map(|name| track(name, "The Beatles")).collect();
    let server = with_tracks(&all).await;
    let rows = |level: &str| {
        let columns = ["-f", "csv", "--columns", "result,matches,name", "--no-header"];
        let args =
            [&[level, "yesterday", "--artist", "Beatles", "-n9", "-t", "track"], &columns[..]];
        server.run(&args.concat()).stdout
    };
    insta::assert_snapshot!(rows("--match=version"), @"
    exact,1,YESTERDAY!
    wording,1,Yesterday feat. X
    edition,1,Yesterday - Mono
    subtitle,1,Yesterday (Song)
    version,2,Yesterday - Live
    version,2,Yesterday (Demo)
    ");
    assert_eq!(rows("--match").lines().count(), 4);
    assert_eq!(rows("--match=EDITION").lines().count(), 3);
    assert_eq!(rows("--match=wording").lines().count(), 2);
    assert_eq!(rows("--exact").lines().count(), 1);
}

#[tokio::test]
async fn single_search_says_how_sure_the_match_is() {
    let names = ["Crumb", "crumb", "Crumb", "Yesterday - Live", "1", "2", "3", "4", "5", "6"];
    let tracks: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(id, name)| json!({"id": id.to_string(), "name": name, "artists": []}))
        .collect();
    let server = with_tracks(&tracks).await;
    let notes = |args: &[&str]| {
        let outcome = server.run(&[&["--match", "-t", "track", "-f", "id"], args].concat());
        outcome.assert_success();
        outcome.stdout + &outcome.stderr
    };
    insta::assert_snapshot!(notes(&["crumb"]), @"
    0
    note: 2 other tracks match as closely: -n 3 shows all
    ");
    insta::assert_snapshot!(notes(&["crumb", "-n", "2"]), @"
    0
    1
    note: 1 other track matches as closely: -n 3 shows all
    ");
    insta::assert_snapshot!(notes(&["crumb", "-n", "3"]), @"
    0
    1
    2
    ");
    insta::assert_snapshot!(notes(&["yesterday"]), @"note: the first result is Crumb, 0; --match=version accepts one");
    insta::assert_snapshot!(notes(&["nothing"]), @"note: no match among the first 10 of 56 tracks; the first is Crumb, 0; --depth 50 looks further");
    insta::assert_snapshot!(notes(&["nothing", "--depth", "50"]), @"note: no match among the first 10 of 56 tracks; the first is Crumb, 0; --depth 1000 looks further");
    assert_eq!(notes(&["nothing", "-q"]), "");
}

#[tokio::test]
async fn depth_is_the_number_of_compared_results() {
    let server = TestServer::with_catalogue(&[("artists", 30)], 50).await;
    let find = |depth: &str| server.run(&["--match", "artists 27", "--depth", depth, "-f", "id"]);
    assert_eq!(find("10").stdout, "");
    assert_eq!(find("50").stdout.lines().count(), 1);
    assert_eq!(server.pages().await, [(10, 0), (50, 0)]);
    let outcome = find("50");
    assert_eq!(outcome.stderr, "");
    assert_eq!(server.run(&["x", "--match", "--depth", "0"]).exit_status, 2);
}

#[tokio::test]
async fn miss_in_another_script_hints_at_the_locale() {
    let server = TestServer::responding(|request: &Request| {
        let is_japanese = request.headers.get("accept-language").is_some_and(|value| value == "ja");
        found(&[if is_japanese { "平沢進" } else { "Susumu Hirasawa" }])
    })
    .await;
    let outcome = server.run(&["--match", "平沢進", "-f", "id"]);
    insta::assert_snapshot!(outcome.stdout + &outcome.stderr, @"note: no match among the first 1 of 1 artists; the first is Susumu Hirasawa, id-Susumu Hirasawa; --locale ja or zh returns names in their own script");
    let outcome = server.run(&["--match", "平沢進", "-f", "id", "--locale", "ja"]);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("id-平沢進\n", ""));
    let outcome = server.run(&["x", "--locale", "japanese"]);
    assert_eq!(outcome.exit_status, 2);
    assert!(outcome.stderr.contains("a locale is a language tag"), "{}", outcome.stderr);
}

#[tokio::test]
async fn rows_of_a_table_match_by_name_and_artist_or_by_isrc() {
    let mut recorded = track("A Name That Differs", "Someone");
    recorded["external_ids"] = json!({"isrc": "USUM71703861"});
    let server = with_tracks(&[
        track("Twist And Shout", "The Isley Brothers"),
        track("Twist And Shout - Remastered 2009", "The Beatles"),
        track("Twist And Shout - Live", "The Beatles"),
        recorded,
    ])
    .await;
    let table = "artist,title,isrc\n\
        Beatles,Twist and Shout,\n\
        The Isley Brothers; Beatles,Twist & Shout,\n\
        Beatles,Twist and Shout,US-UM7-17-03861\n\
        ,,usum71703861\n\
        Queen,Twist and Shout,\n";
    let command = server.command().with_file("songs.csv", table);
    let columns = ["--columns", "name,matches", "-f", "csv"];
    let outcome = command.run(&[&["--match", "-i", "songs.csv"], &columns[..]].concat());
    insta::assert_snapshot!(outcome.stdout, @"
    artist,title,isrc,spotify_result,spotify_name,spotify_matches
    Beatles,Twist and Shout,,edition,Twist And Shout - Remastered 2009,1
    The Isley Brothers; Beatles,Twist & Shout,,wording,Twist And Shout,1
    Beatles,Twist and Shout,US-UM7-17-03861,isrc,A Name That Differs,1
    ,,usum71703861,isrc,A Name That Differs,1
    Queen,Twist and Shout,,none,,
    ");
    assert_eq!(server.request_counts().await.1, 5);
}

#[tokio::test]
async fn surer_way_to_match_comes_first_at_one_level() {
    let server = with_tracks(&[
        track("Yesterday (Beatles)", "Piano Covers"),
        track("Yesterday - Remastered 2009", "The Beatles"),
        track("Stand", "Me"),
        track("Stand by Me", "Ben E. King"),
        track("EARFQUAKE", "Tyler"),
        track("Earfquake!", "Tyler, The Creator"),
        track("Under Pressure", "Queen"),
    ])
    .await;
    let find = |words: &[&str]| {
        let args = [&["--match", "-q", "-t", "track", "-f", "id"], words].concat();
        server.run(&args).stdout.trim_end().to_owned()
    };
    assert_eq!(find(&["yesterday beatles"]), "id-Yesterday - Remastered 2009");
    assert_eq!(find(&["stand by me"]), "id-Stand by Me");
    assert_eq!(find(&["earfquake", "--artist", "Tyler, The Creator"]), "id-Earfquake!");
    assert_eq!(find(&["under pressure queen and david bowie"]), "id-Under Pressure");
    assert_eq!(find(&["EARFQUAKE By TYLER"]), "id-EARFQUAKE");
}

#[tokio::test]
async fn each_row_of_a_batch_has_its_own_level() {
    let server =
        with_tracks(&[track("Creep", "Radiohead"), track("Creep - Remix", "Radiohead")]).await;
    let command = server.command().with_file("songs.txt", "Radiohead - Creep\nnothing\n");
    let args = ["--match=version", "-t", "track", "-n", "2", "-i", "songs.txt", "-f", "jsonl"];
    insta::assert_snapshot!(command.run(&args).stdout, @r#"
    {"query":"Radiohead - Creep","result":"exact","matches":1,"artists":[{"name":"Radiohead"}],"id":"id-Creep","name":"Creep"}
    {"query":"Radiohead - Creep","result":"version","matches":1,"artists":[{"name":"Radiohead"}],"id":"id-Creep - Remix","name":"Creep - Remix"}
    {"query":"nothing","result":"none","matches":null}
    "#);
}

#[tokio::test]
async fn lines_of_a_level_are_searched_again() {
    let server = with_tracks(&[track("One - Mono", "X"), track("Two", "X")]).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("songs.txt"), "one\ntwo\nthree\n").unwrap();
    let run = |args: &[&str]| {
        let output = folder.path().join("ids.csv");
        let input = folder.path().join("songs.txt");
        let files = ["-i", input.to_str().unwrap(), "-o", output.to_str().unwrap()];
        let outcome =
            server.command().run(&[&["--match", "-t", "track"], &files[..], args].concat());
        outcome.assert_success();
        std::fs::read_to_string(output).unwrap()
    };
    let first = run(&[]);
    let results: Vec<_> = first.lines().filter_map(|row| row.split(',').nth(1)).collect();
    assert_eq!(results, ["result", "edition", "exact", "none"]);
    assert_eq!(run(&["--redo", "edition"]), first);
    assert_eq!(server.request_counts().await.1, 4);
    run(&["--redo", "all"]);
    assert_eq!(server.request_counts().await.1, 7);
}

#[tokio::test]
async fn misuse_of_the_options_is_explained() {
    let server = TestServer::with_results(&artists(&[])).await;
    let stderr = |args: &[&str]| {
        let outcome = server.run(args);
        assert_eq!(outcome.exit_status, 2, "{outcome:?}");
        outcome.stderr.lines().next().unwrap().to_owned()
    };
    let messages = [
        stderr(&["--match", "edition", "yesterday"]),
        stderr(&["--match", "version", "-i", "names.txt"]),
        stderr(&["--match=near", "x"]),
        stderr(&["x", "--columns", "id,nam", "-f", "csv"]),
        stderr(&["x", "--depth", "20"]),
        stderr(&["x", "--columns", "id,name,id", "-f", "csv"]),
        stderr(&["x", "--columns", "id", "--json"]),
        stderr(&["-i", "-", "-o", "x.csv", "--columns", "name"]),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    error: "edition" is a search word here; use --match=edition for the level
    error: "version" is a search word here; use --match=version for the level
    error: invalid value 'near' for '--match[=<LEVEL>]'
    error: invalid value 'nam' for '--columns <NAME>'
    error: --depth needs --match or --exact
    error: --columns names a column twice
    error: --columns needs --format table, csv or tsv
    error: --output needs the column id, uri or url among --columns
    "#);
    assert_eq!(server.run(&["yesterday", "--match", "-t", "track"]).exit_status, 1);
}

#[test]
fn sample_catalogue_can_be_searched_for_exact_names() {
    let stdout = |args: &[&str]| {
        let outcome =
            TestCommand::new().run(&[&["--demo", "-q", "--match", "-f", "id"], args].concat());
        outcome.assert_silent_success();
        outcome.stdout
    };
    assert_eq!(stdout(&["metallica", "-t", "artist,album"]).lines().count(), 2);
    assert_eq!(stdout(&["michael buble"]), "1GxkXlMwML1oSg5eLPiAz3\n");
    assert_eq!(stdout(&["aenima", "-t", "album"]), "6yWMN087PgSimbcVmHLEwG\n");
    assert_eq!(stdout(&["michael"]), "");
}

#[tokio::test]
async fn miss_names_the_nearest_result_in_a_column() {
    let track = json!({"id": "1", "name": "Creep", "artists": [{"name": "Radiohead"}]});
    let server = with_tracks(&[track]).await;
    let columns = ["--match", "-t", "track", "-f", "csv", "--columns", "id,nearest"];
    let outcome = run_batch(&server, "Lucky\ncreep\n", &columns);
    assert_eq!(
        outcome.stdout,
        "query,result,id,nearest\nLucky,none,,\"Creep — Radiohead, 1\"\ncreep,exact,1,\n"
    );
}
