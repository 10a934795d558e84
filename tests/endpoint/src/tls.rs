//! A private CA, made anew in each process, and its certificates: a good one, and one for every fault.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Names that the good certificates are for.
const NAMES: &[&str] =
    &["localhost", "127.0.0.1", "::1", "*.amazonaws.com", "*.us-east-1.amazonaws.com", "*.api.aws"];

/// Which certificate a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certificate {
    /// Signed by the CA for this machine.
    Good,
    /// As `Good`, and only TLS 1.2 is spoken.
    Tls12,
    /// It ended in 2021.
    Expired,
    /// It begins in 2090.
    NotYetValid,
    /// For `other.example.com`.
    WrongHost,
    /// For `a.example.com` and `b.example.com`.
    WrongHosts,
    /// Its own issuer.
    SelfSigned,
    /// No subject alternative name; the common name is `localhost`.
    NoSan,
}

impl Certificate {
    /// Every certificate, by the name that test cases use.
    pub const ALL: &[(&'static str, Self)] = &[
        ("good", Self::Good),
        ("tls12", Self::Tls12),
        ("expired", Self::Expired),
        ("not-yet-valid", Self::NotYetValid),
        ("wrong-host", Self::WrongHost),
        ("wrong-hosts", Self::WrongHosts),
        ("self-signed", Self::SelfSigned),
        ("no-san", Self::NoSan),
    ];

    /// The certificate of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, certificate)| *certificate)
    }

    /// The host names that it is for.
    fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::WrongHost => &["other.example.com"],
            Self::WrongHosts => &["a.example.com", "b.example.com"],
            Self::NoSan => &[],
            _ => NAMES,
        }
    }
}

/// A certificate and its private key in PEM.
struct Pems {
    certificate: String,
    key: String,
}

/// The CA of this process and all its certificates.
struct Authority {
    ca_pem: String,
    pems: HashMap<Certificate, Pems>,
    configs: HashMap<Certificate, Arc<ServerConfig>>,
}

/// The CA certificate in PEM.
pub fn ca_pem() -> &'static str {
    &authority().ca_pem
}

/// A server's certificate in PEM.
pub fn certificate_pem(certificate: Certificate) -> &'static str {
    authority().pems.get(&certificate).map_or("", |pems| &pems.certificate)
}

/// The private key of a server's certificate in PEM, for a server that is not ours.
pub fn key_pem(certificate: Certificate) -> &'static str {
    authority().pems.get(&certificate).map_or("", |pems| &pems.key)
}

/// The CA of this process, made on first use.
fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| match Authority::new() {
        Ok(authority) => authority,
        Err(error) => panic!("the test CA cannot be made: {error}"),
    })
}

impl Authority {
    /// Makes the CA and all certificates.
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, "start-copy-job test CA");
        let ca_pem = params.self_signed(&key)?.pem();
        let issuer = Issuer::new(params, key);
        let (mut pems, mut configs) = (HashMap::new(), HashMap::new());
        for (_, certificate) in Certificate::ALL {
            let (pair, config) = leaf(*certificate, &issuer)?;
            pems.insert(*certificate, pair);
            configs.insert(*certificate, Arc::new(config));
        }
        Ok(Self { ca_pem, pems, configs })
    }
}

/// One certificate with its key and the server configuration that shows it.
fn leaf(
    certificate: Certificate,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<(Pems, ServerConfig), Box<dyn std::error::Error>> {
    let key = KeyPair::generate()?;
    let names: Vec<String> = certificate.hosts().iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    let common = certificate.hosts().first().copied().unwrap_or("localhost");
    params.distinguished_name.push(DnType::CommonName, common);
    (params.not_before, params.not_after) = match certificate {
        Certificate::Expired => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
        Certificate::NotYetValid => (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1)),
        _ => (date_time_ymd(2020, 1, 1), date_time_ymd(2080, 1, 1)),
    };
    let made = match certificate {
        Certificate::SelfSigned => params.self_signed(&key)?,
        _ => params.signed_by(&key, issuer)?,
    };
    let versions: &[&rustls::SupportedProtocolVersion] = match certificate {
        Certificate::Tls12 => &[&rustls::version::TLS12],
        _ => rustls::ALL_VERSIONS,
    };
    let chain = vec![CertificateDer::from(made.der().to_vec())];
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    Ok((Pems { certificate: made.pem(), key: key.serialize_pem() }, config))
}

/// A connection, plain or inside TLS.
pub enum Stream {
    /// As it is.
    Plain(TcpStream),
    /// Inside TLS.
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Stream {
    /// Shakes hands as a server.
    ///
    /// # Errors
    /// Those of the connection, and the client's refusal.
    pub fn accept(mut tcp: TcpStream, certificate: &Certificate) -> io::Result<Self> {
        let config = authority().configs.get(certificate).ok_or(io::ErrorKind::NotFound)?;
        let mut connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut tcp)?;
        }
        Ok(Self::Tls(Box::new(StreamOwned::new(connection, tcp))))
    }

    /// The connection below TLS.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(stream) => &stream.sock,
        }
    }

    /// Says goodbye in TLS.
    pub fn close_notify(&mut self) {
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }
}

impl Read for Stream {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(piece),
            Self::Tls(stream) => stream.read(piece),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(piece),
            Self::Tls(stream) => stream.write(piece),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
