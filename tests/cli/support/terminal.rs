//! Runs the built command on a pseudo-terminal.

use std::fs::File;
use std::io::Read;
use std::num::NonZeroU16;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{Winsize, openpty};

use super::TestCommand;

/// The exit status of a run on a terminal, and the bytes that it wrote to standard output and
/// standard error.
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
}

impl TestCommand {
    /// Runs the command with a terminal of this size as its standard input, output and error.
    pub fn run_on_terminal(&self, args: &[&str], rows: u16, columns: u16) -> TerminalOutcome {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let terminal = openpty(&size, None).unwrap();
        // The commands of other tests must not inherit the terminal: it would stay open.
        for end in [&terminal.master, &terminal.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
        }
        let mut command = self.std_command(args);
        command.stdin(terminal.slave.try_clone().unwrap());
        command.stdout(terminal.slave.try_clone().unwrap()).stderr(terminal.slave);
        let mut child = command.spawn().unwrap();
        // Closes this process's copies, so that the output ends when the command exits.
        drop(command);
        let mut bytes = Vec::new();
        // Linux reports the end of the output as an error.
        let _ = File::from(terminal.master).read_to_end(&mut bytes);
        let exit_status = child.wait().unwrap().code().unwrap();
        TerminalOutcome { exit_status, bytes, rows, columns }
    }
}
