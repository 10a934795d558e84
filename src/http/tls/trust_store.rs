//! The certificates that are trusted: the built-in roots, or those of a bundle in their place.

use std::fs;
use std::io;
use std::path::Path;

use rustls::pki_types::TrustAnchor;

use super::certificate::{Certificate, best_issuer};
use super::der::{self, Reader, tag};
use super::pem::{self, Block};
use crate::http::error::Error;
use crate::python::oserror;

/// The certificates that are trusted.
#[derive(Debug)]
pub(super) enum TrustStore {
    /// Roots of which only name, key and name constraints are known.
    BuiltIn(&'static [TrustAnchor<'static>]),
    /// The certificates of a bundle, in its order.
    Bundle(Vec<Trusted>),
}

/// A certificate of a bundle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trusted {
    der: Vec<u8>,
    /// It says itself that it is not to be trusted for servers.
    is_rejected: bool,
}

impl TrustStore {
    /// Reads a bundle.
    /// Errors: [`Error::Tls`] in the words of Python and OpenSSL.
    /// v1: Python's `SSLContext.load_verify_locations`. Parity: TLS-03.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let text = fs::read(path).map_err(|error: io::Error| Error::Tls(oserror::text(&error)))?;
        Self::parse(&text).map_err(|reason| Error::Tls(format!("{reason} (_ssl.c:4154)")))
    }

    /// Reads the text of a bundle.
    /// Errors: a block is broken, or none is a certificate or a revocation list.
    /// v1: OpenSSL's `X509_load_cert_crl_file`. Parity: TLS-03.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        const BROKEN: &str = "[X509] PEM lib";
        let mut certificates = Vec::new();
        let mut is_empty = true;
        for block in pem::blocks(text).ok_or(BROKEN)? {
            match Content::of(&block).ok_or(BROKEN)? {
                Content::Certificate(trusted) => certificates.push(trusted),
                Content::RevocationList => {}
                Content::Other => continue,
            }
            is_empty = false;
        }
        if is_empty {
            return Err("[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found");
        }
        Ok(Self::Bundle(certificates))
    }

    /// Returns the certificates of a bundle.
    #[cfg(fuzzing)]
    pub(super) fn ders(&self) -> impl Iterator<Item = &[u8]> {
        let trusted = match self {
            Self::BuiltIn(_) => &[],
            Self::Bundle(trusted) => trusted.as_slice(),
        };
        trusted.iter().map(|one| one.der.as_slice())
    }

    /// Returns which certificate of the store issued `subject`.
    pub(super) fn issuer_of<'a>(&'a self, subject: &Certificate<'a>, now: i64) -> Option<Issuer<'a>> {
        let (named, rejected): (Vec<_>, Vec<_>) = match self {
            Self::BuiltIn(roots) => roots
                .iter()
                .filter(|root| subject.is_issued_by(&root.subject))
                .map(|root| (Certificate::built_in(root), false))
                .unzip(),
            Self::Bundle(trusted) => trusted.iter().filter_map(|one| one.named(subject)).unzip(),
        };
        let certificate = best_issuer(named.iter(), subject, now)?.clone();
        let same = named.iter().position(|one| one.der == certificate.der);
        let is_rejected = same.and_then(|index| rejected.get(index)).is_some_and(|rejected| *rejected);
        Some(Issuer { certificate, is_rejected })
    }
}

/// A certificate of the store that issued another one.
#[derive(Debug)]
pub(super) struct Issuer<'a> {
    /// The certificate.
    pub(super) certificate: Certificate<'a>,
    /// It says itself that it is not to be trusted for servers.
    pub(super) is_rejected: bool,
}

impl Trusted {
    /// Returns the certificate and whether it is rejected, if it has the name of the issuer of `subject`.
    fn named<'a>(&'a self, subject: &Certificate<'a>) -> Option<(Certificate<'a>, bool)> {
        subject.is_issued_by(Certificate::subject_in(&self.der)?).then_some(())?;
        Some((Certificate::read(&self.der)?, self.is_rejected))
    }
}

/// What a block of a bundle is.
enum Content {
    Certificate(Trusted),
    RevocationList,
    /// Passed over.
    Other,
}

impl Content {
    /// Returns what a block is; `None` when it is not what its label says.
    /// v1: OpenSSL's `PEM_X509_INFO_read_bio`. Parity: `bundle/bom`, `bundle/empty-last`.
    fn of(block: &Block<'_>) -> Option<Self> {
        let content = match block.label {
            b"CERTIFICATE" | b"X509 CERTIFICATE" => Self::Certificate(trusted(&block.content, false)?),
            b"TRUSTED CERTIFICATE" => Self::Certificate(trusted(&block.content, true)?),
            b"X509 CRL" => is_revocation_list(&block.content).then_some(Self::RevocationList)?,
            b"PRIVATE KEY" => is_any_key(&block.content).then_some(Self::Other)?,
            b"RSA PRIVATE KEY" | b"DSA PRIVATE KEY" | b"EC PRIVATE KEY" => {
                is_key(&block.content).then_some(Self::Other)?
            }
            _ => return Some(Self::Other),
        };
        (!block.has_header).then_some(content)
    }
}

/// Reads a certificate, and what follows it where that is what it is trusted for.
fn trusted(content: &[u8], has_trust: bool) -> Option<Trusted> {
    let mut reader = Reader::new(content);
    let rest = reader.skip(tag::SEQUENCE)?;
    let der = content.get(..content.len() - rest.len())?;
    Certificate::read(der)?;
    let is_rejected = has_trust && !rest.is_empty() && is_rejected(rest)?;
    Some(Trusted { der: der.to_vec(), is_rejected })
}

/// Returns true when a list of purposes leaves servers out, or one of rejected purposes names them.
/// v1: OpenSSL's `obj_trust`. Parity: `bundle/trusted-client`.
fn is_rejected(rest: &[u8]) -> Option<bool> {
    const SERVER: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
    const ANY: &[u8] = &[0x55, 0x1d, 0x25, 0x00];
    let mut fields = Reader::new(rest).open(tag::SEQUENCE)?;
    let names_servers = |list: &[u8]| {
        let purposes = der::elements(list)?;
        Some(purposes.iter().any(|(_, purpose)| [SERVER, ANY].contains(purpose)))
    };
    let trusts = fields.optional(tag::SEQUENCE).map(names_servers);
    let rejects = fields.optional(tag::NESTED).map(names_servers);
    Some(rejects.unwrap_or(Some(false))? || !trusts.unwrap_or(Some(true))?)
}

/// Returns true when this is a revocation list; none is ever looked at.
fn is_revocation_list(content: &[u8]) -> bool {
    let read = || {
        let mut outer = Reader::new(content).open(tag::SEQUENCE)?;
        let mut fields = outer.open(tag::SEQUENCE)?;
        outer.take(tag::SEQUENCE)?;
        outer.take(tag::BIT_STRING)?;
        fields.optional(tag::INTEGER);
        fields.take(tag::SEQUENCE)?;
        fields.take(tag::SEQUENCE)?;
        let is_time = |(kind, _): (u8, _)| [tag::UTC_TIME, tag::GENERALIZED_TIME].contains(&kind);
        fields.any().filter(|found| is_time(*found))?;
        let _next = fields.optional(tag::UTC_TIME).or_else(|| fields.optional(tag::GENERALIZED_TIME));
        let revoked = der::elements(fields.optional(tag::SEQUENCE).unwrap_or_default())?;
        fields.optional(tag::NESTED);
        let are_entries =
            revoked.iter().all(|(kind, entry)| *kind == tag::SEQUENCE && der::is_well_formed(entry));
        (are_entries && outer.is_empty() && fields.is_empty()).then_some(())
    };
    read().is_some()
}

/// Returns true when this is a private key in PKCS #8.
fn is_any_key(content: &[u8]) -> bool {
    let read = || {
        let mut fields = Reader::new(content).open(tag::SEQUENCE)?;
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
            assert_eq!(is_revocation_list(&list), expected, "{name}");
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
