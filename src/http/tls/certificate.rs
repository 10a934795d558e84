//! A certificate in DER -> the fields that decide whether OpenSSL trusts it. Signatures and name constraints are left
//! to webpki, which is stricter than OpenSSL in both.

use jiff::civil::DateTime;
use rustls::pki_types::TrustAnchor;

use super::der::{self, Reader, tag};
use super::extensions::Extensions;

/// A certificate; an anchor of the built-in roots has a name and a key only.
#[derive(Debug, Clone, Default)]
pub(super) struct Certificate<'a> {
    /// All of it; empty for a built-in root.
    pub(super) der: &'a [u8],
    serial: &'a [u8],
    issuer: &'a [u8],
    /// The name, without tag and length.
    pub(super) subject: &'a [u8],
    key: &'a [u8],
    algorithm: &'a [u8],
    /// The first seconds at which it is valid and is no longer valid; `None` when they cannot be read.
    validity: [Option<i64>; 2],
    is_v1: bool,
    pub(super) extensions: Extensions<'a>,
    /// The bundle says that it is not to be trusted for servers.
    pub(super) is_rejected: bool,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; `None` when it is none.
    /// v1: OpenSSL's `d2i_X509`. Parity: `tls/broken-certificate`.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader(der::only(der, tag::SEQUENCE)?);
        let mut fields = outer.open(tag::SEQUENCE)?;
        let algorithm = outer.take(tag::SEQUENCE)?;
        outer.take(tag::BIT_STRING)?;
        outer.end()?;
        let version = fields.optional(tag::NESTED);
        let serial = fields.take(tag::INTEGER)?;
        fields.take(tag::SEQUENCE)?;
        let issuer = fields.take(tag::SEQUENCE)?;
        let mut times = fields.open(tag::SEQUENCE)?;
        let validity = [seconds(times.any()?), seconds(times.any()?)];
        times.end()?;
        let subject = fields.take(tag::SEQUENCE)?;
        let key = fields.take(tag::SEQUENCE)?;
        let _unique = (fields.optional(tag::CONTEXT | 1), fields.optional(tag::CONTEXT | 2));
        let extensions = match fields.optional(tag::NESTED | 3) {
            Some(list) => Extensions::read(der::only(list, tag::SEQUENCE)?)?,
            None => Extensions::default(),
        };
        fields.end()?;
        let is_v1 = version.is_none_or(|version| version == [tag::INTEGER, 1, 0]);
        let is_rejected = false;
        Some(Self { der, serial, issuer, subject, key, algorithm, validity, is_v1, extensions, is_rejected })
    }

    /// Returns a built-in root, which is an authority and always valid.
    pub(super) fn built_in(anchor: &'a TrustAnchor<'_>) -> Self {
        let name_constraints = anchor.name_constraints.as_deref();
        Self {
            issuer: &anchor.subject,
            subject: &anchor.subject,
            key: &anchor.subject_public_key_info,
            algorithm: &anchor.subject_public_key_info,
            validity: [Some(i64::MIN), Some(i64::MAX)],
            is_v1: true,
            extensions: Extensions { name_constraints, ..Extensions::default() },
            ..Self::default()
        }
    }

    pub(super) fn anchor(&self) -> TrustAnchor<'a> {
        TrustAnchor {
            subject: self.subject.into(),
            subject_public_key_info: self.key.into(),
            name_constraints: self.extensions.name_constraints.map(Into::into),
        }
    }

    pub(super) fn is_issued_by(&self, name: &[u8]) -> bool {
        is_same_name(name, self.issuer)
    }

    /// Returns true when this certificate says that it issued `subject`: names, key identifiers and kinds of key fit.
    /// v1: OpenSSL's `X509_check_issued`, `X509_check_akid`. Parity: `chain/aki-wrong`, `chain/aki-wrong-serial`.
    fn may_have_issued(&self, subject: &Self) -> bool {
        let fits = |wanted: Option<&[u8]>, own: Option<&[u8]>| {
            wanted.is_none_or(|wanted| own.is_none_or(|own| wanted == own))
        };
        let serial = Some(self.serial).filter(|_| !self.der.is_empty());
        !self.extensions.are_invalid
            && !subject.extensions.are_invalid
            && subject.is_issued_by(self.subject)
            && subject.extensions.authority.as_ref().is_none_or(|authority| {
                fits(authority.key, self.extensions.subject_key)
                    && fits(authority.serial, serial)
                    && authority.issuer.is_none_or(|name| self.is_issued_by(name))
            })
            && family(self.key) == family(subject.algorithm)
    }

    /// Returns true when the certificate says that it issued itself. Its signature is not looked at.
    /// v1: OpenSSL's `X509_self_signed`. Parity: `chain/pinned`, `chain/pinned-both-keys`.
    pub(super) fn is_self_signed(&self) -> bool {
        self.may_have_issued(self)
    }

    /// Returns true when this is a self-signed certificate of version 1, an authority by its age.
    pub(super) fn is_v1_root(&self) -> bool {
        self.is_v1 && self.is_self_signed()
    }

    /// Returns the reason why the certificate is not valid at `now`, in seconds since 1970.
    /// v1: OpenSSL's `x509_check_cert_time`; at the second of its end a certificate has expired.
    /// Parity: `tls/ca-expired`, `chain/anchor-expired`.
    pub(super) fn untimely(&self, now: i64) -> Option<&'static str> {
        match self.validity {
            [None, _] => Some("format error in certificate's notBefore field"),
            [Some(begin), _] if now < begin => Some("certificate is not yet valid"),
            [_, None] => Some("format error in certificate's notAfter field"),
            [_, Some(end)] => (now >= end).then_some("certificate has expired"),
        }
    }
}

/// Returns the seconds since 1970 of an element that is a time in UTC: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
/// v1: OpenSSL's `X509_cmp_time`, which takes no other form.
fn seconds((kind, text): (u8, &[u8])) -> Option<i64> {
    let digits = text.strip_suffix(b"Z").filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let number = match (kind, digits.len()) {
        (tag::UTC_TIME, 12) if number < 500_000_000_000 => 20_000_000_000_000 + number,
        (tag::UTC_TIME, 12) => 19_000_000_000_000 + number,
        (tag::GENERALIZED_TIME, 14) => number,
        _ => return None,
    };
    let field = |place| i8::try_from(number / 100_i64.pow(place) % 100).ok();
    let year = i16::try_from(number / 100_i64.pow(5)).ok()?;
    let time = DateTime::new(year, field(4)?, field(3)?, field(2)?, field(1)?, field(0)?, 0).ok()?;
    Some(time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs())
}

/// Returns true when two names are the same: letters without their case, texts without their kind.
/// v1: OpenSSL's `X509_NAME_cmp`, which also folds blanks. webpki then insists on the very bytes (deviation D9).
/// Parity: `chain/name-case`, `chain/name-blank-root`.
fn is_same_name(one: &[u8], other: &[u8]) -> bool {
    const TEXTS: &[u8] = &[0x0c, 0x13, 0x14, 0x16, 0x1a];
    let is_same = |(one, other): (&u8, &u8)| {
        one.eq_ignore_ascii_case(other) || TEXTS.contains(one) && TEXTS.contains(other)
    };
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// Returns what a key of this algorithm and a signature made with it have in common: RSA (`1.2.840.113549.1.1`),
/// elliptic curves (`1.2.840.10045`), else all of the algorithm's identifier.
fn family(algorithm: &[u8]) -> Option<&[u8]> {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ELLIPTIC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d];
    let id = match Reader(algorithm).any()? {
        (tag::OID, id) => id,
        (tag::SEQUENCE, inner) => Reader(inner).take(tag::OID)?,
        _ => return None,
    };
    Some([RSA, ELLIPTIC].into_iter().find(|family| id.starts_with(family)).unwrap_or(id))
}

/// Returns which of `candidates` issued `subject`: the first that is valid at `now`, else the one that was valid last.
/// v1: OpenSSL's `find_issuer`, `X509_STORE_CTX_get1_issuer`.
/// Parity: `chain/same-name-no-aki`, `chain/same-name-all-expired`.
pub(super) fn best_issuer<'a>(
    candidates: &[Certificate<'a>],
    subject: &Certificate<'a>,
    now: i64,
) -> Option<Certificate<'a>> {
    let fitting: Vec<_> = candidates.iter().filter(|one| one.may_have_issued(subject)).collect();
    let timely = fitting.iter().find(|one| one.untimely(now).is_none());
    let last = || fitting.iter().rev().max_by_key(|one| one.validity[1]);
    timely.or_else(last).map(|one| (*one).clone())
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
        let now = seconds((tag::UTC_TIME, b"250101000000Z")).unwrap();
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

    #[test]
    fn times_have_two_forms() {
        for (kind, text, expected) in [
            (tag::UTC_TIME, "700101000000Z", Some(0)),
            (tag::UTC_TIME, "700101240000Z", None),
            (tag::UTC_TIME, "700101006000Z", None),
            (tag::UTC_TIME, "700101000060Z", None),
            (tag::UTC_TIME, "000229235959Z", Some(951_868_799)),
            (tag::UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (tag::UTC_TIME, "500101000000Z", Some(-631_152_000)),
            (tag::GENERALIZED_TIME, "20500101000000Z", Some(2_524_608_000)),
            (tag::GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            (tag::GENERALIZED_TIME, "21000301000000Z", Some(4_107_542_400)),
            (tag::UTC_TIME, "7001010000Z", None),
            (tag::UTC_TIME, "700101000000+0000", None),
            (tag::UTC_TIME, "701301000000Z", None),
            (tag::UTC_TIME, "700230000000Z", None),
            (tag::UTC_TIME, "+00101000000Z", None),
            (tag::UTC_TIME, "700101240000Z", None),
            (tag::UTC_TIME, "7001010000x0Z", None),
            (tag::GENERALIZED_TIME, "700101000000Z", None),
            (tag::OID, "700101000000Z", None),
        ] {
            assert_eq!(seconds((kind, text.as_bytes())), expected, "{text}");
        }
    }
}
