//! Pagination: searches that take more than one page.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{
    Catalogue, Outcome, Request, Respond, ResponseTemplate, TestServer, error, parameter,
};
use serde_json::{Value, json};

fn names(outcome: &Outcome, section: &str) -> Vec<String> {
    outcome.assert_success();
    let results = outcome.json();
    let items = results[section]["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// The names in a [`Catalogue`].
fn numbered(section: &str, numbers: Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("{section} {number}")).collect()
}

#[tokio::test]
async fn learns_a_page_size_of_10_from_one_refusal_and_caches_it() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 10).await;
    let folder = tempfile::tempdir().unwrap();
    let run = || server.command().with_cache_in(folder.path()).run(&["x", "--limit", "35"]);
    let outcome = run();
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..35));
    assert_eq!(outcome.stderr, "");
    let mut pages = server.pages().await;
    assert_eq!(pages.remove(0), (35, 0));
    pages.sort_by_key(|(_, offset)| *offset);
    assert_eq!(pages, [(10, 0), (10, 10), (10, 20), (5, 30)]);

    assert_eq!(names(&run(), "artists").len(), 35);
    assert_eq!(server.pages().await.len(), 5 + 4, "no refusal in the second run");
}

#[tokio::test]
async fn fetches_100_results_with_two_requests_if_the_page_size_is_50() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 50).await;
    let outcome = server.run(&["x", "--limit", "100"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..100));
    assert_eq!(server.pages().await, [(50, 0), (50, 50)]);
}

#[tokio::test]
async fn never_requests_results_after_the_first_1000() {
    for page_size in [10, 50] {
        let server = TestServer::with_catalogue(&[("artists", 5_000)], page_size).await;
        let outcome = server.run(&["x", "--limit", "1000", "--jobs", "16"]);
        assert_eq!(names(&outcome, "artists"), numbered("artists", 0..1_000));
        let pages = server.pages().await;
        assert!(pages.iter().all(|(limit, offset)| offset + limit <= 1_000), "{pages:?}");
    }
}

#[tokio::test]
async fn other_errors_do_not_change_the_page_size() {
    for response in [error(400, "Invalid offset"), error(400, ""), error(404, "Invalid limit")] {
        let server = TestServer::responding(response).await;
        assert_eq!(server.run(&["x", "--limit", "35"]).exit_status, 1);
        assert_eq!(server.request_counts().await, (1, 1));
    }
}

#[tokio::test]
async fn restarts_with_small_pages_if_the_page_size_shrinks() {
    let [large, small] = [50, 10].map(|page_size| Catalogue::new(&[("artists", 500)], page_size));
    let requests = AtomicUsize::new(0);
    let server = TestServer::responding(move |request: &Request| {
        match requests.fetch_add(1, Ordering::Relaxed) {
            0..3 => large.respond(request),
            _ => small.respond(request),
        }
    })
    .await;
    let outcome = server.run(&["x", "--limit", "300", "--jobs", "1"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..300));
}

#[tokio::test]
async fn merged_pages_have_the_requested_limit_and_offset() {
    let server = TestServer::with_catalogue(&[("artists", 200)], 50).await;
    let outcome = server.run(&["x", "--limit", "70", "--offset", "20"]);
    let mut artists = outcome.json()["artists"].take();
    assert_eq!(artists["items"].take().as_array().unwrap().len(), 70);
    let expected = json!({
        "href": "offset=20", "items": null, "limit": 70, "next": "offset=90", "offset": 20,
        "previous": "before", "total": 200,
    });
    assert_eq!(artists, expected);
}

#[tokio::test]
async fn each_type_ends_independently() {
    let totals = [("artists", 3), ("tracks", 27), ("albums", 0)];
    let server = TestServer::with_catalogue(&totals, 10).await;
    let outcome = server.run(&["x", "-t", "artist,track,album", "--limit", "30"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..3));
    assert_eq!(names(&outcome, "tracks"), numbered("tracks", 0..27));
    assert!(names(&outcome, "albums").is_empty());
    assert_eq!((outcome.stderr.as_str(), server.pages().await.len()), ("", 1 + 3));
}

/// A server with a page size of 10 that returns this section for each offset.
async fn with_pages(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> TestServer {
    TestServer::responding(move |request: &Request| {
        if parameter(request, "limit").parse::<usize>().unwrap() > 10 {
            return error(400, "Invalid limit");
        }
        let offset = parameter(request, "offset").parse().unwrap();
        ResponseTemplate::new(200).set_body_json(json!({"artists": page(offset)}))
    })
    .await
}

fn items(numbers: Range<usize>) -> Vec<Value> {
    let item =
        |number: usize| json!({"id": number.to_string(), "name": format!("artists {number}")});
    numbers.map(item).collect()
}

#[tokio::test]
async fn full_page_is_followed_by_another_one() {
    for end in [json!({"next": null, "total": 0}), json!({"next": "more", "total": 0}), json!({})] {
        let server = with_pages(move |offset| {
            let mut page = end.clone();
            page["items"] = items(offset..offset + 10).into();
            page
        })
        .await;
        assert_eq!(names(&server.run(&["x", "-n", "30"]), "artists"), numbered("artists", 0..30));
    }
    // The same page again ends the results.
    let server = with_pages(|_| json!({"items": items(0..10), "next": null})).await;
    let outcome = server.run(&["x", "-n", "50", "-j", "1"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..10));
    assert_eq!(server.request_counts().await, (1, 1 + 2));
}

#[tokio::test]
async fn continues_beyond_the_total_while_there_is_a_next_page() {
    // The total is smaller than the number of results, and changes from page to page.
    let server = with_pages(|offset| {
        let next = (offset < 30).then_some("more");
        json!({"items": items(offset..35.min(offset + 10)), "next": next, "total": 3 + offset})
    })
    .await;
    let outcome = server.run(&["x", "--limit", "60"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..35));
    assert_eq!(outcome.json()["artists"]["total"], 33);
    assert_eq!(outcome.stderr, "");
}

#[tokio::test]
async fn ends_at_an_empty_page() {
    // The third page is empty, although it names a next page.
    let server = with_pages(|offset| {
        let items = if offset < 20 { items(offset..offset + 10) } else { Vec::new() };
        json!({"items": items, "next": "more", "total": 500})
    })
    .await;
    let outcome = server.run(&["x", "--limit", "60", "--jobs", "1"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..20));
    assert_eq!(outcome.stderr, "");
    assert_eq!(server.request_counts().await, (1, 1 + 3));
}

#[tokio::test]
async fn drops_nulls_and_repeated_ids_across_pages() {
    let server = with_pages(|offset| {
        // Each page begins with a null and with the last item of the page before.
        let start = offset / 10 * 8;
        let mut items = items(start.saturating_sub(1)..start + 8);
        items.insert(0, Value::Null);
        json!({"items": items, "next": (offset < 20).then_some("more"), "total": 28})
    })
    .await;
    let outcome = server.run(&["x", "--limit", "30"]);
    assert_eq!(
        names(&outcome, "artists"),
        numbered("artists", 0..27),
        "a fourth page replaces the nulls"
    );
}

#[tokio::test]
async fn failed_page_fails_the_search() {
    let catalogue = Catalogue::new(&[("artists", 500)], 10);
    let server = TestServer::responding(move |request: &Request| {
        match parameter(request, "offset").as_str() {
            "20" => error(404, ""),
            _ => catalogue.respond(request),
        }
    })
    .await;
    server.run(&["x", "--limit", "50"]).assert_error(1, "not_found");
}

#[tokio::test]
async fn failed_page_after_the_last_result_is_ignored() {
    // The total promises the third page, so it is requested before the second page ends the results.
    let server = with_pages(|offset| {
        let next = (offset < 10).then_some("more");
        let items =
            if offset < 20 { json!(items(offset..15.min(offset + 10))) } else { json!("no list") };
        json!({"items": items, "next": next, "total": 500})
    })
    .await;
    assert_eq!(names(&server.run(&["x", "--limit", "50"]), "artists").len(), 15);
}
