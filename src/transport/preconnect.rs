//! Preconnect: opens the connection to the API while the token is fetched from the accounts
//! service. Without it, a run without a cached token takes six round trips, with it four. No request is
//! sent before there is a token.
//!
//! reqwest opens connections only for requests. So a request is started, a connector layer takes its
//! connection as soon as it is open and before anything is sent, and the request is dropped. The
//! first real request then gets the connection.

use std::any::Any;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tower::{Layer, Service};

/// The longest time that an open connection is kept unused. Servers close idle connections, so an
/// older one may be dead.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// One connection that is opened in advance, and the connector layer that keeps it.
#[derive(Clone, Debug, Default)]
pub(super) struct Preconnect {
    slot: Arc<Mutex<Slot>>,
    opened: Arc<Notify>,
    is_done: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    /// The next connection that opens is kept here.
    Requested,
    /// The connection and the time at which it opened. reqwest does not export its type.
    Open(Instant, Box<dyn Any + Send>),
}

impl Preconnect {
    /// Opens a connection with a request that is never sent. Only the first call does something. An
    /// error is ignored: the first real request meets it again.
    pub async fn open(&self, request: impl Future) {
        if self.is_done.swap(true, Ordering::Relaxed) {
            return;
        }
        *self.slot() = Slot::Requested;
        let _guard = CancelRequest(self);
        tokio::select! {
            _ = pin!(request) => {}
            () = self.opened.notified() => {}
        }
    }

    /// Turns [`Preconnect::open`] off, before the first real request is sent. Afterwards the pool may
    /// have an idle connection, and a request that is only meant to open one would be sent over it.
    pub fn disable(&self) {
        self.is_done.store(true, Ordering::Relaxed);
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the open connection out of the slot.
    fn take<C: 'static>(&self) -> Option<C> {
        let mut slot = self.slot();
        if !matches!(*slot, Slot::Open(..)) {
            return None;
        }
        match std::mem::take(&mut *slot) {
            Slot::Open(since, connection) if since.elapsed() < MAX_IDLE => {
                connection.downcast().ok().map(|connection| *connection)
            }
            _ => None,
        }
    }
}

/// Resets the slot when [`Preconnect::open`] ends or is dropped. Otherwise the slot would keep the
/// connection of a real request.
struct CancelRequest<'a>(&'a Preconnect);

impl Drop for CancelRequest<'_> {
    fn drop(&mut self) {
        let mut slot = self.0.slot();
        if matches!(*slot, Slot::Requested) {
            *slot = Slot::Empty;
        }
    }
}

impl<S> Layer<S> for Preconnect {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector { inner, preconnect: self.clone() }
    }
}

/// Opens connections with the inner connector, or returns the one in the slot.
#[derive(Clone, Debug)]
pub(super) struct Connector<S> {
    inner: S,
    preconnect: Preconnect,
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
        if let Some(connection) = self.preconnect.take() {
            return Box::pin(std::future::ready(Ok(connection)));
        }
        let connecting = self.inner.call(request);
        if !matches!(*self.preconnect.slot(), Slot::Requested) {
            return Box::pin(connecting);
        }
        let preconnect = self.preconnect.clone();
        Box::pin(async move {
            let connection = connecting.await?;
            *preconnect.slot() = Slot::Open(Instant::now(), Box::new(connection));
            preconnect.opened.notify_one();
            // `open` returns now and drops the request.
            std::future::pending().await
        })
    }
}
