//! TLS: the handshake, the certificates that are trusted, and the errors in v1's words.

mod certificate;
mod chain;
mod der;
mod extensions;
mod pem;
mod trust_store;
mod verifier;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription as Alert, CertificateError, ClientConfig, Error as TlsError, KeyLogFile};
use tokio_rustls::TlsConnector;

use super::error::Cause;
use super::stream::{Stream, within};
use crate::python;
use crate::session::Trust;

#[cfg(fuzzing)]
use certificate::Certificate;
use trust_store::TrustStore;
use verifier::Verifier;

/// Builds the settings that all handshakes of a run share.
/// v1: `botocore.httpsession.create_urllib3_context`. Parity: TLS-01 to TLS-03, TLS-08, TLS-09, TLS-11.
pub(super) fn config(trust: &Trust, key_log: bool) -> Result<Arc<ClientConfig>, Cause> {
    let provider = ring::default_provider();
    let store = match trust {
        Trust::Unverified => None,
        Trust::Bundled => Some(TrustStore::BuiltIn(webpki_roots::TLS_SERVER_ROOTS)),
        Trust::File(path) => Some(TrustStore::open(path)?),
    };
    let verifier = Arc::new(Verifier { algorithms: provider.signature_verification_algorithms, store });
    let builder = ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .map_err(|error| Cause::Tls(error.to_string()))?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    if key_log {
        config.key_log = Arc::new(KeyLogFile::new());
    }
    Ok(Arc::new(config))
}

/// Reads a text as a bundle, and builds the chain of each certificate in it from all the others: none of it may panic
/// or hang.
#[cfg(fuzzing)]
pub fn try_bundle(text: &[u8]) {
    let Ok(store) = TrustStore::parse(text) else { return };
    let TrustStore::Bundle(trusted) = &store else { return };
    let all: Vec<_> = trusted.iter().filter_map(|one| Certificate::read(&one.der)).take(20).collect();
    for first in &all {
        let sent = std::iter::once(first).chain(&all).cloned().collect();
        let _ = chain::build(sent, &store, 0).map(|chain| chain::check(&chain, 0));
        let _ = chain::check(&all, 0);
    }
}

/// Starts TLS with `host` over `stream`.
/// Errors: [`Cause::Tls`]; [`Cause::ReadTimeout`] when the handshake lasts longer than `timeout`; [`Cause::Closed`].
/// Parity: TIME-03, TLS-04 to TLS-10.
pub(super) async fn handshake(
    stream: Stream,
    config: Arc<ClientConfig>,
    host: &str,
    timeout: Option<Duration>,
) -> Result<Stream, Cause> {
    const UNEXPECTED_EOF: &str =
        "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)";
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned());
    let name = name.map_err(|error| Cause::Tls(error.to_string()))?;
    let connected = within(timeout, TlsConnector::from(config).connect(name, stream)).await;
    connected.ok_or(Cause::ReadTimeout)?.map(|stream| Box::new(stream) as Stream).map_err(|error| match error
        .kind()
    {
        io::ErrorKind::UnexpectedEof => Cause::Tls(UNEXPECTED_EOF.to_owned()),
        _ => failure(&error),
    })
}

/// Returns the error for a failure of the connection, in v1's words.
pub(super) fn failure(error: &io::Error) -> Cause {
    match error.get_ref().and_then(|source| source.downcast_ref::<TlsError>()) {
        Some(error) => Cause::Tls(reason(error)),
        None => Cause::Closed,
    }
}

/// Returns the reason in OpenSSL's words where it has some, else in rustls's (deviation D9).
fn reason(error: &TlsError) -> String {
    let refused = |reason: String| {
        format!("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {reason} (_ssl.c:1006)")
    };
    let words = match error {
        TlsError::InvalidCertificate(error) => match error {
            CertificateError::BadSignature => "[SSL: BAD_SIGNATURE] bad signature",
            CertificateError::BadEncoding => "[SSL] ASN1 lib",
            CertificateError::NotValidForNameContext { expected, presented } => {
                return mismatch(expected, presented);
            }
            CertificateError::Other(error) => return refused(error.to_string()),
            error => return refused(error.to_string()),
        },
        TlsError::AlertReceived(Alert::ProtocolVersion) => {
            "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version"
        }
        TlsError::AlertReceived(Alert::NoApplicationProtocol) => "[SSL] tlsv1 alert no application protocol",
        TlsError::AlertReceived(Alert::HandshakeFailure) => {
            "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure"
        }
        TlsError::InvalidMessage(_) => "[SSL: WRONG_VERSION_NUMBER] wrong version number",
        error => return error.to_string(),
    };
    format!("{words} (_ssl.c:1006)")
}

/// Returns `hostname '..' doesn't match ..`, with the names that the certificate has.
/// v1: `urllib3.util.ssl_match_hostname`. Parity: TLS-05.
fn mismatch(host: &ServerName, presented: &[String]) -> String {
    let host = python::repr::string(&host.to_str());
    let bare = |name: &String| {
        let name = name.split_once('(').map_or(name.as_str(), |(_, name)| name).trim_end_matches(')');
        python::repr::string(name.trim_matches('"'))
    };
    let names: Vec<_> = presented.iter().map(bare).collect();
    match names.as_slice() {
        [] => "no appropriate subjectAltName fields were found".to_owned(),
        [name] => format!("hostname {host} doesn't match {name}"),
        names => format!("hostname {host} doesn't match either of {}", names.join(", ")),
    }
}
