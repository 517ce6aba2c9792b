//! The servers of a row: the accounts service, the API and a proxy. Those that a row does not name
//! behave well.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::step::{Connection, Step, play};
use super::tls::Tls;
use super::{http1, http2};
use crate::support::{self, artists, http_response, listen};

/// The base URL of a server that behaves well, for both services.
static GOOD_SERVER: LazyLock<String> =
    LazyLock::new(|| support::raw_server(http_response("200 OK", &artists(&["BTS"]).to_string())));

/// The servers of a row.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    accounts: Option<Server>,
    api: Option<Server>,
    /// The proxy and the scheme of its URL.
    proxy: Option<(&'static str, Server)>,
}

/// How one server behaves. It plays the next response for each request, and the last one for all
/// further requests.
#[derive(Clone, Debug)]
pub struct Server {
    protocol: Protocol,
    tls: Option<Tls>,
    responses: Vec<Vec<Step>>,
}

#[derive(Clone, Debug)]
enum Protocol {
    Http1,
    /// After the client's preface the server plays these steps.
    Http2(Vec<Step>),
    /// The response is played without reading a request.
    Raw,
}

/// Every server behaves well.
pub fn good() -> Servers {
    Servers::default()
}

/// The API plays this response to every search.
pub fn search(response: Vec<Step>) -> Servers {
    search_in_turn([response])
}

/// The API plays these responses one after the other.
pub fn search_in_turn(responses: impl Into<Vec<Vec<Step>>>) -> Servers {
    let server = Server { protocol: Protocol::Http1, tls: None, responses: responses.into() };
    Servers { api: Some(server), ..good() }
}

/// The accounts service plays this response to every token request.
pub fn token(response: Vec<Step>) -> Servers {
    token_in_turn([response])
}

/// The accounts service plays these responses one after the other.
pub fn token_in_turn(responses: impl Into<Vec<Vec<Step>>>) -> Servers {
    let server = Server { protocol: Protocol::Http1, tls: None, responses: responses.into() };
    Servers { accounts: Some(server), ..good() }
}

/// The API speaks TLS and HTTP/1.1, and plays these responses one after the other.
pub fn over_tls(tls: Tls, responses: impl Into<Vec<Vec<Step>>>) -> Servers {
    let tls = Some(tls);
    let server = Server { protocol: Protocol::Http1, tls, responses: responses.into() };
    Servers { api: Some(server), ..good() }
}

/// The API has an `https` URL and plays these steps in place of TLS.
pub fn without_tls(steps: Vec<Step>) -> Servers {
    let server = Server { protocol: Protocol::Raw, tls: None, responses: vec![steps] };
    Servers { api: Some(server), ..good() }
}

/// The API speaks HTTP/2 and plays these responses one after the other.
pub fn over_http2(responses: impl Into<Vec<Vec<Step>>>) -> Servers {
    over_http2_with(vec![http2::settings()], responses)
}

/// The same, with these steps in place of the server's settings.
pub fn over_http2_with(greeting: Vec<Step>, responses: impl Into<Vec<Vec<Step>>>) -> Servers {
    let tls = Some(Tls::issued(|_| {}).offering(&["h2"]));
    let server = Server { protocol: Protocol::Http2(greeting), tls, responses: responses.into() };
    Servers { api: Some(server), ..good() }
}

/// The API is behind an HTTP proxy that plays this response to every request.
pub fn proxy(response: Vec<Step>) -> Servers {
    let server = Server { protocol: Protocol::Http1, tls: None, responses: vec![response] };
    Servers { proxy: Some(("http", server)), ..good() }
}

/// The API is behind a proxy of this scheme that plays these steps.
pub fn raw_proxy(scheme: &'static str, steps: Vec<Step>) -> Servers {
    let server = Server { protocol: Protocol::Raw, tls: None, responses: vec![steps] };
    Servers { proxy: Some((scheme, server)), ..good() }
}

impl Servers {
    /// Starts the servers. Returns the environment of the command.
    pub fn start(self) -> Vec<(&'static str, String)> {
        let url =
            |server: Option<Server>| server.map_or_else(|| GOOD_SERVER.clone(), Server::start);
        let mut variables = vec![("SPOTIFY_ACCOUNTS_URL", url(self.accounts))];
        match self.proxy {
            Some((scheme, server)) => {
                let address = server.listen();
                variables.push(("HTTPS_PROXY", format!("{scheme}://{address}")));
                variables.push(("SPOTIFY_API_URL", "https://localhost:1".into()));
            }
            None => variables.push(("SPOTIFY_API_URL", url(self.api))),
        }
        variables
    }

    /// Returns the certificates that the command trusts, if it is not to trust the usual ones.
    pub fn roots(&self) -> Option<&str> {
        let tls = self.api.as_ref()?.tls.as_ref()?;
        Some(&tls.roots)
    }
}

impl Server {
    /// Starts the server. Returns its base URL.
    fn start(self) -> String {
        // A server that plays raw bytes stands in for one that speaks TLS.
        let is_https = self.tls.is_some() || matches!(self.protocol, Protocol::Raw);
        let address = self.listen();
        if is_https {
            format!("https://localhost:{}", address.port())
        } else {
            format!("http://{address}")
        }
    }

    fn listen(self) -> SocketAddr {
        let requests = AtomicUsize::new(0);
        // A connection that breaks is what a row asks for, or the end of the run.
        listen(move |tcp| drop(self.serve(tcp, &requests)))
    }

    fn serve(&self, tcp: TcpStream, requests: &AtomicUsize) -> io::Result<()> {
        tcp.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return self.respond(&mut { tcp }, requests) };
        let mut connection = tls.accept(tcp);
        self.respond(&mut connection, requests)?;
        connection.conn.send_close_notify();
        connection.flush()
    }

    fn respond(&self, connection: &mut impl Connection, requests: &AtomicUsize) -> io::Result<()> {
        let next_response = || {
            let number = requests.fetch_add(1, Ordering::Relaxed);
            self.responses[number.min(self.responses.len() - 1)].as_slice()
        };
        match &self.protocol {
            Protocol::Http1 => {
                http1::read_request(connection)?;
                play(connection, next_response(), 0)
            }
            Protocol::Http2(greeting) => http2::serve(connection, greeting, next_response),
            Protocol::Raw => play(connection, next_response(), 0),
        }
    }
}
