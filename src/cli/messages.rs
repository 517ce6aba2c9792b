//! Notes, errors and hints on standard error. A failure to write them is ignored.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use super::action::MessageSettings;
use super::color::is_colored;
use super::error::Report;
use super::progress::{Progress, Unit};
use crate::output::escape;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Writes messages to standard error.
#[derive(Clone, Debug)]
pub struct Messages {
    is_colored: bool,
    is_quiet: bool,
    progress: Progress,
}

impl Messages {
    /// Creates the writer, with a line of progress that counts this unit.
    pub fn new(settings: MessageSettings, progress: Option<Unit>) -> Self {
        let is_colored = is_colored(settings.color, io::stderr().is_terminal());
        let progress = match progress {
            // Lines of the log would be written into the line of progress.
            Some(unit) if !settings.is_quiet && settings.verbosity == 0 => Progress::new(unit),
            _ => Progress::hidden(),
        };
        Self { is_colored, is_quiet: settings.is_quiet, progress }
    }

    /// Returns the line of progress.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Prints a note, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.is_quiet {
            self.print("note", NOTE, text);
        }
    }

    /// Prints an error and its hint.
    pub fn error(&self, report: &Report) {
        self.print(&format!("error[{}]", report.code), ERROR, &report.message);
        if let Some(hint) = &report.hint {
            self.print("hint", NOTE, hint);
        }
    }

    /// Prints one line with one write, so that lines of parallel processes do not mix.
    fn print(&self, label: &str, style: Style, text: &str) {
        let style = if self.is_colored { style } else { Style::new() };
        let line = format!("{style}{label}{style:#}: {}\n", escape(text));
        let _ = self.progress.suspend(|| io::stderr().write_all(line.as_bytes()));
    }
}
