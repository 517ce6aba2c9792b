//! The progress line on a terminal: what a search is doing, how far a batch has got, and how much
//! longer a wait takes.

use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::report::message;
use spotify_search::Error;
use spotify_search::Event;
use spotify_search::duration::{readable, whole_seconds};

/// The delay before the line is drawn for the first time.
const DELAY: Duration = Duration::from_millis(300);
/// The interval at which the line is redrawn.
const TICK: Duration = Duration::from_millis(100);

/// The longest wait without a note, if there is no progress line.
const MAX_SILENT_WAIT: Duration = Duration::from_secs(1);

/// The progress line. The writing thread owns it; dropping it removes the line.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// What is happening now, if it is not a search request.
    stage: Option<Stage>,
    /// The attempt of the last request that was retried, starting at 1.
    attempt: u32,
    is_batch: bool,
    /// When the line is drawn next.
    next_draw: Instant,
}

#[derive(Debug)]
struct Stage {
    text: String,
    /// The end of a wait. The rest of the wait follows the text.
    until: Option<Instant>,
}

impl Progress {
    /// Creates a line that is drawn after a short delay.
    pub fn new(is_batch: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let bar = bar.with_style(style("{spinner} {wide_msg}"));
        Self { bar, stage: None, attempt: 1, is_batch, next_draw: Instant::now() + DELAY }
    }

    /// Returns how long to wait before [`Progress::draw`].
    pub fn until_next_draw(&self) -> Duration {
        self.next_draw.saturating_duration_since(Instant::now())
    }

    /// Sets the number of queries of a batch.
    pub fn set_total(&mut self, total: u64) {
        self.bar.set_length(total);
        self.bar.set_style(style("{spinner} {bar:20} {wide_msg}"));
    }

    /// Counts one more query of a batch as done.
    pub fn query_done(&self) {
        self.bar.inc(1);
    }

    /// Shows an event of the client.
    pub fn show(&mut self, event: &Event) {
        let stage = |text| Some(Stage { text, until: None });
        let waiting = |text, wait| Some(Stage { text, until: Instant::now().checked_add(wait) });
        self.stage = match event {
            Event::TokenRequested => stage("fetching a token".into()),
            Event::TokenReceived => None,
            // The searches of a batch would show their pages in turn.
            Event::Page { .. } if self.is_batch => return,
            Event::Page { done, of, .. } => {
                self.attempt = 1;
                stage(format!("page {done} of {of}"))
            }
            Event::RateLimited { wait } => waiting("rate limited: waiting".into(), *wait),
            Event::Retry { wait, error, retry, retries, .. } => {
                self.attempt = retry + 1;
                waiting(next_attempt(error, *retry, *retries), *wait)
            }
            _ => return,
        };
    }

    /// Removes the line while `action` writes to the terminal.
    pub fn suspend<T>(&self, action: impl FnOnce() -> T) -> T {
        let result = self.bar.suspend(action);
        self.move_to_start();
        result
    }

    /// Draws the line.
    pub fn draw(&mut self) {
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.next_draw = Instant::now() + TICK;
        let stage = self.stage.as_ref().and_then(|stage| stage.text(Instant::now()));
        self.bar.set_message(match (self.is_batch, stage) {
            (false, stage) => self.search(stage),
            (true, None) => format!("{}{}", self.done(), self.speed()),
            (true, Some(stage)) => format!("{}; {stage}", self.done()),
        });
        self.bar.tick();
        self.move_to_start();
    }

    /// indicatif leaves the cursor at the end of a full line, where the `^C` that the terminal adds would
    /// start a new line.
    fn move_to_start(&self) {
        if !self.bar.is_hidden() {
            let _ = Term::stderr().write_str("\r");
        }
    }

    /// Returns what a single search is doing, and since when: `searching, attempt 2, 5 s elapsed`.
    fn search(&self, stage: Option<String>) -> String {
        let text = stage.unwrap_or_else(|| match self.attempt {
            1 => "searching".into(),
            attempt => format!("searching, attempt {attempt}"),
        });
        match self.bar.elapsed().as_secs() {
            0 => text,
            seconds => format!("{text}, {} elapsed", readable(Duration::from_secs(seconds))),
        }
    }

    /// Returns how far a batch has got: `120 of 2000 queries`.
    fn done(&self) -> String {
        match (self.bar.position(), self.bar.length()) {
            (done, Some(total)) => format!("{done} of {total} queries"),
            (1, None) => "1 query".into(),
            (done, None) => format!("{done} queries"),
        }
    }

    /// Returns how fast a batch is, as soon as that is known: `, 14.2/s, 2 min 13 s left`.
    fn speed(&self) -> String {
        let rate = format!(", {:.1}/s", self.bar.per_sec());
        match (self.bar.position(), self.bar.length()) {
            (0, _) => String::new(),
            (_, None) => rate,
            (_, Some(_)) => {
                let left = Duration::from_secs(whole_seconds(self.bar.eta()));
                format!("{rate}, {} left", readable(left))
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Stage {
    /// Returns the text, or `None` after the end of the wait.
    fn text(&self, now: Instant) -> Option<String> {
        let Some(until) = self.until else { return Some(self.text.clone()) };
        // Whole seconds, so that the text changes once a second.
        let left = Duration::from_secs(whole_seconds(until.saturating_duration_since(now)));
        (!left.is_zero()).then(|| format!("{} {}", self.text, readable(left)))
    }
}

/// Returns a note about a wait that is too long to say nothing.
pub fn wait_note(event: &Event) -> Option<String> {
    let (text, wait) = match event {
        Event::RateLimited { wait } => ("rate limited by Spotify; waiting".into(), *wait),
        Event::Retry { wait, error, retry, retries, .. } => {
            (next_attempt(error, *retry, *retries), *wait)
        }
        _ => return None,
    };
    (wait > MAX_SILENT_WAIT).then(|| format!("{text} {}", readable(wait)))
}

/// Returns why a request is sent again. The wait follows.
fn next_attempt(error: &Error, retry: u32, retries: u32) -> String {
    format!("{}; attempt {} of {} in", message(error), retry + 1, retries + 1)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wait_counts_down_in_whole_seconds() {
        let now = Instant::now();
        let until = now + Duration::from_millis(61_500);
        let waiting = Stage { text: "rate limited: waiting".into(), until: Some(until) };
        let text = |elapsed| waiting.text(now + Duration::from_millis(elapsed));
        assert_eq!(text(0).unwrap(), "rate limited: waiting 1 min 2 s");
        assert_eq!(text(60_600).unwrap(), "rate limited: waiting 1 s");
        assert_eq!(text(61_500), None);
    }
}
