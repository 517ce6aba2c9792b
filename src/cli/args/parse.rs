//! Parses the command line and prints clap's errors and help.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, ValueEnum};
use console::Term;

use super::flags::{self, Args};
use super::help;
use super::values::level_names;
use crate::cli::exit_status;
use crate::cli::terminal::blocking::Blocking;
use crate::cli::terminal::color::{ColorChoice, is_colored};
use crate::cli::terminal::stdout;
use crate::output::{Format, escape};

/// Parses the command line.
///
/// # Errors
///
/// [`ParseError`], also for `--help` and `--version`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Args, ParseError> {
    let args: Vec<OsString> = args.into_iter().collect();
    let parsed = Args::try_parse_from(&args).map_err(|error| {
        if !error.use_stderr() {
            return error;
        }
        // The text of the error repeats arguments.
        let escaped = args.iter().map(|arg| escape(&arg.to_string_lossy()).into_owned());
        Args::try_parse_from(escaped).err().unwrap_or(error)
    });
    let is_help = parsed.as_ref().is_err_and(|error| !error.use_stderr());
    if let Some(level) = level_after_match(&args).filter(|_| !is_help) {
        let message =
            format!("\"{level}\" is a search word here; use --match={level} for the level");
        return Err(ParseError::new(message, ColorChoice::Auto));
    }
    parsed.map_err(|mut error| {
        if error.kind() == ErrorKind::UnknownArgument
            && let Some(option) = option_meant(&args)
        {
            let option = escape(&option).into_owned();
            error.insert(ContextKind::SuggestedArg, ContextValue::String(option));
        }
        ParseError { error, color: ColorChoice::Auto }
    })
}

/// Returns the option that was meant by `-artist`, or by `--id` for a format.
fn option_meant(args: &[OsString]) -> Option<String> {
    args.iter().filter_map(|arg| arg.to_str()).find_map(|arg| {
        if let Some(name) = arg.strip_prefix("--") {
            return Format::from_str(name, false).ok().map(|_| format!("-f {name}"));
        }
        let name = arg.strip_prefix('-')?.split('=').next();
        let is_long = flags::definition().get_arguments().any(|known| known.get_long() == name);
        is_long.then(|| format!("-{arg}"))
    })
}

/// Returns the level that follows a `--match` without a value.
fn level_after_match(args: &[OsString]) -> Option<&'static str> {
    let options = args.split(|arg| arg == "--").next()?;
    let (_, word) =
        options.iter().zip(options.iter().skip(1)).find(|(flag, _)| *flag == "--match")?;
    level_names().find(|name| word == name)
}

/// A command line that cannot be used, or that asks for help.
#[derive(Debug)]
pub struct ParseError {
    error: clap::Error,
    color: ColorChoice,
}

impl ParseError {
    /// The arguments contradict each other, or a value is out of range.
    pub fn new(message: impl Display, color: ColorChoice) -> Self {
        let message = message.to_string();
        let mut definition = flags::definition();
        Self { error: definition.error(ErrorKind::ValueValidation, escape(&message)), color }
    }

    /// There are no search words, no filter and no input. The text shows examples.
    pub fn missing_query(color: ColorChoice) -> Self {
        let message =
            "a query, a field filter or --input is required; --input - reads standard input";
        let usage = format!("{}\n\n{}", help::USAGE, help::examples(4));
        let mut definition = flags::definition().override_usage(usage);
        Self { error: definition.error(ErrorKind::MissingRequiredArgument, message), color }
    }

    /// Returns the value of `--color`.
    pub fn color(&self) -> ColorChoice {
        self.color
    }

    /// Prints the text: `--help` and `--version` to standard output, an error to standard error. Returns
    /// the exit status.
    ///
    /// # Errors
    ///
    /// The operating system's error if standard output cannot be written.
    pub fn print(&self) -> io::Result<u8> {
        let styled = self.error.render();
        let text = |stream: &Term| {
            let is_colored = is_colored(self.color, stream);
            if is_colored { styled.ansi().to_string() } else { styled.to_string() }
        };
        if self.error.use_stderr() {
            let _ = Blocking(io::stderr().lock()).write_all(text(&Term::stderr()).as_bytes());
            return Ok(exit_status::USAGE);
        }
        stdout::write(text(&Term::stdout()).as_bytes())?;
        Ok(0)
    }
}
