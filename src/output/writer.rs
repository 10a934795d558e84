//! Where the formats write to: each call is one write of v1's.

use std::io::Write;

use crate::error::{Error, failure};
use crate::python::stdio::Encoding;

/// Standard output as a format sees it.
pub(super) struct FormatWriter<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) encoding: &'a Encoding,
    /// True when the table is coloured: each write is then followed by a reset.
    pub(super) colour: bool,
}

impl FormatWriter<'_> {
    /// Writes one piece.
    /// Errors: `Failure` in the codec's words for what the encoding has not: nothing of the piece is written;
    /// `StdoutLost`.
    /// v1: `TextIOWrapper.write`, colorama's `AnsiToWin32.write`. Parity: OUT-17, OUT-37.
    pub(super) fn write(&mut self, piece: &str) -> Result<(), Error> {
        let bytes = self.encoding.encode(piece).map_err(|words| failure!("{words}"))?;
        self.out.write_all(&bytes).map_err(Error::StdoutLost)?;
        if self.colour {
            self.out.flush().map_err(Error::StdoutLost)?;
            self.out.write_all(b"\x1b[0m").map_err(Error::StdoutLost)?;
        }
        Ok(())
    }
    /// Writes a line, its end in a write of its own.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Error> {
        self.write(text)?;
        self.write("\n")
    }
}
