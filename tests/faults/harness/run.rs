//! Runs the rows of a table, several at a time.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, process};

use assert_cmd::Command;
use tempfile::TempDir;

use super::check;
use super::row::Row;
use crate::support::{ID, SECRET};

/// The number of rows that run at a time. Most of them wait for a timeout.
const THREADS: usize = 8;

/// A finished run.
#[derive(Debug)]
pub struct Outcome {
    /// `None` if a signal ended the process.
    pub exit_status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub time: Duration,
    /// The home directory and working directory.
    pub folder: TempDir,
}

/// Runs every row. Panics with the name and the outcome of each row that fails.
#[track_caller]
pub fn run_table(rows: Vec<Row>) {
    let count = rows.len();
    let (rows, failures) = (Mutex::new(VecDeque::from(rows)), Mutex::new(Vec::new()));
    let next = || rows.lock().unwrap().pop_front();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(row) = next() {
                    let outcome = run(&row);
                    let problems = check::problems(&row, &outcome);
                    if !problems.is_empty() {
                        let problems = problems.join("; ");
                        let failure = format!("{}: {problems}\n{outcome:#?}", row.name);
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    let failed = failures.len();
    assert!(failed == 0, "{failed} of {count} rows failed:\n\n{}\n", failures.join("\n\n"));
}

fn run(row: &Row) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    // The limit counts what the process may write to, shared libraries and untouched memory aside.
    let script = format!(
        r#"ulimit -d {} && {{ {}; }} && exec "$0" "$@" {}"#,
        row.max_memory * 1024,
        row.setup,
        row.redirection
    );
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_spotify-search")]).args(row.command_line());
    command.env_clear().current_dir(folder.path()).env("HOME", folder.path()).env("TZ", "UTC");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("SPOTIFY_CLIENT_ID", ID).env("SPOTIFY_CLIENT_SECRET", SECRET);
    if let Some(lines) = &row.batch {
        fs::write(folder.path().join("lines.txt"), lines).unwrap();
    }
    if let Some(roots) = row.servers.roots() {
        fs::write(folder.path().join("roots.pem"), roots).unwrap();
        command.env("SSL_CERT_FILE", "roots.pem");
    }
    command.envs(row.servers.clone().start());
    let start = Instant::now();
    // Kills a run that hangs.
    let process::Output { status, stdout, stderr } =
        command.timeout(row.max_time + Duration::from_secs(1)).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Outcome {
        exit_status: status.code(),
        stdout: text(stdout),
        stderr: text(stderr),
        time: start.elapsed(),
        folder,
    }
}
