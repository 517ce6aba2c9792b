//! Notes, errors and hints on standard error. A failure to write them is ignored.

use std::io::{self, IsTerminal, Write};

use console::Style;

use super::action::MessageSettings;
use super::blocking::Blocking;
use super::color::is_colored;
use super::error::Report;
use super::progress::Progress;
use crate::output::escape;

const ERROR: Style = Style::new().red().bold();
const NOTE: Style = Style::new().cyan().bold();

/// A message to the user.
#[derive(Debug)]
pub enum Message {
    Note(String),
    Error(Report),
}

/// Writes messages to standard error.
#[derive(Clone, Debug)]
pub struct Messages {
    is_colored: bool,
    is_quiet: bool,
    /// True if notes that only a person wants are printed.
    is_detailed: bool,
    progress: Progress,
}

impl Messages {
    /// Creates the writer. Messages are written above the progress line.
    pub fn new(settings: MessageSettings, progress: Progress) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let MessageSettings { color, is_quiet, verbosity } = settings;
        let is_colored = is_colored(color, is_terminal);
        Self { is_colored, is_quiet, is_detailed: is_terminal || verbosity > 0, progress }
    }

    /// Returns the progress line.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Prints a message. Notes are left out if quiet.
    pub fn show(&self, message: &Message) {
        match message {
            Message::Note(text) => self.note(text),
            Message::Error(report) => self.error(report),
        }
    }

    /// Prints a note, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.is_quiet {
            self.print("note", &NOTE, text);
        }
    }

    /// Prints a note on a terminal or if verbose, unless quiet.
    pub fn detail(&self, text: &str) {
        if self.is_detailed {
            self.note(text);
        }
    }

    /// Prints an error, its hint, and the command that resumes a batch on a line of its own, so that
    /// it can be copied.
    pub fn error(&self, report: &Report) {
        self.print(&format!("error[{}]", report.code), &ERROR, &report.message);
        if let Some(hint) = &report.hint {
            self.print("hint", &NOTE, hint);
        }
        if let Some(command) = &report.resume {
            self.print("hint", &NOTE, "to resume, append the output of this command");
            self.write(&format!("{command}\n"));
        }
    }

    /// Prints one line with one write, so that lines of parallel processes do not mix.
    fn print(&self, label: &str, style: &Style, text: &str) {
        let label = style.apply_to(label).force_styling(self.is_colored);
        self.write(&format!("{label}: {}\n", escape(text)));
    }

    fn write(&self, line: &str) {
        let _ = self.progress.suspend(|| Blocking(io::stderr().lock()).write_all(line.as_bytes()));
    }
}
