//! One HTTP request and its response: timeout, body size limit, and the [`Failure`] for each status
//! and for each way reqwest can fail.

use std::env;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::AUTHORIZATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Request, RequestBuilder, Response, Url};
use rustls::CertificateError;

use super::endpoints::BaseUrl;
use super::failure::{Failure, FailureKind, Service, StatusFailure, causes};
use super::mask::Mask;
use super::preconnect::Preconnect;
use super::proxy;
use super::tls::RootCertificates;
use crate::error::{CertificateProblem, Error, Result};

/// The largest body that is read, decompressed, in bytes. A page of 50 tracks with all their markets
/// has 0.3 MiB, one of 50 results of each of the seven types 1.2 MiB, with long descriptions twice that.
const MAX_BODY_BYTES: usize = 3 << 20;

/// The largest body of an error response that is read, in bytes.
const MAX_ERROR_BODY_BYTES: usize = 64 << 10;

/// The settings of HTTP requests.
#[derive(Clone, Debug)]
pub(crate) struct HttpSettings {
    /// The time limit of one request, connecting included.
    pub timeout: Duration,
    pub roots: RootCertificates,
    pub user_agent: String,
}

/// A client for one of the two services.
#[derive(Debug)]
pub(super) struct HttpClient {
    client: Client,
    service: Service,
    base: BaseUrl,
    timeout: Duration,
    mask: Mask,
    preconnect: Option<Preconnect>,
}

impl HttpClient {
    /// Creates a client. [`HttpClient::preconnect`] does nothing unless `can_preconnect`.
    pub fn new(
        service: Service,
        base: BaseUrl,
        settings: &HttpSettings,
        mask: Mask,
        can_preconnect: bool,
    ) -> Result<Self> {
        let mut builder = Client::builder()
            .user_agent(&settings.user_agent)
            .tls_backend_preconfigured(settings.roots.client_config()?)
            // The API does not redirect, and a token must not be sent to another host.
            .redirect(Policy::none())
            // Turns off reqwest's own handling of proxy variables.
            .no_proxy()
            .timeout(settings.timeout);
        if base.is_https()
            && let Some(proxy) = proxy::from_env(|name| env::var(name))?
        {
            builder = builder.proxy(proxy);
        }
        let preconnect = can_preconnect.then(Preconnect::default);
        if let Some(preconnect) = &preconnect {
            builder = builder.connector_layer(preconnect.clone());
        }
        if service == Service::Accounts {
            // A token is fetched once an hour: the connection need not stay open.
            builder = builder.pool_max_idle_per_host(0);
        }
        let client = builder
            .build()
            .map_err(|error| Error::config_caused_by("cannot set up HTTP", error))?;
        Ok(Self { client, service, base, timeout: settings.timeout, mask, preconnect })
    }

    /// Opens a connection for the first request.
    pub async fn preconnect(&self) {
        if let Some(preconnect) = &self.preconnect {
            preconnect.open(self.client.get(self.base.join(&[])).send()).await;
        }
    }

    pub fn base(&self) -> &BaseUrl {
        &self.base
    }

    pub fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends a request. Returns the body of a 2xx response.
    pub async fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        if let Some(preconnect) = &self.preconnect {
            preconnect.disable();
        }
        let start = Instant::now();
        let request = request.build().map_err(|error| self.failure(error))?;
        let authorization = request.headers().get(AUTHORIZATION).cloned();
        let outcome = self.exchange(request).await.map_err(|mut failure| {
            let mask = authorization.map(|header| self.mask.with_header(&header));
            failure.hide_credentials(mask.as_ref().unwrap_or(&self.mask));
            failure
        });
        let elapsed = start.elapsed();
        match &outcome {
            Ok(body) => tracing::debug!(?elapsed, bytes = body.len(), "response"),
            Err(Failure { kind: FailureKind::Status(failure), .. }) => {
                tracing::debug!(?elapsed, status = failure.status, "response");
            }
            Err(_) => tracing::debug!(?elapsed, "request failed"),
        }
        outcome
    }

    async fn exchange(&self, request: Request) -> Result<Vec<u8>, Failure> {
        tracing::debug!(method = %request.method(), url = %request.url(), "request");
        let response = self.client.execute(request).await;
        let mut response = response.map_err(|error| self.failure(error))?;
        let status = response.status();
        if status.is_success() {
            return self.read_body(&mut response).await;
        }
        // The status counts, even if the body breaks off.
        let body = read_error_body(&mut response).await;
        let failure = StatusFailure::new(status, response.headers(), &body, SystemTime::now());
        Err(self.fail(FailureKind::Status(failure)))
    }

    async fn read_body(&self, response: &mut Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failure(error))? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                let max = MAX_BODY_BYTES >> 20;
                return Err(self.bad_response(format!("is larger than {max} MiB")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn fail(&self, kind: FailureKind) -> Failure {
        Failure { service: self.service, host: self.base.host(), kind }
    }

    /// The failure for a response with this problem.
    pub fn bad_response(&self, problem: impl Into<String>) -> Failure {
        self.fail(FailureKind::BadResponse { problem: problem.into(), source: None })
    }

    fn failure(&self, error: reqwest::Error) -> Failure {
        if error.is_timeout() {
            return self.fail(FailureKind::Timeout(self.timeout));
        }
        let certificate = causes(&error).find_map(|cause| match cause.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(problem)) => Some(problem),
            _ => None,
        });
        if let Some(problem) = certificate {
            let source = Box::new(rustls::Error::InvalidCertificate(problem.clone()));
            let problem = certificate_problem(problem);
            return self.fail(FailureKind::Certificate { problem, source });
        }
        // The decompressor returns an io::Error, the connection an error of hyper. A compressed body
        // that ends too early was cut short by the connection.
        let cause = causes(&error).find(|cause| !cause.is::<reqwest::Error>());
        let is_corrupt = error.is_decode()
            && cause
                .and_then(|cause| cause.downcast_ref::<io::Error>())
                .is_some_and(|io| io.kind() != ErrorKind::UnexpectedEof);
        // The URL would only be repeated in the message.
        let source = Box::new(error.without_url());
        self.fail(if is_corrupt {
            let problem = "cannot be decompressed".into();
            FailureKind::BadResponse { problem, source: Some(source) }
        } else {
            FailureKind::Connection(source)
        })
    }
}

/// Reads as much as there is, up to the bound.
async fn read_error_body(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ERROR_BODY_BYTES {
            body.truncate(MAX_ERROR_BODY_BYTES);
            break;
        }
    }
    body
}

fn certificate_problem(error: &CertificateError) -> CertificateProblem {
    match error {
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        _ => CertificateProblem::Invalid,
    }
}
