//! Parity with AWS CLI version 1: cases as data, goldens recorded from the real CLI, three modes.
//!
//! See `README.md` beside this file for how a case is added, recorded and compared.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test program: it ends at the first thing that is wrong with itself"
)]

#[cfg(target_os = "linux")]
mod harness;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    if std::env::args().any(|word| word == "--list") {
        return ExitCode::SUCCESS; // asked by `cargo test -- --list` and by test runners
    }
    match harness::mode::run_all() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(101),
        Err(message) => {
            eprintln!("parity: {message}");
            ExitCode::from(101)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    println!("parity: the goldens are of Linux, so nothing was compared on this system");
    ExitCode::SUCCESS
}
