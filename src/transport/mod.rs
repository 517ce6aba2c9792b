//! Requests to Spotify: HTTP, TLS, proxies and tokens, and the errors of one request. Whether a search
//! is sent again is not decided here, but in the client.

mod endpoints;
mod error_response;
mod http;
mod interface;
mod mask;
mod preconnect;
mod proxy;
mod spotify;
mod tls;
mod token;

pub use endpoints::{BaseUrl, Endpoints};
#[cfg(test)]
pub(crate) use error_response::{Service, status_error};
pub(crate) use http::HttpSettings;
pub(crate) use interface::{BoxFuture, Transport};
#[cfg(test)]
pub(crate) use mask::Mask;
pub(crate) use proxy::variable as proxy_variable;
pub(crate) use spotify::SpotifyTransport;
pub use tls::RootCertificates;
