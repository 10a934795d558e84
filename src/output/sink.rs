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

/// The codec's words for the first surrogate that no byte stands behind, and those that follow it.
///
/// v1: Python's UTF-8 codec with the error handler `surrogateescape`. Parity: OUT-17.
fn unencodable(piece: &str) -> Error {
    let codes: Vec<Option<u32>> = piece.chars().map(text::surrogate).collect();
    let is_bad = |code: &Option<u32>| code.is_some_and(|code| !(0xDC80..=0xDCFF).contains(&code));
    let start = codes.iter().position(is_bad).unwrap_or(0);
    let run: Vec<u32> = codes.into_iter().skip(start).map_while(|code| code).collect();
    match run.as_slice() {
        [code] => {
            failure!(
                "'utf-8' codec can't encode character '\\u{code:04x}' in position {start}: surrogates not allowed"
            )
        }
        run => {
            let end = start + run.len().saturating_sub(1);
            failure!(
                "'utf-8' codec can't encode characters in position {start}-{end}: surrogates not allowed"
            )
        }
    }
}
