//! Runs the built command.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use super::{ID, SECRET};

/// The exit status and the output of a run.
#[derive(Debug)]
pub struct Outcome {
    pub exit_status: i32,
    pub stdout: String,
    /// Standard error without the summary.
    pub stderr: String,
    /// The last line of a batch, which has a time.
    pub summary: String,
}

impl Outcome {
    /// Returns the code of the line `error[code]: …`. Panics unless there is exactly one.
    #[track_caller]
    pub fn error_code(&self) -> &str {
        let mut errors = self.stderr.lines().filter_map(|line| line.strip_prefix("error["));
        let code = errors.next().and_then(|line| line.split_once("]: "));
        assert!(errors.next().is_none(), "more than one error: {self:?}");
        code.unwrap_or_else(|| panic!("no error: {self:?}")).0
    }

    /// Parses standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub fn assert_success(&self) {
        assert_eq!(self.exit_status, 0, "{self:?}");
    }

    /// Asserts success without notes.
    #[track_caller]
    pub fn assert_silent_success(&self) {
        assert_eq!((self.exit_status, self.stderr.as_str()), (0, ""), "{self:?}");
    }

    /// Asserts the exit status, exactly one error with this code, and nothing on standard output.
    #[track_caller]
    pub fn assert_error(&self, exit_status: i32, code: &str) {
        let actual = (self.exit_status, self.error_code(), self.stdout.as_str());
        assert_eq!(actual, (exit_status, code, ""), "{self:?}");
    }
}

/// The built command with an environment and a working directory of its own.
pub struct TestCommand {
    command: Command,
    folder: TempDir,
}

impl TestCommand {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_spotify-search"));
        // No run takes that long unless it hangs.
        command.env_clear().current_dir(folder.path()).timeout(Duration::from_secs(30));
        // The variables from which Unix and Windows programs derive the user's folders.
        for name in ["HOME", "APPDATA", "LOCALAPPDATA", "USERPROFILE"] {
            command.env(name, folder.path());
        }
        command.env("TZ", "UTC");
        Self { command, folder }
    }

    /// The command with credentials and with this base URL for both services.
    pub fn for_server(url: &str) -> Self {
        Self::new()
            .env("SPOTIFY_CLIENT_ID", ID)
            .env("SPOTIFY_CLIENT_SECRET", SECRET)
            .env("SPOTIFY_API_URL", url)
            .env("SPOTIFY_ACCOUNTS_URL", url)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Uses a cache that other runs can share.
    pub fn with_cache_in(self, folder: &Path) -> Self {
        self.env("XDG_CACHE_HOME", folder).env("LOCALAPPDATA", folder)
    }

    /// Writes a file into the working directory, which is also the home directory. Creates the
    /// folders above it.
    pub fn with_file(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
        self
    }

    /// Creates a folder in the working directory and makes it the working directory.
    pub fn in_subfolder(mut self, name: &str) -> Self {
        let subfolder = self.folder.path().join(name);
        std::fs::create_dir(&subfolder).unwrap();
        self.command.current_dir(subfolder);
        self
    }

    pub fn run(mut self, args: &[&str]) -> Outcome {
        let output = self.command.args(args).output().unwrap();
        let (summary, stderr): (Vec<&str>, Vec<&str>) = str::from_utf8(&output.stderr)
            .unwrap()
            .split_inclusive('\n')
            .partition(|line| line.starts_with("note: ") && line.contains(" sent in "));
        Outcome {
            exit_status: output.status.code().unwrap_or_else(|| panic!("killed: {output:?}")),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: stderr.concat(),
            summary: summary.concat(),
        }
    }

    /// Returns the command for tests that need control over its streams.
    pub fn std_command(&self, args: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(self.command.get_program());
        command.env_clear().current_dir(self.folder.path()).args(args);
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command
    }

    /// Returns a POSIX shell that runs a script with the environment and in the working directory of
    /// the command.
    pub fn shell(&self, script: &str) -> std::process::Command {
        let command = self.std_command(&[]);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", script]).env_clear().current_dir(self.folder.path());
        shell.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell
    }
}
