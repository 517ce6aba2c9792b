//! Runs the built command on a pseudo-terminal.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU16;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{Winsize, openpty};

use super::TestCommand;

/// The exit status of a run on a terminal, and the bytes that it wrote to the terminal.
#[derive(Debug)]
pub struct TerminalOutcome {
    pub exit_status: i32,
    pub bytes: Vec<u8>,
    rows: u16,
    columns: u16,
}

impl TerminalOutcome {
    /// Returns the text that the terminal shows in the end. Lines that the terminal wrapped are
    /// joined.
    pub fn screen(&self) -> String {
        self.terminal().screen().contents()
    }

    /// Returns the lines of the terminal up to the last one that is not blank. A line that the
    /// terminal wrapped counts as several.
    pub fn lines(&self) -> Vec<String> {
        let terminal = self.terminal();
        let lines = terminal.screen().rows(0, self.columns).map(|line| line.trim_end().to_owned());
        let mut lines: Vec<String> = lines.collect();
        let count = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        lines.truncate(count);
        lines
    }

    fn terminal(&self) -> vt100::Parser {
        let size = |number| NonZeroU16::new(number).unwrap();
        let mut parser = vt100::Parser::new(size(self.rows), size(self.columns), 0);
        parser.process(&self.bytes);
        parser
    }

    /// Returns everything that was written, including what was removed from the screen later.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// A command that runs on a terminal.
pub struct TerminalRun {
    pub child: Child,
    /// What is written here arrives as if it were typed.
    pub keyboard: File,
    output: JoinHandle<Vec<u8>>,
    rows: u16,
    columns: u16,
}

impl TerminalRun {
    /// Waits for the end of the command.
    pub fn finish(mut self) -> TerminalOutcome {
        let bytes = self.output.join().unwrap();
        let status = self.child.wait().unwrap();
        let exit_status = status.code().or_else(|| Some(128 + status.signal()?)).unwrap();
        TerminalOutcome { exit_status, bytes, rows: self.rows, columns: self.columns }
    }
}

impl TestCommand {
    /// Runs the command with a terminal of this size as its standard input, output and error.
    pub fn run_on_terminal(&self, args: &[&str], rows: u16, columns: u16) -> TerminalOutcome {
        self.start_on_terminal(args, rows, columns, None).finish()
    }

    /// Starts the command on a terminal of this size, with standard output elsewhere if given.
    pub fn start_on_terminal(
        &self,
        args: &[&str],
        rows: u16,
        columns: u16,
        stdout: Option<Stdio>,
    ) -> TerminalRun {
        run_on_terminal(self.std_command(args), rows, columns, stdout)
    }
}

/// Starts a command on a terminal of this size, with standard output elsewhere if given.
pub fn run_on_terminal(
    mut command: Command,
    rows: u16,
    columns: u16,
    stdout: Option<Stdio>,
) -> TerminalRun {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = openpty(&size, None).unwrap();
    // The commands of other tests must not inherit the terminal: it would stay open.
    for end in [&terminal.master, &terminal.slave] {
        fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
    }
    command.env("TERM", "xterm-256color");
    command.stdin(terminal.slave.try_clone().unwrap());
    command.stdout(stdout.unwrap_or_else(|| terminal.slave.try_clone().unwrap().into()));
    let child = command.stderr(terminal.slave).spawn().unwrap();
    let keyboard = File::from(terminal.master.try_clone().unwrap());
    // Closes this process's copies, so that the output ends when the command exits.
    drop(command);
    let output = thread::spawn(move || {
        let mut bytes = Vec::new();
        // Linux reports the end of the output as an error.
        let _ = File::from(terminal.master).read_to_end(&mut bytes);
        bytes
    });
    TerminalRun { child, keyboard, output, rows, columns }
}
