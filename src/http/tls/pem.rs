//! PEM as OpenSSL reads it: labels and bytes of its blocks. It is one pass over the lines, for a bundle has thousands.

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// So much of a line is read at once.
const LONGEST_PART: usize = 254;
/// Longest line of a block with a header.
const LONGEST_LINE: usize = 64;

/// A block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// What it says that it is.
    pub(super) label: &'a [u8],
    /// Lines stood before an empty one: a header, which certificates have none of.
    pub(super) has_header: bool,
    /// What it holds.
    pub(super) content: Vec<u8>,
}

/// Reads all blocks of a text; `None` when one is broken, of whatever kind.
/// v1: OpenSSL's `PEM_read_bio`. Parity: `bundle/bom`, `bundle/empty-last`.
pub(super) fn blocks(text: &[u8]) -> Option<Vec<Block<'_>>> {
    let mut rest = text;
    let mut blocks = Vec::new();
    while let Some(label) = next_label(&mut rest) {
        let (has_header, letters) = body(&mut rest, label)?;
        blocks.push(Block { label, has_header, content: decode(letters)? });
    }
    Some(blocks)
}

/// Reads up to the line that begins the next block, and returns its label; a byte order mark may stand at the start.
fn next_label<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    *rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
    loop {
        let line = Line::next(rest)?;
        if let Some(label) = line.text.strip_prefix(BEGIN).and_then(|line| line.strip_suffix(DASHES)) {
            return Some(label);
        }
    }
}

/// A line, or the next part of one that is longer than OpenSSL reads at once.
struct Line<'a> {
    /// Its text, without what OpenSSL takes for blank at its end.
    text: &'a [u8],
    /// More of it follows.
    is_part: bool,
}

impl<'a> Line<'a> {
    /// Reads the next line; `None` at the end of the text.
    fn next(rest: &mut &'a [u8]) -> Option<Self> {
        let window = rest.get(..LONGEST_PART).unwrap_or(rest);
        let length = memchr::memchr(b'\n', window).map_or(window.len(), |end| end + 1);
        let (line, after) = rest.split_at_checked(length)?;
        *rest = after;
        (length > 0).then_some(())?;
        let is_letter = |byte: &u8| (b'!'..0x80).contains(byte);
        let text = line.get(..line.iter().rposition(is_letter).map_or(0, |last| last + 1))?;
        Some(Self { text, is_part: length == LONGEST_PART && !line.ends_with(b"\n") })
    }
}

/// Reads the lines of a block and the one that ends it: whether it has a header, and its letters.
fn body(rest: &mut &[u8], label: &[u8]) -> Option<(bool, Vec<u8>)> {
    let mut letters = Vec::with_capacity(2048);
    let (mut has_header, mut is_after_empty, mut is_last, mut goes_on) = (false, false, false, false);
    loop {
        let line = Line::next(rest)?;
        let text = line.text;
        if text.is_empty() && !goes_on {
            if is_after_empty {
                return None;
            }
            has_header = !letters.is_empty();
            is_after_empty = true;
            letters.clear();
        } else if let Some(end) = text.strip_prefix(END) {
            let is_end = end.strip_suffix(DASHES).is_some_and(|end| end == label);
            return is_end.then_some((has_header, letters));
        } else if is_last || is_after_empty && text.len() > LONGEST_LINE {
            return None;
        } else if !text.is_empty() {
            is_last = is_after_empty && text.len() < LONGEST_LINE;
            letters.extend_from_slice(text);
        }
        goes_on = line.is_part;
    }
}

/// Decodes base64 with blanks in it; `None` when it is broken or empty. Most bundles have none, so they are looked for
/// only where it cannot be decoded.
fn decode(mut letters: Vec<u8>) -> Option<Vec<u8>> {
    let decoded = base64_simd::STANDARD.decode_to_vec(&letters).or_else(|_| {
        letters.retain(|letter| !matches!(letter, b' ' | b'\t' | b'\r'));
        base64_simd::STANDARD.decode_to_vec(&letters)
    });
    decoded.ok().filter(|content| !content.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_as_openssl_reads_them() {
        let one = "-----BEGIN A B-----\nTWFu\nTWE=\n-----END A B-----\n";
        for (text, expected) in [
            ("", Some(0)),
            ("nothing\n", Some(0)),
            (one, Some(1)),
            (one.trim_end(), Some(1)),
            (&one.repeat(3), Some(3)),
            (&format!("\u{feff}{one}\u{feff}{one}"), Some(2)),
            (&one.replace('\n', " \t\r\n"), Some(1)),
            (&one.replace('\n', "\r").repeat(8), Some(0)),
            (&one.replace('\n', "\r"), None),
            (&one.replace("TWFu", &"TWFu".repeat(200)), Some(1)),
            (&one.replace("TWFu", " T W\tFu"), Some(1)),
            (&one.replace("TWFu\n", "\nTWFu"), Some(1)),
            (&one.replace("TWFu\n", "\nTWFu\n"), None),
            (&one.replace("TWFu\n", "\n\nTWFu"), None),
            (&one.replace("END A", "END B"), None),
            (&one.replace("TWFu", "TW*u"), None),
            (&one.replace("TWE=", "TWE"), None),
            (&one.replace("-----END A B-----", ""), None),
        ] {
            assert_eq!(blocks(text.as_bytes()).map(|blocks| blocks.len()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_header_is_what_stands_before_an_empty_line() {
        let text = b"-----BEGIN A-----\nName: x\n\nTWFu\n-----END A-----\n";
        let block = Block { label: b"A", has_header: true, content: b"Man".to_vec() };
        assert_eq!(blocks(text), Some(vec![block]));
    }
}
