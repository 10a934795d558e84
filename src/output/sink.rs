//! Where the formats write to: each call is one write of v1's.

use std::io::Write;

use crate::python::text;
use crate::{Error, failure};

/// Standard output as a format sees it.
pub(super) struct Sink<'a> {
    /// The stream.
    pub(super) out: &'a mut dyn Write,
    /// True when the table is coloured: each write is then followed by a reset.
    pub(super) colour: bool,
}

impl Sink<'_> {
    /// Writes one piece.
    ///
    /// # Errors
    /// `Failure` in the codec's words for a lone surrogate, of which nothing is written; `StdoutLost`.
    ///
    /// v1: `TextIOWrapper.write`, colorama's `AnsiToWin32.write`. Parity: OUT-17, OUT-37.
    pub(super) fn write(&mut self, piece: &str) -> Result<(), Error> {
        let bytes = text::encode(piece).map_err(|_| unencodable(piece))?;
        self.out.write_all(&bytes).map_err(Error::StdoutLost)?;
        if self.colour {
            self.out.flush().map_err(Error::StdoutLost)?;
            self.out.write_all(b"\x1b[0m").map_err(Error::StdoutLost)?;
        }
        Ok(())
    }
}

/// The codec's words for the first run of surrogates that holds one no byte stands behind.
///
/// v1: Python's UTF-8 codec with the error handler `surrogateescape`. Parity: OUT-17.
fn unencodable(piece: &str) -> Error {
    let codes: Vec<Option<u32>> = piece.chars().map(text::surrogate).collect();
    let mut start = 0;
    for run in codes.chunk_by(|left, right| left.is_some() == right.is_some()) {
        let (end, bad) = (start + run.len() - 1, |code: &u32| !(0xDC80..=0xDCFF).contains(code));
        if run.iter().flatten().any(bad) {
            let first = run.iter().flatten().next().copied().unwrap_or_default();
            return if start == end {
                failure!(
                    "'utf-8' codec can't encode character '\\u{first:04x}' in position {start}: surrogates not allowed"
                )
            } else {
                failure!(
                    "'utf-8' codec can't encode characters in position {start}-{end}: surrogates not allowed"
                )
            };
        }
        start = end + 1;
    }
    failure!("the result holds a character that cannot be written")
}
