//! TLS: what is trusted, and what v1 says when it is not.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, KeyLogFile,
    OtherError, RootCertStore, SignatureScheme,
};
use tokio_rustls::TlsConnector;

use super::error::Error;
use super::stream::Stream;
use crate::python::{self, oserror};
use crate::session::Trust;

/// OpenSSL's words for a handshake that the server ends.
const CUT_OFF: &str =
    "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)";

/// What the handshakes of this run share. Built only when there is one.
///
/// # Errors
/// [`Error::Tls`] when the PEM file cannot be used.
///
/// v1: `botocore.httpsession.create_urllib3_context`. Parity: TLS-01 to TLS-03, TLS-08, TLS-09, TLS-11.
pub(super) fn config(trust: &Trust, key_log: bool) -> Result<Arc<ClientConfig>, Error> {
    let provider = Arc::new(ring::default_provider());
    let known = match trust {
        Trust::Unverified => None,
        Trust::Bundled => {
            let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            Some(Known { inner: verifier(roots, &provider)?, certificates: Vec::new() })
        }
        Trust::File(path) => {
            let (roots, certificates) = bundle(path)?;
            Some(Known { inner: verifier(roots, &provider)?, certificates })
        }
    };
    let verifier = Arc::new(Verifier { provider: Arc::clone(&provider), known });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Tls(error.to_string()))?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    if key_log {
        config.key_log = Arc::new(KeyLogFile::new());
    }
    Ok(Arc::new(config))
}

/// Checks certificates against `roots`.
fn verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Error::Tls(error.to_string()))
}

/// The certificates of a PEM file, and as anchors.
///
/// v1: OpenSSL's `SSL_CTX_load_verify_locations`. Parity: TLS-03.
fn bundle(path: &Path) -> Result<(RootCertStore, Vec<CertificateDer<'static>>), Error> {
    let unreadable = |error: io::Error| Error::Tls(oserror::text(&error));
    let broken = || Error::Tls("[X509] PEM lib (_ssl.c:4154)".to_owned());
    let text = fs::read(path).map_err(unreadable)?;
    let certificates = match tidy(&text) {
        Some(certificates) => certificates,
        None => CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|_| broken())?,
    };
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        if let Err(TlsError::InvalidCertificate(CertificateError::BadEncoding)) =
            roots.add(certificate.clone())
        {
            return Err(broken());
        }
    }
    if certificates.is_empty() {
        let reason = "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4154)";
        return Err(Error::Tls(reason.to_owned()));
    }
    Ok((roots, certificates))
}

/// The certificates of a PEM file in which nothing is out of the ordinary; `None` leaves the file to the reader that
/// knows the rules, and takes 2 ms for a full bundle.
fn tidy(text: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    const FRAME: &str = "-----";
    let mut rest = std::str::from_utf8(text).ok()?;
    let mut certificates = Vec::new();
    while let Some((before, after)) = rest.split_once("-----BEGIN CERTIFICATE-----\n") {
        let (body, after) = after.split_once("\n-----END CERTIFICATE-----")?;
        let starts_line = before.is_empty() || before.ends_with('\n');
        let ends_line = after.is_empty() || after.starts_with('\n');
        if before.contains(FRAME) || !starts_line || !ends_line {
            return None;
        }
        let letters: Vec<u8> = body.bytes().filter(|byte| *byte != b'\n').collect();
        certificates.push(base64_simd::STANDARD.decode_to_vec(letters).ok()?.into());
        rest = after;
    }
    (!rest.contains(FRAME)).then_some(certificates)
}

/// Speaks TLS to `host` over `stream`.
///
/// # Errors
/// [`Error::Tls`]; [`Error::ReadTimeout`] when the handshake lasts longer than `patience`; [`Error::Closed`].
///
/// Parity: TIME-03, TLS-04 to TLS-10.
pub(super) async fn handshake(
    stream: Stream,
    config: Arc<ClientConfig>,
    host: &str,
    patience: Option<Duration>,
) -> Result<Stream, Error> {
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned());
    let name = name.map_err(|error| Error::Tls(error.to_string()))?;
    let connecting = TlsConnector::from(config).connect(name, stream);
    let connected = match patience {
        None => connecting.await,
        Some(patience) => tokio::time::timeout(patience, connecting).await.map_err(|_| Error::ReadTimeout)?,
    };
    match connected {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Error::Tls(CUT_OFF.to_owned())),
        Err(error) => Err(failure(&error)),
    }
}

/// What a failure of the connection is in v1's words.
pub(super) fn failure(error: &io::Error) -> Error {
    match error.get_ref().and_then(|source| source.downcast_ref::<TlsError>()) {
        Some(error) => Error::Tls(reason(error)),
        None => Error::Closed,
    }
}

/// The reason as OpenSSL words it where it has a word for it, else rustls's own (deviation D9).
fn reason(error: &TlsError) -> String {
    let refused = |reason| {
        format!("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {reason} (_ssl.c:1006)")
    };
    match error {
        TlsError::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                refused("certificate has expired")
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                refused("certificate is not yet valid")
            }
            CertificateError::UnknownIssuer => refused("unable to get local issuer certificate"),
            CertificateError::NotValidForNameContext { expected, presented } => mismatch(expected, presented),
            CertificateError::Other(error) => refused(&error.to_string()),
            error => refused(&error.to_string()),
        },
        TlsError::AlertReceived(AlertDescription::ProtocolVersion) => {
            "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version (_ssl.c:1006)".to_owned()
        }
        TlsError::InvalidMessage(_) => {
            "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)".to_owned()
        }
        error => error.to_string(),
    }
}

/// `hostname '..' doesn't match ..`, with the names that the certificate has.
///
/// v1: `urllib3.util.ssl_match_hostname`. Parity: TLS-05.
fn mismatch(host: &ServerName, presented: &[String]) -> String {
    let host = python::repr::string(&host.to_str());
    let bare = |name: &String| {
        let name = name.split_once('(').map_or(name.as_str(), |(_, name)| name).trim_end_matches(')');
        python::repr::string(name.trim_matches('"'))
    };
    match presented {
        [] => "no appropriate subjectAltName fields were found".to_owned(),
        [one] => format!("hostname {host} doesn't match {}", bare(one)),
        many => {
            let names: Vec<_> = many.iter().map(bare).collect();
            format!("hostname {host} doesn't match either of {}", names.join(", "))
        }
    }
}

/// A certificate that names itself as its issuer, and that nobody vouches for.
#[derive(Debug)]
struct SelfSigned;

impl fmt::Display for SelfSigned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("self-signed certificate")
    }
}

impl std::error::Error for SelfSigned {}

/// True when issuer and subject are the same.
fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    webpki::EndEntityCert::try_from(certificate).is_ok_and(|parsed| parsed.issuer() == parsed.subject())
}

/// What a server's certificate and signature must be.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    /// `None` accepts everything: `--no-verify-ssl`. That the server holds the key of a certificate that anybody could
    /// have made proves nothing, so signatures are not looked at either: OpenSSL reads certificates that our library
    /// refuses.
    known: Option<Known>,
}

/// Checks certificates against known ones. A self-signed certificate that stands in the PEM file is its own issuer
/// even when it is marked as one of an authority, which webpki refuses and OpenSSL takes (TLS-07).
#[derive(Debug)]
struct Known {
    inner: Arc<WebPkiServerVerifier>,
    /// Those of the PEM file.
    certificates: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(Known { inner, certificates }) = &self.known else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified = inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(TlsError::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_))) =
            verified
        else {
            return verified;
        };
        if !is_self_signed(end_entity) {
            return verified;
        }
        if !certificates.iter().any(|known| known == end_entity) {
            return Err(CertificateError::Other(OtherError(Arc::new(SelfSigned))).into());
        }
        let parsed = rustls::server::ParsedCertificate::try_from(end_entity)?;
        rustls::client::verify_server_name(&parsed, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        match &self.known {
            None => Ok(HandshakeSignatureValid::assertion()),
            Some(known) => known.inner.verify_tls12_signature(message, certificate, signed),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        match &self.known {
            None => Ok(HandshakeSignatureValid::assertion()),
            Some(known) => known.inner.verify_tls13_signature(message, certificate, signed),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tidy_bundle_is_read_as_the_reader_of_all_bundles_reads_it() {
        let one = "-----BEGIN CERTIFICATE-----\nTWFueSBoYW5k\ncyBtYWtlIGxpZ2h0IHdvcms=\n-----END CERTIFICATE-----\n";
        let rows = [
            (String::new(), true),
            ("no certificate\n".to_owned(), true),
            (one.to_owned(), true),
            (format!("# A root\n{one}\n# Zweite Wurzel: é\n{one}"), true),
            (one.trim_end().to_owned(), true),
            (one.replace('\n', "\r\n"), false),
            (one.replace("END CERTIFICATE-----", "END CERTIFICATE----- x"), false),
            (format!("x{one}"), false),
            (one.replace("cyBt", "cy*t"), false),
            (format!("-----BEGIN PRIVATE KEY-----\nTWFu\n-----END PRIVATE KEY-----\n{one}"), false),
            (one.replace("-----END CERTIFICATE-----\n", ""), false),
        ];
        for (text, is_tidy) in rows {
            let tidy = tidy(text.as_bytes());
            assert_eq!(tidy.is_some(), is_tidy, "{text:?}");
            let all = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
            assert!(tidy.is_none_or(|tidy| all.is_ok_and(|all| all == tidy)), "{text:?}");
        }
    }
}
