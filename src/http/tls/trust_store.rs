//! The certificates that are trusted: the built-in roots, or those of a bundle in their place.

use std::fs;
use std::path::Path;

use rustls::pki_types::TrustAnchor;

use super::certificate::{Certificate, best_issuer};
use super::der::{self, Reader, tag};
use super::extensions::SERVER_AUTH;
use super::pem::{self, Block};
use crate::http::error::Cause;
use crate::python::oserror;

#[derive(Debug)]
pub(super) enum TrustStore {
    /// Roots of which only name, key and name constraints are known.
    BuiltIn(&'static [TrustAnchor<'static>]),
    /// The certificates of a bundle, in its order.
    Bundle(Vec<Trusted>),
}

/// A certificate of a bundle; one is rejected that says itself that it is not to be trusted for servers.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) der: Vec<u8>,
    subject: Vec<u8>,
    is_rejected: bool,
}

impl TrustStore {
    /// Reads a bundle.
    /// Errors: [`Cause::Tls`] in the words of Python and OpenSSL.
    /// v1: Python's `SSLContext.load_verify_locations`. Parity: TLS-03.
    pub(super) fn open(path: &Path) -> Result<Self, Cause> {
        let text = fs::read(path).map_err(|error| Cause::Tls(oserror::text(&error)))?;
        Self::parse(&text).map_err(|reason| Cause::Tls(format!("{reason} (_ssl.c:4154)")))
    }

    /// Reads the text of a bundle.
    /// Errors: a block is broken, or none is a certificate or a revocation list.
    /// v1: OpenSSL's `X509_load_cert_crl_file`. Parity: TLS-03.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let blocks = pem::blocks(text).ok_or(BROKEN)?;
        let mut certificates = Vec::new();
        for block in &blocks {
            certificates.extend(certificate(block)?);
        }
        if certificates.is_empty() && !blocks.iter().any(|block| block.label == REVOCATION_LIST) {
            return Err("[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found");
        }
        Ok(Self::Bundle(certificates))
    }

    pub(super) fn issuer_of<'a>(&'a self, subject: &Certificate<'a>, now: i64) -> Option<Certificate<'a>> {
        let named: Vec<_> = match self {
            Self::BuiltIn(roots) => {
                let named = roots.iter().filter(|root| subject.is_issued_by(&root.subject));
                named.map(Certificate::built_in).collect()
            }
            Self::Bundle(trusted) => {
                let named = trusted.iter().filter(|one| subject.is_issued_by(&one.subject));
                let read = |one: &'a Trusted| {
                    let mut certificate = Certificate::read(&one.der)?;
                    certificate.is_rejected = one.is_rejected;
                    Some(certificate)
                };
                named.filter_map(read).collect()
            }
        };
        best_issuer(&named, subject, now)
    }
}

const BROKEN: &str = "[X509] PEM lib";
const REVOCATION_LIST: &[u8] = b"X509 CRL";

/// Returns the certificate that a block is, if it is one.
/// Errors: it is not what its label says.
/// v1: OpenSSL's `PEM_X509_INFO_read_bio`. Parity: `bundle/bom`, `bundle/empty-last`.
fn certificate(block: &Block<'_>) -> Result<Option<Trusted>, &'static str> {
    let content = &block.content;
    let (is_valid, certificate) = match block.label {
        b"CERTIFICATE" | b"X509 CERTIFICATE" => (true, Some(trusted(content, false).ok_or(BROKEN)?)),
        b"TRUSTED CERTIFICATE" => (true, Some(trusted(content, true).ok_or(BROKEN)?)),
        REVOCATION_LIST => (is_revocation_list(content).is_some(), None),
        b"PRIVATE KEY" => (is_any_key(content), None),
        b"RSA PRIVATE KEY" | b"DSA PRIVATE KEY" | b"EC PRIVATE KEY" => (is_key(content), None),
        _ => return Ok(None),
    };
    if is_valid && !block.has_header { Ok(certificate) } else { Err(BROKEN) }
}

/// Reads a certificate, and what follows it where that is what it is trusted for.
fn trusted(content: &[u8], has_trust: bool) -> Option<Trusted> {
    let mut reader = Reader(content);
    reader.take(tag::SEQUENCE)?;
    let der = content.get(..content.len() - reader.0.len())?;
    let subject = Certificate::read(der)?.subject.to_vec();
    let is_rejected = has_trust && !reader.0.is_empty() && is_rejected(reader)?;
    Some(Trusted { der: der.to_vec(), subject, is_rejected })
}

/// Returns true when a list of purposes leaves servers out, or one of rejected purposes names them.
/// v1: OpenSSL's `obj_trust`. Parity: `bundle/trusted-client`.
fn is_rejected(mut trust: Reader<'_>) -> Option<bool> {
    const ANY: &[u8] = &[0x55, 0x1d, 0x25, 0x00];
    let mut fields = trust.open(tag::SEQUENCE)?;
    let names_servers = |list: Option<&[u8]>, without: bool| {
        let Some(list) = list else { return Some(without) };
        Some(der::elements(list)?.iter().any(|(_, purpose)| [SERVER_AUTH, ANY].contains(purpose)))
    };
    let is_trusted = names_servers(fields.optional(tag::SEQUENCE), true)?;
    let is_refused = names_servers(fields.optional(tag::NESTED), false)?;
    Some(is_refused || !is_trusted)
}

/// Checks that this is a revocation list; none is ever looked at.
fn is_revocation_list(content: &[u8]) -> Option<()> {
    let mut outer = Reader(content).open(tag::SEQUENCE)?;
    let mut fields = outer.open(tag::SEQUENCE)?;
    outer.take(tag::SEQUENCE)?;
    outer.take(tag::BIT_STRING)?;
    outer.end()?;
    let has_time = |fields: &mut Reader<'_>| {
        fields.optional(tag::UTC_TIME).or_else(|| fields.optional(tag::GENERALIZED_TIME)).is_some()
    };
    fields.optional(tag::INTEGER);
    fields.take(tag::SEQUENCE)?;
    fields.take(tag::SEQUENCE)?;
    has_time(&mut fields).then_some(())?;
    has_time(&mut fields);
    let revoked = der::elements(fields.optional(tag::SEQUENCE).unwrap_or_default())?;
    fields.optional(tag::NESTED);
    fields.end()?;
    revoked.iter().all(|(kind, entry)| *kind == tag::SEQUENCE && der::is_well_formed(entry)).then_some(())
}

/// Returns true when this is a private key in PKCS #8.
fn is_any_key(content: &[u8]) -> bool {
    let read = || {
        let mut fields = Reader(content).open(tag::SEQUENCE)?;
        fields.take(tag::INTEGER)?;
        fields.open(tag::SEQUENCE)?.take(tag::OID)?;
        fields.take(tag::OCTET_STRING)
    };
    read().is_some_and(|key| is_key(key) || der::only(key, tag::OCTET_STRING).is_some())
}

/// Returns true when this is a private key; none is ever used.
fn is_key(content: &[u8]) -> bool {
    der::only(content, tag::SEQUENCE)
        .is_some_and(|fields| fields.first() == Some(&tag::INTEGER) && der::is_well_formed(fields))
}

#[cfg(test)]
mod tests {
    use super::super::der::element;
    use super::*;

    /// Returns a revocation list with these entries; `more` stands behind its fields, `after` behind its signature.
    fn list(entries: &[&[u8]], more: &[u8], after: &[u8]) -> Vec<u8> {
        let empty = element(tag::SEQUENCE, &[]);
        let time = element(tag::UTC_TIME, &[b"200101000000Z"]);
        let fields = element(tag::SEQUENCE, &[&empty, &empty, &time, &element(tag::SEQUENCE, entries), more]);
        element(tag::SEQUENCE, &[&fields, &empty, &element(tag::BIT_STRING, &[&[0]]), after])
    }

    #[test]
    fn revocation_lists_are_whole() {
        let entry = element(tag::SEQUENCE, &[&element(tag::INTEGER, &[&[7]])]);
        let broken = element(tag::SEQUENCE, &[&[tag::INTEGER, 9]]);
        let number = element(tag::INTEGER, &[&[7]]);
        for (name, list, expected) in [
            ("empty", list(&[], &[], &[]), true),
            ("an entry", list(&[&entry, &entry], &[], &[]), true),
            ("an entry that is none", list(&[&entry, &number], &[], &[]), false),
            ("a broken entry", list(&[&broken], &[], &[]), false),
            ("more fields", list(&[&entry], &number, &[]), false),
            ("more behind the signature", list(&[&entry], &[], &number), false),
        ] {
            assert_eq!(is_revocation_list(&list).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn keys_begin_with_a_number_and_are_whole() {
        let number = element(tag::INTEGER, &[&[0]]);
        for (name, fields, expected) in [
            ("a key", &[&number[..], &number[..]][..], true),
            ("no number first", &[&element(tag::SEQUENCE, &[])[..], &number[..]], false),
            ("cut", &[&number[..], &[tag::INTEGER, 9]], false),
        ] {
            assert_eq!(is_key(&element(tag::SEQUENCE, fields)), expected, "{name}");
        }
    }
}
