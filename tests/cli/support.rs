//! What the tests stand on: a server in Spotify's place, the built command in a clean environment,
//! and servers that misbehave.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub const ID: &str = "id-7f3a";
pub const SECRET: &str = "secret-9b2c";
/// `ID:SECRET` in base64.
pub const BASIC: &str = "aWQtN2YzYTpzZWNyZXQtOWIyYw==";
pub const TOKEN: &str = "token-5d1e";

/// What a run of the command came to.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// The code in the brackets of the error line; panics where there is no such line, or more.
    pub fn error_code(&self) -> &str {
        let mut codes = self.stderr.lines().filter_map(|line| line.strip_prefix("error["));
        let code = codes
            .next()
            .and_then(|line| line.split_once("]: "))
            .unwrap_or_else(|| panic!("{self:?}"))
            .0;
        assert!(codes.next().is_none(), "more than one error: {self:?}");
        code
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The built command in an environment and a working directory of its own.
pub struct Tool {
    command: Command,
    folder: TempDir,
}

impl Tool {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_spotify-search"));
        // No run takes that long unless it hangs.
        command.env_clear().current_dir(folder.path()).timeout(Duration::from_secs(30));
        command.env("HOME", folder.path()).env("TZ", "UTC");
        Self { command, folder }
    }

    /// With credentials, against services at this address.
    pub fn against(base: &str) -> Self {
        let credentials =
            Self::new().env("SPOTIFY_CLIENT_ID", ID).env("SPOTIFY_CLIENT_SECRET", SECRET);
        credentials.env("SPOTIFY_API_URL", base).env("SPOTIFY_ACCOUNTS_URL", base)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// With its memory in this folder, which another run may share.
    pub fn remembering_in(self, folder: &Path) -> Self {
        self.env("XDG_CACHE_HOME", folder)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The command with a folder below its own as its working directory.
    pub fn inside(mut self, name: &str) -> Self {
        self.command.current_dir(self.folder.path().join(name));
        self
    }

    pub fn run(mut self, args: &[&str]) -> Outcome {
        let output = self.command.args(args).output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or_else(|| panic!("killed: {output:?}")),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The command as it is, for what `run` can't do.
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
}

/// A server in Spotify's place.
pub struct Spotify(MockServer);

impl Spotify {
    /// One that gives tokens and answers every search with these results.
    pub async fn with(results: &Value) -> Self {
        Self::answering(ResponseTemplate::new(200).set_body_json(results)).await
    }

    /// One that gives tokens and answers every search like this.
    pub async fn answering(answer: ResponseTemplate) -> Self {
        let spotify = Self::giving_tokens().await;
        spotify.searches(answer, None).await;
        spotify
    }

    /// One that gives tokens and has a catalogue.
    pub async fn with_catalogue(totals: &[(&'static str, usize)], cap: usize) -> Self {
        let spotify = Self::giving_tokens().await;
        spotify.searches(catalogue(totals, cap), None).await;
        spotify
    }

    /// One that gives tokens and answers no search yet.
    pub async fn giving_tokens() -> Self {
        let spotify = Self::silent().await;
        spotify.tokens(token(TOKEN), None).await;
        spotify
    }

    /// One that answers nothing yet.
    pub async fn silent() -> Self {
        Self(MockServer::start().await)
    }

    /// Answers requests for a token like this, at most so often.
    pub async fn tokens(&self, answer: impl Respond + 'static, times: Option<u64>) {
        self.mount(Mock::given(method("POST")).and(path("/api/token")).respond_with(answer), times)
            .await;
    }

    /// Answers searches like this, at most so often; what was said first comes first.
    pub async fn searches(&self, answer: impl Respond + 'static, times: Option<u64>) {
        self.mount(Mock::given(method("GET")).and(path("/v1/search")).respond_with(answer), times)
            .await;
    }

    async fn mount(&self, mock: Mock, times: Option<u64>) {
        match times {
            Some(times) => mock.up_to_n_times(times).mount(&self.0).await,
            None => mock.mount(&self.0).await,
        }
    }

    /// The command, made to take this for Spotify.
    pub fn tool(&self) -> Tool {
        Tool::against(&self.base())
    }

    pub fn base(&self) -> String {
        self.0.uri()
    }

    pub fn run(&self, args: &[&str]) -> Outcome {
        self.tool().run(args)
    }

    /// The requests that came, in order.
    pub async fn requests(&self) -> Vec<Request> {
        self.0.received_requests().await.unwrap()
    }

    /// The limit and offset of each search that came.
    pub async fn ranges(&self) -> Vec<(usize, usize)> {
        let requests = self.requests().await;
        let searches = requests.iter().filter(|request| request.url.path() == "/v1/search");
        let number = |request, name| parameter(request, name).parse().unwrap();
        searches.map(|request| (number(request, "limit"), number(request, "offset"))).collect()
    }

    /// How many requests for a token and how many searches came.
    pub async fn counts(&self) -> (usize, usize) {
        let requests = self.requests().await;
        let tokens = requests.iter().filter(|request| request.url.path() == "/api/token").count();
        (tokens, requests.len() - tokens)
    }
}

/// Answers searches out of a catalogue of so many of each type, called `NAME 0`, `NAME 1`, …, as
/// an app that may ask for `cap` at once is answered.
pub fn catalogue(totals: &[(&'static str, usize)], cap: usize) -> impl Respond + 'static {
    let totals = totals.to_vec();
    move |request: &Request| {
        let number = |name: &str| parameter(request, name).parse::<usize>().unwrap();
        let (limit, offset) = (number("limit"), number("offset"));
        if limit > cap {
            return error(400, "Invalid limit");
        }
        if offset >= 1_000 {
            return error(400, "Invalid offset");
        }
        let page = |total: usize, section: &str| {
            let items: Vec<Value> = (offset..total.min(offset + limit))
                .map(|number| json!({"id": format!("{section}-{number}"), "name": format!("{section} {number}")}))
                .collect();
            let next = (offset + limit < total).then(|| format!("offset={}", offset + limit));
            let previous = (offset > 0).then_some("before");
            json!({"href": format!("offset={offset}"), "items": items, "limit": limit, "next": next,
                   "offset": offset, "previous": previous, "total": total})
        };
        let sections =
            totals.iter().map(|&(section, total)| (section.to_owned(), page(total, section)));
        ResponseTemplate::new(200).set_body_json(Value::Object(sections.collect()))
    }
}

/// A parameter of a request's URL.
pub fn parameter(request: &Request, name: &str) -> String {
    let found = request.url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

pub fn token(text: &str) -> ResponseTemplate {
    let grant = json!({"access_token": text, "token_type": "Bearer", "expires_in": 3600});
    ResponseTemplate::new(200).set_body_json(grant)
}

pub fn error(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .set_body_json(json!({"error": {"status": status, "message": message}}))
}

/// An answer with these artists.
pub fn artists(names: &[&str]) -> Value {
    let artist = |name: &&str| json!({"id": format!("id-{name}"), "name": name, "type": "artist"});
    let items: Vec<Value> = names.iter().map(artist).collect();
    json!({"artists": {"items": items, "limit": 10, "next": null, "offset": 0, "total": names.len()}})
}

/// A server that gives tokens properly and answers every search with these very bytes, then hangs
/// up. Returns its base URL.
pub fn raw(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    let address = listen(move |mut stream| serve(&mut stream, &answer));
    format!("http://{address}")
}

/// The same over TLS with a certificate of its own for `localhost`. Returns its base URL and the
/// certificate as PEM.
pub fn raw_tls(answer: impl Into<Vec<u8>>) -> (String, String) {
    raw_tls_telling(answer, || {})
}

/// The same, doing something with each connection before it is served.
pub fn raw_tls_telling(
    answer: impl Into<Vec<u8>>,
    connected: impl Fn() + Send + Sync + 'static,
) -> (String, String) {
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key =
        rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let (config, answer) = (Arc::new(config), answer.into());
    let address = listen(move |stream| {
        connected();
        let connection = rustls::ServerConnection::new(config.clone()).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        serve(&mut stream, &answer);
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    (format!("https://localhost:{}", address.port()), certified.cert.pem())
}

/// Serves each connection on a thread of its own for as long as the tests run.
pub fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Answers one request: a token where it asks for one, these bytes otherwise. A client that hangs
/// up early is fine.
fn serve(stream: &mut (impl Read + Write), answer: &[u8]) {
    let head = read_head(stream);
    if head.starts_with("POST") {
        let body =
            format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#);
        let _ = stream.write_all(http("200 OK", &body).as_bytes());
    } else if !head.is_empty() {
        let _ = stream.write_all(answer);
    }
    let _ = stream.flush();
}

/// The head of a request and the beginning of its body.
pub fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => head.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// A whole HTTP/1.1 answer.
pub fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
