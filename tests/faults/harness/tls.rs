//! TLS with any certificate, and with a handshake that breaks off.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::step::Connection;

/// The certificate authority that a row trusts, unless it says otherwise.
static AUTHORITY: LazyLock<CertifiedIssuer<'static, KeyPair>> = LazyLock::new(authority);

/// How a server speaks TLS.
#[derive(Clone, Debug)]
pub struct Tls {
    config: ServerConfig,
    /// The certificates that the command trusts, as PEM.
    pub roots: String,
    /// The number of bytes after which the connection breaks off.
    cut_after: usize,
}

impl Tls {
    /// A certificate for `localhost` from the trusted authority, with these changes.
    pub fn issued(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = leaf(change);
        let certificate = params.signed_by(&key, &*AUTHORITY).unwrap();
        Self::new(vec![certificate.der().clone()], &key, AUTHORITY.pem())
    }

    /// A certificate for `localhost` that is its own issuer and is trusted, with these changes.
    pub fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (params, key) = leaf(change);
        let certificate = params.self_signed(&key).unwrap();
        Self::new(vec![certificate.der().clone()], &key, certificate.pem())
    }

    /// A certificate from an intermediate authority, which is sent only if `is_complete`.
    pub fn with_intermediate(is_complete: bool) -> Self {
        let (params, key) = (authority_params(), KeyPair::generate().unwrap());
        let intermediate = CertifiedIssuer::signed_by(params, key, &*AUTHORITY).unwrap();
        let (params, key) = leaf(|_| {});
        let certificate = params.signed_by(&key, &intermediate).unwrap();
        let mut chain = vec![certificate.der().clone()];
        chain.extend(is_complete.then(|| intermediate.der().clone()));
        Self::new(chain, &key, AUTHORITY.pem())
    }

    fn new(chain: Vec<CertificateDer<'static>>, key: &KeyPair, roots: String) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key.serialize_der().try_into().unwrap())
            .unwrap();
        Self { config, roots, cut_after: usize::MAX }
    }

    /// The command trusts another authority.
    pub fn untrusted(self) -> Self {
        Self { roots: authority().pem(), ..self }
    }

    /// Offers these protocols by ALPN.
    pub fn offering(mut self, protocols: &[&str]) -> Self {
        self.config.alpn_protocols = protocols.iter().map(|&protocol| protocol.into()).collect();
        self
    }

    /// Closes the connection after this many bytes, handshake included.
    pub fn cut_after(self, bytes: usize) -> Self {
        Self { cut_after: bytes, ..self }
    }

    /// Returns the connection, on which the first read or write does the handshake.
    pub fn accept(&self, tcp: TcpStream) -> TlsStream {
        let connection = ServerConnection::new(Arc::new(self.config.clone())).unwrap();
        StreamOwned::new(connection, CutStream { tcp, left: self.cut_after })
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    CertifiedIssuer::self_signed(authority_params(), KeyPair::generate().unwrap()).unwrap()
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn leaf(change: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    change(&mut params);
    (params, KeyPair::generate().unwrap())
}

/// A TLS connection of a server.
pub type TlsStream = StreamOwned<ServerConnection, CutStream>;

impl Connection for TlsStream {
    fn tcp(&self) -> &TcpStream {
        &self.sock.tcp
    }
}

/// A connection on which only a number of bytes can be written.
#[derive(Debug)]
pub struct CutStream {
    tcp: TcpStream,
    left: usize,
}

impl Read for CutStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.read(buffer)
    }
}

impl Write for CutStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let written = self.tcp.write(&bytes[..bytes.len().min(self.left)])?;
        self.left -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}
