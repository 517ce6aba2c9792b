//! How far a run has got, on standard error while a person watches it there: pages of a search that
//! takes several, or queries of a list, with their rate and whatever is being waited for.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

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

    /// A line that appears with the first thing done or waited for, where standard error is a
    /// terminal.
    pub fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::hidden();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        Self(bar.with_style(style("{spinner} {wide_msg}")))
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
        if self.0.position() == 0 {
            let counts = if of.is_some() { "{pos} of {len}" } else { "{pos}" };
            self.0.set_style(style(&format!("{{spinner}} {counts} {what}, {{rate}} {{wide_msg}}")));
            self.0.enable_steady_tick(TICK);
        }
        if let Some(of) = of {
            self.0.set_length(of);
        }
        self.0.set_message("");
        self.0.set_position(done);
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

/// The look of the line; `rate` is how much is done in a second.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
            // Writing to a line in memory does not fail.
            let _ = write!(text, "{:.1}/s", state.per_sec());
        })
}
