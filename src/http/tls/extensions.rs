//! The extensions of a certificate that OpenSSL looks at.

use super::der::{self, Reader, tag};

/// Bits of `keyUsage`; a server has `digitalSignature`, `keyEncipherment` or `keyAgreement`.
const SIGNS_CERTIFICATES: u8 = 0x04;
const SERVES_TLS: u8 = 0x80 | 0x20 | 0x08;
/// Bits of Netscape's `nsCertType`, and its identifier.
const NETSCAPE_SERVER: u8 = 0x40;
const NETSCAPE_AUTHORITY: u8 = 0x04;
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
/// `serverAuth`, and the two kinds of server-gated cryptography.
pub(super) const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
const SERVER_GATED: [&[u8]; 2] = [
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x03],
    &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x04, 0x01],
];

#[derive(Debug, Clone, Default)]
pub(super) struct Extensions<'a> {
    /// One of them cannot be read, is there twice, or makes it a certificate that no server has.
    pub(super) are_invalid: bool,
    /// A critical one is of a kind that OpenSSL does not know.
    pub(super) has_unknown_critical: bool,
    /// `basicConstraints`: true of an authority, and how many may stand below it.
    pub(super) basic: Option<(bool, Option<u64>)>,
    pub(super) key_usage: Option<u8>,
    /// `extKeyUsage`: true when it names servers.
    pub(super) serves: Option<bool>,
    pub(super) netscape: Option<u8>,
    pub(super) subject_key: Option<&'a [u8]>,
    pub(super) authority: Option<AuthorityKey<'a>>,
    /// `nameConstraints`, without tag and length.
    pub(super) name_constraints: Option<&'a [u8]>,
    /// `subjectAltName`: kind and value of each name.
    pub(super) names: Option<Vec<(u8, &'a [u8])>>,
    pub(super) crl_points: Option<()>,
}

/// `authorityKeyIdentifier`: key and serial number of the issuer, and the name of its issuer.
#[derive(Debug, Clone)]
pub(super) struct AuthorityKey<'a> {
    pub(super) key: Option<&'a [u8]>,
    pub(super) issuer: Option<&'a [u8]>,
    pub(super) serial: Option<&'a [u8]>,
}

impl<'a> Extensions<'a> {
    /// Reads a list of extensions; `None` when it is none.
    /// v1: OpenSSL's `x509v3_cache_extensions`. Parity: `chain/anchor-critical`, `chain/leaf-twice-aki`.
    pub(super) fn read(list: &'a [u8]) -> Option<Self> {
        let mut extensions = Self::default();
        for (kind, extension) in der::elements(list)? {
            (kind == tag::SEQUENCE).then_some(())?;
            let mut fields = Reader(extension);
            let id = fields.take(tag::OID)?;
            let critical = fields.optional(tag::BOOLEAN).is_some_and(|value| value != [0]);
            let value = fields.take(tag::OCTET_STRING)?;
            fields.end()?;
            extensions.add(id, critical, value);
        }
        Some(extensions)
    }

    /// Takes one extension in. Each kind is a row: whether OpenSSL knows it where it is critical, and what it says.
    fn add(&mut self, id: &[u8], critical: bool, value: &'a [u8]) {
        let (is_known, read) = match id {
            [0x55, 0x1d, 14] => (false, once(&mut self.subject_key, der::only(value, tag::OCTET_STRING))),
            [0x55, 0x1d, 15] => (true, once(&mut self.key_usage, bits(value).filter(|bits| *bits != 0))),
            [0x55, 0x1d, 17] => (true, once(&mut self.names, names(value))),
            [0x55, 0x1d, 19] => (true, once(&mut self.basic, basic(value))),
            [0x55, 0x1d, 30] => (true, once(&mut self.name_constraints, whole(value))),
            [0x55, 0x1d, 31] => (true, once(&mut self.crl_points, crl_points(value))),
            [0x55, 0x1d, 32 | 33 | 36 | 54] => (true, Some(())), // policies, which nobody asks for
            [0x55, 0x1d, 35] => (false, once(&mut self.authority, authority(value))),
            [0x55, 0x1d, 37] => (true, once(&mut self.serves, serves(value))),
            NETSCAPE_TYPE => (true, once(&mut self.netscape, bits(value))),
            // address blocks (RFC 3779) and proxy certificates
            [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 7 | 8 | 14] => (false, None),
            _ => (false, Some(())),
        };
        self.has_unknown_critical |= critical && !is_known;
        self.are_invalid |= read.is_none();
    }

    /// Returns true for an authority; the end of a chain may be one from times before there were authorities.
    /// v1: OpenSSL's `check_ca`, `check_ssl_ca`. Parity: `chain/anchor-v1`, `chain/anchor-no-basic`.
    pub(super) fn is_authority(&self, is_anchor: bool, is_v1_root: bool) -> bool {
        let is_old = is_v1_root
            || self.key_usage.is_some()
            || self.netscape.is_some_and(|bits| bits & NETSCAPE_AUTHORITY != 0);
        self.key_usage.is_none_or(|bits| bits & SIGNS_CERTIFICATES != 0)
            && self.basic.map_or(is_anchor && is_old, |(is_authority, _)| is_authority)
    }

    /// Returns true when the certificate, where it says what for, is one for servers.
    /// v1: OpenSSL's `check_purpose_ssl_server`. Parity: `chain/leaf-usage-sign`, `chain/leaf-netscape-client`.
    pub(super) fn is_for_server(&self) -> bool {
        self.serves != Some(false)
            && self.key_usage.is_none_or(|bits| bits & SERVES_TLS != 0)
            && self.netscape.is_none_or(|bits| bits & NETSCAPE_SERVER != 0)
    }
}

/// Keeps what an extension says; `None` when there is nothing, or already something.
fn once<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    place.replace(value?).is_none().then_some(())
}

/// Reads the first byte of a bit string.
fn bits(value: &[u8]) -> Option<u8> {
    let (unused, bytes) = der::only(value, tag::BIT_STRING)?.split_first()?;
    let used = u8::MAX.checked_shl(u32::from(*unused))?;
    Some(match bytes {
        [] => 0,
        [only] => only & used,
        [first, ..] => *first,
    })
}

/// Reads a sequence whose elements are whole, whatever they are.
fn whole(value: &[u8]) -> Option<&[u8]> {
    der::only(value, tag::SEQUENCE).filter(|inside| der::is_well_formed(inside))
}

fn names(value: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    /// Those with elements inside, and those without.
    const KINDS: [u8; 9] = [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88];
    der::elements(whole(value)?).filter(|names| names.iter().all(|(kind, _)| KINDS.contains(kind)))
}

fn basic(value: &[u8]) -> Option<(bool, Option<u64>)> {
    let mut fields = Reader(der::only(value, tag::SEQUENCE)?);
    let is_authority = fields.optional(tag::BOOLEAN).is_some_and(|value| value != [0]);
    let number = |bytes: &[u8]| {
        matches!(bytes, [0..0x80, ..]).then_some(())?;
        Some(bytes.iter().fold(0_u64, |sum, byte| sum.saturating_mul(256) + u64::from(*byte)))
    };
    let longest = fields.optional(tag::INTEGER).map(|bytes| number(bytes).ok_or(())).transpose().ok()?;
    fields.end()?;
    Some((is_authority, longest))
}

/// Reads `authorityKeyIdentifier`; of the names of the issuer the first that is a directory name counts.
fn authority(value: &[u8]) -> Option<AuthorityKey<'_>> {
    const DIRECTORY_NAME: u8 = tag::NESTED | 4;
    let mut fields = Reader(der::only(value, tag::SEQUENCE)?);
    let key = fields.optional(tag::CONTEXT);
    let names = der::elements(fields.optional(tag::NESTED | 1).unwrap_or_default())?;
    let serial = fields.optional(tag::CONTEXT | 2);
    fields.end()?;
    let issuer = match names.iter().find(|(kind, _)| *kind == DIRECTORY_NAME) {
        Some((_, name)) => Some(der::only(name, tag::SEQUENCE)?),
        None => None,
    };
    Some(AuthorityKey { key, issuer, serial })
}

fn serves(value: &[u8]) -> Option<bool> {
    let purposes = der::elements(der::only(value, tag::SEQUENCE)?)?;
    let names_servers = |id: &[u8]| id == SERVER_AUTH || SERVER_GATED.contains(&id);
    let are_purposes = purposes.iter().all(|(kind, _)| *kind == tag::OID);
    are_purposes.then(|| purposes.iter().any(|(_, id)| names_servers(id)))
}

/// Reads `cRLDistributionPoints`: each has a name or an issuer.
fn crl_points(value: &[u8]) -> Option<()> {
    let is_point = |&(kind, point): &(u8, &[u8])| {
        let fields = der::elements(point).unwrap_or_default();
        kind == tag::SEQUENCE && fields.iter().any(|(kind, _)| [tag::NESTED, tag::NESTED | 2].contains(kind))
    };
    der::elements(whole(value)?)?.iter().all(is_point).then_some(())
}

#[cfg(test)]
mod tests {
    use super::super::der::element;
    use super::*;

    #[test]
    fn points_have_a_name_or_an_issuer() {
        let list = |kind: u8| {
            let point = element(tag::SEQUENCE, &[&element(kind, &[])]);
            element(tag::SEQUENCE, &[&point])
        };
        for (kind, expected) in [
            (tag::NESTED, Some(())),
            (tag::NESTED | 2, Some(())),
            (tag::CONTEXT | 1, None),
            (tag::CONTEXT | 2, None),
        ] {
            assert_eq!(crl_points(&list(kind)), expected, "{kind:x}");
        }
    }

    #[test]
    fn bits_beyond_the_last_do_not_count() {
        for (value, expected) in [
            (&[0, 0xa5][..], Some(0xa5)),
            (&[4, 0xa5], Some(0xa0)),
            (&[7, 0xff], Some(0x80)),
            (&[8, 0xff], None),
            (&[4, 0xa5, 0xff], Some(0xa5)),
            (&[0], Some(0)),
            (&[], None),
        ] {
            assert_eq!(bits(&element(tag::BIT_STRING, &[value])), expected, "{value:?}");
        }
    }
}
