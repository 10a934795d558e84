//! A pseudo-terminal: the program's side, and a person who reads and types at the other side.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::case::{Terminal, Typed};

/// True while a terminal shows what is typed.
pub fn echoes(terminal: &OwnedFd) -> bool {
    tcgetattr(terminal).is_ok_and(|settings| settings.local_modes.contains(LocalModes::ECHO))
}

/// Both sides of a terminal.
pub struct Pty {
    /// The side of the person.
    person: File,
    /// The side of the program.
    program: OwnedFd,
}

impl Pty {
    /// Opens a terminal of the given width.
    pub fn open(spec: &Terminal) -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let program = rustix::fs::open(name, flags, Mode::empty()).unwrap();
        if spec.columns > 0 {
            let size = Winsize { ws_row: 24, ws_col: spec.columns, ws_xpixel: 0, ws_ypixel: 0 };
            tcsetwinsize(&person, size).unwrap();
        }
        Self { person: File::from(person), program }
    }

    /// One more descriptor of the program's side.
    pub fn stream(&self) -> OwnedFd {
        self.program.try_clone().unwrap()
    }

    /// Lets the person read, and type where told; gives what the terminal shows, growing, and the program's side,
    /// which must live as long as the program: without any holder of it the terminal hangs up.
    pub fn attend(self, types: Vec<Typed>) -> (Arc<Mutex<Vec<u8>>>, OwnedFd) {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let screen = Arc::clone(&shown);
        let mut person = self.person;
        std::thread::spawn(move || {
            let mut types = types.into_iter().peekable();
            let mut piece = [0; 4096];
            let mut seen = 0;
            while let Ok(length @ 1..) = person.read(&mut piece) {
                let mut screen = screen.lock().unwrap();
                screen.extend(&piece[..length]);
                while let Some(typed) = types.peek() {
                    let unseen = String::from_utf8_lossy(&screen[seen..]).into_owned();
                    let Some(at) = unseen.find(&typed.after) else { break };
                    seen = (seen + at + typed.after.len()).min(screen.len());
                    person.write_all(typed.text.as_bytes()).unwrap();
                    types.next();
                }
            }
        });
        (shown, self.program)
    }
}
