//! One HTTP request and its response: timeout, body size limit, and the [`Error`] for each way in which
//! reqwest can fail.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use reqwest::redirect::Policy;
use reqwest::{Client, Request, RequestBuilder, Response};
use rustls::CertificateError;

use super::endpoints::BaseUrl;
use super::mask::Mask;
use super::preconnect::Preconnect;
use super::proxy::ResolvedProxy;
use super::settings::TransportSettings;
use super::status_error::{Service, causes, retry_after, status_error};
use crate::error::{Error, Result, Source};
use crate::lock::lock;

/// The largest body that is read, decompressed, in bytes. A page of 50 tracks with all their markets
/// has 0.3 MiB, one of 50 results of each of the seven types 1.2 MiB, with long descriptions twice that.
const MAX_BODY_BYTES: usize = 3 << 20;

/// The largest body of an error response that is read, in bytes.
const MAX_ERROR_BODY_BYTES: usize = 64 << 10;

/// The messages of hyper-util's errors for a proxy that rejects the login: its types are not public.
const LOGIN_ERRORS: [&str; 2] =
    ["tunnel error: proxy authorization required", "SOCKS error: credentials not accepted"];

/// The message of hyper's error for a ping without an answer.
const PING_TIMEOUT: &str = "keep-alive timed out";

/// A client for one of the two services.
#[derive(Debug)]
pub(super) struct HttpClient {
    /// Replaced after a timeout.
    client: Mutex<Client>,
    pub base: BaseUrl,
    service: Service,
    settings: Arc<TransportSettings>,
    proxy: Option<ResolvedProxy>,
    preconnect: Preconnect,
    pub mask: Arc<Mask>,
    /// Whether a proxy accepted the login, when that is known. Locked during the first exchange: a wrong
    /// password is sent once, because the proxy may lock the account.
    proxy_login: tokio::sync::Mutex<Option<Result<()>>>,
}

impl HttpClient {
    /// Creates a client of one service.
    pub fn new(
        service: Service,
        settings: Arc<TransportSettings>,
        mask: Arc<Mask>,
    ) -> Result<Self> {
        let base = match service {
            Service::Api => settings.endpoints.get_api().clone(),
            Service::Accounts => settings.endpoints.get_accounts().clone(),
        };
        let proxy = if base.is_https() { settings.proxy.resolve()? } else { None };
        let has_login = proxy.as_ref().is_some_and(|proxy| proxy.has_login);
        let preconnect = Preconnect::default();
        let client = build_client(&settings, proxy.as_ref(), &preconnect)?;
        Ok(Self {
            client: Mutex::new(client),
            base,
            service,
            settings,
            proxy,
            preconnect,
            mask,
            proxy_login: tokio::sync::Mutex::new((!has_login).then_some(Ok(()))),
        })
    }

    /// Starts to open a connection for the first request. Does nothing if a proxy needs a login, which is
    /// sent once.
    pub async fn preconnect(&self) {
        if !self.proxy.as_ref().is_some_and(|proxy| proxy.has_login) {
            self.preconnect.open(self.client().get(self.base.join(&[])).send()).await;
        }
    }

    /// Returns a client to build requests with.
    pub fn client(&self) -> Client {
        lock(&self.client).clone()
    }

    /// Replaces the client, so that its connections are not used again.
    fn replace_client(&self) {
        let proxy = self.proxy.as_ref();
        if let Ok(client) = build_client(&self.settings, proxy, &self.preconnect) {
            *lock(&self.client) = client;
        }
    }

    /// Sends a request. Returns the body of a 2xx response.
    pub async fn send(&self, request: RequestBuilder) -> Result<Vec<u8>> {
        let (client, request) = request.build_split();
        let request = request.map_err(|error| self.error(error))?;
        let start = Instant::now();
        let outcome = self.exchange_after_login(&client, request).await;
        if let Err(Error::Timeout { .. }) = &outcome {
            self.replace_client();
        }
        if let Err(error) = &outcome {
            tracing::debug!(elapsed = ?start.elapsed(), %error, "request failed");
        }
        outcome
    }

    async fn exchange_after_login(&self, client: &Client, request: Request) -> Result<Vec<u8>> {
        let mut login = self.proxy_login.lock().await;
        if let Some(known) = login.clone() {
            drop(login);
            known?;
            // The server may have closed the preconnection while the token was fetched.
            let again = self.preconnect.is_opened().then(|| request.try_clone()).flatten();
            return match (self.exchange(client, request).await, again) {
                (Err(Error::Network { .. }), Some(request)) => self.exchange(client, request).await,
                (outcome, _) => outcome,
            };
        }
        let outcome = self.exchange(client, request).await;
        // An error without a status says nothing about the login.
        *login = match &outcome {
            Err(error @ Error::Proxy { .. }) => Some(Err(error.clone())),
            Err(error) if error.status().is_none() => None,
            _ => Some(Ok(())),
        };
        outcome
    }

    async fn exchange(&self, client: &Client, request: Request) -> Result<Vec<u8>> {
        tracing::debug!(method = %request.method(), url = %request.url(), "request");
        let start = Instant::now();
        let response = client.execute(request).await;
        let mut response = response.map_err(|error| self.error(error))?;
        let status = response.status();
        tracing::debug!(status = status.as_u16(), elapsed = ?start.elapsed(), "response");
        let mut body = Vec::new();
        if !status.is_success() {
            // The status counts, even if the body breaks off.
            let _ = read_body(&mut response, &mut body, MAX_ERROR_BODY_BYTES).await;
            let retry_after = retry_after(response.headers(), SystemTime::now());
            return Err(self.status_error(status.as_u16(), retry_after, &body));
        }
        let outcome = read_body(&mut response, &mut body, MAX_BODY_BYTES).await;
        outcome.map_err(|error| self.error(error))?;
        if body.len() > MAX_BODY_BYTES {
            let max = MAX_BODY_BYTES >> 20;
            return Err(self.bad_response(format!("is larger than {max} MiB")));
        }
        Ok(body)
    }

    /// Returns the error for a response with this status and body.
    pub fn status_error(&self, status: u16, retry_after: Option<Duration>, body: &[u8]) -> Error {
        status_error(self.service, &self.base.host(), status, retry_after, body, &self.mask)
    }

    /// Returns the error for a response with this problem.
    pub fn bad_response(&self, problem: impl Into<String>) -> Error {
        Error::bad_response(&self.base.host(), problem)
    }

    /// Converts an error of reqwest.
    fn error(&self, error: reqwest::Error) -> Error {
        let host = self.base.host();
        // reqwest counts an unanswered ping as a timeout.
        let has_message = |messages: &[&str]| {
            causes(&error).any(|cause| messages.contains(&cause.to_string().as_str()))
        };
        if error.is_timeout() && !has_message(&[PING_TIMEOUT]) {
            return Error::Timeout { host, timeout: self.settings.timeout };
        }
        if let Some(proxy) = &self.proxy
            && has_message(&LOGIN_ERRORS)
        {
            return Error::Proxy { proxy: proxy.address.clone() };
        }
        match causes(&error).find_map(|cause| cause.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                return Error::UnknownIssuer { host };
            }
            Some(rustls::Error::InvalidCertificate(problem)) => {
                let problem = rustls::Error::InvalidCertificate(without_times(problem));
                return Error::Certificate { host, source: Arc::new(problem) };
            }
            _ => {}
        }
        // The decompressor returns an io::Error, the connection an error of hyper. A compressed body
        // that ends too early was cut short by the connection.
        let cause = causes(&error).find(|cause| !cause.is::<reqwest::Error>());
        let io_error = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
        let is_corrupt = error.is_decode()
            && io_error.is_some_and(|error| error.kind() != ErrorKind::UnexpectedEof);
        let source = source(error, &self.mask);
        if is_corrupt {
            let problem = "cannot be decompressed".into();
            return Error::BadResponse { host, problem, source: Some(source) };
        }
        Error::Network { host, source }
    }
}

/// Leaves out the times, which rustls shows as UNIX seconds.
fn without_times(problem: &CertificateError) -> CertificateError {
    match problem {
        CertificateError::ExpiredContext { .. } => CertificateError::Expired,
        CertificateError::NotValidYetContext { .. } => CertificateError::NotValidYet,
        problem => problem.clone(),
    }
}

fn build_client(
    settings: &TransportSettings,
    proxy: Option<&ResolvedProxy>,
    preconnect: &Preconnect,
) -> Result<Client> {
    // A connection that answers no ping fails before the request times out, so that a retry opens
    // another one.
    let ping = settings.timeout / 3;
    let mut builder = Client::builder()
        .user_agent(&settings.user_agent)
        .tls_backend_preconfigured(settings.roots.client_config())
        // The API does not redirect, and a token must not be sent to another host.
        .redirect(Policy::none())
        .http2_keep_alive_interval(ping)
        .http2_keep_alive_timeout(ping)
        // Turns off reqwest's own handling of proxy variables.
        .no_proxy()
        .timeout(settings.timeout)
        .connector_layer(preconnect.clone());
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy.proxy.clone());
    }
    builder.build().map_err(|error| Error::config_caused_by("cannot set up HTTP", error))
}

/// Returns the error as a source, or its innermost message without secrets if it repeats one: HTTP/2's
/// GOAWAY frame carries text of the server, for example.
fn source(error: reqwest::Error, mask: &Mask) -> Source {
    let messages: Vec<String> = causes(&error).map(ToString::to_string).collect();
    if let Some(message) = messages.iter().rfind(|message| mask.hide(message) != **message) {
        return Arc::new(io::Error::other(mask.hide(message)));
    }
    // The URL would only be repeated in the message.
    Arc::new(error.without_url())
}

/// Reads a body until its end, or until it is larger than `max` bytes.
async fn read_body(response: &mut Response, body: &mut Vec<u8>, max: usize) -> reqwest::Result<()> {
    while body.len() <= max
        && let Some(chunk) = response.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(())
}
