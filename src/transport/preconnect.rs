//! Preconnect: opens the connection to the API while the token is fetched from the accounts
//! service. Without it, a run without a cached token takes six round trips, with it four. No request is
//! sent before there is a token.
//!
//! reqwest opens connections only for requests. So a request is started, a connector layer opens its
//! connection in a task, and the request fails. The first real request takes the connection, and waits
//! until it is open.

use std::any::Any;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::task::JoinSet;
use tower::{BoxError, Layer, Service};

use crate::lock::lock;

/// The connector layer that opens a connection in advance.
#[derive(Clone, Debug, Default)]
pub(super) struct Preconnect(Arc<Mutex<Slot>>);

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    /// The next request only opens a connection.
    Requested,
    /// The next request gets the connection of this [`JoinSet`], whose type reqwest does not export.
    Opening(Box<dyn Any + Send>),
}

impl Preconnect {
    /// Starts to open a connection with a request that is never sent. The pool must have no connection,
    /// or the request would be sent over it.
    pub async fn open(&self, request: impl Future) {
        *lock(&self.0) = Slot::Requested;
        request.await;
    }

    /// Returns true if the next request gets a connection that was opened in advance.
    pub fn is_opened(&self) -> bool {
        matches!(*lock(&self.0), Slot::Opening(_))
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
    S: Service<Request, Error = BoxError>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut slot = lock(&self.preconnect.0);
        match mem::take(&mut *slot) {
            Slot::Empty => Box::pin(self.inner.call(request)),
            Slot::Requested => {
                let mut opening = JoinSet::new();
                opening.spawn(self.inner.call(request));
                *slot = Slot::Opening(Box::new(opening));
                Box::pin(std::future::ready(Err("the connection is for the next request".into())))
            }
            Slot::Opening(opening) => {
                let opening = opening.downcast::<JoinSet<Result<S::Response, BoxError>>>();
                let mut opening = opening.expect("the layer has one inner connector");
                Box::pin(async move { opening.join_next().await.expect("the set has a task")? })
            }
        }
    }
}
