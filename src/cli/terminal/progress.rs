//! The progress line on a terminal: what a search is doing, how far a batch has got, and how much
//! longer a wait takes.

use std::env;
use std::io;
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::cli::messages::command_error::message;
use crate::duration::{LONGEST, readable, whole_seconds};
use crate::event::Event;

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
    stage: Stage,
    is_batch: bool,
    /// When the line is drawn next.
    next_draw: Instant,
    is_drawn: bool,
}

/// What is happening now.
#[derive(Debug)]
enum Stage {
    Searching,
    FetchingToken,
    Page { done: usize, of: usize },
    Waiting { reason: String, until: Instant },
}

impl Progress {
    /// Creates a line that is drawn after a short delay.
    pub fn new(is_batch: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let bar = bar.with_style(style("{spinner} {wide_msg}"));
        let next_draw = Instant::now() + DELAY;
        Self { bar, stage: Stage::Searching, is_batch, next_draw, is_drawn: false }
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
        let until = |wait: Duration| Instant::now() + wait.min(LONGEST);
        self.stage = match event {
            Event::TokenRequested => Stage::FetchingToken,
            Event::TokenReceived => Stage::Searching,
            Event::Request | Event::TooManyRequests => return,
            // The searches of a batch would show their pages in turn.
            Event::Page { .. } if self.is_batch => return,
            Event::Page { done, of } => Stage::Page { done: *done, of: *of },
            Event::RateLimited { wait } => {
                Stage::Waiting { reason: "rate limited".into(), until: until(*wait) }
            }
            Event::Retry { wait, error, retry, retries } => {
                let reason = format!("{}, retry {retry} of {retries}", error.code());
                Stage::Waiting { reason, until: until(*wait) }
            }
        };
    }

    /// Removes the line while `action` writes to the terminal.
    pub fn suspend<T>(&self, action: impl FnOnce() -> T) -> T {
        self.bar.suspend(action)
    }

    /// Draws the line.
    pub fn draw(&mut self) {
        if !self.is_drawn {
            self.is_drawn = true;
            self.bar.set_draw_target(draw_target());
        }
        self.next_draw = Instant::now() + TICK;
        let stage = self.stage.text(Instant::now());
        let text = match (self.is_batch, stage) {
            (false, stage) => stage.unwrap_or_else(|| "searching".into()),
            (true, None) => format!("{}{}", self.done(), self.speed()),
            (true, Some(stage)) => format!("{}; {stage}", self.done()),
        };
        self.bar.set_message(text);
        self.bar.tick();
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
        if self.bar.position() == 0 {
            return String::new();
        }
        let rate = format!("{:.1}/s", self.bar.per_sec());
        if self.bar.length().is_none() {
            return format!(", {rate}");
        }
        let left = readable(Duration::from_secs(whole_seconds(self.bar.eta())));
        format!(", {rate}, {left} left")
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Returns a note about a wait that is too long to say nothing.
pub fn wait_note(event: &Event) -> Option<String> {
    match event {
        Event::RateLimited { wait } if *wait > MAX_SILENT_WAIT => {
            Some(format!("rate limited by Spotify; waiting {}", readable(*wait)))
        }
        Event::Retry { wait, error, retry, retries } if *wait > MAX_SILENT_WAIT => {
            let (wait, cause) = (readable(*wait), message(error));
            Some(format!("{cause}; retry {retry} of {retries} in {wait}"))
        }
        _ => None,
    }
}

impl Stage {
    /// Returns the text, or `None` if requests are being sent and nothing is known about them.
    fn text(&self, now: Instant) -> Option<String> {
        match self {
            Self::Searching => None,
            Self::FetchingToken => Some("fetching a token".into()),
            Self::Page { done, of } => Some(format!("page {done} of {of}")),
            Self::Waiting { until, .. } if *until <= now => None,
            Self::Waiting { reason, until } => {
                // Whole seconds, so that the text changes once a second.
                let left = readable(Duration::from_secs(whole_seconds(*until - now)));
                Some(format!("{reason}: waiting {left}"))
            }
        }
    }
}

/// Returns standard error, or nothing if that terminal cannot remove what it shows.
fn draw_target() -> ProgressDrawTarget {
    if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return ProgressDrawTarget::hidden();
    }
    let terminal = NarrowTerminal(Term::buffered_stderr());
    ProgressDrawTarget::term_like_with_hz(Box::new(terminal), 20)
}

/// A terminal without its last columns. indicatif fills its line with spaces. If it filled the whole
/// width, the `^C` that the terminal adds would start a new line.
#[derive(Debug)]
struct NarrowTerminal(Term);

impl TermLike for NarrowTerminal {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(2)
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
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
        let waiting = Stage::Waiting { reason: "rate limited".into(), until };
        let text = |elapsed| waiting.text(now + Duration::from_millis(elapsed));
        assert_eq!(text(0).unwrap(), "rate limited: waiting 1 min 2 s");
        assert_eq!(text(60_600).unwrap(), "rate limited: waiting 1 s");
        assert_eq!(text(61_500), None);
    }
}
