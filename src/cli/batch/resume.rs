//! Where a batch stopped, and the shell command that resumes it.

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use crate::output::escape;

/// The place where a batch stopped. Its `Display` text is for messages.
#[derive(Debug)]
pub struct Position {
    /// The first line whose result was not written.
    pub next_line: u64,
    /// The name of the input.
    pub input: String,
    /// The command that resumes the batch. `None` if nothing was written, or if the input is not a
    /// file that can be read again.
    pub command: Option<String>,
}

impl Position {
    /// Creates the position in an input with this name, which is a file with this path or can be read
    /// only once. `has_header` is true if a header line was written, which must not be repeated.
    pub fn new(input: String, path: Option<&Path>, next_line: u64, has_header: bool) -> Self {
        let path = path.filter(|path| next_line > 1 && can_be_read_again(path));
        let command = path.and_then(Path::to_str).and_then(|path| {
            let args: Vec<String> =
                env::args_os().map(OsString::into_string).collect::<Result<_, _>>().ok()?;
            resume_command(&args, path, next_line, has_header)
        });
        Self { next_line, input, command }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { next_line: line, input, .. } = self;
        match line {
            1 => write!(f, "stopped at line 1 of {input}; nothing is done"),
            2 => write!(f, "stopped at line 2 of {input}; line 1 is done"),
            _ => write!(f, "stopped at line {line} of {input}; lines 1-{} are done", line - 1),
        }
    }
}

/// Returns true for a file, but not for a name of an open file of this process.
fn can_be_read_again(path: &Path) -> bool {
    path.is_file() && !path.starts_with("/dev") && !path.starts_with("/proc")
}

/// Returns a command for a POSIX shell that runs the batch from this line on. Returns `None` if an
/// argument contains a character that must not be printed on a terminal.
fn resume_command(args: &[String], path: &str, next_line: u64, has_header: bool) -> Option<String> {
    let (program, args) = args.split_first()?;
    let quote = |text: &str| {
        let is_printable = matches!(escape(text), Cow::Borrowed(_));
        is_printable.then(|| shell_quoted(text))
    };
    // tail reads a name with a leading hyphen as an option.
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    let mut command = format!("tail -n +{next_line} {} | {}", quote(&path)?, quote(program)?);
    for arg in without_input(args) {
        command.push(' ');
        command.push_str(&quote(arg)?);
    }
    if has_header {
        command.push_str(" --no-header");
    }
    // If `--input` is still among the arguments, the last one wins.
    command.push_str(" --input -");
    Some(command)
}

/// Quotes an argument for a POSIX shell, if it needs quotes.
fn shell_quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Leaves out the option `--input` in its usual forms, and a `--` that further options must not
/// follow.
fn without_input(args: &[String]) -> impl Iterator<Item = &str> {
    let mut args = args.iter().map(String::as_str);
    std::iter::from_fn(move || {
        loop {
            match args.next()? {
                "-i" | "--input" => drop(args.next()),
                "--" => {}
                arg if arg.starts_with("--input=") => {}
                arg => return Some(arg),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(args: &[&str], path: &str, has_header: bool) -> Option<String> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        resume_command(&args, path, 1_207, has_header)
    }

    #[test]
    fn command_reads_the_rest_of_the_file() {
        let plain = ["spotify-search", "-i", "names.txt", "-n", "3", "--"];
        insta::assert_snapshot!(
            command(&plain, "names.txt", false).unwrap(),
            @"tail -n +1207 names.txt | spotify-search -n 3 --input -"
        );
        let quoted =
            ["./my tool", "--input=my names.txt", "--artist", "Guns N' Roses", "-qf", "csv"];
        insta::assert_snapshot!(
            command(&quoted, "my names.txt", true).unwrap(),
            @r#"tail -n +1207 'my names.txt' | './my tool' --artist 'Guns N'\'' Roses' -qf csv --no-header --input -"#
        );
    }

    #[test]
    fn command_overrides_an_input_option_in_an_unusual_form() {
        insta::assert_snapshot!(
            command(&["spotify-search", "-qinames.txt"], "-names", false).unwrap(),
            @"tail -n +1207 ./-names | spotify-search -qinames.txt --input -"
        );
    }

    #[test]
    fn there_is_no_command_that_cannot_be_shown() {
        for text in ["a\u{1b}b", "a\u{202e}b"] {
            assert_eq!(command(&["spotify-search", "--artist", text], "names.txt", false), None);
        }
    }
}
