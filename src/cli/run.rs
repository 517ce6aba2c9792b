//! The wiring: from what was typed to what is printed.

use std::env;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use super::action::{self, QuerySettings};
use super::args::Args;
use super::error::QueryLength;
use super::messages::{self, Messages};
use super::{FAILURE, batch, generate};
use crate::client::{Client, Event};
use crate::credentials::Credentials;
use crate::demo;
use crate::error::{Error, readable};
use crate::output::{Printer, Target};
use crate::query::SearchQuery;
use crate::results::SearchResults;

/// A wait that is longer is announced.
const SILENT_WAIT: Duration = Duration::from_secs(1);

/// What failed where an `io::Error` ends the command.
pub const WRITE: &str = "cannot write the output";

/// Does what was typed.
///
/// # Errors
///
/// Whatever ends the command early, for [`super::error`] to explain.
pub async fn run(mut args: Args, messages: &Messages) -> Result<ExitCode> {
    if let Some(kind) = args.generate {
        generate::write(kind, &mut output()).context(WRITE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let scope = QuerySettings::new(&mut args)?;
    if let Some(input) = args.input.take() {
        return batch::run(&args, &scope, &input, messages).await;
    }
    let query = scope.query(&args.words.join(" "))?;
    if args.dry_run {
        write_urls(&idle_client(&args)?, &query, &mut output())?;
        return Ok(ExitCode::SUCCESS);
    }
    let client = client(&args, messages, Counting::Pages).await?;
    let results = client.search(&query).await.context(QueryLength::of(&query))?;
    messages.progress().clear();
    tell_of_shortfall("", &query, &results, messages);
    let mut printer = printer(&args);
    printer.print(None, &query, &results).and_then(|()| printer.flush()).context(WRITE)?;
    tell_what_was_left_out(&printer, messages);
    Ok(exit_code(args.exit_status && results.is_empty()))
}

/// Says that some results lack what was to be printed of them.
pub fn tell_what_was_left_out(printer: &Printer<impl Write>, messages: &Messages) {
    if let Some((results, what)) = printer.left_out() {
        messages.note(&format!("left out: {results} of the results, without {what}"));
    }
}

pub fn exit_code(is_failure: bool) -> ExitCode {
    if is_failure { ExitCode::from(FAILURE) } else { ExitCode::SUCCESS }
}

/// A printer to standard output in the form that was asked for.
pub fn printer(args: &Args) -> Printer<BufWriter<StdoutLock<'static>>> {
    let stdout = io::stdout();
    let target = Target {
        is_terminal: stdout.is_terminal(),
        width: terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0),
        color: messages::is_colored(args.color, &stdout),
    };
    Printer::new(output(), args.format.resolve(target.is_terminal), target)
}

/// Standard output, buffered.
pub fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// What the line of progress counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    Pages,
    Queries,
}

/// A client of Spotify, or of the sample catalogue.
pub async fn client(args: &Args, messages: &Messages, counting: Counting) -> Result<Client, Error> {
    let settings = action::client(args)?;
    let (settings, credentials) = if args.demo {
        messages.note("this is sample data, not Spotify's catalogue");
        demo::start(settings).await?
    } else {
        (settings, credentials()?)
    };
    let messages = messages.clone();
    Client::new(settings, &credentials, move |event| tell(&event, &messages, counting))
}

fn credentials() -> Result<Credentials, Error> {
    Credentials::load(|name| env::var(name), Path::new(".env"))
}

/// A client for what sends nothing: it only looks up what is remembered of the app, and without
/// credentials that is nothing.
pub fn idle_client(args: &Args) -> Result<Client, Error> {
    let credentials = credentials().unwrap_or_else(|_| Credentials::new("", ""));
    Client::new(action::client(args)?, &credentials, |_| {})
}

/// Writes the requests that a query takes.
pub fn write_urls(client: &Client, query: &SearchQuery, out: &mut impl Write) -> Result<()> {
    for url in client.urls(query) {
        writeln!(out, "{url}").context(WRITE)?;
    }
    out.flush().context(WRITE)
}

/// Tells a person what happens meanwhile.
fn tell(event: &Event, messages: &Messages, counting: Counting) {
    match event {
        Event::Waiting { wait, error, retry, retries } if *wait > SILENT_WAIT => {
            let cause = match error {
                Error::RateLimited { .. } => "Spotify limits the app's requests".to_owned(),
                error => error.to_string(),
            };
            let wait = readable(*wait);
            messages.note(&format!("{cause}; retry {retry} of {retries} in {wait}"));
            messages.progress().waiting(format!("waiting {wait} ({})", error.code()));
        }
        Event::CoolingDown { rest } => {
            let rest = readable(*rest);
            messages.note(&format!("Spotify asked an earlier run to keep away; waiting {rest}"));
            messages.progress().waiting(format!("waiting {rest} (rate_limited)"));
        }
        Event::Page { done, of } if counting == Counting::Pages => {
            messages.progress().show(*done as u64, Some(*of as u64), "pages");
        }
        Event::Waiting { .. } | Event::Page { .. } => {}
    }
}

/// Says that less came than Spotify promised, at this place.
pub fn tell_of_shortfall(
    place: &str,
    query: &SearchQuery,
    results: &SearchResults,
    messages: &Messages,
) {
    if let Some((came, promised)) = results.shortfall(query) {
        messages
            .note(&format!("{place}{came} results came, although Spotify counts {promised} there"));
    }
}
