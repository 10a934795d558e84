//! Templates in the texts of cases: `{URL}`, `{HOME}`, `{REQ}`, ... -> bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use endpoint::clock;
use endpoint::tls::{Certificate, ca_pem, certificate_pem, key_pem};

/// The four required options; `{REQ}` as a word of its own stands for them.
pub const REQUIRED: [&str; 8] = [
    "--recovery-point-arn",
    "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0",
    "--source-backup-vault-name",
    "primary",
    "--destination-backup-vault-arn",
    "arn:aws:backup:us-east-1:123456789012:backup-vault:secondary",
    "--iam-role-arn",
    "arn:aws:iam::123456789012:role/copy",
];

/// Every template, without what follows a colon.
const NAMES: &[&str] = &[
    "HOME",
    "CWD",
    "CA",
    "HEX",
    "CA_PEM",
    "PEM",
    "REQ",
    "URL",
    "HOST",
    "PORT",
    "REPEAT",
    "TIME",
    "BASICTIME",
    "HTTPTIME",
    "EPOCH",
];

/// Returns the first word in braces that looks like a template and is none; `${NAME}` is a shell's.
pub fn unknown(text: &str) -> Option<&str> {
    let is_name = |name: &str| {
        name.len() > 1 && name.bytes().all(|letter| letter.is_ascii_uppercase() || letter == b'_')
    };
    let inside = text.match_indices('{').filter(|(at, _)| !text[..*at].ends_with('$'));
    let names = inside.filter_map(|(at, _)| text[at + 1..].split(['}', ':', '{']).next());
    let closed = |name: &&str| text.contains(&format!("{{{name}}}")) || text.contains(&format!("{{{name}:"));
    names.filter(closed).find(|name| is_name(name) && !NAMES.contains(name))
}

/// What templates stand for in one run of one case.
pub struct Places {
    /// The home.
    pub home: PathBuf,
    /// The working directory.
    pub cwd: PathBuf,
    /// The file with the test CA.
    pub ca: PathBuf,
    /// Scheme and port of each server.
    pub servers: BTreeMap<String, (String, u16)>,
    /// Name of the certificate of each server that has one.
    pub certificates: BTreeMap<String, String>,
    /// Seconds since 1970 at the start.
    pub now: i64,
    /// Times that templates gave, and the templates: they are masked in the result.
    pub times: RefCell<BTreeMap<String, String>>,
}

impl Places {
    /// Words with `{REQ}` spread out and all other templates filled in.
    pub fn words(&self, words: &[String]) -> Vec<OsString> {
        let mut filled = Vec::new();
        for word in words {
            if word == "{REQ}" {
                filled.extend(REQUIRED.iter().map(OsString::from));
            } else {
                filled.push(OsString::from_vec(self.bytes(word)));
            }
        }
        filled
    }

    /// A text that must be UTF-8 when filled in.
    pub fn text(&self, text: &str) -> String {
        String::from_utf8(self.bytes(text)).unwrap_or_else(|_| panic!("not UTF-8 when filled in: {text}"))
    }

    /// A text with its templates filled in; braces that are no template stay.
    ///
    /// # Panics
    /// Where a template stands for nothing: no such server, no number.
    pub fn bytes(&self, text: &str) -> Vec<u8> {
        let mut filled = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            filled.extend(rest[..start].bytes());
            let inside = &rest[start + 1..];
            let value = inside.find('}').and_then(|end| Some((self.value(&inside[..end])?, end)));
            let name = inside.split(['}', ':']).next().unwrap_or_default();
            assert!(value.is_some() || !NAMES.contains(&name), "a template that stands for nothing: {text}");
            if let Some((value, end)) = value {
                filled.extend(value);
                rest = &inside[end + 1..];
            } else {
                filled.push(b'{');
                rest = inside;
            }
        }
        filled.extend(rest.bytes());
        filled
    }

    /// What one template stands for; `None` where it is no template.
    fn value(&self, template: &str) -> Option<Vec<u8>> {
        let (name, rest) = template.split_once(':').unwrap_or((template, ""));
        let server = if rest.is_empty() { "backup" } else { rest };
        let text = match name {
            "HOME" => return Some(self.home.as_os_str().as_encoded_bytes().to_vec()),
            "CWD" => return Some(self.cwd.as_os_str().as_encoded_bytes().to_vec()),
            "CA" => return Some(self.ca.as_os_str().as_encoded_bytes().to_vec()),
            "HEX" => return Some(hex_bytes(rest)),
            "CA_PEM" => ca_pem().to_owned(),
            "PEM" => certificate_pem(Certificate::named(rest)).to_owned(),
            "TRUST" => Certificate::named(self.certificates.get(server)?).trusted_pem().to_owned(),
            "KEY" => key_pem(Certificate::named(rest)).to_owned(),
            "REQ" => REQUIRED.join(" "),
            "URL" => format!("{}://127.0.0.1:{}", self.servers.get(server)?.0, self.servers.get(server)?.1),
            "HOST" => format!("127.0.0.1:{}", self.servers.get(server)?.1),
            "PORT" => self.servers.get(server)?.1.to_string(),
            "REPEAT" => {
                let (times, piece) = rest.split_once(':')?;
                piece.repeat(times.parse().ok()?)
            }
            "TIME" => self.time(template, rest, clock::iso8601)?,
            "BASICTIME" => self.time(template, rest, clock::basic)?,
            "HTTPTIME" => self.time(template, rest, clock::http_date)?,
            "EPOCH" => self.time(template, rest, |epoch| epoch.to_string())?,
            _ => return None,
        };
        Some(text.into_bytes())
    }

    /// A time `offset` seconds from now, remembered for the mask.
    fn time(&self, template: &str, offset: &str, spell: fn(i64) -> String) -> Option<String> {
        let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
        let text = spell(self.now + offset);
        self.times.borrow_mut().insert(text.clone(), format!("{{{template}}}"));
        Some(text)
    }
}

/// Bytes of pairs of hexadecimal digits.
fn hex_bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|letter| letter.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).unwrap())
        .collect()
}
