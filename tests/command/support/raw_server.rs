//! A server that plays steps, which need not be valid HTTP, with or without TLS.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio::net::TcpSocket;

use super::TOKEN;
use super::http_server::tls_config;

/// One thing that a server does with a connection. After the last step it closes the connection.
#[derive(Clone, Debug)]
pub enum Step {
    Send(Vec<u8>),
    /// Reads a request of HTTP/1.1.
    Request,
    /// Reads the next request of HTTP/2: frames up to the first with headers.
    Http2Request,
    /// Reads this many bytes.
    Read(usize),
    /// Reads what has arrived.
    Receive,
    /// Sends these bytes every 20 ms until the client closes the connection.
    Trickle(Vec<u8>),
    /// Sends these bytes without end.
    Flood(Vec<u8>),
    /// Does nothing until the client closes the connection.
    Stall,
    /// Closes the connection, without TLS's `close_notify`.
    Close,
    /// Closes the connection with a TCP reset.
    Reset,
}

/// Starts a server that plays these steps on its connections, and the last ones on all further
/// connections.
pub fn play(
    tls: Option<ServerConfig>,
    connections: impl IntoIterator<Item = Vec<Step>>,
) -> SocketAddr {
    let connections: Vec<_> = connections.into_iter().collect();
    let (tls, accepted) = (tls.map(Arc::new), AtomicUsize::new(0));
    listen(move |tcp| {
        let number = accepted.fetch_add(1, Ordering::Relaxed);
        let steps = &connections[number.min(connections.len() - 1)];
        let reset = |tcp: &TcpStream| {
            TcpSocket::from_std_stream(tcp.try_clone().unwrap()).set_zero_linger().unwrap();
        };
        let control = tcp.try_clone().unwrap();
        // A connection that breaks is the purpose of the steps, or the end of the run.
        let outcome = match &tls {
            None => play_steps(&mut { tcp }, steps),
            Some(config) => {
                let connection = ServerConnection::new(config.clone()).unwrap();
                let mut stream = StreamOwned::new(connection, tcp);
                let outcome = play_steps(&mut stream, steps);
                if outcome.is_ok() {
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
                outcome
            }
        };
        match outcome.map_err(|error| error.kind()) {
            Err(io::ErrorKind::ConnectionReset) => reset(&control),
            // What has not been read would turn the end of the connection into a reset.
            _ => drop(drain(&control)),
        }
    })
}

fn drain(mut tcp: &TcpStream) -> io::Result<()> {
    tcp.shutdown(Shutdown::Write)?;
    io::copy(&mut tcp, &mut io::sink())?;
    Ok(())
}

fn play_steps(stream: &mut (impl Read + Write), steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(bytes)?,
            Step::Request => drop(read_head(stream)),
            Step::Http2Request => read_http2_request(stream)?,
            Step::Read(length) => stream.read_exact(&mut vec![0; *length])?,
            Step::Receive => drop(stream.read(&mut [0; 4096])?),
            Step::Trickle(bytes) => loop {
                thread::sleep(Duration::from_millis(20));
                stream.write_all(bytes)?;
                stream.flush()?;
            },
            Step::Flood(bytes) => loop {
                stream.write_all(bytes)?;
            },
            Step::Stall => drop(io::copy(stream, &mut io::sink())?),
            Step::Close => return Err(io::ErrorKind::ConnectionAborted.into()),
            Step::Reset => return Err(io::ErrorKind::ConnectionReset.into()),
        }
        stream.flush()?;
    }
    Ok(())
}

fn read_http2_request(stream: &mut impl Read) -> io::Result<()> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize])?;
        if head[3] == 1 {
            return Ok(());
        }
    }
}

/// Issues tokens and sends these bytes as the response to every search, then closes the connection.
/// Returns the base URL.
pub fn raw_server(response: impl Into<Vec<u8>>) -> String {
    let response = response.into();
    let address = listen(move |mut stream| respond(&mut stream, &response));
    format!("http://{address}")
}

/// The same over TLS, with a self-signed certificate for `localhost`. Returns the base URL and the
/// certificate as PEM.
pub fn tls_server(response: impl Into<Vec<u8>>) -> (String, String) {
    tls_server_with(response, || {})
}

/// The same. `on_connection` runs for each connection, before the TLS handshake.
pub fn tls_server_with(
    response: impl Into<Vec<u8>>,
    on_connection: impl Fn() + Send + Sync + 'static,
) -> (String, String) {
    let (config, pem) = tls_config(&[]);
    let (config, response) = (Arc::new(config), response.into());
    let address = listen(move |stream| {
        on_connection();
        let connection = ServerConnection::new(config.clone()).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        respond(&mut stream, &response);
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    (format!("https://localhost:{}", address.port()), pem)
}

/// Accepts connections until the tests end, and serves each on a thread of its own.
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

/// Responds to one request: with a token to a POST, otherwise with these bytes. Write errors are
/// ignored, because the client may close the connection first.
fn respond(stream: &mut (impl Read + Write), response: &[u8]) {
    let head = read_head(stream);
    if head.starts_with("POST") {
        let _ = stream.write_all(token_response().as_bytes());
    } else if !head.is_empty() {
        let _ = stream.write_all(response);
    }
    let _ = stream.flush();
}

/// Reads the head of a request. The result may also contain a part of the body.
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

/// A complete HTTP/1.1 response that closes the connection.
pub fn http_response(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// The HTTP/1.1 response to a token request.
pub fn token_response() -> String {
    let body = format!(r#"{{"access_token":"{TOKEN}","token_type":"Bearer","expires_in":3600}}"#);
    http_response("200 OK", &body)
}
