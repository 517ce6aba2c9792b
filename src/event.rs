//! What a client reports while a search runs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::query::SearchQuery;

/// Something that happens during a search. See
/// [`ClientBuilder::on_event`](crate::ClientBuilder::on_event).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A token is requested.
    TokenRequested,
    /// The token has arrived.
    TokenReceived,
    /// A search request is sent, for the first time or again.
    Request {
        /// The query of the search.
        query: Arc<SearchQuery>,
    },
    /// A search request was refused with the status 429.
    TooManyRequests {
        /// The query of the search.
        query: Arc<SearchQuery>,
    },
    /// A request failed and is sent again after a wait.
    Retry {
        /// The query of the search. `None` for a token request, which all searches share.
        query: Option<Arc<SearchQuery>>,
        /// The wait.
        wait: Duration,
        /// Why the request failed.
        error: Error,
        /// Retry number, starting at 1.
        retry: u32,
        /// The maximum number of retries.
        retries: u32,
    },
    /// Spotify limits the rate of requests. All requests of the client wait.
    RateLimited {
        /// The wait.
        wait: Duration,
    },
    /// A page of a search that takes several has arrived.
    Page {
        /// The query of the search.
        query: Arc<SearchQuery>,
        /// The number of pages that have arrived.
        done: usize,
        /// The number of pages of the search. It ends earlier if there are no more results.
        of: usize,
    },
}

/// The callback that receives the events of a client.
#[derive(Clone)]
pub(crate) struct EventHandler(Arc<dyn Fn(Event) + Send + Sync>);

impl fmt::Debug for EventHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventHandler")
    }
}

impl EventHandler {
    pub fn new(handler: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(handler))
    }

    pub fn emit(&self, event: Event) {
        (self.0)(event);
    }
}
