//! Requests to Spotify: HTTP, TLS, tokens, and how a request can fail.

mod endpoints;
mod failure;
mod http;
mod preconnect;
mod token;

pub use endpoints::{BaseUrl, Endpoints};
#[cfg(test)]
pub(crate) use failure::StatusFailure;
pub(crate) use failure::{Failure, FailureKind, Service};
pub(crate) use http::Http;
pub use http::RootCertificates;
pub(crate) use token::{Token, TokenSource};
