//! The client of Spotify's Web API: [`Client::search`] takes a query to its results, by way of a
//! token, one or more requests and as much patience as its settings allow. It prints nothing; what
//! a caller may want to report to a user is an [`Event`].

mod pagination;
mod retry;
mod waits;

mod limiter;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::stream::{self, StreamExt};
use reqwest::Url;

pub use crate::transport::{BaseUrl, Endpoints, RootCertificates};

pub use pagination::SMALL as SMALLEST_PAGE;
pub use waits::RetryPolicy;

use crate::cache::AppCache;
use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::query::SearchQuery;
use crate::results::SearchResults;
use crate::transport::{Http, Service, Token, TokenSource};

use pagination::{Page, PageSize};
use retry::{Retrier, TokenUse};
use waits::{Cooldown, Waited};

use limiter::Limiter;

/// What a client needs to know beside the credentials.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Where the two services are.
    pub endpoints: Endpoints,
    /// What a secure connection is trusted by.
    pub roots: RootCertificates,
    /// The longest that one request may take.
    pub timeout: Duration,
    /// How often and how long to try again.
    pub retry: RetryPolicy,
    /// How many requests may be in flight at once.
    pub jobs: usize,
    /// Whether to remember the token, the page size and a cool-down between runs.
    pub remember: bool,
}

impl Default for ClientSettings {
    /// Spotify itself, 30 s a request, three retries within 60 s, four requests at once, a memory.
    fn default() -> Self {
        Self {
            endpoints: Endpoints::default(),
            roots: RootCertificates::built_in(),
            timeout: Duration::from_secs(30),
            retry: RetryPolicy { retries: 3, max_wait: Duration::from_secs(60) },
            jobs: 4,
            remember: true,
        }
    }
}

/// Something that happens while a search is under way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A request failed and will be tried again.
    Waiting {
        /// How long it waits first.
        wait: Duration,
        /// What the request failed with.
        error: Error,
        /// The how-manieth retry this will be, from 1.
        retry: u32,
        /// How many retries there may be.
        retries: u32,
    },
    /// A page came of a search that takes several.
    Page {
        /// How many have come.
        done: usize,
        /// How many there are to be, unless the results end before.
        of: usize,
    },
    /// An earlier run was told to keep away for a while, and the rest of that is waited out.
    CoolingDown {
        /// How long it is to last yet.
        rest: Duration,
    },
}

/// A client of the Web API for one app.
pub struct Client {
    api: Http,
    tokens: TokenSource,
    store: Arc<AppCache>,
    page_size: PageSize,
    cooldown: Cooldown,
    turns: Limiter,
    retry: RetryPolicy,
    on_event: Box<dyn Fn(Event)>,
}

impl Client {
    /// A client that begins with what is remembered of the app and tells of what happens by
    /// calling `on_event`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] where TLS can't be set up.
    pub fn new(
        settings: ClientSettings,
        credentials: &Credentials,
        on_event: impl Fn(Event) + 'static,
    ) -> Result<Self> {
        let ClientSettings { endpoints, roots, timeout, retry, jobs, remember } = settings;
        let store = if remember {
            AppCache::of(&endpoints.accounts.to_string(), credentials)
        } else {
            AppCache::none()
        };
        let (store, now) = (Arc::new(store), SystemTime::now());
        let memory = store.read();
        // Two servers out there are connected to side by side. A small one for both on this machine
        // may serve but one connection at a time.
        let Endpoints { api, accounts } = endpoints;
        let is_apart = !api.is_plain() && api.host() != accounts.host();
        let api = Http::new(Service::Api, api, &roots, timeout, is_apart)?;
        let accounts = Http::new(Service::Accounts, accounts, &roots, timeout, false)?;
        Ok(Self {
            api,
            tokens: TokenSource::new(accounts, credentials, store.clone(), &memory),
            page_size: PageSize::new(memory.page_size(now)),
            cooldown: Cooldown::remembered(memory.cooldown(now)),
            store,
            turns: Limiter::new(jobs),
            retry,
            on_event: Box::new(on_event),
        })
    }

    /// Searches the catalogue, by as many requests as it takes.
    ///
    /// # Errors
    ///
    /// Any [`Error`] that is the API's or the network's, once there is nothing more to try. A page
    /// that fails fails the search: there are no partial results.
    pub async fn search(&self, query: &SearchQuery) -> Result<SearchResults> {
        let waited = Waited::default();
        let outcome = loop {
            let is_one_page = query.limit() <= pagination::SMALL;
            let size = if is_one_page { pagination::SMALL } else { self.page_size.to_ask() };
            match self.all_pages(query, size, &waited).await {
                // Not any more, maybe: the rest is asked for anew, too.
                Err(error) if size > pagination::SMALL && pagination::is_too_large(&error) => {
                    self.learn(pagination::SMALL).await;
                }
                outcome => break outcome,
            }
        };
        let cooldown = self.cooldown.take_new().filter(|rest| *rest > self.retry.max_wait);
        if let Some(rest) = cooldown {
            let now = SystemTime::now();
            self.store.update(|memory| memory.set_cool_down(rest, now)).await;
        }
        outcome
    }

    /// The URLs that a query takes, one a page, as far as is known beforehand.
    pub fn urls(&self, query: &SearchQuery) -> Vec<Url> {
        let pages = Page::all(query, self.page_size.expected());
        pages.map(|page| page.url(self.api.base(), query)).collect()
    }

    /// All pages of a query at this page size.
    async fn all_pages(
        &self,
        query: &SearchQuery,
        size: u16,
        waited: &Waited,
    ) -> Result<SearchResults> {
        let fetch = |page| self.page(query, page, waited);
        let first = fetch(Page::first(query, size)).await;
        let mut results = first.inspect_err(|_| self.page_size.forget(size))?;
        if size > pagination::SMALL {
            self.learn(size).await;
        }
        let rest: Vec<Page> = Page::all(query, size).skip(1).collect();
        let of = rest.len() + 1;
        // As far as there seems to be something, several pages are in flight; beyond, each is asked
        // for only once the one before it promised more.
        let (likely, unlikely): (Vec<Page>, Vec<Page>) =
            rest.into_iter().partition(|page| !page.seems_past(&results));
        let mut pages = stream::iter(likely.into_iter().map(fetch))
            .buffered(self.turns.most())
            .chain(stream::iter(unlikely.into_iter().map(fetch)).buffered(1));
        let mut done = 1;
        while done < of && results.has_more() {
            (self.on_event)(Event::Page { done, of });
            let Some(page) = pages.next().await else { break };
            results.append(page?, query);
            done += 1;
        }
        Ok(results)
    }

    async fn learn(&self, size: u16) {
        if self.page_size.learn(size) {
            tracing::info!(size, "learned the page size");
            let now = SystemTime::now();
            self.store.update(|memory| memory.set_page_size(size, now)).await;
        }
    }

    /// Fetches one page, trying as often as it takes and patience lasts.
    async fn page(
        &self,
        query: &SearchQuery,
        page: Page,
        waited: &Waited,
    ) -> Result<SearchResults> {
        let url = page.url(self.api.base(), query);
        let mut refused: Option<Token> = None;
        let mut last: Option<Token> = None;
        let retrier = Retrier {
            policy: &self.retry,
            cooldown: &self.cooldown,
            waited,
            turns: &self.turns,
            on_event: &self.on_event,
            sleep: tokio::time::sleep,
        };
        let fetch = async |wanted| {
            if wanted == TokenUse::Renewed && refused.is_none() {
                refused = last.take();
            }
            let token = self.tokens.token(refused.as_ref(), self.api.connect()).await?;
            let request = token.authorize(self.api.get(url.clone()));
            last = Some(token);
            let body = self.api.send(request).await?;
            SearchResults::parse(&body, query, page.limit)
                .map_err(|fault| self.api.unreadable(fault))
        };
        retrier.run(fetch).await
    }
}
