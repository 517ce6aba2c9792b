//! `--match` on labelled data: names and songs as people write them, the results that a search returned
//! for each, and those that are right.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use crate::support::{Request, ResponseTemplate, TestServer, parameter};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Deserialize)]
struct Row {
    group: String,
    r#type: String,
    query: String,
    artist: String,
    candidates: Vec<Candidate>,
    right: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct Candidate {
    id: String,
    name: String,
    #[serde(default)]
    artists: Vec<String>,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("data/labelled.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the letters of a query, sorted: the order of its words does not matter.
fn letters(text: &str) -> String {
    let mut letters: Vec<char> =
        text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    letters.sort_unstable();
    if letters.is_empty() { text.to_owned() } else { letters.into_iter().collect() }
}

/// Starts a server that answers each search with the candidates of its row.
async fn server(rows: &[Row]) -> TestServer {
    let item = |Candidate { id, name, artists }: &Candidate| {
        let artists: Vec<Value> = artists.iter().map(|name| json!({ "name": name })).collect();
        json!({"id": id, "name": name, "artists": artists})
    };
    let response = |row: &Row| {
        let items: Vec<Value> = row.candidates.iter().map(item).collect();
        let query = letters(&format!("{}{}", row.query, row.artist));
        ((row.r#type.clone(), query), json!({format!("{}s", row.r#type): {"items": items}}))
    };
    let responses: HashMap<(String, String), Value> = rows.iter().map(response).collect();
    TestServer::responding(move |request: &Request| {
        let key = (parameter(request, "type"), letters(&parameter(request, "q")));
        ResponseTemplate::new(200).set_body_json(&responses[&key])
    })
    .await
}

/// Returns for each group the number of its rows, and how many of them got a right and a wrong id.
fn score(server: &TestServer, rows: &[Row], is_table: bool) -> String {
    let mut groups: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for item_type in ["artist", "track", "album"] {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.r#type == item_type).collect();
        let (name, header) = match item_type {
            "artist" => ("names.tsv", "artist\n".to_owned()),
            _ if is_table => ("names.tsv", format!("{item_type}\tartist\n")),
            _ => ("names.txt", String::new()),
        };
        let line = |row: &&Row| match (is_table, row.artist.as_str()) {
            (_, "") => format!("{}\n", row.query),
            (true, artist) => format!("{}\t{artist}\n", row.query),
            (false, artist) => format!("{artist} - {}\n", row.query),
        };
        let lines = header + &rows.iter().map(line).collect::<String>();
        let command = server.command().with_file(name, lines);
        let outcome = command.run(&["--match", "-q", "-t", item_type, "-f", "id", "-i", name]);
        outcome.assert_silent_success();
        assert_eq!(outcome.stdout.lines().count(), rows.len());
        for (row, id) in rows.iter().zip(outcome.stdout.lines()) {
            let [lines, right, wrong] = groups.entry(&row.group).or_default();
            *lines += 1;
            let is_right = row.right.iter().any(|right| right == id);
            *right += usize::from(is_right);
            *wrong += usize::from(!is_right && !id.is_empty());
        }
    }
    groups.iter().fold(String::new(), |mut text, (group, [lines, right, wrong])| {
        writeln!(text, "{group}: {right} right and {wrong} wrong of {lines}").unwrap();
        text
    })
}

#[tokio::test]
async fn finds_the_right_ids_with_one_request_for_each_line() {
    let rows = rows();
    let server = server(&rows).await;
    let scores = score(&server, &rows, true);
    insta::assert_snapshot!(scores, @"
    absent artists: 0 right and 0 wrong of 45
    absent tracks: 0 right and 2 wrong of 45
    albums: 48 right and 0 wrong of 50
    hard artists: 64 right and 3 wrong of 90
    listed artists: 66 right and 2 wrong of 79
    tracks: 145 right and 0 wrong of 150
    ");
    assert_eq!(score(&server, &rows, false), scores, "as lines");
    assert_eq!(server.request_counts().await.1, 2 * rows.len());
}
