//! Requests to Spotify: HTTP, TLS, proxies and tokens, and the ways in which one request can fail.
//! Retries and waits are not decided here, but in the client.

mod endpoints;
mod failure;
mod http;
mod interface;
mod mask;
mod preconnect;
mod proxy;
mod spotify;
mod tls;
mod token;

pub use endpoints::{BaseUrl, Endpoints};
pub(crate) use failure::{Failure, FailureKind, Service, StatusFailure};
pub(crate) use http::HttpSettings;
pub(crate) use interface::{BoxFuture, Transport};
pub(crate) use proxy::variable as proxy_variable;
pub(crate) use spotify::SpotifyTransport;
pub use tls::RootCertificates;
