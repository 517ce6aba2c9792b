//! Preconnect: opens the connection to the API while the token is fetched from the accounts
//! service. Without it, a run without a cached token takes six round trips, with it four. No request is
//! sent before there is a token.
//!
//! reqwest opens connections only for requests. So a request is started, a connector layer takes its
//! connection as soon as it is open and before anything is sent, and the request is dropped. The
//! first real request then gets the connection.

use std::any::Any;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use tower::{Layer, Service};

/// A connection. reqwest does not export its type.
type Connection = Box<dyn Any + Send>;

/// The connector layer that keeps a connection that is opened in advance.
#[derive(Clone, Debug, Default)]
pub(super) struct Preconnect(Arc<Mutex<Slot>>);

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    /// The next connection is sent here.
    Requested(oneshot::Sender<Connection>),
    /// The next request gets this connection.
    Open(Connection),
}

impl Preconnect {
    /// Opens a connection with a request that is never sent. The pool must have no connection, or the
    /// request would be sent over it. An error is ignored: the first real request meets it again.
    pub async fn open(&self, request: impl Future) {
        let (sender, connection) = oneshot::channel();
        *self.slot() = Slot::Requested(sender);
        tokio::select! {
            _ = pin!(request) => {}
            Ok(connection) = connection => *self.slot() = Slot::Open(connection),
        }
    }

    /// Returns true if the next request gets a connection that was opened in advance.
    pub fn is_open(&self) -> bool {
        matches!(*self.slot(), Slot::Open(_))
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        let slot = mem::take(&mut *self.preconnect.slot());
        match slot {
            Slot::Open(connection) => {
                let connection = connection.downcast().expect("the layer has one inner connector");
                Box::pin(std::future::ready(Ok(*connection)))
            }
            Slot::Requested(sender) if !sender.is_closed() => {
                let connecting = self.inner.call(request);
                Box::pin(async move {
                    // `open` gets the connection and drops the request.
                    let _ = sender.send(Box::new(connecting.await?));
                    std::future::pending().await
                })
            }
            _ => Box::pin(self.inner.call(request)),
        }
    }
}
