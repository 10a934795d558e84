//! Certificates of servers, made anew in each process: good ones of one CA, and one for every fault.

mod asn1;
mod curve;
mod key;
mod spec;

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustls::pki_types::CertificateDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use key::ServerKey;

/// Names that the good certificates are for.
const NAMES: &str =
    "san=dns:localhost,ip:127.0.0.1,ip:::1,dns:*.amazonaws.com,dns:*.us-east-1.amazonaws.com,dns:*.api.aws";

/// The certificates that have a name, by what `spec` makes them of; `ca` issued all of them.
const NAMED: &[(&str, &str)] = &[
    ("good", "leaf {NAMES} < ca"),
    ("tls12", "leaf {NAMES} tls=1.2 < ca"),
    ("expired", "leaf {NAMES} to=2021 < ca"),
    ("not-yet-valid", "leaf {NAMES} from=2090 to=2091 < ca"),
    ("wrong-host", "leaf subject=other.example.com san=dns:other.example.com < ca"),
    ("wrong-hosts", "leaf subject=a.example.com san=dns:a.example.com,dns:b.example.com < ca"),
    ("self-signed", "leaf {NAMES}"),
    ("no-san", "leaf san=none < ca"),
];

/// What a server shows: its certificate, those that it sends with it, and its key.
#[derive(Clone, Copy)]
pub struct Certificate(&'static Chain);

/// What a server shows, and what has to be trusted for it.
struct Chain {
    certificate: String,
    sent: Vec<CertificateDer<'static>>,
    key: String,
    trusted: String,
    config: Arc<ServerConfig>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Certificate")
    }
}

impl Certificate {
    /// The one for this machine, which the CA issued.
    pub fn good() -> Self {
        Self::named("good")
    }

    /// The certificate of this name, or the one that this line of text describes (see `spec`).
    ///
    /// # Panics
    /// The text describes none.
    pub fn named(name: &str) -> Self {
        static CHAINS: OnceLock<Mutex<HashMap<String, &'static Chain>>> = OnceLock::new();
        let mut chains = CHAINS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chain) = chains.get(name) {
            return Self(chain);
        }
        let text = NAMED.iter().find(|(known, _)| *known == name).map_or(name, |(_, text)| text);
        let chain = Box::leak(Box::new(Chain::new(&text.replace("{NAMES}", NAMES))));
        chains.insert(name.to_owned(), chain);
        Self(chain)
    }

    /// All certificates that are sent, the server's own first.
    pub fn sent(self) -> Vec<CertificateDer<'static>> {
        self.0.sent.clone()
    }

    /// The certificates that have to be trusted for it, in PEM.
    pub fn trusted_pem(self) -> &'static str {
        &self.0.trusted
    }
}

impl Chain {
    /// What a line of text describes.
    fn new(text: &str) -> Self {
        let spec::Description { sent, trusted } = spec::make(text);
        let leaf = sent.first().expect("a certificate is sent");
        let kind = leaf.options.get("kind").map_or("p256", String::as_str);
        let key =
            leaf.options.get("serve").map_or_else(|| Arc::clone(&leaf.key), |name| key::named(name, kind));
        let versions: &[&rustls::SupportedProtocolVersion] = match leaf.options.get("tls") {
            Some(_) => &[&rustls::version::TLS12],
            None => rustls::ALL_VERSIONS,
        };
        let ders: Vec<_> = sent.iter().map(|one| CertificateDer::from(one.der.clone())).collect();
        let shown = Shown(Arc::new(CertifiedKey::new(ders.clone(), Arc::new(ServerKey(Arc::clone(&key))))));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions);
        let mut config =
            config.expect("the versions").with_no_client_auth().with_cert_resolver(Arc::new(shown));
        config.alpn_protocols =
            leaf.options.get("alpn").map(|name| name.clone().into_bytes()).into_iter().collect();
        Self {
            certificate: pem("CERTIFICATE", &leaf.der),
            sent: ders,
            key: pem("PRIVATE KEY", key.pkcs8()),
            trusted: trusted.iter().map(|one| pem("CERTIFICATE", &one.der)).collect(),
            config: Arc::new(config),
        }
    }
}

/// What is shown to every client, whether key and certificate go together or not.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A block of PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    let letters = base64_simd::STANDARD.encode_to_string(der);
    let lines: Vec<&str> =
        letters.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The CA certificate in PEM.
pub fn ca_pem() -> &'static str {
    Certificate::good().trusted_pem()
}

/// A server's certificate in PEM.
pub fn certificate_pem(certificate: Certificate) -> &'static str {
    &certificate.0.certificate
}

/// The private key of a server's certificate in PEM, for a server that is not ours.
pub fn key_pem(certificate: Certificate) -> &'static str {
    &certificate.0.key
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
    pub fn accept(mut tcp: TcpStream, certificate: Certificate) -> io::Result<Self> {
        let config = Arc::clone(&certificate.0.config);
        let mut connection = ServerConnection::new(config).map_err(io::Error::other)?;
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
