//! An HTTP server whose responses a closure returns, with or without TLS. Shared by the tests of the
//! command and of the library.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;
use std::{io, mem};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use reqwest::Url;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// A request that a server has received.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub version: Version,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// How a server responds to a request.
#[derive(Clone, Debug)]
pub struct ResponseTemplate {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    delay: Duration,
    end: End,
}

/// How a response ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Complete,
    /// The connection is closed after this many bytes of the body.
    Cut(usize),
    /// The connection is closed instead of a response.
    HangUp,
}

impl ResponseTemplate {
    pub fn new(status: u16) -> Self {
        let (headers, delay) = Default::default();
        Self { status, headers, body: Bytes::new(), delay, end: End::Complete }
    }

    pub fn append_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn set_body_bytes(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into().into(), ..self }
    }

    pub fn set_body_string(self, body: impl Into<String>) -> Self {
        self.set_body_bytes(body.into())
    }

    pub fn set_body_json(self, body: impl Serialize) -> Self {
        self.set_body_bytes(serde_json::to_vec(&body).unwrap())
    }

    /// Waits before the response. Other requests are served in the meantime.
    pub fn set_delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Closes the connection after this many bytes of the body.
    pub fn cut_after(self, bytes: usize) -> Self {
        Self { end: End::Cut(bytes), ..self }
    }

    /// Closes the connection instead of sending a response.
    pub fn hang_up() -> Self {
        Self { end: End::HangUp, ..Self::new(200) }
    }

    async fn into_response(self) -> io::Result<Response<PartialBody>> {
        tokio::time::sleep(self.delay).await;
        let end = match self.end {
            End::Complete => self.body.len(),
            End::Cut(bytes) => bytes.min(self.body.len()),
            End::HangUp => return Err(io::ErrorKind::ConnectionAborted.into()),
        };
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let length = self.body.len();
        Ok(response
            .body(PartialBody { next: self.body.slice(..end), missing: length - end })
            .unwrap())
    }
}

/// Returns the response to a request. Requests wait while `respond` runs.
pub trait Respond: Send + Sync {
    fn respond(&self, request: &Request) -> ResponseTemplate;
}

impl Respond for ResponseTemplate {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.clone()
    }
}

impl<F: Fn(&Request) -> ResponseTemplate + Send + Sync> Respond for F {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self(request)
    }
}

/// A body that may end before its stated length.
struct PartialBody {
    next: Bytes,
    missing: usize,
}

impl Body for PartialBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = mem::take(&mut self.next);
        Poll::Ready(match (next.is_empty(), self.missing) {
            (false, _) => Some(Ok(Frame::data(next))),
            (true, 0) => None,
            (true, _) => Some(Err(io::ErrorKind::ConnectionAborted.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.next.is_empty() && self.missing == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.next.len() + self.missing) as u64)
    }
}

/// A server on loopback. It runs on a thread of its own until it is dropped, so that a test can block
/// while it waits for the command.
pub struct HttpServer {
    /// The base URL.
    pub url: String,
    /// The certificate, or an empty text without TLS.
    pub pem: String,
    received: Arc<Received>,
    /// The server stops when this is dropped.
    #[allow(dead_code, reason = "only dropped")]
    running: oneshot::Sender<()>,
}

#[derive(Default)]
struct Received {
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
}

impl HttpServer {
    /// Starts a server without TLS.
    pub fn http(respond: impl Respond + 'static) -> Self {
        Self::serve(None, respond, |address| format!("http://{address}"))
    }

    /// Starts a server with a certificate for `localhost` that offers these protocols by ALPN.
    pub fn https(protocols: &[&str], respond: impl Respond + 'static) -> Self {
        let (config, pem) = tls_config(protocols);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let url = |address: SocketAddr| format!("https://localhost:{}", address.port());
        Self { pem, ..Self::serve(Some(acceptor), respond, url) }
    }

    fn serve(
        acceptor: Option<TlsAcceptor>,
        respond: impl Respond + 'static,
        url: impl Fn(SocketAddr) -> String,
    ) -> Self {
        let received = Arc::<Received>::default();
        let (running, stopped) = oneshot::channel();
        let (send_address, address) = mpsc::channel();
        let shared = received.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send_address.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = accept(listener, acceptor, shared, Arc::new(respond)) => {}
                    _ = stopped => {}
                }
            });
        });
        let url = url(address.recv().unwrap());
        Self { url, pem: String::new(), received, running }
    }

    /// Returns the requests in the order in which they arrived.
    pub fn requests(&self) -> Vec<Request> {
        self.received.requests.lock().unwrap().clone()
    }

    /// Returns the number of connections.
    pub fn connections(&self) -> usize {
        self.received.connections.load(Ordering::Relaxed)
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    received: Arc<Received>,
    respond: Arc<dyn Respond>,
) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        received.connections.fetch_add(1, Ordering::Relaxed);
        // The parts of a response would wait for acknowledgements.
        let _ = stream.set_nodelay(true);
        let (acceptor, received, respond) = (acceptor.clone(), received.clone(), respond.clone());
        connections.spawn(async move {
            match acceptor {
                None => serve_connection(stream, received, respond).await,
                Some(acceptor) => {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    serve_connection(stream, received, respond).await;
                }
            }
        });
    }
}

async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    received: Arc<Received>,
    respond: Arc<dyn Respond>,
) {
    let service = service_fn(move |request| {
        let (received, respond) = (received.clone(), respond.clone());
        async move {
            let request = read(request).await?;
            received.requests.lock().unwrap().push(request.clone());
            respond.respond(&request).into_response().await
        }
    });
    let builder = Builder::new(TokioExecutor::new());
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

async fn read(request: hyper::Request<Incoming>) -> io::Result<Request> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes().into();
    let target = head.uri.path_and_query().unwrap();
    let url = Url::parse(&format!("http://localhost{target}")).unwrap();
    let (method, version, headers) = (head.method, head.version, head.headers);
    Ok(Request { method, url, version, headers, body })
}

/// Returns a configuration with a self-signed certificate for `localhost` that offers these protocols
/// by ALPN, and the certificate as PEM.
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
