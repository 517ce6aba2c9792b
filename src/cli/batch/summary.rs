//! The summary of a batch: the results of its lines, and how many requests it took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::recorder::Counts;
use crate::output::{RowResult, grouped};
use spotify_search::Event;
use spotify_search::duration::readable;

/// Counts requests by the events of a client.
#[derive(Debug, Default)]
pub struct RequestCounts {
    sent: AtomicU64,
    refused: AtomicU64,
}

impl RequestCounts {
    /// Counts an event.
    pub fn count(&self, event: &Event) {
        let counter = match event {
            Event::Request { .. } => &self.sent,
            Event::TooManyRequests { .. } => &self.refused,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Says what a batch has done. Leaves out what did not happen.
pub fn summary(
    counts: &Counts,
    requests: &RequestCounts,
    time: Duration,
    has_file: bool,
) -> String {
    let Counts { lines, results, misses_at_version, hidden, kept, .. } = counts;
    let sent = requests.sent.load(Ordering::Relaxed);
    let refused = match requests.refused.load(Ordering::Relaxed) {
        0 => String::new(),
        refused => format!(", {refused} refused (429)"),
    };
    let plural = |number| if number == 1 { "" } else { "s" };
    let result = |(result, count): (&RowResult, &u64)| match result.name() {
        "" => format!("{} without a result", grouped(*count)),
        name => format!("{} {name}", grouped(*count)),
    };
    let results: Vec<String> = results.iter().map(result).collect();
    let results =
        if results.is_empty() { String::new() } else { format!(": {}", results.join(", ")) };
    let mut parts = vec![
        format!("{} line{}{}", grouped(*lines), plural(*lines), results),
        format!("{} request{} sent in {}{refused}", grouped(sent), plural(sent), readable(time)),
    ];
    if *misses_at_version > 0 {
        let redo = if has_file { " --redo none" } else { "" };
        parts.push(format!("--match=version{redo} would match {misses_at_version} more"));
    }
    match hidden {
        0 => {}
        1 => parts.push("1 result is hidden from this app".into()),
        hidden => parts.push(format!("{hidden} results are hidden from this app")),
    }
    match kept {
        0 => {}
        1 => parts.push("1 row is kept that no line asks for".into()),
        kept => parts.push(format!("{kept} rows are kept that no line asks for")),
    }
    parts.join("; ")
}
