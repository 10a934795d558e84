//! The one runtime of a run, and its guard for Ctrl-C. Whatever may take long is waited for on this thread, by `poll`,
//! which a signal ends: without a queue of events, a thread, or a descriptor more.

use std::fs::File;
use std::io::{self, Read};
#[cfg(unix)]
pub(crate) use std::os::fd::AsFd;
#[cfg(not(unix))]
pub(crate) use std::os::windows::io::AsHandle as AsFd;
use std::path::Path;
use std::process::{Child, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::error::{Error, failure};
use crate::python::oserror;

/// Longest wait before Ctrl-C is looked for, in case its signal came just before the wait.
const SLICE: Duration = Duration::from_millis(500);
const PIECE: usize = 4096;

/// The runtime of a run, made when something is waited for. Copies share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runtime(Arc<OnceLock<Started>>);

/// A runtime that was needed, and whether Ctrl-C came since.
#[derive(Debug)]
struct Started {
    executor: tokio::runtime::Runtime,
    interrupted: Arc<AtomicBool>,
}

impl Runtime {
    /// Runs `future` to its end.
    /// Errors: `Interrupted` on Ctrl-C since the runtime was made, unless the program was started with that ignored;
    /// `Failure` where the system gives no runtime.
    /// Parity: DBG-06, MSG-07, `debug/interrupt-ignored`.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        let started = self.started().map_err(|error| failure!("{}", oserror::text(&error)))?;
        started.executor.block_on(async {
            let mut future = std::pin::pin!(future);
            std::future::poll_fn(|context| {
                if started.interrupted.swap(false, Ordering::Relaxed) {
                    return Poll::Ready(Err(Error::Interrupted));
                }
                future.as_mut().poll(context).map(Ok)
            })
            .await
        })
    }

    /// Lets Ctrl-C count only in [`Runtime::block_on`] from now on.
    pub(crate) fn hold_interrupts(&self) -> io::Result<()> {
        self.started().map(drop)
    }

    /// Returns the bytes of an open file. Ctrl-C ends the wait for a pipe or a terminal.
    /// Errors: `Failure` in the words of Python's `OSError`, `Interrupted`.
    pub(crate) fn read_to_end(&self, mut file: File) -> Result<Vec<u8>, Error> {
        let content = if file.metadata().is_ok_and(|facts| facts.is_file()) {
            let mut content = Vec::new();
            file.read_to_end(&mut content).map(|_| content)
        } else {
            self.block_on(read_until(file, None))?
        };
        content.map_err(|error| failure!("{}", oserror::text(&error)))
    }

    /// Returns the runtime, made at the first use. A handler that cannot be installed leaves Ctrl-C to the system.
    fn started(&self) -> io::Result<&Started> {
        if let Some(started) = self.0.get() {
            return Ok(started);
        }
        let mut executor = tokio::runtime::Builder::new_current_thread();
        #[cfg(not(unix))]
        executor.enable_io();
        let executor = executor.enable_time().build()?;
        let interrupted = Arc::<AtomicBool>::default();
        if !ignores_interrupt() {
            let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted));
        }
        Ok(self.0.get_or_init(|| Started { executor, interrupted }))
    }
}

/// Makes a file that grows beyond `ulimit -f` an error of the write, as Python does, instead of the end of the
/// process. Without such a limit, and on a system that knows none, this does nothing.
/// Parity: `signals/file-size-none`.
pub(crate) fn catch_file_size_limit() {
    #[cfg(unix)]
    if rustix::process::getrlimit(rustix::process::Resource::Fsize).current.is_some() {
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    }
}

/// Waits that long; Ctrl-C ends it.
pub(crate) async fn sleep(pause: Duration) {
    let start = Instant::now();
    loop {
        let left = pause.saturating_sub(start.elapsed());
        if left.is_zero() {
            return;
        }
        #[cfg(unix)]
        wait(&[], left.min(SLICE));
        #[cfg(not(unix))]
        std::thread::sleep(left.min(SLICE));
        tokio::task::yield_now().await;
    }
}

/// Opens a file for [`Runtime::read_to_end`]: that of a named pipe does not wait for a writer.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    options.read(true).open(path)
}

/// Returns what `file` gives, to its end or up to the first `stop`, which is included.
pub(crate) async fn read_until(mut file: impl Read + AsFd, stop: Option<u8>) -> io::Result<Vec<u8>> {
    let most = if stop.is_some() { 1 } else { PIECE }; // what follows the line is somebody else's
    let mut content = Vec::new();
    loop {
        #[cfg(unix)]
        while !wait(&[file.as_fd()], SLICE) {
            tokio::task::yield_now().await; // Ctrl-C is noticed here
        }
        let is_end = read_piece(&mut file, most, &mut content)? == 0;
        if is_end || stop.is_some() && content.last().copied() == stop {
            return Ok(content);
        }
    }
}

/// Appends what one read of at most so many bytes gives; returns how many.
fn read_piece(file: &mut impl Read, most: usize, content: &mut Vec<u8>) -> io::Result<usize> {
    let mut piece = [0; PIECE];
    let length = file.read(piece.get_mut(..most).unwrap_or_default())?;
    content.extend_from_slice(piece.get(..length).unwrap_or_default());
    Ok(length)
}

/// Returns what a program writes until it ends; its streams are pipes, of which each is read to `most` bytes and a few
/// more. A program that prints more than that is ended.
/// v1: `Popen.communicate`. Parity: `signals/interrupt-process`, `signals/interrupt-process-closed`.
#[cfg(unix)]
pub(crate) async fn output(mut program: Child, most: usize) -> io::Result<Output> {
    const PAUSE: Duration = Duration::from_millis(2); // before a program that has closed its streams is looked at
    let (mut out, mut err) = (program.stdout.take(), program.stderr.take());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    while out.is_some() || err.is_some() {
        let open = out.iter().map(AsFd::as_fd).chain(err.iter().map(AsFd::as_fd));
        wait(&open.collect::<Vec<_>>(), SLICE);
        drain(&mut out, &mut stdout, most)?;
        drain(&mut err, &mut stderr, most)?;
        tokio::task::yield_now().await;
    }
    if stdout.len() > most {
        program.kill()?;
    }
    loop {
        if let Some(status) = program.try_wait()? {
            return Ok(Output { status, stdout, stderr });
        }
        sleep(PAUSE).await;
    }
}

/// Returns what a program writes until it ends; on this system the wait is not interrupted.
#[cfg(not(unix))]
pub(crate) async fn output(program: Child, _: usize) -> io::Result<Output> {
    program.wait_with_output()
}

/// Appends what a pipe holds; at its end, or where more than `most` was read, it is closed.
#[cfg(unix)]
fn drain(pipe: &mut Option<impl Read + AsFd>, content: &mut Vec<u8>, most: usize) -> io::Result<()> {
    let Some(open) = pipe.as_mut().filter(|open| wait(&[open.as_fd()], Duration::ZERO)) else {
        return Ok(());
    };
    if read_piece(open, PIECE, content)? == 0 || content.len() > most {
        *pipe = None;
    }
    Ok(())
}

/// Waits until one of `files` can be read, a signal comes or so long; returns true for the first. What cannot be
/// waited for is an error of the read.
#[cfg(unix)]
fn wait(files: &[std::os::fd::BorrowedFd<'_>], most: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let most = Timespec::try_from(most).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
    let mut files: Vec<_> = files.iter().map(|file| PollFd::from_borrowed_fd(*file, PollFlags::IN)).collect();
    match poll(&mut files, Some(&most)) {
        Err(error) => error != rustix::io::Errno::INTR,
        Ok(ready) => ready > 0,
    }
}

/// Returns true when the program was started with Ctrl-C ignored, as a shell starts what a script puts into the
/// background. It cannot be known elsewhere than on Linux without unsafe code, so there Ctrl-C always ends the program.
/// v1: Python installs its handler of `SIGINT` only where nobody ignores that. Parity: DBG-06.
fn ignores_interrupt() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 0b10 != 0)
}
