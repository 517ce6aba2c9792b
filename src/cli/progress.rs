//! The progress line on a terminal: what a search is doing, how far a batch has got, and how much
//! longer a wait takes.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use tokio::time::{self, Instant, MissedTickBehavior};

use crate::duration::{readable, whole_seconds};
use crate::event::Event;

/// Work that is done sooner shows no progress line.
const DELAY: Duration = Duration::from_millis(300);
/// The interval at which the line is redrawn.
const TICK: Duration = Duration::from_millis(100);

/// A progress line, or none. Clones share the line.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    stage: Arc<Mutex<Stage>>,
    is_batch: bool,
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
    /// Creates a line that is never shown.
    pub fn hidden() -> Self {
        let progress = Self::new(false);
        progress.clear();
        progress
    }

    /// Creates a line on standard error, if that is a terminal. It is drawn after [`start`] only.
    ///
    /// [`start`]: Self::start
    pub fn on_terminal(is_batch: bool) -> Self {
        if io::stderr().is_terminal() { Self::new(is_batch) } else { Self::hidden() }
    }

    fn new(is_batch: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let bar = bar.with_style(style("{spinner} {wide_msg}"));
        Self { bar, stage: Arc::new(Mutex::new(Stage::Searching)), is_batch }
    }

    /// Starts to draw the line after a short delay, until it is cleared. A task of the runtime draws
    /// it, because starting a thread can fail.
    pub fn start(&self) {
        if !self.is_active() {
            return;
        }
        let progress = self.clone();
        tokio::spawn(async move {
            let mut ticks = time::interval_at(Instant::now() + DELAY, TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            ticks.tick().await;
            progress.bar.set_draw_target(draw_target());
            while progress.is_active() {
                progress.draw();
                ticks.tick().await;
            }
        });
    }

    /// Returns true until the line is cleared.
    pub fn is_active(&self) -> bool {
        !self.bar.is_finished()
    }

    /// Sets the number of queries of a batch.
    pub fn set_total(&self, total: u64) {
        self.bar.set_length(total);
        self.bar.set_style(style("{spinner} {bar:20} {wide_msg}"));
    }

    /// Counts one more query of a batch as done.
    pub fn query_done(&self) {
        self.bar.inc(1);
    }

    /// Shows an event of the client.
    pub fn show(&self, event: &Event) {
        let until = |wait: Duration| Instant::now() + wait;
        *self.stage() = match event {
            Event::TokenRequested => Stage::FetchingToken,
            Event::TokenReceived => Stage::Searching,
            Event::Request | Event::CacheHit { .. } | Event::TooManyRequests => return,
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

    /// Removes the line for good.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn draw(&self) {
        let stage = self.stage().text(Instant::now());
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

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
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
