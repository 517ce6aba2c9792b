//! A TLS server that speaks HTTP/2 and HTTP/1.1.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::raw_server::tls_config;
use super::{TOKEN, artists};

/// A TLS server that issues tokens and finds one artist. It records the HTTP version of each
/// request.
pub struct HttpServer {
    pub url: String,
    /// The certificate.
    pub pem: String,
    requests: Arc<Mutex<Vec<(Method, Version)>>>,
    connections: Arc<AtomicUsize>,
}

impl HttpServer {
    /// Starts a server that offers these protocols by ALPN. It runs on the test's runtime, which
    /// must have more than one thread.
    pub async fn start(protocols: &[&str]) -> Self {
        Self::start_with(protocols, |_| std::future::ready(())).await
    }

    /// The same. `before_search` runs before each response to a search, with the number of searches
    /// before it.
    pub async fn start_with<F: Future<Output = ()> + Send>(
        protocols: &[&str],
        before_search: impl Fn(usize) -> F + Clone + Send + Sync + 'static,
    ) -> Self {
        let (config, pem) = tls_config(protocols);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (requests, connections, searches) =
            (Arc::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Self { url, pem, requests, connections };
        let (seen, accepted) = (server.requests.clone(), server.connections.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                let (acceptor, seen) = (acceptor.clone(), seen.clone());
                let (searches, before_search) = (searches.clone(), before_search.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(|request: Request<Incoming>| {
                        seen.lock().unwrap().push((request.method().clone(), request.version()));
                        let (searches, before_search) = (searches.clone(), before_search.clone());
                        async move {
                            if request.method() == Method::GET {
                                before_search(searches.fetch_add(1, Ordering::Relaxed)).await;
                            }
                            Ok::<_, Infallible>(respond(&request))
                        }
                    });
                    let builder = Builder::new(TokioExecutor::new());
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        server
    }

    /// Returns the number of connections.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Returns the method and the HTTP version of each request.
    pub fn requests(&self) -> Vec<(Method, Version)> {
        self.requests.lock().unwrap().clone()
    }
}

fn respond(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let body = match request.uri().path() {
        "/api/token" => json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}),
        _ => artists(&["BTS"]),
    };
    Response::new(Full::new(Bytes::from(body.to_string())))
}
