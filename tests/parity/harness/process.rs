//! One run of a program: streams as the case wants them, input, signals, a time limit.

use std::ffi::OsString;
use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command as Process, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::case::{Command, Input, Output};
use super::stage::STARTING;
use super::terminal::{self, Pty};

/// How it ended, and what it wrote.
#[derive(Debug, Clone, Default)]
pub struct Ended {
    /// Exit status; `None` when it was killed for being late.
    pub status: Option<ExitStatus>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// What the terminal showed.
    pub screen: Option<Vec<u8>>,
}

/// A command line ready to be run.
pub struct Prepared<'a> {
    /// What the case says.
    pub command: &'a Command,
    /// The program.
    pub program: PathBuf,
    /// Its words.
    pub words: Vec<OsString>,
    /// Its whole environment.
    pub env: Vec<(String, OsString)>,
    /// Its working directory.
    pub cwd: PathBuf,
    /// Bytes for its standard input.
    pub stdin: Option<Vec<u8>>,
    /// A file for them.
    pub stdin_file: PathBuf,
}

/// Bytes that a thread collects.
type Collected = Arc<Mutex<Vec<u8>>>;

/// Runs it to its end; `requests` tells how many requests the servers have seen.
pub fn run(prepared: &Prepared<'_>, requests: &dyn Fn() -> usize) -> Ended {
    let command = prepared.command;
    let pty = command.tty.as_ref().map(Pty::open);
    let mut process = process(prepared);
    process.env_clear().envs(prepared.env.iter().map(|(name, value)| (name, value)));
    process.current_dir(&prepared.cwd);
    process.stdin(input(prepared, pty.as_ref()));
    let full = (command.stdout == Output::FullPipe).then(full_pipe);
    process.stdout(output(command.stdout, pty.as_ref(), full.as_ref()));
    process.stderr(output(command.stderr, pty.as_ref(), None));
    let starting = STARTING.read().unwrap();
    let mut child = process.spawn().unwrap_or_else(|error| panic!("{}: {error}", prepared.program.display()));
    drop(starting);
    drop(process); // and with it our copies of the program's streams
    let screen = pty.map(|pty| pty.attend(command.tty.as_ref().unwrap().types.clone()));
    if let (Some(mut pipe), Some(text)) = (child.stdin.take(), prepared.stdin.clone()) {
        std::thread::spawn(move || {
            let _ = pipe.write_all(&text); // the program need not read it
        });
    }
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let status = wait(&mut child, command, requests);
    let is_silent = screen.as_ref().is_some_and(|(_, terminal)| !terminal::echoes(terminal));
    let screen = screen.map(|(bytes, _)| bytes); // and with it the last holder of the terminal
    let all = |collected: Option<(Collected, std::thread::JoinHandle<()>)>| {
        collected.map(|(bytes, thread)| settled(&bytes, || thread.is_finished())).unwrap_or_default()
    };
    let mut screen = screen.map(|bytes| settled(&bytes, || Arc::strong_count(&bytes) == 1));
    if let (true, Some(screen)) = (is_silent, &mut screen) {
        screen.extend(b"(the terminal does not echo any more)");
    }
    Ended { status, stdout: all(stdout), stderr: all(stderr), screen }
}

/// The program itself, or a shell that changes what Rust's `Command` cannot.
fn process(prepared: &Prepared<'_>) -> Process {
    let command = prepared.command;
    let mut line = command.shell.clone().unwrap_or_else(|| "exec \"$@\"".to_owned());
    let mut needed = command.shell.is_some();
    let mut redirect = |text: &str| {
        line.push_str(text);
        needed = true;
    };
    if command.stdin_is == Input::Closed {
        redirect(" <&-");
    }
    if command.tty.is_some() && command.stdin_is != Input::Tty {
        let file = if prepared.stdin.is_some() { prepared.stdin_file.to_str().unwrap() } else { "/dev/null" };
        redirect(&format!(" <'{file}'"));
    }
    if command.stdout == Output::Closed {
        redirect(" >&-");
    }
    if command.stderr == Output::Closed {
        redirect(" 2>&-");
    }
    let program = prepared.program.clone().into_os_string();
    let mut words: Vec<OsString> = vec![program];
    words.extend(prepared.words.iter().cloned());
    if needed {
        let shell = ["/bin/sh", "-c", &line, "sh"].map(OsString::from);
        words.splice(0..0, shell);
    }
    if command.tty.is_some() {
        words.insert(0, "-c".into()); // makes stdin the controlling terminal
    }
    // Away from the terminal that the tests are run from, and dead when they are.
    words.splice(0..0, ["/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/setsid"].map(OsString::from));
    let mut process = Process::new("/usr/bin/env");
    process.arg("--default-signal").args(words); // heeds what the tests were started to ignore
    process
}

/// Standard input.
fn input(prepared: &Prepared<'_>, pty: Option<&Pty>) -> Stdio {
    if let Some(text) = &prepared.stdin {
        std::fs::write(&prepared.stdin_file, text).unwrap();
    }
    match (prepared.command.stdin_is, pty) {
        (_, Some(pty)) => Stdio::from(pty.stream()),
        (Input::Pipe, None) => Stdio::piped(),
        (Input::Auto, None) if prepared.stdin.is_some() => Stdio::piped(),
        (Input::File, None) => Stdio::from(File::open(&prepared.stdin_file).unwrap()),
        (Input::Tty, None) => panic!("stdin_is = \"tty\" needs a [tty]"),
        (Input::Auto | Input::Closed, None) => Stdio::null(),
    }
}

/// Standard output or error.
fn output(what: Output, pty: Option<&Pty>, full: Option<&(PipeReader, PipeWriter)>) -> Stdio {
    match what {
        Output::Pipe => Stdio::piped(),
        Output::Closed => Stdio::null(), // the shell closes it
        Output::Full => Stdio::from(File::options().write(true).open("/dev/full").unwrap()),
        Output::BrokenPipe => Stdio::from(std::io::pipe().unwrap().1),
        Output::ReadOnly => Stdio::from(File::open("/dev/null").unwrap()),
        Output::FullPipe => Stdio::from(full.expect("a full pipe").1.try_clone().unwrap()),
        Output::Tty => Stdio::from(pty.expect("a stream that is a tty needs a [tty]").stream()),
    }
}

/// A pipe that holds as much as it can and does not block.
fn full_pipe() -> (PipeReader, PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let flags = rustix::fs::fcntl_getfl(&writer).unwrap();
    rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    while writer.write(b"x").is_ok() {}
    (reader, writer)
}

/// Reads to the end in a thread.
fn collect(mut pipe: impl Read + Send + 'static) -> (Collected, std::thread::JoinHandle<()>) {
    let bytes = Collected::default();
    let shared = Arc::clone(&bytes);
    let thread = std::thread::spawn(move || {
        let mut piece = vec![0; 65536];
        while let Ok(length @ 1..) = pipe.read(&mut piece) {
            shared.lock().unwrap().extend(&piece[..length]);
        }
    });
    (bytes, thread)
}

/// All bytes once the thread is done; a grandchild may hold the pipe open, so not for ever.
fn settled(bytes: &Collected, done: impl Fn() -> bool) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(2);
    while !done() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(1));
    }
    bytes.lock().unwrap().clone()
}

/// Waits for the end; sends the signal of the case on the way; kills what is late.
fn wait(child: &mut Child, command: &Command, requests: &dyn Fn() -> usize) -> Option<ExitStatus> {
    let started = Instant::now();
    let limit = Duration::from_secs_f64(command.timeout.unwrap_or(30.0));
    let mut due: Option<Instant> = None;
    let mut signal = command.signal.as_ref();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if let Some(wanted) = signal
            && requests() >= wanted.requests
        {
            let due = *due.get_or_insert_with(|| Instant::now() + Duration::from_secs_f64(wanted.delay));
            if Instant::now() >= due {
                let pid = rustix::process::Pid::from_child(child);
                let _ = rustix::process::kill_process(pid, named(&wanted.name)); // it may have ended just now
                signal = None;
            }
        }
        if started.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(if started.elapsed().as_millis() < 50 { 1 } else { 5 }));
    }
}

/// A signal by its name.
fn named(name: &str) -> rustix::process::Signal {
    use rustix::process::Signal;
    match name {
        "INT" => Signal::INT,
        "TERM" => Signal::TERM,
        "HUP" => Signal::HUP,
        "PIPE" => Signal::PIPE,
        "QUIT" => Signal::QUIT,
        _ => panic!("no signal is named {name}"),
    }
}

/// Exit code as a shell tells it, or the signal.
pub fn ending(status: Option<ExitStatus>) -> serde_json::Value {
    match status.map(|status| (status.code(), status.signal())) {
        None => "killed: out of time".into(),
        Some((Some(code), _)) => code.into(),
        Some((None, signal)) => format!("signal {}", signal.unwrap_or_default()).into(),
    }
}
