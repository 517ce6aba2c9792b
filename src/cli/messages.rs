//! What goes to standard error: notes, errors and the log. Nothing here fails: where standard error
//! is full or closed there is nobody left to tell.

use std::io::{self, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::args::When;
use super::error::Report;
use super::progress::Progress;
use crate::output::escape;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const ASIDE: Style = AnsiColor::Cyan.on_default().bold();

/// The way to standard error.
#[derive(Clone, Debug)]
pub struct Messages {
    color: bool,
    quiet: bool,
    progress: Progress,
}

impl Messages {
    /// Coloured as asked; quiet says errors only.
    pub fn new(color: When, quiet: bool) -> Self {
        let color = is_colored(color, &io::stderr());
        Self { color, quiet, progress: Progress::hidden() }
    }

    /// The same with a line of progress, if it is wanted and nobody asked for quiet.
    pub fn with_progress(self, wanted: bool) -> Self {
        let is_shown = wanted && !self.quiet;
        let progress = if is_shown { Progress::new() } else { Progress::hidden() };
        Self { progress, ..self }
    }

    /// The line of progress, which makes room for every message.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Something good to know that is no error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line("note", ASIDE, text);
        }
    }

    /// What failed, and what may help.
    pub fn error(&self, report: &Report) {
        self.line(&format!("error[{}]", report.code), ERROR, &report.message);
        if let Some(hint) = &report.hint {
            self.line("hint", ASIDE, hint);
        }
    }

    /// One line, whatever is in the text.
    fn line(&self, label: &str, style: Style, text: &str) {
        let style = if self.color { style } else { Style::new() };
        let line = format!("{style}{label}{style:#}: {}\n", escape(text));
        // In one piece, so that parallel runs do not write into each other's lines.
        let _ = self.progress.aside(|| io::stderr().write_all(line.as_bytes()));
    }
}

/// Whether to colour what goes to this stream.
pub fn is_colored(when: When, stream: &impl RawStream) -> bool {
    match when {
        When::Auto => AutoStream::choice(stream) != ColorChoice::Never,
        When::Always => true,
        When::Never => false,
    }
}

/// Starts the log: what happens for one `-v`, every request for two. Only our own lines: other
/// crates' may show headers.
pub fn start_log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .log_internal_errors(false);
    let ours = Targets::new().with_target("spotify_search", level);
    tracing_subscriber::registry().with(lines).with(ours).init();
}
