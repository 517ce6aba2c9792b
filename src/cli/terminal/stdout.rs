//! Standard output: detects its properties, and writes to it.

use std::env;
use std::fs::{File, Metadata};
use std::io::{self, IsTerminal, Write};

use console::Term;
use supports_hyperlinks::Stream;

use super::blocking::{Blocking, Handle};
use super::color::{ColorChoice, has_escape_sequences, is_colored};
use crate::output::Target;

/// Returns the properties of standard output.
pub fn target(color: ColorChoice) -> Target {
    let stdout = Term::stdout();
    let is_terminal = stdout.is_term();
    Target {
        is_terminal,
        width: stdout.size_checked().map(|(_, columns)| columns).or_else(columns),
        color: is_colored(color, &stdout),
        links: color != ColorChoice::Never
            && supports_hyperlinks::on(Stream::Stdout)
            // FORCE_HYPERLINK also links names in a pipe.
            && has_escape_sequences(&stdout) == is_terminal,
    }
}

/// Returns the width in the variable `COLUMNS`.
fn columns() -> Option<u16> {
    env::var("COLUMNS").ok()?.parse().ok().filter(|&columns| columns > 0)
}

/// Passes the whole text to the operating system in one write, so that the results of processes that
/// append to one file do not mix.
///
/// # Errors
///
/// The operating system's error.
pub fn write(text: &[u8]) -> io::Result<()> {
    // std's stream ignores the error of an output that is not open for writing.
    #[cfg(unix)]
    let mut output = Blocking(file(&io::stdout())?);
    #[cfg(windows)]
    let mut output = Blocking(io::stdout());
    output.write_all(text)?;
    output.flush()
}

/// Returns true if standard output is neither a terminal nor a file.
pub fn is_pipe() -> bool {
    let stdout = io::stdout();
    !stdout.is_terminal() && !is_regular(&stdout)
}

/// Returns true if this is the regular file that standard output writes to.
pub fn is_same_file(stream: &impl Handle) -> bool {
    cfg!(unix) && is_regular(stream) && is_same(stream, &io::stdout())
}

/// Returns true if both are the same file.
#[cfg(unix)]
pub fn is_same(one: &impl Handle, other: &impl Handle) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (metadata(one), metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

/// std does not tell the identity of a file on Windows.
#[cfg(windows)]
pub fn is_same(_: &impl Handle, _: &impl Handle) -> bool {
    true
}

/// Returns true for a regular file.
fn is_regular(stream: &impl Handle) -> bool {
    metadata(stream).is_ok_and(|metadata| metadata.is_file())
}

fn metadata(stream: &impl Handle) -> io::Result<Metadata> {
    file(stream)?.metadata()
}

/// Returns the stream as a file, without the standard library's buffer.
fn file(stream: &impl Handle) -> io::Result<File> {
    #[cfg(unix)]
    let handle = stream.as_fd();
    #[cfg(windows)]
    let handle = stream.as_handle();
    handle.try_clone_to_owned().map(File::from)
}
