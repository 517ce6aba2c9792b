//! Requests to Spotify: HTTP, TLS, proxies and tokens, and the errors of one request. Whether a search
//! is sent again is decided in `retry`.

mod endpoints;
mod http;
mod interface;
mod mask;
mod preconnect;
mod proxy;
mod settings;
mod spotify;
mod status_error;
mod tls;
mod token;

pub use endpoints::{BaseUrl, Endpoints};
pub(crate) use interface::Transport;
#[cfg(test)]
pub(crate) use mask::Mask;
pub use proxy::Proxy;
pub(crate) use settings::TransportSettings;
pub(crate) use spotify::SpotifyTransport;
#[cfg(test)]
pub(crate) use status_error::{Service, status_error};
pub use tls::RootCertificates;
