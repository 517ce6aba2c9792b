//! The wiring: from what was typed to what is printed.

use std::env;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use super::args::Args;
use super::messages::{self, Messages};
use super::report::QueryLength;
use super::{FAILURE, generate, settings};
use crate::client::{self, Client, Event};
use crate::credentials::Credentials;
use crate::demo;
use crate::error::{Error, readable};
use crate::output::{Printer, Target};
use crate::query::SearchQuery;

/// A wait that is longer is announced.
const SILENT_WAIT: Duration = Duration::from_secs(1);

/// Does what was typed.
///
/// # Errors
///
/// Whatever ends the command early, for [`super::report`] to explain.
pub async fn run(mut args: Args, messages: Messages) -> Result<ExitCode> {
    if let Some(kind) = args.generate {
        generate::write(kind, &mut output()).context(WRITE)?;
        return Ok(ExitCode::SUCCESS);
    }
    let query = settings::query(&mut args)?;
    if args.dry_run {
        print_urls(&query)?;
        return Ok(ExitCode::SUCCESS);
    }
    let client = client(&args, messages).await?;
    let results = client.search(&query).await.context(QueryLength::of(&query))?;
    let format = args.format.resolve(io::stdout().is_terminal());
    let mut printer = Printer::new(output(), format, target(&args));
    printer.print(&query, &results).and_then(|()| printer.finish()).context(WRITE)?;
    let nothing = args.exit_status && results.is_empty();
    Ok(if nothing { ExitCode::from(FAILURE) } else { ExitCode::SUCCESS })
}

/// What failed where an `io::Error` ends the command.
const WRITE: &str = "cannot write the output";

fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

fn target(args: &Args) -> Target {
    let stdout = io::stdout();
    Target {
        is_terminal: stdout.is_terminal(),
        width: terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0),
        color: messages::is_colored(args.color, &stdout),
    }
}

fn print_urls(query: &SearchQuery) -> Result<()> {
    let mut out = output();
    for url in client::urls(&settings::endpoints()?.api, query) {
        writeln!(out, "{url}").context(WRITE)?;
    }
    out.flush().context(WRITE)
}

/// A client of Spotify, or of the sample catalogue.
async fn client(args: &Args, messages: Messages) -> Result<Client, Error> {
    let settings = settings::client(args)?;
    let (settings, credentials) = if args.demo {
        messages.note("this is sample data, not Spotify's catalogue");
        demo::start(settings).await?
    } else {
        (settings, Credentials::load(|name| env::var(name), Path::new(".env"))?)
    };
    Client::new(settings, &credentials, move |event| announce(&event, messages))
}

fn announce(event: &Event, messages: Messages) {
    match event {
        Event::Waiting { wait, error, retry, retries } if *wait > SILENT_WAIT => {
            let wait = readable(*wait);
            messages.note(&format!("{error}; retry {retry} of {retries} in {wait}"));
        }
        Event::Waiting { .. } => {}
    }
}
