//! Resolves host names with the operating system, each on a thread of its own. tokio's pool of
//! threads, which reqwest uses by default, panics if no thread can be started.

use std::io;
use std::net::ToSocketAddrs;
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// Resolves host names as the operating system does, with `localhost` and both address families.
#[derive(Debug)]
pub(super) struct SystemResolver;

/// No thread could be started to resolve a name.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoThread(pub io::Error);

impl Resolve for SystemResolver {
    /// The thread is not joined: a name that is still being resolved does not delay the end of the
    /// program.
    fn resolve(&self, name: Name) -> Resolving {
        let (sender, receiver) = oneshot::channel();
        let resolve = move || {
            // reqwest replaces the port 0 by that of the URL.
            let _ = sender.send((name.as_str(), 0).to_socket_addrs());
        };
        let thread = thread::Builder::new().spawn(resolve).map_err(NoThread);
        Box::pin(async move {
            thread?;
            let addresses = receiver.await??;
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
