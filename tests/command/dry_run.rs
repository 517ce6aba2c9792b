//! Dry runs: the URLs of the requests, without the requests.

use crate::support::{TestCommand, TestServer, artists};

#[test]
fn needs_no_credentials() {
    let args = ["daft", "punk", "--year", "1997", "-t", "album", "--dry-run"];
    let outcome = TestCommand::new().run(&args);
    outcome.assert_silent_success();
    insta::assert_snapshot!(outcome.stdout, @"https://api.spotify.com/v1/search?q=daft+punk+year%3A1997&type=album&limit=10&offset=0");
}

#[tokio::test]
async fn prints_a_url_for_each_page_of_the_cached_page_size() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 10).await;
    let folder = tempfile::tempdir().unwrap();
    let command = || server.command().with_cache_in(folder.path());
    let urls = || {
        let outcome = command().run(&["x", "-n", "70", "--dry-run"]);
        outcome.assert_success();
        outcome.stdout.lines().count()
    };
    assert_eq!(urls(), 2, "pages of 50 are tried first");
    command().run(&["x", "-n", "70"]).assert_success();
    assert_eq!(urls(), 7);
}

#[tokio::test]
async fn prints_the_urls_of_every_line_of_a_batch() {
    let server = TestServer::with_results(&artists(&[])).await;
    let command = server.command().with_file("names.txt", b"one\n\ncaf\xe9\ntwo words\n");
    let outcome = command.run(&["--input", "names.txt", "--dry-run", "-n", "60"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "bad_request"));
    let urls = outcome.stdout.replace(&server.url(), "");
    insta::assert_snapshot!(urls, @"
    /v1/search?q=one&type=artist&limit=50&offset=0
    /v1/search?q=one&type=artist&limit=10&offset=50
    /v1/search?q=two+words&type=artist&limit=50&offset=0
    /v1/search?q=two+words&type=artist&limit=10&offset=50
    ");
    assert_eq!(server.request_counts().await, (0, 0));
}
