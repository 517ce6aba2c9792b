//! One request and its whole answer: TLS, proxies, time-outs, the bound on an answer's size, and
//! what each way to fail is called. It knows nothing of Spotify beyond the two services' names.

use std::cell::Cell;
use std::error::Error as StdError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use super::endpoints::BaseUrl;
use super::failure::{Failure, FailureKind, Service, StatusFailure};
use super::preconnect::Preconnect;
use crate::error::{Error, Result};

/// The largest answer that is read, decompressed, in bytes; a full page of tracks has about 1 MiB.
const MAX_ANSWER: usize = 16 << 20;

/// The most that is read of what explains an error status, in bytes.
const MAX_EXPLANATION: usize = 64 << 10;

/// The largest file of certificates that is read, in bytes; the usual bundles have 0.2 MiB.
const MAX_PEM: u64 = 16 << 20;

/// What a secure connection is trusted by.
#[derive(Clone, Debug)]
pub struct RootCertificates(Arc<RootCertStore>);

impl RootCertificates {
    /// Mozilla's root certificates, as compiled in.
    pub fn built_in() -> Self {
        Self(Arc::new(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()))
    }

    /// The certificates of a PEM file and no others.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] where the file can't be read or no certificate is in it.
    pub fn from_file(path: &Path) -> Result<Self> {
        let unusable = |fault: String| {
            Error::ConfigInvalid(format!(
                "cannot use the certificates in {}: {fault}",
                path.display()
            ))
        };
        let mut pem = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_PEM).read_to_end(&mut pem))
            .map_err(|error| unusable(error.to_string()))?;
        let mut store = RootCertStore::empty();
        // A bundle may hold a few that this TLS library can't use.
        let (added, _) =
            store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
        if added == 0 {
            return Err(unusable("it has none in PEM form".into()));
        }
        Ok(Self(Arc::new(store)))
    }
}

/// The way to one of the two services.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    service: Service,
    base: BaseUrl,
    timeout: Duration,
    /// Where a connection may wait for the first request, if one is to be opened beforehand.
    early: Option<Preconnect>,
    /// Whether a request has been sent.
    is_used: Cell<bool>,
}

impl Http {
    /// `connects_early` allows [`Http::connect`] to do something.
    pub fn new(
        service: Service,
        base: BaseUrl,
        roots: &RootCertificates,
        timeout: Duration,
        connects_early: bool,
    ) -> Result<Self> {
        let broken = |error: &(dyn StdError + 'static)| {
            Error::ConfigInvalid(format!("TLS is unusable: {}", innermost(error)))
        };
        let mut builder = Client::builder()
            .user_agent(concat!("spotify-search/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls(roots).map_err(|error| broken(&error))?)
            // The API has none, and a bearer token must not travel.
            .redirect(Policy::none())
            // Trying again is the retry loop's to decide.
            .retry(reqwest::retry::never())
            .timeout(timeout);
        let early = connects_early.then(Preconnect::default);
        if let Some(early) = &early {
            builder = builder.connector_layer(early.clone());
        }
        if service == Service::Accounts {
            // One token is asked for in an hour: no connection need be kept open for that.
            builder = builder.pool_max_idle_per_host(0);
        }
        if base.is_plain() {
            // A secret sent to this machine must not pass through another.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| broken(&error))?;
        Ok(Self { client, service, base, timeout, early, is_used: Cell::new(false) })
    }

    /// Opens the connection for the first request, if that is still to come.
    pub async fn connect(&self) {
        if let (Some(early), false) = (&self.early, self.is_used.get()) {
            early.open(self.client.get(self.base.join(&[])).send()).await;
        }
    }

    /// Where the service is.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends the request; returns the body of a 2xx answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        self.is_used.set(true);
        let begun = Instant::now();
        let outcome = self.exchange(request).await;
        let elapsed = begun.elapsed();
        match &outcome {
            Ok(body) => tracing::debug!(?elapsed, bytes = body.len(), "answered"),
            Err(Failure { kind: FailureKind::Status(failure), .. }) => {
                tracing::debug!(?elapsed, status = failure.status, "answered");
            }
            Err(_) => tracing::debug!(?elapsed, "failed"),
        }
        outcome
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        let request = request.build().map_err(|error| self.failure(&error))?;
        tracing::debug!(method = %request.method(), url = %request.url(), "asking");
        let secret = request.headers().get(AUTHORIZATION).cloned();
        let mut answer =
            self.client.execute(request).await.map_err(|error| self.failure(&error))?;
        let status = answer.status();
        let (body, end) = self.body(&mut answer, status.is_success()).await;
        if status.is_success() {
            return end.map(|()| body);
        }
        // The status says what to do, whatever has become of the words that explain it.
        let body = without(secret.as_ref(), body);
        let failure = StatusFailure::new(status, answer.headers(), &body, SystemTime::now());
        Err(self.failed(FailureKind::Status(failure)))
    }

    /// As much of the body as can be had, and what ended it early.
    async fn body(
        &self,
        answer: &mut Response,
        is_success: bool,
    ) -> (Vec<u8>, Result<(), Failure>) {
        let bound = if is_success { MAX_ANSWER } else { MAX_EXPLANATION };
        let mut body = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > bound => {
                    let fault = format!("is larger than {} MiB", bound >> 20);
                    return (body, Err(self.unreadable(fault)));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return (body, Ok(())),
                Err(error) => return (body, Err(self.failure(&error))),
            }
        }
    }

    /// An answer that came whole and can't be read.
    pub fn unreadable(&self, fault: impl Into<String>) -> Failure {
        self.failed(FailureKind::Unreadable(fault.into()))
    }

    fn failed(&self, kind: FailureKind) -> Failure {
        Failure { service: self.service, host: self.base.host(), kind }
    }

    /// Names what went wrong. The URL in the library's own message is left out: it only repeats.
    fn failure(&self, error: &reqwest::Error) -> Failure {
        if error.is_timeout() {
            return self.failed(FailureKind::Timeout(self.timeout));
        }
        let cause = innermost(error);
        if error.is_builder() {
            return self.unreadable(format!("can't be asked for ({cause})"));
        }
        for link in chain(error) {
            if let Some(rustls::Error::InvalidCertificate(fault)) = link.downcast_ref() {
                let is_unknown = matches!(fault, CertificateError::UnknownIssuer);
                return self.failed(FailureKind::Untrusted { cause, is_unknown });
            }
            if link.downcast_ref().is_some_and(hyper::Error::is_parse) {
                return self.unreadable(format!("is not HTTP ({cause})"));
            }
            if error.is_decode() && is_invalid_data(link) {
                return self.unreadable(format!("is not what its encoding says ({cause})"));
            }
        }
        self.failed(FailureKind::Connection(cause))
    }
}

/// The text without the secret of this `Authorization` header, which some servers repeat. A word
/// that is too short to be one stays: it may stand in any sentence.
fn without(secret: Option<&HeaderValue>, text: Vec<u8>) -> Vec<u8> {
    match secret.and_then(|header| header.to_str().ok()?.split_once(' ')) {
        Some((_, secret)) if secret.len() >= SHORTEST_SECRET => {
            String::from_utf8_lossy(&text).replace(secret, "[secret]").into_bytes()
        }
        _ => text,
    }
}

/// In characters; Spotify's have well over a hundred.
const SHORTEST_SECRET: usize = 8;

fn tls(roots: &RootCertificates) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots.0.clone())
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// An error and what caused it, outermost first. What an `io::Error` wraps is in it too, although
/// it does not give that as its source.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as _).or_else(|| error.source())
    })
}

fn is_invalid_data(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref().is_some_and(|io: &io::Error| io.kind() == io::ErrorKind::InvalidData)
}

/// What began it all, in words; some end in a link into the documentation of a library.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let text = chain(error).last().unwrap_or(error).to_string();
    text.split_once(": https://").map_or(text.as_str(), |(words, _)| words).to_owned()
}
