//! The commands to compare: this one and what a user would run without it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::server::Urls;

/// The command under test.
pub const OURS: &str = env!("CARGO_BIN_EXE_spotify-search");

/// Returns the binary of another version to compare with, from `BASELINE`.
pub fn baseline() -> Option<String> {
    std::env::var("BASELINE").ok().filter(|path| !path.is_empty())
}

const SEARCH: &str = "/v1/search?q=x&type=artist&limit=10&offset=0";

/// The script that the command replaces.
const SCRIPT: &str = "\
import os, requests
token = requests.post(os.environ['ACCOUNTS'] + '/api/token', auth=('i', 's'),
    data={'grant_type': 'client_credentials'}, verify=os.environ['CERTIFICATE']).json()['access_token']
print(requests.get(os.environ['API'] + '/v1/search', params={'q': 'x', 'type': 'artist', 'limit': 10},
    headers={'Authorization': 'Bearer ' + token}, verify=os.environ['CERTIFICATE']).text)
";

/// Returns true if a program is installed.
pub fn is_installed(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The files that the commands need.
pub struct Peers {
    folder: PathBuf,
    certificate: PathBuf,
}

impl Peers {
    pub fn new(folder: &Path, certificate: &Path) -> Self {
        let queries: Vec<String> = (0..2_000).map(|number| format!("query{number}")).collect();
        std::fs::write(folder.join("queries"), queries[..200].join("\n")).unwrap();
        for count in [12, 25, 50, 200, 2_000] {
            let name = format!("queries-{count}");
            std::fs::write(folder.join(name), queries[..count].join("\n")).unwrap();
        }
        std::fs::write(folder.join("script.py"), SCRIPT).unwrap();
        Self { folder: folder.to_owned(), certificate: certificate.to_owned() }
    }

    /// A version of this command in a clean environment.
    pub fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(&self.folder).env("HOME", &self.folder).args(args);
        command
    }
}

/// The commands, set up for one pair of servers.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub peers: &'a Peers,
    pub urls: &'a Urls,
    /// The binary that counts as ours.
    pub program: &'a str,
}

impl Site<'_> {
    pub fn ours(&self, args: &[&str]) -> Command {
        let mut command = self.peers.command(self.program, args);
        command.env("SPOTIFY_CLIENT_ID", "i").env("SPOTIFY_CLIENT_SECRET", "s");
        command
            .env("SPOTIFY_API_URL", &self.urls.api)
            .env("SPOTIFY_ACCOUNTS_URL", &self.urls.accounts);
        command.env("SSL_CERT_FILE", &self.peers.certificate);
        command
    }

    pub fn ours_cold(&self) -> Command {
        self.ours(&["x", "--no-cache"])
    }

    pub fn ours_batch(&self) -> Command {
        self.ours(&["--input", "queries", "--jobs", "4"])
    }

    /// One search with a known token.
    pub fn curl(&self) -> Command {
        let mut command = Command::new("curl");
        command.arg("-sS").arg("--cacert").arg(&self.peers.certificate);
        command.args(["-H", "Authorization: Bearer t"]).arg(format!("{}{SEARCH}", self.urls.api));
        command
    }

    /// Requests a token and then searches, in one curl process. curl cannot use the token of the first
    /// response in the second request, so the search sends a fixed token that the server accepts.
    pub fn curl_both(&self) -> Command {
        let mut command = Command::new("curl");
        command.arg("-sS").arg("--cacert").arg(&self.peers.certificate);
        command.args(["-u", "i:s", "-d", "grant_type=client_credentials"]);
        command.arg(format!("{}/api/token", self.urls.accounts)).arg("--next");
        command.args(self.curl().get_args());
        command
    }

    /// One process per query, four at a time.
    pub fn xargs_curl(&self) -> Command {
        let curl = self.curl();
        let mut command = Command::new("xargs");
        command.args(["-P", "4", "-I{}", "-a"]).arg(self.peers.folder.join("queries")).arg("curl");
        for arg in curl.get_args() {
            command.arg(arg.to_str().unwrap().replace("q=x", "q={}"));
        }
        command
    }

    pub fn python(&self) -> Command {
        let mut command = Command::new("python3");
        command.arg(self.peers.folder.join("script.py"));
        command.env("ACCOUNTS", &self.urls.accounts).env("API", &self.urls.api);
        command.env("CERTIFICATE", &self.peers.certificate);
        command
    }
}
