//! The progress line on a terminal: pages of a search, queries of a batch, and waits.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// The interval at which the line is redrawn.
const TICK: Duration = Duration::from_millis(200);

/// What the line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Pages,
    Queries,
}

/// A line of progress, or none.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    unit: Unit,
}

impl Progress {
    /// Creates a line that is never shown.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), unit: Unit::Pages }
    }

    /// Creates a line on standard error, if that is a terminal.
    pub fn new(unit: Unit) -> Self {
        if !io::stderr().is_terminal() {
            return Self::hidden();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        Self { bar: bar.with_style(style("{spinner} {wide_msg}")), unit }
    }

    /// Returns true if the line is shown.
    pub fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Shows that `done` of `total` are done, if the line counts this unit.
    pub fn show(&self, unit: Unit, done: u64, total: Option<u64>) {
        if self.bar.is_hidden() || self.unit != unit {
            return;
        }
        let unit = match unit {
            Unit::Pages => "pages",
            Unit::Queries => "queries",
        };
        if self.bar.position() == 0 {
            let counts = if total.is_some() { "{pos} of {len}" } else { "{pos}" };
            self.bar
                .set_style(style(&format!("{{spinner}} {counts} {unit}, {{rate}} {{wide_msg}}")));
            self.bar.enable_steady_tick(TICK);
        }
        if let Some(total) = total {
            self.bar.set_length(total);
        }
        self.bar.set_message("");
        self.bar.set_position(done);
    }

    /// Shows why nothing happens, until the next [`Progress::show`].
    pub fn set_wait(&self, text: String) {
        self.bar.set_message(text);
    }

    /// Removes the line while `action` writes to the terminal.
    pub fn suspend<T>(&self, action: impl FnOnce() -> T) -> T {
        self.bar.suspend(action)
    }

    /// Removes the line.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
            let _ = write!(text, "{:.1}/s", state.per_sec());
        })
}
