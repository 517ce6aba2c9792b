//! Faults: the command against servers, proxies, outputs and caches that misbehave. A fault is one row
//! of a table: a run of the command, and what is expected of it.

mod caches;
mod responses;
mod streams;
mod transport;

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use crate::support::{TestCommand, artists, http_response, raw_server};

/// The number of rows that run at the same time. Some of them wait for a timeout.
const THREADS: usize = 4;

/// The time after which a run that hangs is killed.
const MAX_TIME: Duration = Duration::from_secs(20);

/// The base URL of a server that behaves well, for both services.
static GOOD_SERVER: LazyLock<String> =
    LazyLock::new(|| raw_server(http_response("200 OK", &artists(&["BTS"]).to_string())));

/// One run of the command.
struct Row {
    name: String,
    command: TestCommand,
    args: String,
    /// A shell command that runs first, in the home directory. `"$0" "$@"` is the command itself.
    setup: String,
    /// Redirections of the command.
    redirection: &'static str,
    exit_status: i32,
    /// The code of the error, or an empty string for success. The codes of several errors are joined by
    /// commas, those of equal errors in a row count once.
    code: &'static str,
    /// Text in the message.
    message: &'static str,
}

/// A search that ends with this error. `args` are added to the query and `--retries 0`.
fn row(name: impl Into<String>, command: TestCommand, args: &str, code: &'static str) -> Row {
    let (name, args) = (name.into(), format!("--retries 0 {args}"));
    let exit_status = i32::from(!code.is_empty());
    let setup = ":".into();
    Row { name, command, args, setup, redirection: "", exit_status, code, message: "" }
}

fn good_command() -> TestCommand {
    TestCommand::for_server(&GOOD_SERVER)
}

/// A search on a server that behaves well, which succeeds.
fn good(name: impl Into<String>, args: &str) -> Row {
    row(name, good_command(), args, "")
}

impl Row {
    /// Expects this text on standard error.
    fn says(self, message: &'static str) -> Self {
        Self { message, ..self }
    }

    /// Runs this shell command first.
    fn after(self, setup: impl Into<String>) -> Self {
        Self { setup: setup.into(), ..self }
    }

    /// Runs the command with these redirections, as the shell writes them.
    fn redirected(self, redirection: &'static str) -> Self {
        Self { redirection, ..self }
    }

    /// Returns what is wrong with a run, if something is.
    fn problem(&self) -> Option<String> {
        let Self { setup, redirection, exit_status, code, message, .. } = self;
        let script = format!("{{ {setup}; }} && exec \"$0\" \"$@\" {redirection}");
        let mut shell = self.command.shell(&script);
        shell.arg(env!("CARGO_BIN_EXE_spotify-search"));
        if !self.args.contains("-i ") {
            shell.arg("BTS");
        }
        shell.args(self.args.split_whitespace());
        let output = assert_cmd::Command::from_std(shell).timeout(MAX_TIME).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let errors = stderr.lines().filter_map(|line| line.strip_prefix("error["));
        let mut codes: Vec<&str> =
            errors.filter_map(|line| Some(line.split_once("]: ")?.0)).collect();
        codes.dedup();
        // The error cannot be shown if standard error cannot be used.
        let is_hidden = redirection.contains('2') && !code.is_empty();
        let actual = (output.status.code(), codes.join(","));
        let expected = (Some(*exit_status), if is_hidden { "" } else { code }.to_owned());
        let is_expected = actual == expected && stderr.contains(message);
        (!is_expected).then(|| format!("{}: {code:?} expected, got {output:?}", self.name))
    }
}

/// Runs every row. Panics with the name and the output of each row that fails.
#[track_caller]
fn run_table(rows: &[Row]) {
    let run = |rows: &[Row]| rows.iter().filter_map(Row::problem).collect::<Vec<_>>();
    let problems: Vec<String> = thread::scope(|scope| {
        let parts = rows.chunks(rows.len().div_ceil(THREADS));
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || run(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
