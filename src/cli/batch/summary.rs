//! The summary of a batch: what was found, and how many requests it took.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
#[derive(Debug)]
pub struct Summary<'a> {
    pub queries: u64,
    pub found_nothing: u64,
    pub failed: u64,
    /// The number of results that Spotify hides from the app.
    pub hidden: u64,
    pub requests: &'a RequestCounts,
    pub time: Duration,
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RequestCounts { sent, refused } = self.requests;
        let (sent, refused) = (sent.load(Ordering::Relaxed), refused.load(Ordering::Relaxed));
        let time = readable(self.time);
        let queries = if self.queries == 1 { "query" } else { "queries" };
        let requests = if sent == 1 { "request" } else { "requests" };
        write!(f, "{} {queries} in {time}", self.queries)?;
        for (count, text) in [(self.found_nothing, "found nothing"), (self.failed, "failed")] {
            if count > 0 {
                write!(f, ", {count} {text}")?;
            }
        }
        write!(f, "; {sent} {requests} sent")?;
        if refused > 0 {
            write!(f, ", {refused} refused (429)")?;
        }
        match self.hidden {
            0 => Ok(()),
            1 => f.write_str("; 1 result is hidden from this app"),
            hidden => write!(f, "; {hidden} results are hidden from this app"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_what_did_not_happen() {
        let requests = RequestCounts::default();
        let text = |queries, found_nothing, failed, millis| {
            let hidden = failed;
            let time = Duration::from_millis(millis);
            Summary { queries, found_nothing, failed, hidden, requests: &requests, time }
                .to_string()
        };
        insta::assert_snapshot!(text(1, 0, 0, 40), @"1 query in 40 ms; 0 requests sent");
        requests.count(&Event::Request);
        insta::assert_snapshot!(text(2, 0, 1, 1_234), @"2 queries in 1.3 s, 1 failed; 1 request sent; 1 result is hidden from this app");
        requests.count(&Event::Request);
        requests.count(&Event::TooManyRequests);
        insta::assert_snapshot!(
            text(2_000, 14, 3, 133_000),
            @"2000 queries in 2 min 13 s, 14 found nothing, 3 failed; 2 requests sent, 1 refused (429); 3 results are hidden from this app"
        );
    }
}
