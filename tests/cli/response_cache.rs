//! The response cache (`--cache`), and queries that a batch repeats.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use wiremock::{Request, ResponseTemplate};

use crate::support::{
    Outcome, SECRET, TOKEN, TestCommand, TestServer, artists, error, found, parameter, rate_limited,
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A server that finds one artist with the name of the query.
async fn echo() -> TestServer {
    TestServer::responding(|request: &Request| found(&[&parameter(request, "q")])).await
}

async fn echo_and_folder() -> (TestServer, TempDir) {
    (echo().await, tempfile::tempdir().unwrap())
}

fn run(server: &TestServer, folder: &Path, args: &[&str]) -> Outcome {
    server.command().with_cache_in(folder).run(args)
}

fn run_batch(command: TestCommand, lines: &[String], args: &[&str]) -> Outcome {
    let command = command.with_file("names.txt", lines.join("\n"));
    command.run(&[&["--input", "names.txt"], args].concat())
}

fn queries(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("query {number}")).collect()
}

fn responses(folder: &Path) -> PathBuf {
    folder.join("spotify-search/responses")
}

/// The files of the cached responses.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(responses(folder)) else { return Vec::new() };
    let files = entries.map(|entry| entry.unwrap().path());
    files.filter(|file| file.file_name().unwrap().len() == 64).collect()
}

/// The file of the only cached response.
#[track_caller]
fn file(folder: &Path) -> PathBuf {
    let mut files = files(folder);
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

fn set_modified(file: &Path, time: SystemTime) {
    File::options().append(true).open(file).unwrap().set_modified(time).unwrap();
}

#[tokio::test]
async fn repeated_batch_prints_the_same_and_sends_nothing() {
    for (page_size, limit, pages) in [(10, "10", 1), (10, "30", 3), (50, "30", 1)] {
        let server = TestServer::with_catalogue(&[("artists", 100)], page_size).await;
        let folder = tempfile::tempdir().unwrap();
        let run = |args: &[&str]| {
            let args = [&["-n", limit, "--cache", "1h"], args].concat();
            run_batch(server.command().with_cache_in(folder.path()), &queries(20), &args)
        };
        let first = run(&[]);
        first.assert_silent_success();
        assert_eq!(first.stdout.lines().count(), 20);
        let sent = server.requests().await.len();
        let second = run(&["-v"]);
        assert_eq!((second.exit_status, &second.stdout), (0, &first.stdout));
        assert_eq!(server.requests().await.len(), sent, "{}", second.stderr);
        let hits = second.stderr.matches(" INFO from the cache, ").count();
        assert_eq!(hits, 20 * pages, "{}", second.stderr);
    }
}

/// Removes the token and the page size.
fn remove_app_entry(folder: &Path) {
    let cache = fs::read_dir(folder.join("spotify-search")).unwrap();
    for entry in cache.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file()) {
        fs::remove_file(entry.path()).unwrap();
    }
}

#[tokio::test]
async fn cached_search_needs_no_token() {
    let (server, folder) = echo_and_folder().await;
    let first = run(&server, folder.path(), &["BTS", "--cache", "1h"]);
    remove_app_entry(folder.path());
    let second = run(&server, folder.path(), &["BTS", "--cache", "1h"]);
    second.assert_silent_success();
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(server.request_counts().await, (1, 1));
}

#[tokio::test]
async fn cached_pages_need_no_page_size() {
    let server = TestServer::with_catalogue(&[("artists", 40)], 10).await;
    let folder = tempfile::tempdir().unwrap();
    let args = ["x", "-n", "30", "--cache", "1h"];
    let first = run(&server, folder.path(), &args);
    remove_app_entry(folder.path());
    let sent = server.request_counts().await;
    let second = run(&server, folder.path(), &args);
    second.assert_silent_success();
    assert_eq!((second.stdout, server.request_counts().await), (first.stdout, sent));
}

#[tokio::test]
async fn response_that_is_too_old_is_fetched_again() {
    let (server, folder) = echo_and_folder().await;
    let searches = async |age| {
        run(&server, folder.path(), &["BTS", "--cache", age]).assert_success();
        server.request_counts().await.1
    };
    assert_eq!((searches("1h").await, searches("1h").await), (1, 1));
    let now = SystemTime::now();
    set_modified(&file(folder.path()), now - 3 * HOUR + Duration::from_secs(30));
    let hit = run(&server, folder.path(), &["BTS", "--cache", "4h", "-v"]);
    insta::assert_snapshot!(hit.stderr.lines().last().unwrap(), @r#" INFO from the cache, 3 h old query="BTS""#);
    assert_eq!((searches("4h").await, searches("1h").await), (1, 2));
    assert_eq!(searches("1h").await, 2, "the response was replaced");
    set_modified(&file(folder.path()), now + HOUR);
    assert_eq!((searches("1h").await, searches("1h").await), (3, 3), "a time in the future");
    run(&server, folder.path(), &["BTS"]).assert_success();
    assert_eq!(server.request_counts().await.1, 4, "without --cache");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn batch_that_was_killed_sends_only_the_rest() {
    let server = TestServer::responding(|request: &Request| {
        found(&[&parameter(request, "q")]).set_delay(Duration::from_millis(10))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let args = ["--input", "names.txt", "--cache", "1h"];
    let command = || {
        let command = server.command().with_cache_in(folder.path());
        command.with_file("names.txt", queries(60).join("\n"))
    };
    let killed = command();
    let mut child = killed.std_command(&args).stdout(std::process::Stdio::null()).spawn().unwrap();
    while files(folder.path()).len() < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let stored = files(folder.path()).len();
    let before = server.searches().await.len();
    let outcome = command().run(&args);
    outcome.assert_silent_success();
    assert_eq!(outcome.stdout.lines().count(), 60);
    let searches = server.searches().await.len();
    assert_eq!(searches - before, 60 - stored);
    assert!(stored < 60 && searches <= 60 + 4, "{stored} stored, {searches} searches");
}

#[tokio::test]
async fn cached_search_ignores_a_cooldown() {
    let server = TestServer::with_tokens().await;
    server.on_search(found(&["BTS"]), Some(1)).await;
    server.on_search(rate_limited("5000"), None).await;
    let folder = tempfile::tempdir().unwrap();
    let run = |query| run(&server, folder.path(), &[query, "--cache", "1h"]);
    let first = run("BTS");
    run("other").assert_error(1, "rate_limited");
    let sent = server.requests().await.len();
    let cached = run("BTS");
    cached.assert_silent_success();
    assert_eq!(cached.stdout, first.stdout);
    run("other").assert_error(1, "rate_limited");
    assert_eq!(server.requests().await.len(), sent);
}

#[tokio::test]
async fn apps_and_queries_do_not_share_responses() {
    let (server, folder) = echo_and_folder().await;
    for (id, args) in [
        ("one", &["BTS"][..]),
        ("two", &["BTS"]),
        ("one", &["bts"]),
        ("one", &["BTS", "-n", "5"]),
        ("one", &["BTS", "-m", "KR"]),
    ] {
        let sent = server.request_counts().await.1;
        for _ in 0..2 {
            let command = server.command().with_cache_in(folder.path());
            let command = command.env("SPOTIFY_CLIENT_ID", id);
            command.run(&[args, &["--cache", "1h"]].concat()).assert_success();
        }
        assert_eq!(server.request_counts().await.1, sent + 1, "{id} {args:?}");
    }
}

#[tokio::test]
async fn failures_and_unusable_responses_are_not_stored() {
    let text = |text| ResponseTemplate::new(200).set_body_string(text);
    for response in [error(404, ""), error(500, ""), text("{}"), text("<html>"), text("{\"ar")] {
        let server = TestServer::responding(response).await;
        let folder = tempfile::tempdir().unwrap();
        let args = ["BTS", "--cache", "1h", "--retries", "0"];
        for _ in 0..2 {
            assert_eq!(run(&server, folder.path(), &args).exit_status, 1);
        }
        assert_eq!(server.request_counts().await.1, 2);
        assert!(files(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn corrupt_response_is_fetched_again_and_replaced() {
    let (server, folder) = echo_and_folder().await;
    let run = || run(&server, folder.path(), &["BTS", "--cache", "1h", "-v"]);
    let first = run();
    let file = file(folder.path());
    let body = fs::read(&file).unwrap();
    for corrupt in [b"", &body[..body.len() - 1], b"[]", b"{}", b"\xff"] {
        fs::write(&file, corrupt).unwrap();
        let sent = server.request_counts().await.1;
        let (outcome, hit) = (run(), run());
        assert_eq!((&outcome.stdout, &hit.stdout), (&first.stdout, &first.stdout));
        assert!(outcome.stderr.contains(" INFO ignored a cached response: "), "{outcome:?}");
        assert!(hit.stderr.contains(" INFO from the cache, "), "{hit:?}");
        assert_eq!(server.request_counts().await.1, sent + 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_plain_files_are_read() {
    let (server, folder) = echo_and_folder().await;
    let run = || run(&server, folder.path(), &["BTS", "--cache", "1h"]);
    let first = run();
    let file = file(folder.path());
    let target = folder.path().join("target");
    let planted = serde_json::to_vec(&artists(&["planted"])).unwrap();
    fs::write(&target, &planted).unwrap();
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(&target, &file).unwrap();
    assert_eq!(run().stdout, first.stdout);
    assert_eq!(server.request_counts().await.1, 2);
    assert_eq!(run().stdout, first.stdout);
    assert_eq!(server.request_counts().await.1, 2, "the symlink was replaced");
    assert_eq!(fs::read(&target).unwrap(), planted, "and not followed");

    fs::remove_file(&file).unwrap();
    nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert_eq!(run().stdout, first.stdout, "a pipe does not block");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(run().stdout, first.stdout);
    fs::remove_dir_all(responses(folder.path())).unwrap();
    fs::write(responses(folder.path()), "").unwrap();
    assert_eq!(run().stdout, first.stdout, "a file in place of the directory");
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_private_and_contain_no_secret() {
    use std::os::unix::fs::PermissionsExt;
    let (server, folder) = echo_and_folder().await;
    let command = server.command().with_cache_in(folder.path());
    let command = command.std_command(&["BTS", "--cache", "1h"]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "umask 0; exec \"$0\" \"$@\""]).arg(command.get_program());
    shell.args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    assert!(shell.output().unwrap().status.success());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let directory = responses(folder.path());
    assert_eq!(mode(&directory), 0o700);
    let paths: Vec<_> =
        fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(paths.len(), 2, "the response and the usage: {paths:?}");
    for path in paths {
        assert_eq!(mode(&path), 0o600, "{path:?}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(TOKEN) && !text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn expired_responses_and_abandoned_files_are_removed_once_a_day() {
    let (server, folder) = echo_and_folder().await;
    let old = |path: PathBuf, age| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "{}").unwrap();
        set_modified(&path, SystemTime::now() - age);
        path
    };
    let plant = || {
        let (top, responses) = (folder.path().join("spotify-search"), responses(folder.path()));
        let removed = [
            old(responses.join("e".repeat(64)), 31 * DAY),
            old(responses.join(".spotify-search-Ab"), 2 * HOUR),
            old(top.join(".spotify-search-Gh"), 2 * HOUR),
        ];
        let kept = [
            old(responses.join("f".repeat(64)), 29 * DAY),
            old(responses.join(".spotify-search-Mn"), HOUR / 2),
            old(responses.join("unknown"), 31 * DAY),
        ];
        (removed, kept)
    };
    let (removed, kept) = plant();
    run(&server, folder.path(), &["one", "--cache", "1h"]).assert_silent_success();
    assert!(!removed.iter().any(|path| path.exists()), "{removed:?}");
    assert!(kept.iter().all(|path| path.exists()), "{kept:?}");

    let (removed, _) = plant();
    run(&server, folder.path(), &["two", "--cache", "1h"]).assert_silent_success();
    assert!(removed.iter().all(|path| path.exists()), "on the same day");
    fs::write(responses(folder.path()).join("usage.json"), r#"{"pruned":1000,"bytes":0}"#).unwrap();
    run(&server, folder.path(), &["three", "--cache", "1h"]).assert_silent_success();
    assert!(!removed.iter().any(|path| path.exists()), "{removed:?}");
}

#[tokio::test]
async fn demo_and_dry_run_ignore_the_cache() {
    let (server, folder) = echo_and_folder().await;
    for flag in ["--demo", "--dry-run"] {
        run(&server, folder.path(), &["BTS", flag, "-q", "--cache", "1h"]).assert_silent_success();
    }
    assert!(!folder.path().join("spotify-search").exists());
}

#[test]
fn age_is_a_number_with_a_unit() {
    let stderr = |args: &[&str]| {
        let outcome = TestCommand::new().run(&[&["BTS"], args].concat());
        assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
        outcome.stderr
    };
    for age in ["x", "12", "1w", "1.5h"] {
        let message = "must be a number with s, m, h or d, such as 12h";
        assert!(stderr(&["--cache", age]).contains(message), "{age}");
    }
    assert!(stderr(&["--cache", "31d"]).contains("must be at most 30d"));
    assert!(stderr(&["--cache", "1h", "--no-cache"]).contains("cannot be used with"));
}

#[tokio::test]
async fn repeated_query_of_a_batch_is_sent_once() {
    let server = echo().await;
    let lines: Vec<String> = (0..3_000).map(|number| format!("query {}", number % 300)).collect();
    let outcome = run_batch(server.command(), &lines, &["-f", "id"]);
    outcome.assert_silent_success();
    let ids: Vec<String> = lines.iter().map(|line| format!("id-{line}")).collect();
    assert_eq!(outcome.stdout.lines().collect::<Vec<_>>(), ids);
    assert_eq!(server.request_counts().await, (1, 300));
}

#[tokio::test]
async fn query_that_is_repeated_while_it_is_in_flight_is_sent_once() {
    let server = TestServer::with_tokens().await;
    server.on_search(error(404, ""), Some(1)).await;
    server.on_search(found(&["BTS"]).set_delay(Duration::from_millis(50)), None).await;
    let lines = vec!["BTS".to_owned(); 40];
    let outcome = run_batch(server.command(), &lines, &["-f", "id"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "not_found"), "{outcome:?}");
    assert_eq!(outcome.stdout, "id-BTS\n".repeat(39));
    assert_eq!(server.request_counts().await, (1, 2), "a failed query is sent again");
}
