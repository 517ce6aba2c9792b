//! A row of a table: one run of the command, and what is expected of it.

use std::time::Duration;

use super::server::Servers;

/// One run of the command.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub servers: Servers,
    pub args: String,
    /// The exit status, and the code of the error or an empty string. The codes of several errors are
    /// joined by commas, those of equal errors in a row of a batch count once.
    pub expected: (i32, &'static str),
    /// The longest time that the run may take.
    pub max_time: Duration,
    /// The largest size of the data of the process, in MiB.
    pub max_memory: u32,
    /// The lines of a batch; otherwise the query is `BTS`.
    pub batch: Option<String>,
    /// A shell command that runs first, in the home directory.
    pub setup: String,
    /// Redirections of the command.
    pub redirection: String,
}

/// A row with the usual bounds. `args` are added to the query, `--retries 0` and `--timeout 3`.
pub fn row(
    name: impl Into<String>,
    servers: Servers,
    args: &str,
    expected: (i32, &'static str),
) -> Row {
    Row {
        name: name.into(),
        servers,
        args: args.into(),
        expected,
        max_time: Duration::from_secs(5),
        max_memory: 100,
        batch: None,
        setup: ":".into(),
        redirection: String::new(),
    }
}

impl Row {
    /// Searches for these lines.
    pub fn batch(self, lines: &str) -> Self {
        Self { batch: Some(lines.into()), ..self }
    }

    /// Runs this shell command first. `"$0" "$@"` is the command itself.
    pub fn after(self, setup: &str) -> Self {
        Self { setup: setup.into(), ..self }
    }

    /// Runs the command with these redirections, as the shell writes them.
    pub fn redirected(self, redirection: &str) -> Self {
        Self { redirection: redirection.into(), ..self }
    }

    pub fn within_seconds(self, max_time: u64) -> Self {
        Self { max_time: Duration::from_secs(max_time), ..self }
    }

    pub fn within_mebibytes(self, max_memory: u32) -> Self {
        Self { max_memory, ..self }
    }

    /// Returns the arguments of the command.
    pub fn command_line(&self) -> Vec<&str> {
        let query: &[&str] =
            if self.batch.is_some() { &["--input", "lines.txt"] } else { &["BTS"] };
        let common = ["--retries", "0", "--timeout", "3"];
        query.iter().copied().chain(common).chain(self.args.split_whitespace()).collect()
    }
}
