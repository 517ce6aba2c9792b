//! Builds a [`Client`] from credentials and settings.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime};

use super::limiter::Limiter;
use super::pagination::PageSize;
use super::request::Shared;
use super::search::Client;
use crate::cache::{AppCache, AppEntry, Cache};
use crate::credentials::Credentials;
use crate::duration::LONGEST;
use crate::error::{Error, Result};
use crate::event::{Event, EventHandler};
use crate::retry::RetryPolicy;
use crate::transport::{
    Endpoints, Proxy, RootCertificates, SpotifyTransport, Transport, TransportSettings,
};

/// The settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use spotify_search::{Cache, Client, Credentials};
///
/// let client = Client::builder(Credentials::new("client id", "client secret"))
///     .timeout(Duration::from_secs(10))
///     .max_wait(Duration::from_secs(5))
///     .cache(Cache::User)
///     .on_event(|event| println!("{event:?}"))
///     .build()?;
/// # Ok::<(), spotify_search::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    settings: TransportSettings,
    jobs: usize,
    max_requests: u64,
    cache: Cache,
}

impl Client {
    /// Starts to build a client of Spotify's Web API for the app with these credentials.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        let settings = TransportSettings {
            credentials,
            endpoints: Endpoints::default(),
            roots: RootCertificates::default(),
            proxy: Proxy::default(),
            user_agent: concat!("spotify-search/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_secs(30),
            policy: RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) },
            events: EventHandler::new(|_| {}),
        };
        ClientBuilder { settings, jobs: 4, max_requests: u64::MAX, cache: Cache::Off }
    }
}

impl ClientBuilder {
    /// Sets the base URLs of the two services. The defaults are Spotify's.
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.settings.endpoints = endpoints;
        self
    }

    /// Sets the trusted root certificates. The default is Mozilla's root certificates.
    pub fn root_certificates(mut self, roots: RootCertificates) -> Self {
        self.settings.roots = roots;
        self
    }

    /// Sets the proxy. The default is [`Proxy::Environment`].
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.settings.proxy = proxy;
        self
    }

    /// Sets the timeout of each request; a retry has a new one. The default is 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout.min(LONGEST);
        self
    }

    /// Sets the maximum number of retries per request. The default is 3.
    pub fn retries(mut self, retries: u32) -> Self {
        self.settings.policy.retries = retries;
        self
    }

    /// Sets the maximum total time that one search waits, for rate limits and between retries. A
    /// search that would have to wait longer fails immediately. The default is 60 s.
    pub fn max_wait(mut self, max_wait: Duration) -> Self {
        self.settings.policy.max_wait = max_wait;
        self
    }

    /// Sets the maximum number of requests in flight. 0 counts as 1. The default is 4.
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs, ..self }
    }

    /// Sets the maximum number of search requests of the client, retries included. Then searches fail
    /// with [`Error::RequestLimit`](crate::Error::RequestLimit). By default there is no maximum.
    pub fn max_requests(self, max_requests: u64) -> Self {
        Self { max_requests, ..self }
    }

    /// Sets the cache for token, page size and cooldown. The default is [`Cache::Off`].
    pub fn cache(self, cache: Cache) -> Self {
        Self { cache, ..self }
    }

    /// Sets the `User-Agent` header. The default is `spotify-search/VERSION`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = user_agent.into();
        self
    }

    /// Sets a callback that receives the client's events. It must not block: it runs on the tasks
    /// that send the requests.
    pub fn on_event(mut self, handler: impl Fn(Event) + Send + Sync + 'static) -> Self {
        self.settings.events = EventHandler::new(handler);
        self
    }

    /// Builds the client. Reads the cache and the proxy variables; sends no requests.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`](crate::Error::ConfigInvalid) if the id or the secret is empty, if the
    /// proxy is not a valid URL, or if HTTP cannot be set up, for example with this user agent.
    pub fn build(self) -> Result<Client> {
        let TransportSettings { credentials, endpoints, .. } = &self.settings;
        if credentials.is_incomplete() {
            return Err(Error::config("the client id or the client secret is empty"));
        }
        let accounts_url = endpoints.get_accounts().to_string();
        let cache = Arc::new(AppCache::new(&self.cache, &accounts_url, credentials));
        let entry = cache.read();
        let transport = SpotifyTransport::new(self.settings.clone(), cache.clone(), &entry)?;
        Ok(self.assemble(Box::new(transport), cache, &entry))
    }

    /// Builds a client that uses `transport` and no cache.
    #[cfg(any(test, feature = "demo"))]
    pub(crate) fn build_with(self, transport: impl Transport + 'static) -> Client {
        self.assemble(Box::new(transport), Arc::default(), &AppEntry::default())
    }

    fn assemble(
        self,
        transport: Box<dyn Transport>,
        cache: Arc<AppCache>,
        entry: &AppEntry,
    ) -> Client {
        let now = SystemTime::now();
        Client(Arc::new(Shared {
            settings: self.settings,
            transport,
            limiter: Limiter::new(self.jobs, entry.cooldown(now)),
            page_size: PageSize::new(entry.page_size(now)),
            max_requests: self.max_requests,
            sent: AtomicU64::new(0),
            cache,
        }))
    }
}
