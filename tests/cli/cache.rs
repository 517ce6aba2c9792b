//! What one run leaves for the next, and what happens where that can't be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wiremock::{Request, Respond, ResponseTemplate};

use crate::support::{
    Outcome, SECRET, Spotify, TOKEN, artists, catalogue, error, parameter, token,
};

/// A server and a place to remember it in.
async fn setting() -> (Spotify, TempDir) {
    (Spotify::with(&artists(&["BTS"])).await, tempfile::tempdir().unwrap())
}

fn run(spotify: &Spotify, home: &Path, args: &[&str]) -> Outcome {
    spotify.tool().remembering_in(home).run(&[&["BTS"], args].concat())
}

/// The file of the app.
fn file(home: &Path) -> PathBuf {
    let entries = fs::read_dir(home.join("spotify-search")).unwrap();
    let mut files = entries.map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|end| end == "json")).unwrap()
}

#[tokio::test]
async fn a_second_run_makes_no_request_for_a_token() {
    let (spotify, home) = setting().await;
    for _ in 0..3 {
        assert_eq!(run(&spotify, home.path(), &[]).code, 0);
    }
    assert_eq!(spotify.counts().await, (1, 3));
    assert_eq!(run(&spotify, home.path(), &["--no-cache"]).code, 0);
    assert_eq!(spotify.counts().await, (2, 4));
    let text = fs::read_to_string(file(home.path())).unwrap();
    assert!(text.contains(TOKEN) && !text.contains(SECRET));
}

#[tokio::test]
async fn another_secret_never_meets_an_old_token() {
    let (spotify, home) = setting().await;
    run(&spotify, home.path(), &[]);
    let changed =
        spotify.tool().remembering_in(home.path()).env("SPOTIFY_CLIENT_SECRET", "changed");
    assert_eq!(changed.run(&["BTS"]).code, 0);
    assert_eq!(spotify.counts().await, (2, 2));
}

#[tokio::test]
async fn a_token_near_its_end_or_refused_is_fetched_anew() {
    let home = tempfile::tempdir().unwrap();
    let spotify = Spotify::silent().await;
    let short =
        ResponseTemplate::new(200).set_body_string(r#"{"access_token":"short","expires_in":59}"#);
    spotify.tokens(short, Some(1)).await;
    spotify.tokens(token("long"), Some(1)).await;
    spotify.tokens(token("new"), None).await;
    spotify.searches(ResponseTemplate::new(200).set_body_json(artists(&["BTS"])), Some(2)).await;
    spotify.searches(error(401, "The access token expired"), Some(1)).await;
    spotify.searches(ResponseTemplate::new(200).set_body_json(artists(&["BTS"])), None).await;
    for tokens in [1, 2, 3, 3] {
        assert_eq!(run(&spotify, home.path(), &[]).code, 0);
        assert_eq!(spotify.counts().await.0, tokens);
    }
}

#[tokio::test]
async fn forty_runs_at_once_make_one_request_for_a_token() {
    let home = tempfile::tempdir().unwrap();
    let spotify = Spotify::silent().await;
    spotify.tokens(token(TOKEN).set_delay(Duration::from_millis(300)), None).await;
    spotify.searches(ResponseTemplate::new(200).set_body_json(artists(&["BTS"])), None).await;
    let tools: Vec<_> = (0..40).map(|_| spotify.tool().remembering_in(home.path())).collect();
    let children: Vec<_> = tools
        .iter()
        .map(|tool| tool.std_command(&["BTS"]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(spotify.counts().await, (1, 40));
}

#[tokio::test]
async fn a_long_cool_down_fails_the_next_run_at_once_without_a_request() {
    let home = tempfile::tempdir().unwrap();
    let limited = ResponseTemplate::new(429).append_header("retry-after", "5000");
    let spotify = Spotify::answering(limited).await;
    assert_eq!(run(&spotify, home.path(), &[]).error_code(), "rate_limited");
    assert_eq!(spotify.counts().await, (1, 1));

    let begun = Instant::now();
    let outcome = run(&spotify, home.path(), &[]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!((outcome.code, outcome.error_code()), (1, "rate_limited"));
    assert!(outcome.stderr.contains("Spotify asked to keep away, and 1 h 2"), "{outcome:?}");
    assert!(outcome.stderr.contains("search again after "), "{outcome:?}");
    assert_eq!(spotify.counts().await, (1, 1), "nothing was sent");

    assert_eq!(run(&spotify, home.path(), &["--no-cache"]).error_code(), "rate_limited");
    assert_eq!(spotify.counts().await, (2, 2), "it asked all the same");
}

#[tokio::test]
async fn a_cool_down_is_remembered_whichever_page_met_it() {
    let home = tempfile::tempdir().unwrap();
    let spotify = Spotify::giving_tokens().await;
    let pages = catalogue(&[("artists", 100)], 10);
    let failed = AtomicBool::new(false);
    let answer = move |request: &Request| match parameter(request, "offset").as_str() {
        // This one is tried again, and meets what the next one was told.
        "10" if !failed.swap(true, Ordering::Relaxed) => error(503, ""),
        "20" => ResponseTemplate::new(429).append_header("retry-after", "5000"),
        _ => pages.respond(request),
    };
    spotify.searches(answer, None).await;
    assert_eq!(run(&spotify, home.path(), &["-n", "40"]).error_code(), "rate_limited");
    let (_, before) = spotify.counts().await;
    assert_eq!(run(&spotify, home.path(), &[]).error_code(), "rate_limited");
    assert_eq!(spotify.counts().await.1, before, "nothing was sent");
}

#[tokio::test]
async fn a_cool_down_that_fits_is_waited_out() {
    let home = tempfile::tempdir().unwrap();
    let spotify = Spotify::giving_tokens().await;
    spotify.searches(ResponseTemplate::new(429).append_header("retry-after", "1"), Some(1)).await;
    spotify.searches(ResponseTemplate::new(200).set_body_json(artists(&["BTS"])), None).await;
    assert_eq!(run(&spotify, home.path(), &["--max-wait", "0"]).error_code(), "rate_limited");
    let begun = Instant::now();
    let outcome = run(&spotify, home.path(), &["--max-wait", "5"]);
    assert_eq!(outcome.code, 0);
    assert!(begun.elapsed() > Duration::from_millis(500), "that is most of it");
    assert!(
        outcome.stderr.starts_with("note: Spotify asked an earlier run to keep away"),
        "{outcome:?}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn every_fault_of_the_cache_costs_a_line_in_the_log_and_never_the_search() {
    let (spotify, home) = setting().await;
    let own = home.path().join("spotify-search");
    let blocked = home.path().join("file");
    fs::write(&blocked, "").unwrap();
    run(&spotify, home.path(), &[]);
    let path = file(home.path());

    let assert_survives = |home: &Path, what: &str| {
        let outcome = run(&spotify, home, &["-v"]);
        assert_eq!(outcome.code, 0, "{what}: {outcome:?}");
        assert!(outcome.stderr.contains("remember"), "{what}: {outcome:?}");
        assert_eq!(run(&spotify, home, &[]).stderr, "", "{what}");
    };
    for text in ["", "{\"token\": [", &"x".repeat(1 << 20)] {
        fs::write(&path, text).unwrap();
        assert_survives_once(&spotify, home.path(), text);
    }
    assert_survives(&blocked, "a regular file in the way");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_survives(home.path(), "a folder in its place");
    fs::remove_dir_all(&own).unwrap();
    std::os::unix::fs::symlink("/nonexistent/place", &own).unwrap();
    assert_survives(home.path(), "a link to nowhere in place of its folder");
    assert_survives(Path::new("/proc"), "a place that can't be written");
}

#[cfg(target_os = "linux")]
/// One run with a line in the log; what it found was replaced by something good.
fn assert_survives_once(spotify: &Spotify, home: &Path, what: &str) {
    let outcome = run(spotify, home, &["-v"]);
    assert_eq!(outcome.code, 0, "{what:.20}: {outcome:?}");
    assert!(outcome.stderr.contains("remember"), "{what:.20}: {outcome:?}");
    assert_eq!(run(spotify, home, &["-v"]).stderr, "", "{what:.20}: it was replaced");
}
