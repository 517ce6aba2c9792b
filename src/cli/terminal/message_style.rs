//! The text of notes, errors and hints on standard error.

use console::{Style, Term};

use super::color::{ColorChoice, is_colored};
use crate::cli::report::Report;
use crate::output::escape;

const ERROR: Style = Style::new().red().bold();
const NOTE: Style = Style::new().cyan().bold();

/// How messages are printed, and which are.
#[derive(Clone, Copy, Debug)]
pub struct MessageStyle {
    is_colored: bool,
    is_quiet: bool,
}

impl MessageStyle {
    /// Returns the style for standard error.
    pub fn new(color: ColorChoice, is_quiet: bool) -> Self {
        Self { is_colored: is_colored(color, &Term::stderr()), is_quiet }
    }

    /// Returns the line of a note, or nothing if quiet.
    pub fn note(self, text: &str) -> String {
        if self.is_quiet { String::new() } else { self.line("note", &NOTE, text) }
    }

    /// Returns the lines of an error and its hints.
    pub fn error(self, report: &Report) -> String {
        let mut text = self.line(&format!("error[{}]", report.code), &ERROR, &report.message);
        for hint in &report.hints {
            text += &self.line("hint", &NOTE, hint);
        }
        text
    }

    fn line(self, label: &str, style: &Style, text: &str) -> String {
        let label = style.apply_to(label).force_styling(self.is_colored);
        format!("{label}: {}\n", escape(text))
    }
}
