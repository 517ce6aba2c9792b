//! Output files that another program has saved, and rows that are not one a line.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::output_file::{Run, server};
use crate::support::{ResponseTemplate, TestServer};

/// Runs the same command twice. Returns the file after each run. The second run sends nothing.
async fn run_twice(
    server: &TestServer,
    table: (&str, &str),
    out: &Path,
    args: &[&str],
) -> [String; 2] {
    let mut texts = Vec::new();
    let mut sent = Vec::new();
    for _ in 0..2 {
        let command = server.command().with_file(table.0, table.1);
        let paths = ["-i", table.0, "-o", out.to_str().unwrap()];
        command.run(&[&paths, args].concat()).assert_success();
        texts.push(fs::read_to_string(out).unwrap());
        sent.push(server.searches().await.len());
    }
    assert_eq!(sent[0], sent[1], "{}", out.display());
    texts.try_into().unwrap()
}

#[tokio::test]
async fn file_that_a_spreadsheet_has_saved_is_continued() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let input = "a\n\"Heroes\"\nc\n";
    run.run(input, &[]).assert_success();
    let whole = fs::read_to_string(run.out()).unwrap();
    let sent = server.searches().await.len();
    for saved in [
        whole.replace('\n', "\r\n"),
        whole.replace(',', ";").replace('\n', "\r\n"),
        whole.replace(',', "\t"),
        whole.trim_end().to_owned(),
        format!("\u{feff}{whole}"),
    ] {
        fs::write(run.out(), &saved).unwrap();
        run.run(input, &[]).assert_success();
        let text = fs::read_to_string(run.out()).unwrap();
        assert_eq!(text.strip_prefix('\u{feff}').unwrap_or(&text), whole, "{saved:?}");
        assert_eq!(text.starts_with('\u{feff}'), saved.starts_with('\u{feff}'));
        assert_eq!(server.searches().await.len(), sent, "{saved:?}");
    }
    // A last row that is not whole is asked again.
    fs::write(run.out(), whole.trim_end_matches(',').trim_end_matches([',', '\n'])).unwrap();
    run.run(input, &[]).assert_success();
    assert_eq!(server.searches().await.len(), sent + 1);
}

#[tokio::test]
async fn rows_without_an_id_and_equal_lines_are_kept() {
    let items = json!({"items": [{"name": "x"}, {"name": "y"}, {"name": "y", "popularity": 1}]});
    let server = TestServer::with_results(&json!({"artists": items, "tracks": items})).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, args) in [
        ("out.csv", &["-n", "3", "-t", "artist,track"][..]),
        ("out.tsv", &["-n", "3"]),
        ("out.jsonl", &["-n", "3"]),
        ("out.json", &["-n", "3"]),
        ("one.tsv", &["-n", "1"]),
    ] {
        let input = ("names.txt", "\"Heroes\"\na\na\n7\" single\n");
        let [first, second] = run_twice(&server, input, &folder.path().join(name), args).await;
        assert_eq!(first, second);
    }
    let text = fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert_eq!(text.lines().count(), 1 + 4 * 6);
}

#[tokio::test]
async fn columns_of_one_name_are_told_apart() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let table = ("t.csv", "Title,Artist,Title,\nBlue,Ann,again,last\n");
    let [first, second] =
        run_twice(&server, table, &folder.path().join("out.csv"), &["-t", "artist"]).await;
    assert_eq!(first, second);
    // A row that is no longer asked for keeps its cells.
    let out = folder.path().join("out.csv");
    let command = server.command().with_file("t.csv", "Title,Artist,Title,\nx,Ann,y,z\nRed,Bo,,\n");
    let outcome = command.run(&["-i", "t.csv", "-o", out.to_str().unwrap(), "-t", "artist", "-v"]);
    outcome.assert_success();
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.contains("\nx,Ann,y,z,found"), "{text}");
    let table = ("t.csv", "Title,Artist,Title,\nRed,Bo,,\n");
    let [_, text] = run_twice(&server, table, &out, &["-t", "artist"]).await;
    assert!(text.contains("\nx,Ann,y,z,found"), "{text}");

    let out = folder.path().join("out.jsonl");
    let table = ("t.csv", "Title,Artist,Title,\nBlue,Ann,again,last\n");
    let [first, second] = run_twice(&server, table, &out, &["-t", "artist"]).await;
    assert_eq!(first, second);
    let row: Value = serde_json::from_str(&first).unwrap();
    let input = json!({"Title": "Blue", "Artist": "Ann", "Title (2)": "again", "": "last"});
    assert_eq!(row["input"], input);
}

#[tokio::test]
async fn rows_that_no_line_asks_for_are_counted() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\nb\nc\n", &[]).assert_success();
    let outcome = run.run("b\n", &[]);
    assert!(outcome.stderr.ends_with("1 of 1 lines done before\n"), "{outcome:?}");
    let summary = outcome.summary;
    assert!(summary.starts_with("note: 1 line: 1 found; 0 requests sent in "), "{summary}");
    assert!(summary.ends_with("; 2 rows are kept that no line asks for\n"), "{summary}");
    let quiet = run.run("b\n", &["-q"]);
    assert!(quiet.stderr.is_empty() && quiet.summary.is_empty(), "{quiet:?}");
    assert_eq!(run.rows(), ["b found", "a found", "c found"]);
}

#[tokio::test]
async fn columns_may_be_named_as_in_a_table() {
    let server = TestServer::responding(ResponseTemplate::new(200).set_body_json(
        json!({"tracks": {"items": [{"id": "1", "artists": [{"name": "Ann"}], "duration_ms": 5000}]}}),
    ))
    .await;
    let outcome =
        server.run(&["x", "-t", "track", "-f", "csv", "--columns", "id, Artists, length"]);
    assert_eq!(outcome.stdout, "id,by,duration_ms\n1,Ann,5000\n");
}
