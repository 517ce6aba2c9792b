//! TLS: the trusted root certificates and the rustls configuration.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, Result};

/// The largest certificate file. Bundles of a system have 0.2 MiB.
const MAX_BYTES: u64 = 16 << 20;

/// Trusted root certificates. The default is Mozilla's list, compiled in.
#[derive(Clone, Debug)]
pub struct RootCertificates(Arc<RootCertStore>);

impl Default for RootCertificates {
    fn default() -> Self {
        Self(Arc::new(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()))
    }
}

impl RootCertificates {
    /// Reads the certificates in a PEM file. They replace the default ones.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] if the file cannot be read or contains no usable certificate.
    pub fn from_pem_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let message = format!("cannot read certificates from {}", path.display());
        let mut pem = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut pem));
        read.map_err(|error| Error::config_caused_by(&message, error))?;
        if pem.len() as u64 > MAX_BYTES {
            return Err(Error::config(format!("{message}: the file is larger than 16 MiB")));
        }
        let mut store = RootCertStore::empty();
        // A bundle may contain some certificates that rustls does not support.
        let (added, _) =
            store.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
        if added == 0 {
            return Err(Error::config(format!("{message}: the file has none in PEM format")));
        }
        Ok(Self(Arc::new(store)))
    }

    /// Returns a configuration that trusts these roots and offers HTTP/2 and HTTP/1.1 by ALPN.
    pub(super) fn client_config(&self) -> ClientConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports the default versions")
            .with_root_certificates(self.0.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config
    }
}
