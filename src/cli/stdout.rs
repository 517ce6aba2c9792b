//! Standard output: detects its properties, and writes to it.

use std::env;
use std::io::{self, IsTerminal, Write};

use supports_hyperlinks::Stream;

use super::action::{ColorChoice, OutputSettings};
use super::color::is_colored;
use super::error::CommandError;
use crate::output::{Format, Target};

/// Returns the output format and the properties of standard output.
pub fn format_and_target(settings: &OutputSettings) -> (Format, Target) {
    let stdout = io::stdout();
    let is_terminal = stdout.is_terminal();
    let default = if is_terminal { Format::Table } else { Format::Json };
    let format = settings.format.unwrap_or(default);
    let target = Target {
        is_terminal,
        width: terminal_size::terminal_size_of(&stdout)
            .map_or_else(columns, |(width, _)| Some(width.0)),
        color: is_colored(settings.color, is_terminal),
        links: settings.color != ColorChoice::Never && supports_hyperlinks::on(Stream::Stdout),
    };
    (format, target)
}

/// Returns the width in the variable `COLUMNS`.
fn columns() -> Option<u16> {
    env::var("COLUMNS").ok()?.parse().ok().filter(|&columns| columns > 0)
}

/// Writes text to standard output and flushes it.
///
/// # Errors
///
/// [`CommandError::Output`] if it cannot be written.
pub fn write(text: &[u8]) -> Result<(), CommandError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text).and_then(|()| stdout.flush()).map_err(CommandError::Output)
}
