//! What a server's certificates and signatures must be.

use std::error::Error;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error as TlsError, OtherError, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use super::certificate::Certificate;
use super::chain;
use super::trust_store::TrustStore;

/// Checks servers against a [`TrustStore`], or not at all.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    /// `None` accepts everything: `--no-verify-ssl`. Signatures by a certificate that anybody could have made prove
    /// nothing, so they are not looked at either: OpenSSL reads certificates that our library refuses.
    pub(super) store: Option<TrustStore>,
}

/// Returns the error of a handshake that ends for this reason, in OpenSSL's words.
fn refused(reason: impl Into<String>) -> TlsError {
    let error: Box<dyn Error + Send + Sync> = reason.into().into();
    CertificateError::Other(OtherError(error.into())).into()
}

impl Verifier {
    /// Checks signatures and name constraints of a chain: of exactly this one. That of an anchor is not looked at.
    fn check_signatures(&self, chain: &[Certificate<'_>], now: UnixTime) -> Result<(), TlsError> {
        let [leaf, between @ .., anchor] = chain else { return Ok(()) };
        let between: Vec<_> = between.iter().map(|one| CertificateDer::from(one.der)).collect();
        let is_whole = |path: &VerifiedPath<'_>| {
            let is_whole = path.intermediate_certificates().count() == between.len();
            is_whole.then_some(()).ok_or(webpki::Error::UnknownIssuer)
        };
        let der = CertificateDer::from(leaf.der);
        let verified = EndEntityCert::try_from(&der).and_then(|leaf| {
            let (all, anchors, usage) = (self.algorithms.all, [anchor.anchor()], KeyUsage::server_auth());
            leaf.verify_for_usage(all, &anchors, &between, now, usage, None, Some(&is_whole)).map(drop)
        });
        verified.map_err(|error| refused(reason(&error)))
    }

    fn check_signature(
        &self,
        verify: impl FnOnce(&WebPkiSupportedAlgorithms) -> Result<HandshakeSignatureValid, TlsError>,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        if self.store.is_none() { Ok(HandshakeSignatureValid::assertion()) } else { verify(&self.algorithms) }
    }
}

/// Returns OpenSSL's words for an error of webpki where it has some, else webpki's (deviation D9).
fn reason(error: &webpki::Error) -> String {
    let words = match error {
        webpki::Error::InvalidSignatureForPublicKey => "certificate signature failure",
        webpki::Error::NameConstraintViolation => "permitted subtree violation",
        webpki::Error::RequiredEkuNotFoundContext(_) => "unsuitable certificate purpose",
        webpki::Error::CaUsedAsEndEntity => "an authority's certificate is no server's",
        webpki::Error::UnsupportedSignatureAlgorithmContext(_) => "unsupported signature algorithm",
        error => return error.to_string(),
    };
    words.to_owned()
}

/// Refuses a certificate with names over which v1 stumbles before it finds the right one.
/// v1: `urllib3.util.ssl_match_hostname`, Python's `getpeercert`.
/// Parity: `chain/san-star-double-first`, `chain/san-not-text`.
fn check_names(names: &[(u8, &[u8])], host: &ServerName<'_>) -> Result<(), TlsError> {
    const MAIL: u8 = 0x81;
    const DNS: u8 = 0x82;
    const URL: u8 = 0x86;
    const ADDRESS: u8 = 0x87;
    let is_address = matches!(host, ServerName::IpAddress(_));
    let has_stars = |name: &[u8]| {
        let label = name.split(|byte| *byte == b'.').next().unwrap_or_default();
        memchr::memchr_iter(b'*', label).count() > 1
    };
    let is_readable = |&(kind, name): &(u8, &[u8])| match kind {
        DNS if !is_address && has_stars(name) => false,
        MAIL | DNS | URL => std::str::from_utf8(name).is_ok(),
        ADDRESS => !is_address || matches!(name.len(), 4 | 16),
        _ => true,
    };
    if names.iter().all(is_readable) { Ok(()) } else { Err(refused("a name in it cannot be read")) }
}

impl ServerCertVerifier for Verifier {
    /// Checks the certificates of a server, all that it sent.
    /// v1: OpenSSL's `verify_chain`, then urllib3's `match_hostname`. Parity: TLS-04 to TLS-07.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let Some(store) = &self.store else { return Ok(ServerCertVerified::assertion()) };
        let sent = std::iter::once(end_entity).chain(intermediates).map(|der| Certificate::read(der));
        let sent = sent.collect::<Option<Vec<_>>>().ok_or(CertificateError::BadEncoding)?;
        let names = sent.first().and_then(|leaf| leaf.extensions.names.clone()).unwrap_or_default();
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let chain = chain::build(sent, store, seconds).map_err(refused)?;
        chain::check(&chain, seconds).map_err(refused)?;
        self.check_signatures(&chain, now)?;
        rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        check_names(&names, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.check_signature(|algorithms| verify_tls12_signature(message, certificate, signed, algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        self.check_signature(|algorithms| verify_tls13_signature(message, certificate, signed, algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use endpoint::tls::Certificate as Shown;
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor};

    use super::*;

    #[test]
    fn names_of_every_kind_must_be_readable() {
        let host = ServerName::try_from("h").unwrap();
        for (kind, name, is_good) in [
            (0x81, &b"a@b"[..], true),
            (0x81, b"\xff", false),
            (0x86, b"http://h/", true),
            (0x86, b"\xff", false),
            (0x82, b"\xff", false),
            (0xa4, b"\xff", true),
        ] {
            assert_eq!(check_names(&[(kind, name)], &host).is_ok(), is_good, "{kind:x} {name:?}");
        }
    }

    /// Checks the chain that `text` describes, at `seconds` since 1970.
    fn verdict(text: &str, seconds: u64, store: impl Fn(&[u8]) -> TrustStore) -> Result<(), String> {
        let shown = Shown::named(text);
        let sent = shown.sent();
        let algorithms = ring::default_provider().signature_verification_algorithms;
        let verifier = Verifier { algorithms, store: Some(store(shown.trusted_pem().as_bytes())) };
        let name = ServerName::try_from("localhost").unwrap();
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let (leaf, between) = sent.split_first().unwrap();
        let checked = verifier.verify_server_cert(leaf, between, &name, &[], now);
        checked.map(drop).map_err(|error| error.to_string())
    }

    /// Returns a store that knows of a certificate what is known of the built-in roots.
    fn built_in(pem: &[u8]) -> TrustStore {
        let der: &CertificateDer<'static> = Box::leak(Box::new(CertificateDer::from_pem_slice(pem).unwrap()));
        let anchor: &[TrustAnchor<'static>] = Box::leak(Box::new([Certificate::read(der).unwrap().anchor()]));
        TrustStore::BuiltIn(anchor)
    }

    #[test]
    fn certificates_under_the_built_in_roots_keep_the_rules() {
        for (text, expected) in [
            ("leaf < root", None),
            ("leaf usage=digital < a < root", None),
            ("leaf < a < root permit=dns:localhost,ip:127.0.0.0/255.0.0.0,ip:::/::", None),
            ("leaf usage=sign,crl < root", Some("unsuitable certificate purpose")),
            ("leaf purpose=client < root", Some("unsuitable certificate purpose")),
            ("leaf purpose=any < root", Some("unsuitable certificate purpose")),
            ("leaf netscape=client < root", Some("unsuitable certificate purpose")),
            ("leaf add=!1.2.3.4 < root", Some("unhandled critical extension")),
            ("leaf twice=2.5.29.35 < root", Some("unable to get local issuer certificate")),
            ("leaf < a purpose=client < root", Some("unsuitable certificate purpose")),
            ("leaf < a usage=digital < root", Some("invalid CA certificate")),
            ("leaf < a ca=none < root", Some("invalid CA certificate")),
            ("leaf < a < b path=0 < root", Some("path length constraint exceeded")),
            ("leaf to=2021 < root", Some("certificate has expired")),
            ("leaf < root permit=dns:example.com", Some("permitted subtree violation")),
            ("leaf by=nobody < root", Some("certificate signature failure")),
            ("leaf subject=root; root; send leaf; trust root", Some("self-signed certificate")),
            ("root san=dns:localhost; send root; trust root", Some("self-signed certificate")),
        ] {
            let found = verdict(text, 1_800_000_000, built_in);
            let is_expected = match (&found, expected) {
                (Ok(()), None) => true,
                (Err(found), Some(expected)) => found.contains(expected),
                _ => false,
            };
            assert!(is_expected, "{text}: {found:?}");
        }
    }

    #[test]
    fn certificates_end_at_the_second_of_their_end() {
        const NEW_YEAR_2030: u64 = 1_893_456_000;
        let bundle = |pem: &[u8]| TrustStore::parse(pem).unwrap();
        for text in ["leaf to=2030 < root", "leaf < a to=2030 < root", "leaf < root to=2030"] {
            assert_eq!(verdict(text, NEW_YEAR_2030 - 1, bundle), Ok(()), "{text}");
            assert!(verdict(text, NEW_YEAR_2030, bundle).unwrap_err().contains("expired"), "{text}");
        }
        for text in ["leaf from=2030 < root", "leaf < a from=2030 < root", "leaf < root from=2030"] {
            assert!(
                verdict(text, NEW_YEAR_2030 - 1, bundle).unwrap_err().contains("not yet valid"),
                "{text}"
            );
            assert_eq!(verdict(text, NEW_YEAR_2030, bundle), Ok(()), "{text}");
        }
    }
}
