//! The client of Spotify's Web API: [`Client::search`] takes a query to its results, by way of a
//! token, one or more requests and as much patience as its settings allow. It prints nothing; what
//! a caller may want to tell a person meanwhile is an [`Event`].

mod endpoint;
mod failure;
mod http;
mod pages;
mod retry;
mod token;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::stream::{self, StreamExt};
use reqwest::Url;
use tokio::sync::Semaphore;

pub use endpoint::{BaseUrl, Endpoints};
pub use http::Roots;
pub use retry::RetryPolicy;

use crate::credentials::Credentials;
use crate::error::{Error, Result};
use crate::model::SearchResults;
use crate::query::SearchQuery;
use crate::state::Store;
use failure::Service;
use http::Http;
use pages::{Page, PageSize};
use retry::{CoolDown, Retrier, TokenUse, Waited};
use token::{Token, TokenSource};

/// What a client needs to know beside the credentials.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Where the two services are.
    pub endpoints: Endpoints,
    /// What a secure connection is trusted by.
    pub roots: Roots,
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
            roots: Roots::built_in(),
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
    /// Fewer results came than were asked for, although Spotify says that there are more.
    Shortfall {
        /// How many came, of all types.
        came: u64,
        /// How many should have.
        expected: u64,
    },
}

/// A client of the Web API for one app.
pub struct Client {
    api: Http,
    tokens: TokenSource,
    store: Arc<Store>,
    page_size: PageSize,
    cool_down: CoolDown,
    permits: Semaphore,
    jobs: usize,
    retry: RetryPolicy,
    tell: Box<dyn Fn(Event)>,
}

impl Client {
    /// A client that begins with what is remembered of the app and tells of what happens by
    /// calling `tell`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] where TLS can't be set up.
    pub fn new(
        settings: ClientSettings,
        credentials: &Credentials,
        tell: impl Fn(Event) + 'static,
    ) -> Result<Self> {
        let ClientSettings { endpoints, roots, timeout, retry, jobs, remember } = settings;
        let store = if remember {
            Store::of(&endpoints.accounts.to_string(), credentials)
        } else {
            Store::none()
        };
        let (store, now) = (Arc::new(store), SystemTime::now());
        let memory = store.read();
        let page_size = PageSize::new(memory.page_size(now));
        let cool_down = CoolDown::default();
        cool_down.extend(memory.cool_down(now).unwrap_or_default());
        let api = Http::new(Service::Api, endpoints.api, &roots, timeout)?;
        let accounts = Http::new(Service::Accounts, endpoints.accounts, &roots, timeout)?;
        let tokens = TokenSource::new(accounts, credentials, store.clone(), memory);
        let jobs = jobs.max(1);
        let (permits, tell) = (Semaphore::new(jobs), Box::new(tell));
        Ok(Self { api, tokens, store, page_size, cool_down, permits, jobs, retry, tell })
    }

    /// Searches the catalogue, by as many requests as it takes.
    ///
    /// # Errors
    ///
    /// Any [`Error`] that is the API's or the network's, once there is nothing more to try. A page
    /// that fails fails the search: there are no partial results.
    pub async fn search(&self, query: &SearchQuery) -> Result<SearchResults> {
        let outcome = self.all_pages(query).await;
        if let Err(Error::RateLimited { retry_after: Some(wait), .. }) = outcome
            && wait > self.retry.max_wait
        {
            let now = SystemTime::now();
            self.store.update(|memory| memory.set_cool_down(wait, now)).await;
        }
        let results = outcome?;
        self.tell_of_shortfall(query, &results);
        Ok(results)
    }

    /// The URLs that a query takes, one a page, as far as is known beforehand.
    pub async fn urls(&self, query: &SearchQuery) -> Vec<Url> {
        let (size, _) = self.page_size.get().await;
        urls(self.api.base(), query, size)
    }

    async fn all_pages(&self, query: &SearchQuery) -> Result<SearchResults> {
        let waited = Waited::default();
        let (mut results, size) = self.first_page(query, &waited).await?;
        let rest: Vec<Page> = Page::all(query, size).skip(1).collect();
        let of = rest.len() + 1;
        // As far as there seems to be something, several pages are in flight; beyond, each is asked
        // for only once the one before it promised more.
        let (likely, unlikely): (Vec<Page>, Vec<Page>) =
            rest.into_iter().partition(|page| !page.seems_past(&results));
        let fetch = |page| self.page(query, page, &waited);
        let mut pages = stream::iter(likely.into_iter().map(fetch))
            .buffered(self.jobs)
            .chain(stream::iter(unlikely.into_iter().map(fetch)).buffered(1));
        let mut done = 1;
        while done < of && results.has_more() {
            (self.tell)(Event::Page { done, of });
            let Some(page) = pages.next().await else { break };
            results.append(page?, query);
            done += 1;
        }
        Ok(results)
    }

    /// The first page and the page size that it showed to be right.
    async fn first_page(
        &self,
        query: &SearchQuery,
        waited: &Waited,
    ) -> Result<(SearchResults, u16)> {
        let first = |size: u16| Page { offset: query.offset(), limit: size.min(query.limit()) };
        if query.limit() <= pages::SMALL {
            return Ok((self.page(query, first(pages::SMALL), waited).await?, pages::SMALL));
        }
        let (size, right) = self.page_size.get().await;
        let is_news = right.is_some();
        match self.page(query, first(size), waited).await {
            Err(error) if size > pages::SMALL && pages::is_too_large(&error) => {
                self.learn(pages::SMALL, right).await;
                Ok((self.page(query, first(pages::SMALL), waited).await?, pages::SMALL))
            }
            Ok(results) if is_news => {
                self.learn(size, right).await;
                Ok((results, size))
            }
            outcome => Ok((outcome?, size)),
        }
    }

    async fn learn(&self, size: u16, right: Option<tokio::sync::MutexGuard<'_, Option<u16>>>) {
        tracing::info!(size, "learned the page size");
        self.page_size.learn(size, right).await;
        let now = SystemTime::now();
        self.store.update(|memory| memory.set_page_size(size, now)).await;
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
            cool_down: &self.cool_down,
            waited,
            permits: &self.permits,
            tell: &self.tell,
            sleep: tokio::time::sleep,
        };
        let fetch = async |wanted| {
            if wanted == TokenUse::Renewed && refused.is_none() {
                refused = last.take();
            }
            let token = self.tokens.token(refused.as_ref()).await?;
            let request = token.authorize(self.api.get(url.clone()));
            last = Some(token);
            let body = self.api.send(request).await?;
            SearchResults::parse(&body, query, page.limit)
                .map_err(|fault| self.api.unreadable(fault))
        };
        retrier.run(fetch).await
    }

    fn tell_of_shortfall(&self, query: &SearchQuery, results: &SearchResults) {
        let (mut came, mut expected) = (0, 0);
        for section in results.sections() {
            let items = section.items().len() as u64;
            let there = section.total().unwrap_or_default();
            came += items;
            expected +=
                there.saturating_sub(query.offset().into()).min(query.limit().into()).max(items);
        }
        if came < expected {
            (self.tell)(Event::Shortfall { came, expected });
        }
    }
}

/// The URLs of a query at this page size.
pub fn urls(api: &BaseUrl, query: &SearchQuery, size: u16) -> Vec<Url> {
    Page::all(query, size).map(|page| page.url(api, query)).collect()
}
