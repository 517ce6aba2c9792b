//! The summary of a batch: the results of its lines, and how many requests it took.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::report::BatchReport;
use crate::duration::readable;
use crate::event::Event;

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
            Event::Request => &self.sent,
            Event::TooManyRequests => &self.refused,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a batch has done. The `Display` text leaves out what did not happen.
pub struct Summary<'a> {
    pub report: &'a BatchReport<'a>,
    pub requests: &'a RequestCounts,
    pub time: Duration,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BatchReport { lines, counts, misses_at_version, hidden, .. } = self.report;
        let RequestCounts { sent, refused } = self.requests;
        let (sent, refused) = (sent.load(Ordering::Relaxed), refused.load(Ordering::Relaxed));
        let plural = |number| if number == 1 { "" } else { "s" };
        let counts: Vec<String> =
            counts.iter().map(|(result, count)| format!("{count} {result}")).collect();
        write!(f, "{lines} line{}: {}; ", plural(*lines), counts.join(", "))?;
        write!(f, "{sent} request{} sent in {}", plural(sent), readable(self.time))?;
        if refused > 0 {
            write!(f, ", {refused} refused (429)")?;
        }
        if *misses_at_version > 0 {
            write!(f, "; --match=version would match {misses_at_version} more")?;
        }
        match hidden {
            0 => Ok(()),
            1 => f.write_str("; 1 result is hidden from this app"),
            hidden => write!(f, "; {hidden} results are hidden from this app"),
        }
    }
}
