//! `--redo`, and which refusals are answers.

use std::fs;

use crate::output_file::{Run, server};
use crate::support::{Request, TestServer, error, found, parameter};

#[tokio::test]
async fn redo_under_a_limit_asks_each_line_once() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let input = "none 1\nnone 2\na\nnone 3\n";
    let asked = |before: usize, searches: &[Request]| -> Vec<String> {
        searches[before..].iter().map(|search| parameter(search, "q")).collect()
    };
    let mut before = 0;
    for (exit_status, expected) in [
        (4, &["none 1", "none 2"][..]),
        // The lines without a row come first: none is marked.
        (0, &["a", "none 3"]),
        (4, &["none 1", "none 2"]),
        (0, &["none 3"]),
        (4, &["none 1", "none 2"]),
    ] {
        let outcome =
            run.run(input, &["--redo", "none", "--max-requests", "2", "-j", "1", "--no-cache"]);
        assert_eq!(outcome.exit_status, exit_status, "{outcome:?}");
        let searches = server.searches().await;
        assert_eq!(asked(before, &searches), expected, "{outcome:?}");
        before = searches.len();
    }
    assert_eq!(run.rows(), ["none 1 none", "none 2 none", "a found", "none 3 redo"]);
    let outcome = run.run(input, &["--redo", "none"]);
    let note = "--redo none marks nothing, because there is 1 line marked before\n";
    assert!(outcome.stderr.contains(note), "{outcome:?}");
}

#[tokio::test]
async fn failing_line_keeps_its_place_and_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let server = server().await;
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\nb\nc\n", &[]).assert_success();
    let down = TestServer::responding(|request: &Request| match parameter(request, "q").as_str() {
        "b" => error(503, "down"),
        query => found(&[query]),
    })
    .await;
    let run = Run { server: &down, folder: folder.path() };
    assert_eq!(run.run("a\nb\nc\n", &["--redo", "all", "--retries", "0"]).exit_status, 1);
    assert_eq!(run.rows(), ["a found", "b redo", "c found"]);
    assert!(fs::read_to_string(run.out()).unwrap().contains("b,redo,,artist,id-b,b,"));
}

#[tokio::test]
async fn words_of_a_person_stay() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let input = "none 1\nnone 2\na\na\n";
    run.run(input, &[]).assert_success();
    let sent = server.searches().await.len();
    let edited = fs::read_to_string(run.out()).unwrap();
    let edited = edited.replace("none 1,none,,,", "none 1,none,,,my-id");
    let edited = edited.replace("none 2,none", "none 2,manual");
    // Equal lines share the answer of a person.
    let edited = format!(
        "{}a,mine{}",
        edited.split_at(edited.rfind("a,found").unwrap()).0,
        ",".repeat(16) + "\n"
    );
    fs::write(run.out(), &edited).unwrap();
    for redo in ["none", "all,found"] {
        run.run(input, &["--redo", redo]).assert_success();
        assert_eq!(run.rows(), ["none 1 none", "none 2 manual", "a mine", "a mine"]);
        assert!(fs::read_to_string(run.out()).unwrap().contains("none 1,none,,,my-id"));
        assert_eq!(server.searches().await.len(), sent);
    }
    // Also an id without a word, or beside an error.
    for result in ["", "network"] {
        let with_id = edited.replace("none 1,none", &format!("none 1,{result}"));
        fs::write(run.out(), with_id).unwrap();
        run.run(input, &["--redo", "all"]).assert_success();
        let kept = fs::read_to_string(run.out()).unwrap();
        assert!(kept.contains(&format!("none 1,{result},,,my-id")), "{kept}");
    }
    run.run(input, &["--redo", "manual"]).assert_success();
    assert_eq!(run.rows()[1], "none 2 none");
    assert_eq!(server.searches().await.len(), sent + 1);
}

#[tokio::test]
async fn refusals_of_long_queries_are_answers() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let long: Vec<String> =
        (0..15).map(|n| format!("status 404 {n} {}\n", "x".repeat(100))).collect();
    let long = long.concat();
    let input = format!("{long}a\n{long}b\n");
    assert_eq!(run.run(&input, &[]).exit_status, 0);
    assert_eq!(run.rows().len(), 32);
    let sent = server.searches().await.len();
    run.run(&input, &[]).assert_success();
    assert_eq!(server.searches().await.len(), sent);
    // With an answer that found something, short ones are answers, too.
    let input = format!("a\nstatus 400 z\n{}", "status 404 z\n".repeat(2));
    assert_eq!(run.run(&input, &["-j", "1"]).exit_status, 0);
    let refused = ["status 404 z not_found"; 2];
    assert_eq!(run.rows()[..4], ["a found", "status 400 z bad_request", refused[0], refused[1]]);
}

#[tokio::test]
async fn wrong_market_stops_and_writes_no_row() {
    let server = TestServer::responding(error(400, "Invalid market code")).await;
    let folder = tempfile::tempdir().unwrap();
    let run = Run { server: &server, folder: folder.path() };
    let input: Vec<String> = (0..30).map(|number| format!("{number}\n")).collect();
    let outcome = run.run(&input.concat(), &["-m", "QQ", "-j", "1"]);
    assert_eq!(outcome.exit_status, 1);
    assert!(outcome.stderr.contains("too many failures in a row"), "{outcome:?}");
    assert!(run.rows().is_empty() && server.searches().await.len() < 13);
    // Also beside answers of an earlier run.
    let answered = "query,result,id\nx,found,id-x\n";
    fs::write(run.out(), answered).unwrap();
    run.run(&("x\n".to_owned() + &input.concat()), &["-m", "QQ", "--columns", "id"]);
    assert_eq!(fs::read_to_string(run.out()).unwrap(), answered);
    fs::remove_file(run.out()).unwrap();
    // An unknown reason stops, too, until a search succeeds.
    let other = TestServer::responding(error(400, "Something else")).await;
    fs::write(run.out(), answered).unwrap();
    let outcome = Run { server: &other, folder: folder.path() }
        .run(&("x\n".to_owned() + &input.concat()), &["--columns", "id", "-j", "1"]);
    assert!(outcome.stderr.contains("too many failures in a row"), "{outcome:?}");
    assert!(other.searches().await.len() < 13);
    fs::remove_file(run.out()).unwrap();
    // A file without rows has no columns to keep.
    run.run("1\n", &["--columns", "id", "--retries", "0"]);
    assert_eq!(fs::read_to_string(run.out()).unwrap(), "query,result,id\n");
}

#[tokio::test]
async fn results_that_would_not_be_accepted_are_noted() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\nb\n", &[]).assert_success();
    let outcome = run.run("a\nb\n", &["--match"]);
    let note =
        "out.csv: 2 rows have the result found: --redo found searches with --match=subtitle\n";
    assert!(outcome.stderr.contains(note), "{outcome:?}");
    run.run("a\nb\n", &["--match", "--redo", "found"]).assert_success();
    assert_eq!(run.rows(), ["a exact", "b exact"]);
}
