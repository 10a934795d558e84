//! What varies from run to run, by a named list; the same for the oracle and for us.
//!
//! | mask | what it hides |
//! |---|---|
//! | places | temporary folders, the CA file, the program's own folder |
//! | ports | port numbers of the servers |
//! | times | times that a template of the case gave |
//! | version | what follows `aws-cli/1.46.3` (D8: no Python in ours) |
//! | log time | the time before a line of `--debug` |
//! | python | the folder of Python's library and the line in `_ssl.c` |
//! | thread | the address of a thread where Python cannot start |
//! | session name | the seconds in `botocore-session-..` |
//! | uuid | generated UUIDs (version 4), numbered by first appearance; those of the case stay |
//!
//! Dates and signatures of requests are judged, not masked: see `outcome`.

use std::collections::BTreeMap;

use super::oracle;
use super::template::Places;

/// Applies all masks to the texts of one result.
pub struct Mask {
    literals: Vec<(Vec<u8>, String)>,
    ports: Vec<(String, String)>,
    times: BTreeMap<String, String>,
    known: String,
    uuids: BTreeMap<String, Vec<String>>,
}

impl Mask {
    /// The masks of one run; UUIDs in `known` are the case's own.
    pub fn new(places: &Places, program_folder: &str, known: String) -> Self {
        let bytes = |path: &std::path::Path| path.as_os_str().as_encoded_bytes().to_vec();
        let mut literals = vec![
            (bytes(&places.home), "{HOME}".to_owned()),
            (bytes(&places.cwd), "{CWD}".to_owned()),
            (bytes(&places.ca), "{CA}".to_owned()),
            (bytes(places.home.parent().unwrap()), "{STAGE}".to_owned()),
        ];
        literals.push((program_folder.as_bytes().to_vec(), "{PROGRAM}".to_owned()));
        let label =
            |name: &str| if name == "backup" { "{PORT}".to_owned() } else { format!("{{PORT:{name}}}") };
        let ports = places.servers.iter().map(|(name, (_, port))| (port.to_string(), label(name))).collect();
        Self { literals, ports, times: places.times.borrow().clone(), known, uuids: BTreeMap::new() }
    }

    /// Masked bytes as lossless text: UTF-8 as it is, all else `bytes:` and escapes.
    pub fn bytes(&mut self, bytes: &[u8]) -> String {
        let mut bytes = bytes.to_vec();
        for (literal, label) in &self.literals {
            bytes = replace(&bytes, literal, label.as_bytes());
        }
        match String::from_utf8(bytes) {
            Ok(text) => self.text(&text),
            Err(error) => format!("bytes:{}", error.as_bytes().escape_ascii()),
        }
    }

    /// Masked text.
    pub fn text(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (literal, label) in &self.literals {
            if let Ok(literal) = std::str::from_utf8(literal) {
                text = text.replace(literal, label);
            }
        }
        for (port, label) in &self.ports {
            text = replace_number(&text, port, label);
        }
        for (time, label) in &self.times {
            text = text.replace(time, label);
        }
        text = text.split_inclusive('\n').map(|line| thread(&log_time(&version(line)))).collect();
        for (before, label) in [("botocore-session-", "<epoch>"), ("_ssl.c:", "<line>")] {
            text = digits_after(&text, before, label);
        }
        self.uuid("uuid", &python_library(&text))
    }

    /// Text with generated UUIDs numbered within their kind.
    pub fn uuid(&mut self, kind: &str, text: &str) -> String {
        let mut masked = String::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(found) =
                rest.get(..36).filter(|start| is_uuid4(start) && !self.known.contains(*start))
            {
                let list = self.uuids.entry(kind.to_owned()).or_default();
                let number = list.iter().position(|known| known == found).unwrap_or_else(|| {
                    list.push(found.to_owned());
                    list.len() - 1
                });
                masked.extend(["<", kind, "-", &(number + 1).to_string(), ">"]);
                rest = &rest[36..];
            } else {
                masked.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        masked
    }
}

/// A lower-case UUID of version 4.
fn is_uuid4(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => b"89ab".contains(&byte),
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// `aws-cli/1.46.3 ...` to the end of the line.
fn version(line: &str) -> String {
    const PRODUCT: &str = "aws-cli/1.46.3 ";
    let line = oracle::as_recorded(line);
    match line.find(PRODUCT) {
        Some(at) => {
            let end = if line.ends_with('\n') { "\n" } else { "" };
            format!("{}<platform>{end}", &line[..at + PRODUCT.len()])
        }
        None => line,
    }
}

/// `2026-01-02 03:04:05,678 - MainThread`.
fn log_time(line: &str) -> String {
    let shape: String =
        line.chars().take(23).map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect();
    if shape == "9999-99-99 99:99:99,999" { format!("<log time>{}", &line[23..]) } else { line.to_owned() }
}

/// `Current thread 0x00007fb01adbdb80 (most recent call first):`
fn thread(line: &str) -> String {
    let address = line.strip_prefix("Current thread 0x").and_then(|rest| rest.split_once(' '));
    address.map_or_else(|| line.to_owned(), |(_, rest)| format!("Current thread <address> {rest}"))
}

/// `/any/where/lib/python3.11/` of a warning.
fn python_library(text: &str) -> String {
    let Some(at) = text.find("/lib/python3.") else { return text.to_owned() };
    let start = text[..at]
        .rfind(|letter: char| letter.is_whitespace() || "\"'".contains(letter))
        .map_or(0, |at| at + 1);
    let after = text[at..]
        .trim_start_matches("/lib/python3.")
        .trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{}{{PYTHON}}{}", &text[..start], python_library(after))
}

/// All digits that follow `before`.
pub fn digits_after(text: &str, before: &str, label: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let after = &rest[at + before.len()..];
        masked.push_str(&rest[..at + before.len()]);
        rest = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
        if rest.len() < after.len() {
            masked.push_str(label);
        }
    }
    masked + rest
}

/// Every `number` that is not part of a longer one.
fn replace_number(text: &str, number: &str, label: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(number) {
        let after = &rest[at + number.len()..];
        let inside = rest[..at].ends_with(|letter: char| letter.is_ascii_digit())
            || after.starts_with(|letter: char| letter.is_ascii_digit());
        masked.push_str(&rest[..at]);
        masked.push_str(if inside { number } else { label });
        rest = after;
    }
    masked + rest
}

/// Every `from` in `bytes`.
fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend(&rest[..at]);
        replaced.extend(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend(rest);
    replaced
}
