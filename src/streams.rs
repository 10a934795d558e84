//! Standard output and error as Python has them, so that what cannot be written ends as it ends there.

use std::io::{self, IsTerminal, Write};

use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::stdio::Encoding;

/// How much text Python collects before it hands it to the buffer below.
const CHUNK: usize = 8192;
/// Takes back all colours.
const RESET: &[u8] = b"\x1b[0m";

/// The two streams that the program writes to.
pub struct Streams {
    pub(crate) out: Box<dyn Write>,
    err: Box<dyn Write>,
    pub(crate) encoding: Encoding,
    /// True when a reset follows each write to standard error.
    resets: bool,
    /// True when a terminal gets a last reset at the end.
    resets_at_end: bool,
}

impl Streams {
    pub(crate) fn new(out: Box<dyn Write>, err: Box<dyn Write>) -> Self {
        Self { out, err, encoding: Encoding::SYSTEM, resets: false, resets_at_end: false }
    }

    /// Returns the streams of this process.
    pub fn of_process() -> Self {
        #[cfg(unix)]
        let (raw, err, block) = {
            let (out, err) = (rustix::stdio::stdout(), rustix::stdio::stderr());
            let block = rustix::fs::fstat(out).map_or(0, |file| file.st_blksize);
            (Descriptor(out), Box::new(Descriptor(err)), usize::try_from(block).unwrap_or_default())
        };
        #[cfg(not(unix))]
        let (raw, err, block) = (io::stdout(), Box::new(io::stderr()), 0);
        let block = if block > 1 { block } else { CHUNK };
        let by_line = io::stdout().is_terminal();
        Self::new(Box::new(PythonStdout { raw, text: Vec::new(), bytes: Vec::new(), block, by_line }), err)
    }

    /// Takes the encoding that `PYTHONIOENCODING` names.
    /// Errors: `Traceback` where Python has none of this name, so that v1 cannot start.
    /// Parity: OUT-17, MSG-08, `output/encoding/*`.
    pub(crate) fn set_encoding(&mut self, host: &Host) -> Result<(), Error> {
        if let Some(setting) = host.env_filled("PYTHONIOENCODING") {
            self.encoding = Encoding::of(setting)
                .ok_or_else(|| Error::Traceback(format!("PYTHONIOENCODING: unknown encoding: {setting}")))?;
        }
        Ok(())
    }

    /// Prints `text` to standard output.
    /// Errors: `Failure` in the codec's words for what the encoding has not; `StdoutLost`.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), Error> {
        let bytes = self.encoding.encode(text).map_err(|words| failure!("{words}"))?;
        self.out.write_all(&bytes).map_err(Error::StdoutLost)
    }

    /// Writes what v1 writes for the ending `error`, and returns the exit code. What is wrong with standard output shows
    /// when it is flushed.
    pub(crate) fn report(&mut self, error: &Error) -> u8 {
        if matches!(error, Error::Interrupted) {
            let _ = self.out.write_all(b"\n");
        }
        let written = error.writes().iter().try_for_each(|piece| self.write_stderr(piece));
        written.map_or(Error::LOST, |()| error.exit_code())
    }

    /// Writes `note` to standard error; a failure to do so is no reason to stop.
    pub(crate) fn warn(&mut self, note: &str) {
        let _ = self.write_stderr(note);
    }

    /// Writes `text` to standard error; characters that its encoding has not are spelled out.
    /// v1: error handler `backslashreplace`. Parity: MSG-08.
    fn write_stderr(&mut self, text: &str) -> io::Result<()> {
        let bytes = self.encoding.of_stderr().encode(text).map_err(io::Error::other)?;
        self.err.write_all(&bytes)?;
        self.err.write_all(if self.resets && !bytes.is_empty() { RESET } else { b"" })
    }

    /// Lets a reset follow each write to standard error from now on, as once a coloured table was made ready; a
    /// terminal gets one more at the end.
    /// v1: `colorama.init(autoreset=True)`. Parity: MSG-12, OUT-37.
    pub(crate) fn reset_after_writes(&mut self, is_terminal: bool) {
        (self.resets, self.resets_at_end) = (true, is_terminal);
    }

    /// Writes what is still held back.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if self.resets_at_end {
            self.out.write_all(RESET)?;
        }
        self.out.flush()?;
        self.err.flush()
    }
}

/// Python's layers over a descriptor. Text is collected in the upper one, up to [`CHUNK`]; what leaves it and
/// cannot be written is lost, while the lower one, of the size of the file's blocks, keeps what it has and tries it
/// once more: so a lost stdout shows at the end of the program for small outputs only.
/// v1: `io.TextIOWrapper` over `io.BufferedWriter`. Parity: OUT-46, OUT-47.
struct PythonStdout<W> {
    raw: W,
    /// The upper layer.
    text: Vec<u8>,
    /// The lower layer.
    bytes: Vec<u8>,
    /// How much the lower layer holds.
    block: usize,
    /// True on a terminal: each line goes out at once.
    by_line: bool,
}

impl<W: Write> PythonStdout<W> {
    /// Hands the upper layer to the lower one.
    fn pass_text(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        let mut rest = text.as_slice();
        if self.bytes.len() + rest.len() > self.block {
            self.pass_bytes()?;
            while rest.len() > self.block {
                let written = write_some(&mut self.raw, rest)?;
                rest = rest.get(written..).unwrap_or_default();
            }
        }
        self.bytes.extend(rest);
        Ok(())
    }

    /// Writes what the lower layer has.
    fn pass_bytes(&mut self) -> io::Result<()> {
        while !self.bytes.is_empty() {
            let written = write_some(&mut self.raw, &self.bytes)?;
            self.bytes.drain(..written.min(self.bytes.len()));
        }
        self.raw.flush()
    }
}

impl<W: Write> Write for PythonStdout<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if !self.text.is_empty() && self.text.len() + piece.len() > CHUNK {
            self.pass_text()?;
        }
        self.text.extend(piece);
        let ends_line = self.by_line && piece.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if ends_line {
            self.flush()?;
        } else if self.text.len() >= CHUNK {
            self.pass_text()?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_text()?;
        self.pass_bytes()
    }
}

fn write_some(raw: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match raw.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            written => return written,
        }
    }
}

/// A stream of this process without Rust's own buffer, and without a descriptor more: `ulimit -n 5` is enough.
#[cfg(unix)]
struct Descriptor(std::os::fd::BorrowedFd<'static>);

#[cfg(unix)]
impl Write for Descriptor {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(self.0, piece)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full device.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_device_shows_at_the_end_for_small_outputs_only() {
        let rows: [(&[usize], bool, bool); 5] = [
            (&[10], false, true),        // both flushes fail
            (&[8000, 1], false, false),  // more than a block: lost in the first flush
            (&[19, 8187], false, true),  // the 19 are kept
            (&[8192, 1], true, false),   // a whole chunk fails at once
            (&[8000, 500], true, false), // and so does the chunk before one that does not fit
        ];
        for (pieces, in_write, at_end) in rows {
            let mut stream =
                PythonStdout { raw: Full, text: vec![], bytes: vec![], block: 4096, by_line: false };
            let failed = pieces.iter().any(|size| stream.write_all(&vec![b'x'; *size]).is_err());
            assert_eq!(failed, in_write, "{pieces:?}");
            let _ = stream.flush();
            assert_eq!(stream.flush().is_err(), at_end, "{pieces:?}");
        }
    }
}
