//! PEM as OpenSSL reads it: labels and bytes of its blocks. It is one pass over the lines, for a bundle has thousands.

const DASHES: &[u8] = b"-----";
/// So much of a line is read at once.
const LONGEST_PART: usize = 254;
/// Longest line of a block with a header.
const LONGEST_LINE: usize = 64;

/// A block; with a header where lines stood before an empty one, which certificates have none of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) label: &'a [u8],
    pub(super) has_header: bool,
    pub(super) content: Vec<u8>,
}

/// Reads all blocks of a text; `None` when one is broken, of whatever kind. A byte order mark may stand before each.
/// v1: OpenSSL's `PEM_read_bio`. Parity: `bundle/bom`, `bundle/empty-last`.
pub(super) fn blocks(text: &[u8]) -> Option<Vec<Block<'_>>> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut rest = text.strip_prefix(MARK).unwrap_or(text);
    let mut blocks = Vec::new();
    while let Some((line, _)) = next_line(&mut rest) {
        if let Some(label) = line.strip_prefix(b"-----BEGIN ").and_then(|line| line.strip_suffix(DASHES)) {
            let (has_header, letters) = body(&mut rest, label)?;
            blocks.push(Block { label, has_header, content: decode(letters)? });
            rest = rest.strip_prefix(MARK).unwrap_or(rest);
        }
    }
    Some(blocks)
}

/// Reads the next line, without what OpenSSL takes for blank at its end, and returns with it whether more follows: of
/// a line that is longer than OpenSSL reads at once. `None` at the end of the text.
fn next_line<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], bool)> {
    let window = rest.get(..LONGEST_PART).unwrap_or(rest);
    let length = memchr::memchr(b'\n', window).map_or(window.len(), |end| end + 1);
    let (line, after) = rest.split_at_checked(length).filter(|_| length > 0)?;
    *rest = after;
    let is_letter = |byte: &u8| (b'!'..0x80).contains(byte);
    let text = line.get(..line.iter().rposition(is_letter).map_or(0, |last| last + 1))?;
    Some((text, length == LONGEST_PART && !line.ends_with(b"\n")))
}

/// Reads the lines of a block and the one that ends it: whether it has a header, and its letters.
fn body(rest: &mut &[u8], label: &[u8]) -> Option<(bool, Vec<u8>)> {
    let mut letters = Vec::with_capacity(2048);
    let (mut has_header, mut is_after_empty, mut is_last, mut goes_on) = (false, false, false, false);
    loop {
        let (text, is_part) = next_line(rest)?;
        if text.is_empty() && !goes_on {
            if is_after_empty {
                return None;
            }
            has_header = !letters.is_empty();
            is_after_empty = true;
            letters.clear();
        } else if let Some(end) = text.strip_prefix(b"-----END ") {
            return (end.strip_suffix(DASHES) == Some(label)).then_some((has_header, letters));
        } else if is_last || is_after_empty && text.len() > LONGEST_LINE {
            return None;
        } else if !text.is_empty() {
            is_last = is_after_empty && text.len() < LONGEST_LINE;
            letters.extend_from_slice(text);
        }
        goes_on = is_part;
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

    #[test]
    fn a_line_that_is_read_in_parts_is_no_empty_line() {
        let most = "TWFu".repeat(63);
        for (lines, has_header, length) in [
            (format!("{most}    \nTWFu"), false, 64 * 3),
            (format!("{most} \n\nTWFu"), true, 3),
            (format!("{most}\n\nTWFu"), true, 3),
        ] {
            let text = format!("-----BEGIN A-----\n{lines}\n-----END A-----\n");
            let blocks = blocks(text.as_bytes()).unwrap();
            let found: Vec<_> = blocks.iter().map(|block| (block.has_header, block.content.len())).collect();
            assert_eq!(found, [(has_header, length)], "{lines:?}");
        }
    }
}
