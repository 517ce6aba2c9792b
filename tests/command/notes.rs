//! Notes about results that are missing.

use crate::support::{Request, ResponseTemplate, TestServer, parameter};
use serde_json::{Value, json};

/// A server that finds these items of a total.
async fn with_artists(items: Value, total: u64) -> TestServer {
    let page = json!({"items": items, "limit": 10, "next": null, "offset": 0, "total": total});
    TestServer::with_results(&json!({"artists": page})).await
}

/// Standard error of a search for a word, and of a batch with the word in its second line.
fn notes(server: &TestServer, args: &[&str]) -> String {
    let search = server.run(&[&["x"], args].concat());
    search.assert_success();
    let batch = server.command().with_file("names.txt", "\nx\n");
    let batch = batch.run(&[&["--input", "names.txt"], args].concat());
    batch.assert_success();
    search.stderr + &batch.stderr
}

/// A server that hides the first two results of each page.
async fn hiding(section: &'static str) -> TestServer {
    TestServer::responding(move |request: &Request| {
        let number = |name| parameter(request, name).parse::<usize>().unwrap();
        let (limit, offset) = (number("limit"), number("offset"));
        let item = |number| {
            let id = format!("{number}");
            if number < offset + 2 { Value::Null } else { json!({"id": id}) }
        };
        let items: Vec<Value> = (offset..offset + limit).map(item).collect();
        let page = json!({section: {"items": items, "next": "more", "total": 100}});
        ResponseTemplate::new(200).set_body_json(page)
    })
    .await
}

#[tokio::test]
async fn one_further_page_replaces_hidden_results() {
    let server = hiding("playlists").await;
    let ids = |args: &[&str]| server.run(&[&["x", "-t", "playlist", "-f", "id"], args].concat());
    let outcome = ids(&["-n", "3"]);
    outcome.assert_silent_success();
    assert_eq!(outcome.stdout, "2\n5\n6\n");
    let pages: Vec<String> = server.searches().await.iter().map(range).collect();
    assert_eq!(pages, ["0+3", "3+10"]);
    // There is no result after the first 1000.
    let outcome = ids(&["-n", "10", "--offset", "990"]);
    assert_eq!(outcome.stdout.lines().count(), 8);
    assert_eq!(outcome.stderr, "note: 2 results are hidden from this app\n");
    assert_eq!(server.searches().await.len(), 3);
}

fn range(request: &Request) -> String {
    format!("{}+{}", parameter(request, "offset"), parameter(request, "limit"))
}

#[tokio::test]
async fn results_that_are_still_hidden_are_counted() {
    let server = with_artists(json!([null, null]), 46_297).await;
    assert_eq!(notes(&server, &[]), "note: 2 results are hidden from this app\n");
    let episodes = json!({"episodes": {"items": [null], "total": 1}});
    let server = TestServer::with_results(&episodes).await;
    assert_eq!(
        notes(&server, &["-t", "episode"]),
        "note: 1 result is hidden from this app: pass --market with your country, such as --market US\n"
    );
    let hidden = notes(&server, &["-t", "episode", "-m", "US"]);
    assert_eq!(hidden, "note: 1 result is hidden from this app\n");
    // A batch says so in its summary.
    let batch = server.command().with_file("names.txt", "x\n");
    let summary = batch.run(&["-i", "names.txt", "-t", "episode"]).summary;
    assert!(summary.ends_with("; 1 result is hidden from this app\n"), "{summary}");
}

#[tokio::test]
async fn offset_beyond_the_results_is_named() {
    let server = with_artists(json!([]), 40).await;
    insta::assert_snapshot!(notes(&server, &["--offset", "500"]), @"
    note: --offset 500 is beyond the 40 results
    note: line 2: --offset 500 is beyond the 40 results
    ");
}

#[tokio::test]
async fn query_that_names_an_input_has_a_note() {
    let server = with_artists(json!([]), 0).await;
    let note =
        |words: &str| server.command().with_file("names.txt", "x").run(&[words, "-f", "id"]).stderr;
    insta::assert_snapshot!(note("names.txt"), @"
    note: searched for the name of a file; --input names.txt reads its lines
    note: nothing found
    ");
    insta::assert_snapshot!(note("-"), @r#"
    note: searched for "-"; --input - reads standard input
    note: nothing found
    "#);
}

#[tokio::test]
async fn search_without_results_has_no_note() {
    let server = with_artists(json!([]), 0).await;
    assert_eq!(notes(&server, &["--offset", "5"]), "");
    assert_eq!(notes(&server, &[]), "");
}
