//! What the fuzz targets call.

use std::collections::HashMap;

use crate::cli::{OptionValue, Options};
use crate::error::{Error, failure};
use crate::host::Host;
use crate::model::START_COPY_JOB;
use crate::params::{self, Loader};
use crate::python::text;

pub use crate::python::json::decode_bytes;

/// Returns a word as the system would hand it over; argv cannot hold a NUL.
pub fn word(data: &[u8]) -> String {
    text::decode(data).replace('\0', "\u{1}")
}

/// Reads an option of `start-copy-job`, by the name of its member or `cli-input-json`, as a run does; a report must be
/// printable whatever it holds.
pub fn read_option(name: &str, typed: String) {
    let value = OptionValue::Text(typed);
    let mut options = Options::default();
    match START_COPY_JOB.input.iter().find(|member| member.name == name) {
        Some(member) => options.members.push((member, value)),
        None => options.cli_input_json = Some(value),
    }
    if let Err(error) = read(&options) {
        assert!(!error.text().is_empty());
    }
}

/// Reads the options up to the request.
fn read(options: &Options) -> Result<(), Error> {
    let env = [("HOME", "/nowhere"), ("A", "x"), ("E", "")];
    let env: HashMap<String, String> =
        env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let host = Host::new("aws".to_owned(), Vec::new(), env);
    let fetch = |url: &str, _: &Host| Err(failure!("{url}"));
    let mut loader = Loader { host: &host, follow_urls: true, fetch, loaded: 0 };
    let members = loader.load(options)?.merge(&host)?;
    let _ = params::validate(&members, START_COPY_JOB.input);
    params::serializable(&members, START_COPY_JOB.input)
}
