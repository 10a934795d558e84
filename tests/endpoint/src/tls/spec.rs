//! Chains of certificates from one line of text, so that a test says in place what its server shows.
//!
//! ```text
//! leaf san=dns:localhost < mid path=0 < root to=2021; send leaf mid; trust root
//! ```
//!
//! A certificate is a name and its options, `<` stands before its issuer, the last one issued itself. What was defined
//! before is named without options. The first line is what is sent and, its last certificate, what is trusted, unless
//! `send` and `trust` say otherwise. Options:
//!
//! | option | what it sets |
//! |---|---|
//! | `subject=` `issuer=` | common name; empty for no name at all. `mail=` adds an address to the subject |
//! | `key=` `kind=` | whose key it has, and which: `p256` `p384` `p521` `ed25519` `rsa1024` `rsa2048` |
//! | `by=` `hash=` | whose key signs, with which hash |
//! | `serve=` `tls=1.2` | with whose key the server speaks, and only this version; `alpn=` and this protocol |
//! | `from=` `to=` | years; `serial=` bytes, `v=1` no version |
//! | `ca=yes/no/none/negative` `path=` | basic constraints |
//! | `usage=` `purpose=` `netscape=` | lists: `digital,encipher,agree,sign,crl,repudiate,empty`; `server,client,any,sgc,netscape,empty`; `server,client,ca` |
//! | `san=` | `dns:` `ip:` `mail:` `url:` `other:` `dir:` names, `none`, `empty` |
//! | `permit=` `forbid=` | name constraints, `ip:` with its mask after a slash |
//! | `ski=` `aki=` | `none`, `wrong`; `aki` also `issuer`, `wrong-issuer`, `wrong-serial` |
//! | `add=` `critical=` `twice=` `break=` | an extension `OID:HEX` (with `!` in front: critical), and what becomes of the extension with this identifier |
//! | `cut` `trailing` | the certificate ends too early or too late |

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asn1::{bits, hex, oid, sequence, tlv};
use super::key::{self, Key};

/// Options of a certificate.
type Options = BTreeMap<String, String>;

/// A certificate, as its issuer and its server need it.
#[derive(Clone)]
pub(super) struct Made {
    /// All of it.
    pub(super) der: Vec<u8>,
    /// Its key.
    pub(super) key: Arc<Key>,
    /// Its options.
    pub(super) options: Options,
    name: Vec<u8>,
    issuer: Vec<u8>,
    serial: Vec<u8>,
}

/// What a line of text describes.
pub(super) struct Description {
    /// What the server sends, its own certificate first.
    pub(super) sent: Vec<Made>,
    /// What stands in the bundle.
    pub(super) trusted: Vec<Made>,
}

/// Makes the certificates of a line of text.
pub(super) fn make(text: &str) -> Description {
    let mut made: BTreeMap<String, Made> = BTreeMap::new();
    let (mut sent, mut trusted) = (Vec::new(), Vec::new());
    for statement in text.split(';').map(str::trim) {
        let words: Vec<String> = statement.split_whitespace().map(str::to_owned).collect();
        match words.split_first().map(|(verb, names)| (verb.as_str(), names)) {
            Some(("send", names)) => sent = names.to_vec(),
            Some(("trust", names)) => trusted = names.to_vec(),
            _ => {
                let names = define(statement, &mut made);
                if sent.is_empty() {
                    sent = names[..names.len().saturating_sub(1).max(1)].to_vec();
                    trusted = names.last().cloned().into_iter().collect();
                }
            }
        }
    }
    let find = |names: &[String]| -> Vec<Made> {
        let find = |name| made.get(name).unwrap_or_else(|| panic!("no certificate is named {name}: {text}"));
        names.iter().map(|name| find(name).clone()).collect()
    };
    Description { sent: find(&sent), trusted: find(&trusted) }
}

/// Makes the certificates of one statement, the last one first, and returns their names.
fn define(statement: &str, made: &mut BTreeMap<String, Made>) -> Vec<String> {
    let mut names = Vec::new();
    let mut issuer: Option<Made> = None;
    for part in statement.split('<').rev() {
        let mut words = part.split_whitespace();
        let name = words.next().unwrap_or_else(|| panic!("a certificate has no name: {statement}"));
        let option = |word: &str| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name.to_owned(), value.to_owned())
        };
        let options: Options = words.map(option).collect();
        let known = made.get(name).filter(|_| options.is_empty()).cloned();
        let certificate = known.unwrap_or_else(|| Made::new(name, &options, issuer.as_ref()));
        made.insert(name.to_owned(), certificate.clone());
        issuer = Some(certificate);
        names.insert(0, name.to_owned());
    }
    names
}

impl Made {
    /// Makes one certificate; without `issuer` it is its own.
    fn new(name: &str, options: &Options, issuer: Option<&Self>) -> Self {
        let get = |option: &str| options.get(option).map(String::as_str);
        let is_leaf = name.starts_with("leaf");
        let key = key::named(get("key").unwrap_or(name), get("kind").unwrap_or("p256"));
        let common = get("subject").unwrap_or(if is_leaf { "localhost" } else { name });
        let subject = distinguished(common, get("mail"));
        let issuer_name = match (get("issuer"), issuer) {
            (Some(common), _) => distinguished(common, None),
            (None, Some(issuer)) => issuer.name.clone(),
            (None, None) => subject.clone(),
        };
        let signer = match (get("by"), issuer) {
            (Some(name), _) => key::named(name, "p256"),
            (None, Some(issuer)) => Arc::clone(&issuer.key),
            (None, None) => Arc::clone(&key),
        };
        let hash = get("hash").unwrap_or(signer.usual_hash());
        let serial = get("serial").map_or_else(|| serial(name, options), hex);
        let own = Self {
            der: Vec::new(),
            key,
            options: options.clone(),
            name: subject,
            issuer: issuer_name,
            serial,
        };
        let body = own.body(is_leaf, issuer, &signer.algorithm(hash));
        let signature = bits(0, &signer.sign(&body, hash));
        let mut der = sequence(&[body, signer.algorithm(hash), signature]);
        if options.contains_key("cut") {
            der.truncate(der.len() - 9);
        }
        if options.contains_key("trailing") {
            der.extend(b"more");
        }
        Self { der, ..own }
    }

    /// What is signed.
    fn body(&self, is_leaf: bool, issuer: Option<&Self>, algorithm: &[u8]) -> Vec<u8> {
        let get = |option: &str| self.options.get(option).map(String::as_str);
        let time = |year: &str| tlv(0x18, format!("{year}0101000000Z").as_bytes());
        let validity = [time(get("from").unwrap_or("2020")), time(get("to").unwrap_or("2080"))];
        let mut fields = vec![
            tlv(0x02, &self.serial),
            algorithm.to_vec(),
            self.issuer.clone(),
            sequence(&validity),
            self.name.clone(),
            self.key.public(),
        ];
        if get("v") != Some("1") {
            fields.insert(0, tlv(0xa0, &[2, 1, 2]));
            fields.push(tlv(0xa3, &sequence(&self.extensions(is_leaf, issuer))));
        }
        sequence(&fields)
    }

    /// The extensions, in the order of their table below.
    fn extensions(&self, is_leaf: bool, issuer: Option<&Self>) -> Vec<Vec<u8>> {
        let get = |option: &str| self.options.get(option).map(String::as_str);
        let names = "dns:localhost,ip:127.0.0.1,ip:::1";
        let usage = get("usage").or((!is_leaf).then_some("sign,crl"));
        let names = get("san").or(is_leaf.then_some(names));
        let constraints = (get("permit").is_some() || get("forbid").is_some())
            .then(|| constraints(get("permit"), get("forbid")));
        let mut all: Vec<(String, bool, Option<Vec<u8>>)> = vec![
            ("2.5.29.19".to_owned(), !is_leaf, basic(get("ca"), get("path"), is_leaf)),
            ("2.5.29.15".to_owned(), false, usage.and_then(key_usage)),
            ("2.5.29.37".to_owned(), false, get("purpose").map(purposes)),
            ("2.16.840.1.113730.1.1".to_owned(), false, get("netscape").and_then(key_usage)),
            ("2.5.29.17".to_owned(), false, names.and_then(general_names).map(|names| tlv(0x30, &names))),
            ("2.5.29.30".to_owned(), true, constraints),
            ("2.5.29.14".to_owned(), false, self.subject_key(is_leaf)),
            ("2.5.29.35".to_owned(), false, authority_key(get("aki"), issuer)),
        ];
        for added in get("add").into_iter().flat_map(|list| list.split(',')) {
            let (id, value) = added.split_once(':').unwrap_or((added, "0500"));
            all.push((id.trim_start_matches('!').to_owned(), id.starts_with('!'), Some(hex(value))));
        }
        let mut written = Vec::new();
        for (id, critical, value) in all {
            let Some(mut value) = value else { continue };
            let is_in = |option| get(option).is_some_and(|list| list.split(',').any(|named| named == id));
            if is_in("break") {
                value.pop();
            }
            let critical = if critical || is_in("critical") { vec![1, 1, 255] } else { Vec::new() };
            let extension = sequence(&[oid(&id), critical, tlv(0x04, &value)]);
            written.extend(std::iter::repeat_n(extension, if is_in("twice") { 2 } else { 1 }));
        }
        written
    }

    /// The subject's key identifier.
    fn subject_key(&self, is_leaf: bool) -> Option<Vec<u8>> {
        match self.options.get("ski").map(String::as_str) {
            Some("none") => None,
            None if is_leaf => None,
            Some("wrong") => Some(tlv(0x04, b"wrong")),
            _ => Some(tlv(0x04, &identifier(&self.key))),
        }
    }
}

/// The identifier of a key.
fn identifier(key: &Key) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, &key.public()).as_ref()[..20].to_vec()
}

/// A serial number that differs from certificate to certificate.
fn serial(name: &str, options: &Options) -> Vec<u8> {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{name} {options:?}").as_bytes());
    [&[0x10], &digest.as_ref()[..7]].concat()
}

/// A name: its common name and a mail address, as far as there are any. `T:` in front makes it a printable string.
fn distinguished(common: &str, mail: Option<&str>) -> Vec<u8> {
    let part = |id: &str, text: Vec<u8>| tlv(0x31, &sequence(&[oid(id), text]));
    let (kind, common) = common.strip_prefix("T:").map_or((0x0c, common), |common| (0x13, common));
    let common = (!common.is_empty()).then(|| part("2.5.4.3", tlv(kind, common.as_bytes())));
    let mail = mail.map(|mail| part("1.2.840.113549.1.9.1", tlv(0x16, mail.as_bytes())));
    sequence(&common.into_iter().chain(mail).collect::<Vec<_>>())
}

/// `basicConstraints`.
fn basic(authority: Option<&str>, path: Option<&str>, is_leaf: bool) -> Option<Vec<u8>> {
    let path = path.map(|path| tlv(0x02, &[path.parse().expect("a path length")]));
    let yes = vec![1, 1, 255];
    let fields = match authority.unwrap_or(if is_leaf { "none" } else { "yes" }) {
        "none" => return None,
        "no" => path.into_iter().collect(),
        "negative" => vec![yes, vec![2, 1, 255]],
        _ => [vec![yes], path.into_iter().collect()].concat(),
    };
    Some(sequence(&fields))
}

/// `keyUsage`, or Netscape's type of certificate; `None` for `none`.
fn key_usage(list: &str) -> Option<Vec<u8>> {
    let bit = |name: &str| match name {
        "digital" | "client" => 0x80,
        "server" | "repudiate" => 0x40,
        "encipher" => 0x20,
        "agree" => 0x08,
        "sign" | "ca" => 0x04,
        "crl" => 0x02,
        "empty" => 0,
        _ => panic!("no usage is named {name}"),
    };
    (list != "none").then(|| {
        let byte: u8 = list.split(',').map(bit).sum();
        bits(u8::try_from(byte.trailing_zeros().min(7)).unwrap_or_default(), &[byte])
    })
}

/// `extKeyUsage`.
fn purposes(list: &str) -> Vec<u8> {
    let purpose = |name: &str| match name {
        "server" => oid("1.3.6.1.5.5.7.3.1"),
        "client" => oid("1.3.6.1.5.5.7.3.2"),
        "any" => oid("2.5.29.37.0"),
        "sgc" => oid("1.3.6.1.4.1.311.10.3.3"),
        "netscape" => oid("2.16.840.1.113730.4.1"),
        "empty" => Vec::new(),
        _ => panic!("no purpose is named {name}"),
    };
    sequence(&list.split(',').map(purpose).collect::<Vec<_>>())
}

/// The names of a list, one after the other; `None` for `none`.
fn general_names(list: &str) -> Option<Vec<u8>> {
    let name = |name: &str| match name.split_once(':').unwrap_or((name, "")) {
        ("dns", text) => tlv(0x82, text.as_bytes()),
        ("ip", text) => tlv(0x87, &addresses(text)),
        ("mail", text) => tlv(0x81, text.as_bytes()),
        ("url", text) => tlv(0x86, text.as_bytes()),
        ("dir", text) => tlv(0xa4, &distinguished(text, None)),
        ("other", text) => {
            let id = oid("1.3.6.1.5.5.7.8.9");
            tlv(0xa0, &[id, tlv(0xa0, &tlv(0x0c, text.as_bytes()))].concat())
        }
        ("raw", text) => hex(text),
        ("empty", _) => Vec::new(),
        _ => panic!("no name is {name}"),
    };
    (list != "none").then(|| list.split(',').flat_map(name).collect())
}

/// An address, or an address and its mask; other text is taken for hexadecimal digits.
fn addresses(text: &str) -> Vec<u8> {
    let bytes = |text: &str| match text.parse() {
        Ok(std::net::IpAddr::V4(address)) => address.octets().to_vec(),
        Ok(std::net::IpAddr::V6(address)) => address.octets().to_vec(),
        Err(_) => hex(text),
    };
    text.split('/').flat_map(bytes).collect()
}

/// `nameConstraints`.
fn constraints(permitted: Option<&str>, forbidden: Option<&str>) -> Vec<u8> {
    let subtrees = |list: &str| -> Vec<u8> {
        let one = |name| tlv(0x30, &general_names(name).unwrap_or_default());
        list.split(',').flat_map(one).collect()
    };
    let lists = [(0xa0, permitted), (0xa1, forbidden)];
    let lists = lists.into_iter().filter_map(|(tag, list)| list.map(|list| tlv(tag, &subtrees(list))));
    sequence(&lists.collect::<Vec<_>>())
}

/// `authorityKeyIdentifier`; none where a certificate is its own issuer and says nothing.
fn authority_key(kind: Option<&str>, issuer: Option<&Made>) -> Option<Vec<u8>> {
    let (issuer, kind) = match (issuer, kind) {
        (_, Some("none")) | (None, None) => return None,
        (_, Some("wrong")) => return Some(sequence(&[tlv(0x80, b"other")])),
        (None, Some(_)) => return Some(sequence(&[tlv(0x82, &[1])])),
        (Some(issuer), kind) => (issuer, kind),
    };
    let named = |name: &[u8], serial: &[u8]| sequence(&[tlv(0xa1, &tlv(0xa4, name)), tlv(0x82, serial)]);
    Some(match kind {
        Some("issuer") => named(&issuer.issuer, &issuer.serial),
        Some("wrong-issuer") => named(&distinguished("nobody", None), &issuer.serial),
        Some("wrong-serial") => named(&issuer.issuer, &[1]),
        _ => sequence(&[tlv(0x80, &identifier(&issuer.key))]),
    })
}
