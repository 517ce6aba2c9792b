//! Notes about results that are missing.

use serde_json::{Value, json};

use crate::support::TestServer;

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

#[tokio::test]
async fn hidden_results_are_counted() {
    let server = with_artists(json!([null, null]), 46_297).await;
    insta::assert_snapshot!(notes(&server, &[]), @"
    note: 2 results are hidden from this app: pass --market with your country, such as --market US
    note: line 2: 2 results are hidden from this app: pass --market with your country, such as --market US
    ");
    insta::assert_snapshot!(notes(&server, &["--market", "US"]), @"
    note: 2 results are hidden from this app
    note: line 2: 2 results are hidden from this app
    ");
    let server = with_artists(json!([null]), 1).await;
    insta::assert_snapshot!(notes(&server, &["--market", "US"]), @"
    note: 1 result is hidden from this app
    note: line 2: 1 result is hidden from this app
    ");
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
async fn search_without_results_has_no_note() {
    let server = with_artists(json!([]), 0).await;
    assert_eq!(notes(&server, &["--offset", "5"]), "");
    assert_eq!(notes(&server, &[]), "");
}
