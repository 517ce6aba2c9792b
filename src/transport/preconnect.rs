//! A connection that is opened before it is needed: while the token is fetched from the one
//! service, the handshakes with the other can be under way already, which saves two round trips of
//! six. Nothing is sent over it before there is a token; only the order of things changes.
//!
//! The HTTP library opens connections for requests alone. So a request is begun, its connection is
//! taken out of the library's hands the moment it stands and before anything goes over it, the
//! request is dropped, and the first real request is given the connection.

use std::any::Any;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::future::select;
use tokio::sync::Notify;
use tower_layer::Layer;
use tower_service::Service;

/// A connection that has waited for longer is not used: servers close idle ones.
const FRESH: Duration = Duration::from_secs(1);

/// Where a connection waits for its request, and the layer that puts it there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preconnect {
    place: Arc<Mutex<Place>>,
    is_there: Arc<Notify>,
}

#[derive(Debug, Default)]
enum Place {
    #[default]
    Empty,
    /// The next connection is to wait here.
    Wanted,
    /// Since when it waits, and what it is: its type has no name outside of the HTTP library.
    Taken(Instant, Box<dyn Any + Send>),
}

impl Preconnect {
    /// Opens a connection by a request that is begun and never sent. Whatever goes wrong will be
    /// found out by the first real request.
    pub async fn open(&self, request: impl Future) {
        if matches!(*self.place(), Place::Taken(since, _) if since.elapsed() < FRESH) {
            return;
        }
        *self.place() = Place::Wanted;
        let _no_longer = NoLongerWanted(self);
        select(pin!(request), pin!(self.is_there.notified())).await;
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that waits, if one does.
    fn take<C: 'static>(&self) -> Option<C> {
        let mut place = self.place();
        if matches!(*place, Place::Wanted) {
            return None;
        }
        match std::mem::take(&mut *place) {
            Place::Taken(since, connection) if since.elapsed() < FRESH => {
                connection.downcast().ok().map(|connection| *connection)
            }
            _ => None,
        }
    }
}

/// Ends the wish for a connection however the wait for it ends: real requests would lose theirs to
/// it.
struct NoLongerWanted<'a>(&'a Preconnect);

impl Drop for NoLongerWanted<'_> {
    fn drop(&mut self) {
        let mut place = self.0.place();
        if matches!(*place, Place::Wanted) {
            *place = Place::Empty;
        }
    }
}

impl<S> Layer<S> for Preconnect {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector { inner, early: self.clone() }
    }
}

/// Opens connections as the service within does, by way of the place where one may wait.
#[derive(Clone, Debug)]
pub(crate) struct Connector<S> {
    inner: S,
    early: Preconnect,
}

impl<S, Request> Service<Request> for Connector<S>
where
    S: Service<Request>,
    S::Response: Send + 'static,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if let Some(connection) = self.early.take() {
            return Box::pin(std::future::ready(Ok(connection)));
        }
        let connecting = self.inner.call(request);
        if !matches!(*self.early.place(), Place::Wanted) {
            return Box::pin(connecting);
        }
        let early = self.early.clone();
        Box::pin(async move {
            let connection = connecting.await?;
            *early.place() = Place::Taken(Instant::now(), Box::new(connection));
            early.is_there.notify_one();
            // The request that this was for is dropped now.
            std::future::pending().await
        })
    }
}
