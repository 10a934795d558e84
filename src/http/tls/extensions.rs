//! The extensions of a certificate that OpenSSL looks at.

use super::der::{self, Reader, tag};

/// Bits of `keyUsage`.
mod usage {
    pub(super) const SIGN_CERTIFICATES: u8 = 0x04;
    /// `digitalSignature`, `keyEncipherment` or `keyAgreement`.
    pub(super) const TLS_SERVER: u8 = 0x80 | 0x20 | 0x08;
}

/// Bits of Netscape's `nsCertType`.
mod netscape {
    pub(super) const SSL_SERVER: u8 = 0x40;
    pub(super) const SSL_AUTHORITY: u8 = 0x04;
}

/// `id-ce`, under which X.509 has its extensions.
const STANDARD: [u8; 2] = [0x55, 0x1d];
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x01, 0x01];
/// `id-pe`, with the last number of address blocks (RFC 3779) and of proxy certificates.
const PRIVATE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01];
const REFUSED: &[u8] = &[7, 8, 14];
/// Policies: what OpenSSL does not look at without being asked, even where it is critical.
const POLICIES: &[u8] = &[32, 33, 36, 54];
/// `serverAuth`, and the two kinds of server-gated cryptography.
const SERVER_PURPOSES: [&[u8]; 3] = [
    &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01],
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a, 0x03, 0x03],
    &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x04, 0x01],
];

/// What the extensions of a certificate say.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions<'a> {
    /// One of them cannot be read, is there twice, or makes it a certificate that no server has.
    pub(super) are_invalid: bool,
    /// A critical one is of a kind that OpenSSL does not know.
    pub(super) has_unknown_critical: bool,
    /// `basicConstraints`.
    pub(super) basic: Option<Basic>,
    key_usage: Option<u8>,
    serves: Option<bool>,
    netscape: Option<u8>,
    /// `subjectKeyIdentifier`.
    pub(super) subject_key: Option<&'a [u8]>,
    /// `authorityKeyIdentifier`.
    pub(super) authority: Option<AuthorityKey<'a>>,
    /// `nameConstraints`, without tag and length.
    pub(super) name_constraints: Option<&'a [u8]>,
    /// `subjectAltName`: kind and value of each name.
    pub(super) names: Option<Vec<(u8, &'a [u8])>>,
    crl_points: Option<()>,
}

/// `basicConstraints`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basic {
    /// True of an authority.
    pub(super) is_authority: bool,
    /// Most authorities that may stand below it.
    pub(super) path_length: Option<u64>,
}

/// `authorityKeyIdentifier`.
#[derive(Debug, Clone)]
pub(super) struct AuthorityKey<'a> {
    /// Identifier of the key.
    pub(super) key: Option<&'a [u8]>,
    /// Name of the issuer of the issuer.
    pub(super) issuer: Option<&'a [u8]>,
    /// Serial number of the issuer.
    pub(super) serial: Option<&'a [u8]>,
}

impl<'a> Extensions<'a> {
    /// Reads a list of extensions; `None` when it is none.
    /// v1: OpenSSL's `x509v3_cache_extensions`. Parity: `chain/anchor-critical`, `chain/leaf-twice-aki`.
    pub(super) fn read(list: &'a [u8]) -> Option<Self> {
        let mut extensions = Self::default();
        for (kind, extension) in der::elements(list)? {
            (kind == tag::SEQUENCE).then_some(())?;
            let mut fields = Reader::new(extension);
            let id = fields.take(tag::OID)?;
            let critical = fields.optional(tag::BOOLEAN).is_some_and(|value| value != [0]);
            let value = fields.take(tag::OCTET_STRING)?;
            fields.is_empty().then_some(())?;
            extensions.add(id, critical, value);
        }
        Some(extensions)
    }

    /// Returns extensions that say nothing but `name_constraints`.
    pub(super) fn with(name_constraints: Option<&'a [u8]>) -> Self {
        Self { name_constraints, ..Self::default() }
    }

    /// Takes one extension in.
    fn add(&mut self, id: &[u8], critical: bool, value: &'a [u8]) {
        let read = match id.strip_prefix(&STANDARD) {
            Some([number]) => self.add_standard(*number, critical, value),
            _ if id == NETSCAPE_TYPE => once(&mut self.netscape, bits(value)),
            _ => {
                self.has_unknown_critical |= critical;
                let number = id.strip_prefix(PRIVATE);
                (!matches!(number, Some([number]) if REFUSED.contains(number))).then_some(())
            }
        };
        self.are_invalid |= read.is_none();
    }

    /// Takes one of the extensions of X.509 in; `None` when it cannot be read or is there already.
    fn add_standard(&mut self, number: u8, critical: bool, value: &'a [u8]) -> Option<()> {
        self.has_unknown_critical |=
            critical && !matches!(number, 15 | 17 | 19 | 30 | 31 | 37) && !POLICIES.contains(&number);
        match number {
            14 => once(&mut self.subject_key, der::only(value, tag::OCTET_STRING)),
            15 => once(&mut self.key_usage, bits(value).filter(|bits| *bits != 0)),
            17 => once(&mut self.names, names(value)),
            19 => once(&mut self.basic, basic(value)),
            30 => once(&mut self.name_constraints, whole(value)),
            31 => once(&mut self.crl_points, crl_points(value)),
            35 => once(&mut self.authority, authority(value)),
            37 => once(&mut self.serves, serves(value)),
            _ => Some(()),
        }
    }

    /// Returns true when the certificate, where it says what for, may sign certificates.
    fn signs_certificates(&self) -> bool {
        self.key_usage.is_none_or(|bits| bits & usage::SIGN_CERTIFICATES != 0)
    }

    /// Returns true when this is an authority for certificates of version 3.
    pub(super) fn is_authority(&self) -> bool {
        self.signs_certificates() && self.basic.is_some_and(|basic| basic.is_authority)
    }

    /// Returns true when this may end a chain: an authority, or one from times before there were authorities.
    /// v1: OpenSSL's `check_ca`, `check_ssl_ca`. Parity: `chain/anchor-v1`, `chain/anchor-no-basic`.
    pub(super) fn may_end_chain(&self, is_v1_root: bool) -> bool {
        let is_old = self.basic.is_none()
            && (is_v1_root
                || self.key_usage.is_some()
                || self.netscape.is_some_and(|bits| bits & netscape::SSL_AUTHORITY != 0));
        self.is_authority() || self.signs_certificates() && is_old
    }

    /// Returns true when the certificate, where it says what for, is one for servers or for their issuers.
    pub(super) fn serves(&self) -> bool {
        self.serves != Some(false)
    }

    /// Returns true when the key, where the certificate says what for, may be that of a server.
    /// v1: OpenSSL's `check_purpose_ssl_server`. Parity: `chain/leaf-usage-sign`, `chain/leaf-netscape-client`.
    pub(super) fn is_for_server(&self) -> bool {
        self.serves()
            && self.key_usage.is_none_or(|bits| bits & usage::TLS_SERVER != 0)
            && self.netscape.is_none_or(|bits| bits & netscape::SSL_SERVER != 0)
    }
}

/// Keeps what an extension says; `None` when there is nothing, or already something.
fn once<T>(place: &mut Option<T>, value: Option<T>) -> Option<()> {
    let value = value?;
    place.replace(value).is_none().then_some(())
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

/// Reads `subjectAltName`.
fn names(value: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    /// Those with elements inside, and those without.
    const KINDS: [u8; 9] = [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88];
    der::elements(whole(value)?).filter(|names| names.iter().all(|(kind, _)| KINDS.contains(kind)))
}

/// Reads `basicConstraints`.
fn basic(value: &[u8]) -> Option<Basic> {
    let mut fields = Reader::new(der::only(value, tag::SEQUENCE)?);
    let is_authority = fields.optional(tag::BOOLEAN).is_some_and(|value| value != [0]);
    let length = fields.optional(tag::INTEGER);
    fields.is_empty().then_some(())?;
    let path_length = match length {
        None => None,
        Some(bytes) if bytes.first().is_none_or(|first| *first >= 0x80) => return None,
        Some(bytes) => Some(bytes.iter().fold(0_u64, |sum, byte| sum.saturating_mul(256) + u64::from(*byte))),
    };
    Some(Basic { is_authority, path_length })
}

/// Reads `authorityKeyIdentifier`; of the names of the issuer the first that is a directory name counts.
fn authority(value: &[u8]) -> Option<AuthorityKey<'_>> {
    const DIRECTORY_NAME: u8 = tag::NESTED | 4;
    let mut fields = Reader::new(der::only(value, tag::SEQUENCE)?);
    let key = fields.optional(tag::CONTEXT);
    let names = fields.optional(tag::NESTED | 1).map(der::elements);
    let serial = fields.optional(tag::CONTEXT | 2);
    fields.is_empty().then_some(())?;
    let names = names.unwrap_or(Some(Vec::new()))?;
    let name = names.iter().find(|(kind, _)| *kind == DIRECTORY_NAME);
    let issuer = name.map(|(_, name)| der::only(name, tag::SEQUENCE));
    Some(AuthorityKey { key, issuer: issuer.map_or(Some(None), |name| name.map(Some))?, serial })
}

/// Reads `extKeyUsage`: true when it names servers.
fn serves(value: &[u8]) -> Option<bool> {
    let purposes = der::elements(der::only(value, tag::SEQUENCE)?)?;
    let are_purposes = purposes.iter().all(|(kind, _)| *kind == tag::OID);
    are_purposes.then(|| purposes.iter().any(|(_, purpose)| SERVER_PURPOSES.contains(purpose)))
}

/// Reads `cRLDistributionPoints`: each has a name or an issuer.
fn crl_points(value: &[u8]) -> Option<()> {
    let points = der::elements(whole(value)?)?;
    let is_point = |&(kind, point): &(u8, &[u8])| {
        let fields = der::elements(point).unwrap_or_default();
        kind == tag::SEQUENCE && fields.iter().any(|(kind, _)| [tag::NESTED, tag::NESTED | 2].contains(kind))
    };
    points.iter().all(is_point).then_some(())
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
