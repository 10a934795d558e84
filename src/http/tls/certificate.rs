//! A certificate in DER -> the fields that decide whether OpenSSL trusts it. Signatures and name constraints are left
//! to webpki, which is stricter than OpenSSL in both.

use rustls::pki_types::TrustAnchor;

use super::der::{self, Reader, tag};
use super::extensions::Extensions;
use super::time;

/// Object identifiers of public keys and signatures.
mod oid {
    /// All of RSA's: `1.2.840.113549.1.1`.
    pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    /// Keys and signatures on elliptic curves: `1.2.840.10045`.
    pub(super) const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d];
}

/// A certificate; an anchor of the built-in roots has a name and a key only.
#[derive(Debug, Clone)]
pub(super) struct Certificate<'a> {
    /// All of it; empty for a built-in root.
    pub(super) der: &'a [u8],
    serial: &'a [u8],
    issuer: &'a [u8],
    /// The name, without tag and length.
    pub(super) subject: &'a [u8],
    key: &'a [u8],
    signed_with: &'a [u8],
    /// First second at which it is valid; `None` when it cannot be read.
    not_before: Option<i64>,
    /// First second at which it is no longer valid; `None` when it cannot be read.
    not_after: Option<i64>,
    is_v1: bool,
    /// What the extensions say.
    pub(super) extensions: Extensions<'a>,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; `None` when it is none.
    /// v1: OpenSSL's `d2i_X509`. Parity: `tls/broken-certificate`.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(der::only(der, tag::SEQUENCE)?);
        let mut fields = outer.open(tag::SEQUENCE)?;
        let signed_with = outer.take(tag::SEQUENCE)?;
        outer.take(tag::BIT_STRING)?;
        let version = fields.optional(tag::NESTED);
        let serial = fields.take(tag::INTEGER)?;
        fields.take(tag::SEQUENCE)?;
        let issuer = fields.take(tag::SEQUENCE)?;
        let mut validity = fields.open(tag::SEQUENCE)?;
        let (begin, end) = (validity.any()?, validity.any()?);
        let subject = fields.take(tag::SEQUENCE)?;
        let key = fields.take(tag::SEQUENCE)?;
        let _unique = (fields.optional(tag::CONTEXT | 1), fields.optional(tag::CONTEXT | 2));
        let extensions = fields.optional(tag::NESTED | 3).map(|list| der::only(list, tag::SEQUENCE));
        let is_whole = outer.is_empty() && fields.is_empty() && validity.is_empty();
        is_whole.then_some(())?;
        Some(Self {
            der,
            serial,
            issuer,
            subject,
            key,
            signed_with,
            not_before: time::seconds(begin),
            not_after: time::seconds(end),
            is_v1: version.is_none_or(|version| version == [tag::INTEGER, 1, 0]),
            extensions: Extensions::read(extensions.unwrap_or(Some(&[]))?)?,
        })
    }

    /// Returns the subject of a certificate that was read before, without reading the rest.
    pub(super) fn subject_in(der: &'a [u8]) -> Option<&'a [u8]> {
        let mut fields = Reader::new(der).open(tag::SEQUENCE)?.open(tag::SEQUENCE)?;
        fields.optional(tag::NESTED);
        for kind in [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE] {
            fields.skip(kind)?;
        }
        fields.take(tag::SEQUENCE)
    }

    /// Returns a built-in root, which is an authority and always valid.
    pub(super) fn built_in(anchor: &'a TrustAnchor<'_>) -> Self {
        let constraints = anchor.name_constraints.as_ref().map(AsRef::as_ref);
        Self {
            der: &[],
            serial: &[],
            issuer: &anchor.subject,
            subject: &anchor.subject,
            key: &anchor.subject_public_key_info,
            signed_with: &anchor.subject_public_key_info,
            not_before: Some(i64::MIN),
            not_after: Some(i64::MAX),
            is_v1: true,
            extensions: Extensions::with(constraints),
        }
    }

    /// Returns name, key and name constraints, as webpki needs them of an anchor.
    pub(super) fn anchor(&self) -> TrustAnchor<'a> {
        TrustAnchor {
            subject: self.subject.into(),
            subject_public_key_info: self.key.into(),
            name_constraints: self.extensions.name_constraints.map(Into::into),
        }
    }

    /// Returns true when the issuer has this name.
    pub(super) fn is_issued_by(&self, name: &[u8]) -> bool {
        is_same_name(name, self.issuer)
    }

    /// Returns true when this certificate says that it issued `subject`: names, key identifiers and kinds of key fit.
    /// v1: OpenSSL's `X509_check_issued`. Parity: `chain/aki-wrong`, `chain/aki-wrong-serial`.
    pub(super) fn may_have_issued(&self, subject: &Self) -> bool {
        !self.extensions.are_invalid
            && !subject.extensions.are_invalid
            && subject.is_issued_by(self.subject)
            && self.has_identifier_in(subject)
            && family(self.key) == family(subject.signed_with)
    }

    /// Returns true when the authority key identifier of `subject` does not name another certificate.
    /// v1: OpenSSL's `X509_check_akid`. Parity: `chain/aki-wrong`, `chain/aki-wrong-serial`.
    fn has_identifier_in(&self, subject: &Self) -> bool {
        let Some(authority) = &subject.extensions.authority else { return true };
        let fits = |wanted: Option<&[u8]>, own: Option<&[u8]>| match (wanted, own) {
            (Some(wanted), Some(own)) => wanted == own,
            _ => true,
        };
        fits(authority.key, self.extensions.subject_key)
            && fits(authority.serial, Some(self.serial).filter(|_| !self.der.is_empty()))
            && authority.issuer.is_none_or(|name| is_same_name(name, self.issuer))
    }

    /// Returns true when issuer and subject have the same name.
    pub(super) fn is_self_issued(&self) -> bool {
        self.is_issued_by(self.subject)
    }

    /// Returns true when the certificate says that it issued itself. Its signature is not looked at.
    /// v1: OpenSSL's `X509_self_signed`. Parity: `chain/pinned`, `chain/pinned-both-keys`.
    pub(super) fn is_self_signed(&self) -> bool {
        self.may_have_issued(self)
    }

    /// Returns the reason why the certificate is not valid at `now`, in seconds since 1970.
    /// v1: OpenSSL's `x509_check_cert_time`; at the second of its end a certificate has expired. Parity:
    /// `tls/ca-expired`, `chain/anchor-expired`.
    pub(super) fn untimely(&self, now: i64) -> Option<&'static str> {
        match (self.not_before, self.not_after) {
            (None, _) => Some("format error in certificate's notBefore field"),
            (Some(begin), _) if now < begin => Some("certificate is not yet valid"),
            (_, None) => Some("format error in certificate's notAfter field"),
            (_, Some(end)) if now >= end => Some("certificate has expired"),
            _ => None,
        }
    }

    /// Returns true when this is a self-signed certificate of version 1, an authority by its age.
    pub(super) fn is_v1_root(&self) -> bool {
        self.is_v1 && self.is_self_signed()
    }
}

/// Returns true when two names are the same: letters without their case, texts without their kind.
/// v1: OpenSSL's `X509_NAME_cmp`, which also folds blanks. webpki then insists on the very bytes (deviation D9).
/// Parity: `chain/name-case`, `chain/name-blank-root`.
fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    const TEXTS: &[u8] = &[0x0c, 0x13, 0x14, 0x16, 0x1a];
    let is_same = |(one, other): (&u8, &u8)| {
        one.eq_ignore_ascii_case(other) || TEXTS.contains(one) && TEXTS.contains(other)
    };
    one == other || one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// Returns what a key of this algorithm and a signature made with it have in common.
fn family(algorithm: &[u8]) -> Option<&[u8]> {
    let mut reader = Reader::new(algorithm);
    let id = match reader.any()? {
        (tag::OID, id) => id,
        (tag::SEQUENCE, inner) => Reader::new(inner).take(tag::OID)?,
        _ => return None,
    };
    Some([oid::RSA, oid::ELLIPTIC].into_iter().find(|family| id.starts_with(family)).unwrap_or(id))
}

/// Returns which of `candidates` issued `subject`: the first that is valid at `now`, else the one that was valid last.
/// v1: OpenSSL's `find_issuer`, `X509_STORE_CTX_get1_issuer`.
/// Parity: `chain/same-name-no-aki`, `chain/same-name-all-expired`.
pub(super) fn best_issuer<'c, 'a: 'c>(
    candidates: impl Iterator<Item = &'c Certificate<'a>>,
    subject: &Certificate<'a>,
    now: i64,
) -> Option<&'c Certificate<'a>> {
    let mut best: Option<&Certificate<'a>> = None;
    for candidate in candidates.filter(|candidate| candidate.may_have_issued(subject)) {
        if candidate.untimely(now).is_none() {
            return Some(candidate);
        }
        if best.is_none_or(|best| candidate.not_after > best.not_after) {
            best = Some(candidate);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::der::element;
    use super::*;

    /// Returns the fields of a certificate whose names and keys are empty.
    fn fields(begin: &[u8], end: &[u8]) -> [Vec<u8>; 6] {
        let times = [element(tag::UTC_TIME, &[begin]), element(tag::UTC_TIME, &[end])];
        let empty = || element(tag::SEQUENCE, &[]);
        let serial = element(tag::INTEGER, &[&[1]]);
        [serial, empty(), empty(), element(tag::SEQUENCE, &[&times[0], &times[1]]), empty(), empty()]
    }

    /// Returns a certificate of these fields, and after them and after the signature what else stands there.
    fn certificate(fields: &[Vec<u8>], more: &[&[u8]], after: &[u8]) -> Vec<u8> {
        let fields = element(tag::SEQUENCE, &[&fields.concat(), &more.concat()]);
        let signature = [element(tag::SEQUENCE, &[]), element(tag::BIT_STRING, &[&[0]])].concat();
        element(tag::SEQUENCE, &[&fields, &signature, after])
    }

    #[test]
    fn certificates_are_read_to_their_end() {
        let plain = fields(b"200101000000Z", b"300101000000Z");
        let ids = [element(tag::CONTEXT | 1, &[&[0, 1]]), element(tag::CONTEXT | 2, &[&[0, 2]])];
        let stray = element(tag::INTEGER, &[&[1]]);
        let mut long = plain.clone();
        let times = [&b"200101000000Z"[..], b"300101000000Z"].map(|time| element(tag::UTC_TIME, &[time]));
        long[3] = element(tag::SEQUENCE, &[&times[0], &times[1], &stray]);
        for (name, der, is_read) in [
            ("plain", certificate(&plain, &[], &[]), true),
            ("with unique ids", certificate(&plain, &[&ids[0], &ids[1]], &[]), true),
            ("with the second", certificate(&plain, &[&ids[1]], &[]), true),
            ("more fields", certificate(&plain, &[&stray], &[]), false),
            ("more behind the signature", certificate(&plain, &[], &stray), false),
            ("three times", certificate(&long, &[], &[]), false),
        ] {
            assert_eq!(Certificate::read(&der).is_some(), is_read, "{name}");
        }
    }

    #[test]
    fn times_that_are_none_make_untimely() {
        const GOOD: &[u8] = b"200101000000Z";
        let now = time::seconds((tag::UTC_TIME, b"250101000000Z")).unwrap();
        for (begin, end, expected) in [
            (GOOD, &b"300101000000Z"[..], None),
            (b"2001", b"300101000000Z", Some("format error in certificate's notBefore field")),
            (GOOD, b"3001", Some("format error in certificate's notAfter field")),
            (b"260101000000Z", b"3001", Some("certificate is not yet valid")),
            (GOOD, b"250101000000Z", Some("certificate has expired")),
            (b"250101000000Z", b"250101000001Z", None),
        ] {
            let der = certificate(&fields(begin, end), &[], &[]);
            assert_eq!(Certificate::read(&der).unwrap().untimely(now), expected, "{begin:?} {end:?}");
        }
    }

    #[test]
    fn names_are_the_same_whatever_kind_of_text_they_are() {
        for (one, other, expected) in [
            (&[0x0c, 1, b'A'][..], &[0x13, 1, b'a'][..], true),
            (&[0x0c, 1, b'A'], &[0x41, 1, b'A'], false),
            (&[0x41, 1, b'A'], &[0x13, 1, b'A'], false),
            (&[0x0c, 1, b'A'], &[0x0c, 1], false),
        ] {
            assert_eq!(is_same_name(one, other), expected, "{one:?} {other:?}");
        }
    }
}
