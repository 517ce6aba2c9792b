//! Servers whose responses need not be valid HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use super::TOKEN;

/// Issues tokens and sends these bytes as the response to every search, then closes the connection.
/// Returns the base URL.
pub fn raw_server(response: impl Into<Vec<u8>>) -> String {
    let response = response.into();
    let address = listen(move |mut stream| serve(&mut stream, &response));
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
    (tls_server_of(config, response, on_connection), pem)
}

/// The same with this configuration. Returns the base URL.
pub fn tls_server_of(
    config: rustls::ServerConfig,
    response: impl Into<Vec<u8>>,
    on_connection: impl Fn() + Send + Sync + 'static,
) -> String {
    let (config, response) = (Arc::new(config), response.into());
    let address = listen(move |stream| {
        on_connection();
        let connection = rustls::ServerConnection::new(config.clone()).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        serve(&mut stream, &response);
        stream.conn.send_close_notify();
        let _ = stream.flush();
    });
    format!("https://localhost:{}", address.port())
}

/// Returns a configuration with a self-signed certificate for `localhost` that offers these
/// protocols by ALPN, and the certificate as PEM.
pub fn tls_config(protocols: &[&str]) -> (rustls::ServerConfig, String) {
    tls_config_with(protocols, |_| {})
}

/// The same with changes to the certificate.
pub fn tls_config_with(
    protocols: &[&str],
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> (rustls::ServerConfig, String) {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap();
    change(&mut params);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| (*protocol).into()).collect();
    (config, certificate.pem())
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
fn serve(stream: &mut (impl Read + Write), response: &[u8]) {
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
