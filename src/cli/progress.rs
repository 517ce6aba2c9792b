//! How far a run has got, on standard error while a person watches it there: pages of a search that
//! takes several, or queries of a list, with their rate and whatever is being waited for.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the line is drawn again while nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// A line on standard error, or none.
#[derive(Clone, Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// None at all.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// A line that appears with the first thing done, where standard error is a terminal.
    pub fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::hidden();
        }
        Self(ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()))
    }

    /// Whether anybody sees it.
    pub fn is_shown(&self) -> bool {
        !self.0.is_hidden()
    }

    /// So much is done, of so much where that is known.
    pub fn show(&self, done: u64, of: Option<u64>, what: &str) {
        if self.0.is_hidden() {
            return;
        }
        let counts = if of.is_some() { "{pos} of {len}" } else { "{pos}" };
        let template = format!("{{spinner}} {counts} {what}, {{per_sec:.0}} {{wide_msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            self.0.set_style(style);
        }
        if let Some(of) = of {
            self.0.set_length(of);
        }
        self.0.set_message("");
        self.0.set_position(done);
        self.0.enable_steady_tick(TICK);
    }

    /// Says what is being waited for, until the next thing is done.
    pub fn waiting(&self, text: String) {
        self.0.set_message(text);
    }

    /// Does something to the terminal with the line out of the way.
    pub fn aside<T>(&self, action: impl FnOnce() -> T) -> T {
        self.0.suspend(action)
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}
