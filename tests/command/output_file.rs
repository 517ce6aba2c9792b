//! The output file of a batch: it is complete, can be continued, and is never half written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{
    Outcome, Request, ResponseTemplate, TestCommand, TestServer, error, found, parameter,
    rate_limited,
};

/// A server that finds the query, or nothing for `none …`, or returns the status in `status 404 …`.
pub async fn server() -> TestServer {
    TestServer::responding(|request: &Request| {
        let query = parameter(request, "q");
        match query.split(' ').collect::<Vec<_>>().as_slice() {
            ["none", ..] => found(&[]),
            ["status", status, ..] => error(status.parse().unwrap(), "as requested"),
            _ => found(&[&query]),
        }
    })
    .await
}

/// A folder with an input. Every run continues `out.csv`.
pub struct Run<'a> {
    pub server: &'a TestServer,
    pub folder: &'a Path,
}

impl Run<'_> {
    pub fn command(&self) -> TestCommand {
        self.server.command()
    }

    pub fn run(&self, input: &str, args: &[&str]) -> Outcome {
        let path = self.folder.join("names.txt");
        fs::write(&path, input).unwrap();
        let output = self.out();
        let paths = ["-i", path.to_str().unwrap(), "-o", output.to_str().unwrap(), "-n", "1"];
        self.command().run(&[&paths, args].concat())
    }

    pub fn out(&self) -> PathBuf {
        self.folder.join("out.csv")
    }

    /// Returns the query and the result of each row.
    pub fn rows(&self) -> Vec<String> {
        let text = fs::read_to_string(self.out()).unwrap();
        let cells = |line: &str| line.split(',').take(2).collect::<Vec<_>>().join(" ");
        text.lines().skip(1).map(cells).collect()
    }
}

#[tokio::test]
async fn running_again_searches_only_for_the_rest() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let first = "b\nnone 1\nstatus 503\nb\nstatus 404\n\nc\n";
    let outcome = run.run(first, &["--retries", "0"]);
    assert_eq!((outcome.exit_status, outcome.stdout.as_str()), (1, ""));
    assert_eq!(
        run.rows(),
        ["b found", "none 1 none", "b found", "status 404 not_found", "c found"]
    );
    let sent = server.searches().await.len();
    assert_eq!(sent, 5, "the repeated line is not sent");
    // The failed line is asked again, a new line is sent, and the file has the order of the input.
    let outcome = run.run("a\nc\nstatus 503\nb\n", &["--retries", "0"]);
    assert_eq!(outcome.exit_status, 1);
    let queries: Vec<String> =
        server.searches().await[sent..].iter().map(|request| parameter(request, "q")).collect();
    assert_eq!(queries, ["a", "status 503"]);
    // Rows that no line asks for any more are kept at the end.
    let rows = ["a found", "c found", "b found", "none 1 none", "status 404 not_found"];
    assert_eq!(run.rows(), rows);
    // An old failure is an answer: nothing is sent, and nothing failed.
    let outcome = run.run("b\nstatus 404\n", &[]);
    assert_eq!(outcome.exit_status, 0);
    assert!(outcome.stderr.ends_with("out.csv: 2 of 2 lines done before\n"), "{outcome:?}");
    assert_eq!(server.searches().await.len(), sent + 2);
}

#[tokio::test]
async fn redo_searches_again_for_one_result() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\nnone 1\n", &[]).assert_success();
    run.run("a\nnone 1\n", &["--redo", "none"]).assert_success();
    assert_eq!(server.searches().await.len(), 3);
    run.run("a\nnone 1\n", &["--redo", "all"]).assert_success();
    assert_eq!(server.searches().await.len(), 5);
    assert_eq!(run.rows(), ["a found", "none 1 none"]);
}

#[tokio::test]
async fn refusal_of_every_line_leaves_no_answers() {
    let server = TestServer::responding(error(400, "Invalid market")).await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run { server: &server, folder: folder.path() };
    assert_eq!(run.run("a\nb\nc\n", &[]).exit_status, 1);
    assert!(run.rows().is_empty());
}

#[tokio::test]
async fn line_that_is_not_utf8_is_an_answer_at_once() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let command = || server.command().with_file("n.txt", b"radiohead\n\xff\xfe\nmuse\n");
    let out = folder.path().join("out.jsonl");
    let args = ["-i", "n.txt", "-o", out.to_str().unwrap()];
    let outcome = command().run(&args);
    assert_eq!((outcome.exit_status, outcome.error_code()), (0, "bad_request"));
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 3);
    let outcome = command().run(&args);
    assert!(outcome.exit_status == 0 && !outcome.stderr.contains("error"), "{outcome:?}");
}

#[tokio::test]
async fn limits_end_with_4_and_are_continued() {
    let sent = Arc::new(AtomicUsize::new(0));
    let quota = Arc::new(AtomicUsize::new(3));
    let (count, limit) = (sent.clone(), quota.clone());
    let server = TestServer::responding(move |request: &Request| {
        if count.fetch_add(1, Ordering::Relaxed) < limit.load(Ordering::Relaxed) {
            found(&[&parameter(request, "q")])
        } else {
            rate_limited("5000")
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run { server: &server, folder: folder.path() };
    let names = "a\nb\nc\nd\ne\nf\n";
    let outcome = run.run(names, &["-j", "1"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (4, "rate_limited"), "{outcome:?}");
    assert!(outcome.stderr.ends_with("hint: run the same command again to continue\n"));
    assert_eq!(run.rows(), ["a found", "b found", "c found"]);
    quota.store(usize::MAX, Ordering::Relaxed);
    let outcome = run.run(names, &["-j", "1", "--max-requests", "2", "--no-cache"]);
    assert_eq!((outcome.exit_status, outcome.error_code()), (4, "request_limit"), "{outcome:?}");
    assert_eq!(run.rows().len(), 5);
    run.run(names, &["--no-cache"]).assert_success();
    assert_eq!(run.rows().len(), 6);
    let unavailable = TestServer::responding(error(503, "down")).await;
    unavailable.run(&["x", "--max-requests", "1"]).assert_error(1, "request_limit");
}

#[tokio::test]
async fn columns_of_a_table_may_change() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let out = folder.path().join("out.tsv");
    let run = |table: &str| {
        let command = server.command().with_file("t.csv", table);
        command.run(&["-i", "t.csv", "-o", out.to_str().unwrap(), "-q"]).assert_success();
        let text = fs::read_to_string(&out).unwrap();
        let cells = |line: &str| line.split('\t').take(4).collect::<Vec<_>>().join(",");
        text.lines().map(cells).collect::<Vec<_>>()
    };
    run("artist,day\na,1\nb,1\n");
    let rows = run("day,rank,artist\n2,7,a\n");
    let expected = ["day,rank,artist,spotify_result", "2,7,a,found", "1,,b,found"];
    assert_eq!(rows, expected);
    assert_eq!(server.searches().await.len(), 2);
}

#[tokio::test]
async fn part_of_a_killed_run_is_finished_first() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\nb\n", &[]).assert_success();
    let whole = fs::read_to_string(run.out()).unwrap();
    let part = folder.path().join("out.csv.part");
    // A killed run has copied `a`, found `c`, and was writing `d`.
    let (header, a) = (whole.lines().next().unwrap(), whole.lines().nth(1).unwrap());
    // The last answer is searched for again: it may be cut.
    for (torn, requests) in [("", 2), ("d,fou", 1), ("d,found,,artist,\"x\n", 1), ("d", 1)] {
        let c = a.replacen('a', "c", 1);
        fs::write(&part, format!("{header}\n{a}\n{c}\n{torn}")).unwrap();
        fs::write(run.out(), &whole).unwrap();
        let sent = server.searches().await.len();
        run.run("a\nc\nd\n", &[]).assert_success();
        assert_eq!(run.rows(), ["a found", "c found", "d found", "b found"], "{torn:?}");
        assert_eq!(server.searches().await.len(), sent + requests, "{torn:?}");
        assert!(!part.exists());
    }
}

#[tokio::test]
async fn part_of_a_killed_run_may_have_other_columns_than_the_input() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let out = folder.path().join("out.csv");
    let run = |table: &str| {
        let command = server.command().with_file("t.csv", table);
        command.run(&["-i", "t.csv", "-o", out.to_str().unwrap(), "-n", "1"]).assert_success();
        fs::read_to_string(&out).unwrap()
    };
    let old = run("artist,day\na,1\nb,2\n");
    let part: String = old.split_inclusive('\n').take(2).collect();
    fs::write(folder.path().join("out.csv.part"), part).unwrap();
    let new = run("artist,day,rank\na,1,7\nb,2,8\n");
    assert_eq!(run("artist,day,rank\na,1,7\nb,2,8\n"), new);
    assert_eq!(server.searches().await.len(), 2);
}

#[tokio::test]
async fn tsv_with_a_quote_or_a_tab_in_a_query_is_continued() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let out = folder.path().join("out.tsv");
    for _ in 0..2 {
        let command = server.command().with_file("n.txt", "daft\tpunk\nnone 7\"\n");
        command.run(&["-i", "n.txt", "-o", out.to_str().unwrap()]).assert_success();
    }
    assert_eq!(server.searches().await.len(), 2);
}

#[tokio::test]
async fn lines_before_an_unreadable_one_are_searched_for() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let command = server.command().with_file("t.csv", "artist,day\na,1\nb,2\nc,3,4,5\n");
    let out = folder.path().join("out.csv");
    let mut run = command.std_command(&["-i", "-", "-o", out.to_str().unwrap()]);
    run.stdin(fs::File::open(run.get_current_dir().unwrap().join("t.csv")).unwrap());
    let output = run.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("stopped at line 4 of standard input\n"), "{stderr}");
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 3);
}

#[tokio::test]
async fn files_that_cannot_be_continued_are_not_changed() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\n", &[]).assert_success();
    let good = fs::read_to_string(run.out()).unwrap();
    for (bad, message) in [
        ("some,other,columns\nx,y,z\n".to_owned(), "it has no column \"result\""),
        (good.replacen("image\n", "image,notes\n", 1), "its column \"notes\" is neither"),
        (good.replacen(",image\n", "\n", 1), "it lacks \"image\": pass --columns matches,"),
        ("title,spotify_result\nx,none\n".to_owned(), "its rows belong to a table"),
        (good.replacen("a,", "b,", 1) + "c,\"found\n", "line 3 has a quote that is not closed"),
        (good.replace("a,found", "c,found"), "none of its rows belongs to a line of"),
        (good.replace(",artist,", ",track,"), "it has rows of the type track"),
    ] {
        fs::write(run.out(), &bad).unwrap();
        let outcome = run.run("a\nb\n", &[]);
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
        assert_eq!(fs::read_to_string(run.out()).unwrap(), bad);
        assert!(!run.out().with_extension("csv.part").exists());
    }
    fs::write(run.out(), &good).unwrap();
    let outcome = run.run("a\n", &["--redo", "nnoe"]);
    assert!(
        outcome.stderr.contains("no row has the result \"nnoe\": --redo takes exact, "),
        "{outcome:?}"
    );
    for (args, message) in [
        (&["-i", "n.txt", "-o", "out"][..], "--output needs --format"),
        (&["x", "-o", "out.csv"], "--input"),
        (&["-i", "n.txt", "-o", "o.csv", "--no-header"], "cannot be used with"),
        (&["-i", "n.txt", "--redo", "none"], "--output"),
    ] {
        let outcome = server.command().with_file("n.txt", "a\n").run(args);
        assert_eq!(outcome.exit_status, 2, "{outcome:?}");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
    }
    let outcome =
        server.command().with_file("n.csv", "artist\na\n").run(&["-i", "n.csv", "-o", "n.csv"]);
    outcome.assert_error(2, "config_invalid");
}

#[cfg(unix)]
#[tokio::test]
async fn symbolic_link_is_followed_even_if_its_target_does_not_exist() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    fs::create_dir(folder.path().join("data")).unwrap();
    std::os::unix::fs::symlink("data/ids.csv", run.out()).unwrap();
    for _ in 0..2 {
        run.run("a\n", &[]).assert_success();
        assert!(run.out().is_symlink());
        assert_eq!(run.rows(), ["a found"]);
    }
    assert_eq!(server.searches().await.len(), 1);
}

#[tokio::test]
async fn edit_during_a_run_is_kept() {
    let server = TestServer::responding(|request: &Request| -> ResponseTemplate {
        let query = parameter(request, "q");
        let delay = if query == "slow" { 500 } else { 0 };
        found(&[&query]).set_delay(Duration::from_millis(delay))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run { server: &server, folder: folder.path() };
    let names: Vec<String> = (0..300).map(|number| format!("name {number}\n")).collect();
    run.run(&names.concat(), &[]).assert_success();
    let input = format!("slow\n{}", names.concat());
    let command = server.command().with_file("names.txt", &input);
    let out = run.out();
    let args = ["-i", "names.txt", "-o", out.to_str().unwrap(), "-n", "1"];
    let child = command.std_command(&args).stderr(Stdio::piped()).spawn().unwrap();
    while server.searches().await.len() < 301 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // All rows after it are elsewhere in the file now.
    let edited = fs::read_to_string(&out).unwrap().replace("name 0,found", "name 0,mine");
    fs::write(&out, edited).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("was changed during the run"), "{stderr}");
    run.run(&input, &[]).assert_success();
    let rows = run.rows();
    assert_eq!(rows[..3], ["slow found", "name 0 mine", "name 1 found"]);
    for row in fs::read_to_string(&out).unwrap().lines().skip(3) {
        let name = row.split(',').next().unwrap();
        assert!(row.contains(&format!(",id-{name},")), "{row}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn second_run_ends_at_once_and_a_signal_keeps_what_is_done() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;

    let server = TestServer::responding(|request: &Request| -> ResponseTemplate {
        let delay = if parameter(request, "q") == "slow" { 20_000 } else { 0 };
        found(&[&parameter(request, "q")]).set_delay(Duration::from_millis(delay))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run { server: &server, folder: folder.path() };
    run.run("b\n", &[]).assert_success();
    fs::set_permissions(run.out(), fs::Permissions::from_mode(0o640)).unwrap();
    let command = server.command().with_file("names.txt", "a\nslow\nb\n");
    let out = run.out();
    let args = ["-i", "names.txt", "-o", out.to_str().unwrap(), "-n", "1"];
    let child = command.std_command(&args).stderr(Stdio::piped()).spawn().unwrap();
    while server.searches().await.len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = command.std_command(&args).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    let stderr = String::from_utf8(second.stderr).unwrap();
    assert!(stderr.contains("another run writes it"), "{stderr}");
    assert_eq!(run.rows(), ["b found"], "a reader sees the old file");
    let part = fs::metadata(folder.path().join("out.csv.part")).unwrap();
    assert_eq!(part.permissions().mode() & 0o777, 0o640);
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(Signal::SIGTERM as i32));
    assert_eq!(run.rows(), ["a found", "b found"]);
    assert_eq!(fs::metadata(run.out()).unwrap().permissions().mode() & 0o777, 0o640);
}

#[tokio::test]
async fn ids_line_up_with_the_lines() {
    let server = server().await;
    let command = server.command().with_file("names.txt", "a\n\nnone 1\nstatus 404\nb\n");
    let outcome = command.run(&["-i", "names.txt", "-n", "1", "-f", "id"]);
    assert_eq!(outcome.stdout, "id-a\n\n\n\nid-b\n");
}
