//! A TLS server that speaks HTTP/2 and HTTP/1.1.

use std::convert::Infallible;
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
}

impl HttpServer {
    /// Starts a server that offers these protocols by ALPN. It runs on the test's runtime, which
    /// must have more than one thread.
    pub async fn start(protocols: &[&str]) -> Self {
        let (config, pem) = tls_config(protocols);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, seen) = (acceptor.clone(), seen.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let service = service_fn(|request: Request<Incoming>| {
                        seen.lock().unwrap().push((request.method().clone(), request.version()));
                        std::future::ready(Ok::<_, Infallible>(respond(&request)))
                    });
                    let builder = Builder::new(TokioExecutor::new());
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { url, pem, requests }
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
