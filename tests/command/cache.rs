//! The cache: what a run stores for the next, and faults of the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{
    Catalogue, Outcome, Request, Respond, ResponseTemplate, SECRET, TOKEN, TestServer, artists,
    error, found, parameter, rate_limited, token,
};
use tempfile::TempDir;

/// A server and a folder for the cache.
async fn server_and_folder() -> (TestServer, TempDir) {
    (TestServer::with_results(&artists(&["BTS"])).await, tempfile::tempdir().unwrap())
}

fn run(server: &TestServer, folder: &Path, args: &[&str]) -> Outcome {
    server.command().with_cache_in(folder).run(&[&["BTS"], args].concat())
}

/// The cache file of the app.
fn cache_file(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("spotify-search")).unwrap();
    let mut files = entries.map(|entry| entry.unwrap().path());
    files.find(|path| path.extension().is_some_and(|extension| extension == "json")).unwrap()
}

#[tokio::test]
async fn later_runs_use_the_cached_token() {
    let (server, folder) = server_and_folder().await;
    for _ in 0..3 {
        run(&server, folder.path(), &[]).assert_success();
    }
    assert_eq!(server.request_counts().await, (1, 3));
    run(&server, folder.path(), &["--no-cache"]).assert_success();
    assert_eq!(server.request_counts().await, (2, 4));
    let text = fs::read_to_string(cache_file(folder.path())).unwrap();
    assert!(text.contains(TOKEN) && !text.contains(SECRET));
}

#[tokio::test]
async fn changed_secret_does_not_get_the_cached_token() {
    let (server, folder) = server_and_folder().await;
    run(&server, folder.path(), &[]);
    let command = server.command().with_cache_in(folder.path());
    command.env("SPOTIFY_CLIENT_SECRET", "changed").run(&["BTS"]).assert_success();
    assert_eq!(server.request_counts().await, (2, 2));
}

#[tokio::test]
async fn token_that_expires_soon_or_is_rejected_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::without_responses().await;
    let short = r#"{"access_token":"short","expires_in":1}"#;
    server.on_token(ResponseTemplate::new(200).set_body_string(short), Some(1)).await;
    server.on_token(token("long"), Some(1)).await;
    server.on_token(token("new"), None).await;
    server.on_search(found(&["BTS"]), Some(2)).await;
    server.on_search(error(401, "The access token expired"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    for tokens in [1, 2, 3, 3] {
        run(&server, folder.path(), &[]).assert_success();
        assert_eq!(server.request_counts().await.0, tokens);
    }
}

#[tokio::test]
async fn parallel_runs_share_one_token_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::without_responses().await;
    server.on_token(token(TOKEN).set_delay(Duration::from_millis(300)), None).await;
    server.on_search(found(&["BTS"]), None).await;
    let commands: Vec<_> = (0..40).map(|_| server.command().with_cache_in(folder.path())).collect();
    let children: Vec<_> = commands
        .iter()
        .map(|command| command.std_command(&["BTS"]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(server.request_counts().await, (1, 40));
}

#[tokio::test]
async fn long_cooldown_fails_the_next_run_at_once_without_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::responding(rate_limited("5000")).await;
    run(&server, folder.path(), &[]).assert_error(1, "rate_limited");
    assert_eq!(server.request_counts().await, (1, 1));

    let start = Instant::now();
    let outcome = run(&server, folder.path(), &[]);
    assert!(start.elapsed() < Duration::from_secs(10));
    outcome.assert_error(1, "rate_limited");
    assert!(outcome.stderr.contains("still rate limited by Spotify: 1 h 2"), "{outcome:?}");
    assert!(outcome.stderr.contains("search again after "), "{outcome:?}");
    assert!(outcome.stderr.ends_with(", or pass --no-cache to try anyway\n"), "{outcome:?}");
    assert_eq!(server.request_counts().await, (1, 1), "nothing was sent");

    let outcome = run(&server, folder.path(), &["--no-cache"]);
    outcome.assert_error(1, "rate_limited");
    assert!(!outcome.stderr.contains("--no-cache"), "{outcome:?}");
    assert_eq!(server.request_counts().await, (2, 2), "the request was sent");
}

#[tokio::test]
async fn cooldown_is_cached_whichever_page_was_rate_limited() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::new(&[("artists", 100)], 10);
    let has_failed = AtomicBool::new(false);
    let server = TestServer::responding(move |request: &Request| {
        match parameter(request, "offset").as_str() {
            // The retry of this page meets the cooldown that the next page started.
            "10" if !has_failed.swap(true, Ordering::Relaxed) => error(503, ""),
            "20" => rate_limited("5000"),
            _ => catalogue.respond(request),
        }
    })
    .await;
    run(&server, folder.path(), &["-n", "40"]).assert_error(1, "rate_limited");
    let (_, searches) = server.request_counts().await;
    run(&server, folder.path(), &[]).assert_error(1, "rate_limited");
    assert_eq!(server.request_counts().await.1, searches, "nothing was sent");
}

#[tokio::test]
async fn waits_for_a_cached_cooldown_within_max_wait() {
    let folder = tempfile::tempdir().unwrap();
    let server = TestServer::with_tokens().await;
    server.on_search(rate_limited("2"), Some(1)).await;
    server.on_search(found(&["BTS"]), None).await;
    run(&server, folder.path(), &["--max-wait", "0"]).assert_error(1, "rate_limited");
    let start = Instant::now();
    let outcome = run(&server, folder.path(), &["--max-wait", "5"]);
    outcome.assert_success();
    assert!(start.elapsed() > Duration::from_millis(1_500), "most of the cooldown");
    let note = "note: rate limited by Spotify; waiting ";
    assert!(outcome.stderr.starts_with(note), "{outcome:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn cache_fault_is_logged_and_does_not_fail_the_search() {
    let (server, folder) = server_and_folder().await;
    let assert_logged = |home: &Path, fault: &str| {
        let outcome = run(&server, home, &["-v"]);
        outcome.assert_success();
        let is_logged = outcome.stderr.contains("INFO cannot ");
        assert!(is_logged && outcome.stderr.contains("the cache: "), "{fault}: {outcome:?}");
    };
    run(&server, folder.path(), &[]);
    let file = cache_file(folder.path());
    for text in ["", "{\"token\": [", &"x".repeat(1 << 20)] {
        fs::write(&file, text).unwrap();
        assert_logged(folder.path(), "a corrupt file");
        let log = run(&server, folder.path(), &["-v"]).stderr;
        assert!(!log.contains("the cache: "), "the file was replaced: {log}");
    }

    let assert_lasts = |home: &Path, fault: &str| {
        assert_logged(home, fault);
        assert_eq!(run(&server, home, &[]).stderr, "", "{fault}");
    };
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    assert_lasts(&blocked, "a file in place of the parent folder");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_lasts(folder.path(), "a folder in place of the file");
    let cache = folder.path().join("spotify-search");
    fs::remove_dir_all(&cache).unwrap();
    std::os::unix::fs::symlink("/nonexistent/place", &cache).unwrap();
    assert_lasts(folder.path(), "a dangling symlink in place of the folder");
    assert_lasts(Path::new("/proc"), "a folder that cannot be written");
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn symlinked_directory_is_used_and_keeps_its_mode() {
    let (server, folder) = server_and_folder().await;
    let disk = tempfile::tempdir().unwrap();
    set_mode(disk.path(), 0o755);
    let home = folder.path().join("home");
    for (link, cache_home) in
        [(folder.path().join("spotify-search"), folder.path()), (home.clone(), &home)]
    {
        std::os::unix::fs::symlink(disk.path(), link).unwrap();
        let (tokens, _) = server.request_counts().await;
        for _ in 0..2 {
            run(&server, cache_home, &[]).assert_silent_success();
        }
        assert_eq!(server.request_counts().await.0, tokens + 1);
        assert!(fs::read_dir(disk.path()).unwrap().count() > 0);
        assert_eq!(mode(disk.path()), 0o755);
    }
}
