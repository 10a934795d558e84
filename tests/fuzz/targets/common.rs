//! Options -> the outcome of everything that reads them, up to the call.

use startcopy::cli::StartCopyJob;
use startcopy::call::ServiceRequest;
use startcopy::params::{self, Loader};
use startcopy::python::text;
use startcopy::{Error, Host};

/// The words as the system would hand them over; argv cannot hold a NUL.
pub fn word(data: &[u8]) -> String {
    text::decode(data).replace('\0', "\u{1}")
}

/// Reads the options as a run does; a report must be printable whatever it holds.
pub fn read(options: &StartCopyJob) {
    if let Err(error) = call(options) {
        assert!(!error.text().is_empty());
    }
}

/// The call that the options ask for.
fn call(options: &StartCopyJob) -> Result<ServiceRequest, Error> {
    let env = [("HOME", "/nowhere"), ("A", "x"), ("E", "")];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let host = Host { program: "aws".to_owned(), words: Vec::new(), env };
    let loader = Loader {
        host: &host,
        follow_urls: true,
        fetch: &|url| Err(startcopy::failure!("{url}")),
        on_paramfile: &|| {},
    };
    let members = params::load(options, &loader)?.merge(&host)?;
    let _ = params::validate(&members);
    ServiceRequest::start_copy_job(&members, &host)
}
