//! Whatever lines a batch holds, each has one result, in order, also if rate limits stop the batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::{cases, search_server};
use crate::support::{TestCommand, found, rate_limited};

/// A line of any characters except NUL, which makes an input look like UTF-16.
fn line() -> impl Strategy<Value = String> {
    let any_char = || any::<char>().prop_filter("ends the line", |c| !matches!(c, '\n' | '\0'));
    let text = |length| vec(any_char(), length).prop_map(String::from_iter);
    prop_oneof![
        4 => text(0..40),
        2 => "[a-e :\"]{0,3}",
        1 => "[ \t\r]{0,3}",
        // The longest query is 8 KiB.
        1 => (text(1..20), 1..12_000_usize).prop_map(|(text, bytes)| text.repeat(bytes / text.len())),
    ]
}

/// Returns true if the document is the result of the line, or its error.
fn belongs_to(document: &Value, line: &str) -> bool {
    let query = document["query"].as_str().unwrap();
    match query.strip_suffix('…') {
        // Of a line that is too long, only the beginning is shown.
        Some(beginning) if line.len() > 8_192 => {
            line.starts_with(beginning.trim_end_matches('\u{fffd}'))
        }
        _ => query == line,
    }
}

proptest! {
    #![proptest_config(cases(15))]

    #[test]
    fn batch_prints_one_document_per_line_in_order(lines in vec(line(), 0..30)) {
        let server = search_server(|_| found(&["x"]));
        // A list with carriage returns and no newline is refused.
        let contents = lines.join("\n") + "\n";
        let command = TestCommand::for_server(&server.url).with_file("names.txt", contents);
        let outcome = command.run(&["--input", "names.txt", "--json"]);
        prop_assert!(matches!(outcome.exit_status, 0 | 1), "{outcome:?}");
        let documents: Vec<Value> =
            outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lines = lines.iter().enumerate().map(|(index, line)| match index {
            // A byte order mark.
            0 => line.strip_prefix('\u{feff}').unwrap_or(line).trim(),
            _ => line.trim(),
        });
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(documents.len(), lines.len(), "{:?}", outcome);
        for (document, line) in documents.iter().zip(lines) {
            prop_assert!(belongs_to(document, line), "{:?} {}", line, document);
        }
    }
}

/// Runs a batch with a rate limit from this request on, and the same command again. Returns the output
/// file, which the last argument names.
fn run_and_resume(lines: &[String], first_refused: usize, args: &[&str]) -> String {
    let requests = AtomicUsize::new(0);
    let is_resumed = Arc::new(AtomicBool::new(false));
    let is_accepting = is_resumed.clone();
    let server = search_server(move |query| {
        let is_refused = requests.fetch_add(1, Ordering::Relaxed) >= first_refused;
        if is_refused && !is_accepting.load(Ordering::Relaxed) {
            rate_limited("5000")
        } else {
            found(&[query])
        }
    });
    let command = TestCommand::for_server(&server.url).with_file("my names.txt", lines.join("\n"));
    // Without the cache, where the rate limit would be stored.
    let args = [&["--input", "my names.txt", "--no-cache", "-n", "1"], args].concat();
    let first = command.std_command(&args).output().unwrap();
    if !first.status.success() {
        assert_eq!(first.status.code(), Some(4), "{first:?}");
        is_resumed.store(true, Ordering::Relaxed);
        let second = command.std_command(&args).output().unwrap();
        assert!(second.status.success(), "{second:?}");
    }
    let folder = command.std_command(&[]);
    std::fs::read_to_string(folder.get_current_dir().unwrap().join(args.last().unwrap())).unwrap()
}

proptest! {
    #![proptest_config(cases(15))]

    #[test]
    fn stopped_and_resumed_batch_prints_every_line_once(
        blank_lines in vec(0..2_usize, 1..40),
        first_refused in 0..40_usize,
        jobs in 1..=16_u32,
        is_csv in any::<bool>(),
    ) {
        let names: Vec<String> = (0..blank_lines.len()).map(|number| format!("name {number}")).collect();
        let blank_lines = blank_lines.into_iter().map(|count| "\n".repeat(count));
        let lines: Vec<String> = blank_lines.zip(&names).map(|(blank, name)| blank + name).collect();
        let format = if is_csv { "csv" } else { "jsonl" };
        let file = format!("out.{format}");
        let args = ["--jobs", &jobs.to_string(), "--output", &file];
        let printed = run_and_resume(&lines, first_refused, &args);
        let query = |line: &str| match line.strip_prefix("{\"query\":\"") {
            Some(rest) => rest.split('"').next().unwrap().to_owned(),
            None => line.split(',').next().unwrap().to_owned(),
        };
        let queries: Vec<String> = printed.lines().map(query).collect();
        let header = is_csv.then(|| "query".to_owned());
        let expected: Vec<String> = header.into_iter().chain(names).collect();
        prop_assert_eq!(queries, expected);
    }
}
