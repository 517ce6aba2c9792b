//! Two TLS servers in place of Spotify's, one for tokens and one for searches, with HTTP/2. Each is
//! also reachable through a proxy that adds a round-trip time.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_rustls::TlsAcceptor;

use crate::window::Window;

/// The largest page size.
const MAX_PAGE: usize = 10;

/// The servers, for as long as the process runs.
pub struct Servers {
    /// Their certificate as a PEM file.
    pub certificate: PathBuf,
    /// Their base URLs without delay.
    pub near: Urls,
    /// Their base URLs through the proxies.
    pub far: Urls,
    /// The rate limit of searches, shared by `near` and `far`.
    pub window: Arc<Window>,
}

/// The base URLs of the two services.
pub struct Urls {
    pub accounts: String,
    pub api: String,
}

impl Servers {
    /// Starts the servers on a thread, with proxies that add this round-trip time.
    pub fn start(folder: &std::path::Path, round_trip: Duration) -> Self {
        let certified = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
        let certificate = folder.join("certificate.pem");
        std::fs::write(&certificate, certified.cert.pem()).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let window = Arc::new(Window::unlimited());
        let shared = window.clone();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let acceptor = acceptor(&certified);
                let accounts = listen(acceptor.clone(), shared.clone()).await;
                let api = listen(acceptor, shared).await;
                let near = [accounts, api];
                let far = [delay(accounts, round_trip).await, delay(api, round_trip).await];
                sender.send((near, far)).unwrap();
                std::future::pending::<()>().await;
            });
        });
        let (near, far) = receiver.recv().unwrap();
        let urls = |[accounts, api]: [SocketAddr; 2]| Urls {
            accounts: format!("https://{accounts}"),
            api: format!("https://{api}"),
        };
        Self { certificate, near: urls(near), far: urls(far), window }
    }
}

fn acceptor(certified: &rcgen::CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let key = certified.signing_key.serialize_der();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key.try_into().unwrap())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// Serves both services on a port. Returns the address.
async fn listen(acceptor: TlsAcceptor, window: Arc<Window>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, window) = (acceptor.clone(), window.clone());
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request| {
                    std::future::ready(Ok::<_, Infallible>(respond(&request, &window)))
                });
                let builder = Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

fn respond(request: &Request<Incoming>, window: &Window) -> Response<Full<Bytes>> {
    if request.uri().path() == "/api/token" {
        let token = json!({"access_token": "t", "token_type": "Bearer", "expires_in": 3600});
        return response(StatusCode::OK, &token);
    }
    if let Some(seconds) = window.request() {
        let body = json!({"error": {"status": 429, "message": "API rate limit exceeded"}});
        let mut response = response(StatusCode::TOO_MANY_REQUESTS, &body);
        response.headers_mut().insert("retry-after", seconds.into());
        return response;
    }
    let (status, body) = search(request.uri().query().unwrap_or_default());
    response(status, &body)
}

fn response(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response
}

fn search(query: &str) -> (StatusCode, Value) {
    let number = |name: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.and_then(|number| number.parse::<usize>().ok()).unwrap_or_default()
    };
    let (limit, offset) = (number("limit"), number("offset"));
    if limit > MAX_PAGE {
        return (
            StatusCode::BAD_REQUEST,
            json!({"error": {"status": 400, "message": "Invalid limit"}}),
        );
    }
    (StatusCode::OK, artists(offset, limit, 1_000))
}

/// A page of artists as a Development Mode app gets it, about 1 kB each.
pub fn artists(offset: usize, limit: usize, total: usize) -> Value {
    let image = |size: usize| json!({"url": format!("https://i.scdn.co/image/{size:040}"), "height": size, "width": size});
    let artist = |number: usize| {
        let id = format!("{number:022}");
        json!({
            "external_urls": {"spotify": format!("https://open.spotify.com/artist/{id}")},
            "followers": {"href": null, "total": number * 1_000},
            "genres": ["k-pop", "k-pop boy group", "dance pop"],
            "href": format!("https://api.spotify.com/v1/artists/{id}"),
            "id": id,
            "images": [image(640), image(320), image(160)],
            "name": format!("Artist number {number} (방탄소년단)"),
            "popularity": number % 100,
            "type": "artist",
            "uri": format!("spotify:artist:{id}"),
        })
    };
    let url =
        |offset: usize| format!("https://api.spotify.com/v1/search?offset={offset}&limit={limit}");
    json!({"artists": {
        "href": url(offset), "limit": limit, "offset": offset, "total": total, "previous": null,
        "next": (offset + limit < total).then(|| url(offset + limit)),
        "items": (offset..total.min(offset + limit)).map(artist).collect::<Vec<_>>(),
    }})
}

/// Starts a proxy that delays data by half a round trip in each direction, and a new connection by
/// one round trip, like the TCP handshake.
async fn delay(target: SocketAddr, round_trip: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move {
                // The kernel has accepted the connection at once: delay the first data instead.
                sleep(round_trip).await;
                let Ok(server) = TcpStream::connect(target).await else { return };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                let (client_read, client_write) = client.into_split();
                let (server_read, server_write) = server.into_split();
                tokio::join!(
                    pipe(client_read, server_write, round_trip / 2),
                    pipe(server_read, client_write, round_trip / 2),
                );
            });
        }
    });
    address
}

/// Copies data with a delay.
async fn pipe(
    mut from: impl AsyncRead + Unpin + Send + 'static,
    mut to: impl AsyncWrite + Unpin,
    delay: Duration,
) {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            if sender.send((Instant::now() + delay, buffer[..read].to_vec())).is_err() {
                return;
            }
        }
    });
    while let Some((due, bytes)) = receiver.recv().await {
        sleep_until(due).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}
