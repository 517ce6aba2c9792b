//! The settings of requests to Spotify.

use std::time::Duration;

use super::endpoints::Endpoints;
use super::proxy::Proxy;
use super::tls::RootCertificates;
use crate::credentials::Credentials;
use crate::event::EventHandler;
use crate::retry::RetryPolicy;

/// The settings of requests to Spotify.
#[derive(Clone, Debug)]
pub(crate) struct TransportSettings {
    pub credentials: Credentials,
    pub endpoints: Endpoints,
    pub roots: RootCertificates,
    pub proxy: Proxy,
    pub user_agent: String,
    /// The time limit of one request, connecting included.
    pub timeout: Duration,
    pub policy: RetryPolicy,
    pub events: EventHandler,
}
