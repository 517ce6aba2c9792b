//! Searches of more than one page.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use crate::support::{Outcome, Spotify, Tool, catalogue, error, parameter};

fn names(outcome: &Outcome, section: &str) -> Vec<String> {
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let items = outcome.json()[section]["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

fn numbered(section: &str, range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|number| format!("{section} {number}")).collect()
}

#[tokio::test]
async fn a_cap_of_ten_is_learned_by_one_refusal_and_remembered() {
    let spotify = Spotify::with_catalogue(&[("artists", 200)], 10).await;
    let home = tempfile::tempdir().unwrap();
    let run = || spotify.tool().remembering_in(home.path()).run(&["x", "--limit", "35"]);
    let outcome = run();
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..35));
    assert_eq!(outcome.stderr, "");
    let mut ranges = spotify.ranges().await;
    assert_eq!(ranges.remove(0), (35, 0));
    ranges.sort_by_key(|range| range.1);
    assert_eq!(ranges, [(10, 0), (10, 10), (10, 20), (5, 30)]);

    assert_eq!(names(&run(), "artists").len(), 35);
    assert_eq!(spotify.ranges().await.len(), 5 + 4, "no refusal in the next run");
}

#[tokio::test]
async fn a_cap_of_fifty_takes_two_requests_for_a_hundred() {
    let spotify = Spotify::with_catalogue(&[("artists", 200)], 50).await;
    let outcome = spotify.run(&["x", "--limit", "100"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..100));
    assert_eq!(spotify.ranges().await, [(50, 0), (50, 50)]);
}

#[tokio::test]
async fn a_thousand_results_come_without_an_offset_of_a_thousand() {
    for cap in [10, 50] {
        let spotify = Spotify::with_catalogue(&[("artists", 5_000)], cap).await;
        let outcome = spotify.run(&["x", "--limit", "1000", "--jobs", "16"]);
        assert_eq!(names(&outcome, "artists"), numbered("artists", 0..1_000));
        assert!(spotify.ranges().await.iter().all(|(limit, offset)| offset + limit <= 1_000));
    }
}

#[tokio::test]
async fn another_refusal_teaches_nothing() {
    for answer in [error(400, "Invalid offset"), error(400, ""), error(404, "Invalid limit")] {
        let spotify = Spotify::answering(answer).await;
        assert_eq!(spotify.run(&["x", "--limit", "35"]).code, 1);
        assert_eq!(spotify.counts().await, (1, 1));
    }
}

#[tokio::test]
async fn a_cap_that_falls_during_a_search_costs_a_new_beginning() {
    let spotify = Spotify::giving_tokens().await;
    let (large, small) = (catalogue(&[("artists", 500)], 50), catalogue(&[("artists", 500)], 10));
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let answer =
        move |request: &Request| match asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0..3 => large.respond(request),
            _ => small.respond(request),
        };
    spotify.searches(answer, None).await;
    let outcome = spotify.run(&["x", "--limit", "300", "--jobs", "1"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..300));
}

#[tokio::test]
async fn a_merged_answer_has_the_range_asked_for() {
    let spotify = Spotify::with_catalogue(&[("artists", 200)], 50).await;
    let artists = spotify.run(&["x", "--limit", "70", "--offset", "20"]).json()["artists"].take();
    let field = |name: &str| artists[name].clone();
    assert_eq!(
        (field("limit"), field("offset"), field("total")),
        (json!(70), json!(20), json!(200))
    );
    assert_eq!((field("href"), field("next")), (json!("offset=20"), json!("offset=90")));
    assert_eq!(field("previous"), json!("before"));
    let keys: Vec<&String> = artists.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 7);
}

#[tokio::test]
async fn types_of_unequal_length_end_each_by_itself() {
    let spotify =
        Spotify::with_catalogue(&[("artists", 3), ("tracks", 27), ("albums", 0)], 10).await;
    let outcome = spotify.run(&["x", "-t", "artist,track,album", "--limit", "30"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..3));
    assert_eq!(names(&outcome, "tracks"), numbered("tracks", 0..27));
    assert!(names(&outcome, "albums").is_empty());
    assert_eq!((outcome.stderr.as_str(), spotify.ranges().await.len()), ("", 1 + 3));
}

/// Pages of ten, made by hand; the first is for nothing more than ten.
async fn with_pages(page: impl Fn(usize) -> Value + Send + Sync + 'static) -> Spotify {
    let spotify = Spotify::giving_tokens().await;
    let answer = move |request: &Request| {
        if parameter(request, "limit").parse::<usize>().unwrap() > 10 {
            return error(400, "Invalid limit");
        }
        let offset = parameter(request, "offset").parse().unwrap();
        ResponseTemplate::new(200).set_body_json(json!({"artists": page(offset)}))
    };
    spotify.searches(answer, None).await;
    spotify
}

fn artists(range: std::ops::Range<usize>) -> Vec<Value> {
    range
        .map(|number| json!({"id": number.to_string(), "name": format!("artists {number}")}))
        .collect()
}

#[tokio::test]
async fn the_total_alone_ends_nothing() {
    // It says fewer than there are, and other than on the page before.
    let spotify = with_pages(|offset| {
        let next = (offset < 30).then_some("more");
        json!({"items": artists(offset..offset + 10), "next": next, "total": 3 + offset})
    })
    .await;
    let outcome = spotify.run(&["x", "--limit", "60"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..40));
    assert_eq!(outcome.json()["artists"]["total"], 33);
    assert_eq!(outcome.stderr, "");
}

#[tokio::test]
async fn results_that_end_early_are_all_there_is_and_that_is_said() {
    // The third page is empty, although there is to be more.
    let spotify = with_pages(|offset| {
        let items = if offset < 20 { artists(offset..offset + 10) } else { Vec::new() };
        json!({"items": items, "next": "more", "total": 500})
    })
    .await;
    let outcome = spotify.run(&["x", "--limit", "60", "--jobs", "1"]);
    assert_eq!(names(&outcome, "artists"), numbered("artists", 0..20));
    assert_eq!(outcome.stderr, "note: 20 results came, although Spotify counts 60 there\n");
    assert_eq!(spotify.counts().await, (1, 1 + 3));
    assert_eq!(spotify.run(&["x", "--limit", "60", "--quiet"]).stderr, "");
}

#[tokio::test]
async fn nulls_and_repetitions_are_left_out_across_pages() {
    let spotify = with_pages(|offset| {
        // Each page begins with a null and the last of the page before.
        let begin = offset / 10 * 8;
        let mut items = artists(begin.saturating_sub(1)..begin + 8);
        items.insert(0, Value::Null);
        json!({"items": items, "next": (offset < 20).then_some("more"), "total": 28})
    })
    .await;
    let found = names(&spotify.run(&["x", "--limit", "30"]), "artists");
    assert_eq!(found, numbered("artists", 0..24));
}

#[tokio::test]
async fn a_page_that_fails_fails_the_search_and_one_past_the_end_does_not() {
    let failing = |at: usize| {
        let pages = catalogue(&[("artists", 500)], 10);
        move |request: &Request| {
            if parameter(request, "offset") == at.to_string() {
                error(404, "")
            } else {
                pages.respond(request)
            }
        }
    };
    let spotify = Spotify::giving_tokens().await;
    spotify.searches(failing(20), None).await;
    let outcome = spotify.run(&["x", "--limit", "50"]);
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.error_code()), (1, "", "not_found"));

    // Asked for ahead of time, when the total still promised it.
    let spotify = with_pages(|offset| {
        let next = (offset < 10).then_some("more");
        let items =
            if offset < 20 { json!(artists(offset..offset + 10)) } else { json!("no list") };
        json!({"items": items, "next": next, "total": 500})
    })
    .await;
    assert_eq!(names(&spotify.run(&["x", "--limit", "50"]), "artists").len(), 20);
}

#[tokio::test]
async fn pages_are_in_flight_together() {
    let spotify = Spotify::giving_tokens().await;
    let pages = catalogue(&[("artists", 400)], 10);
    let slow = move |request: &Request| pages.respond(request).set_delay(Duration::from_millis(25));
    spotify.searches(slow, None).await;
    let home = tempfile::tempdir().unwrap();
    let time = |jobs: &str| {
        let tool: Tool = spotify.tool().remembering_in(home.path());
        let begun = Instant::now();
        assert_eq!(
            names(&tool.run(&["x", "--limit", "400", "--jobs", jobs]), "artists").len(),
            400
        );
        begun.elapsed()
    };
    time("16");
    let (one, four) = (time("1"), time("4"));
    assert!(four < one / 2, "{four:?} with four, {one:?} with one");
}

#[tokio::test]
async fn a_dry_run_prints_a_url_a_page_of_the_size_that_is_known() {
    let spotify = Spotify::with_catalogue(&[("artists", 200)], 10).await;
    let home = tempfile::tempdir().unwrap();
    let dry_run = || {
        let outcome =
            spotify.tool().remembering_in(home.path()).run(&["x", "-n", "70", "--dry-run"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        outcome.stdout.lines().count()
    };
    assert_eq!(dry_run(), 2, "the first would be tried at 50");
    spotify.tool().remembering_in(home.path()).run(&["x", "-n", "70"]);
    assert_eq!(dry_run(), 7);
}

#[tokio::test]
async fn one_patience_holds_for_all_pages_of_a_query() {
    let spotify = Spotify::giving_tokens().await;
    let pages = catalogue(&[("artists", 100)], 50);
    let seen = std::sync::Mutex::new(std::collections::HashSet::new());
    // Every page asks to wait a second before it comes.
    let grudging = move |request: &Request| {
        if seen.lock().unwrap().insert(parameter(request, "offset")) {
            return ResponseTemplate::new(429).append_header("retry-after", "1");
        }
        pages.respond(request)
    };
    spotify.searches(grudging, None).await;
    let outcome = spotify.run(&["x", "--limit", "100", "--max-wait", "1.5"]);
    assert_eq!((outcome.code, outcome.error_code()), (1, "rate_limited"), "{outcome:?}");
    assert!(outcome.stderr.contains("--max-wait 2"), "{outcome:?}");
}
