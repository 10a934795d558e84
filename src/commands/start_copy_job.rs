//! `start-copy-job`.

use std::cell::Cell;

use super::{Context, no_credentials};
use crate::call::{Client, ResponseReader, ServiceRequest, check_trace_id};
use crate::credentials::{self, Signer};
use crate::error::Error;
use crate::http;
use crate::model::START_COPY_JOB;
use crate::python::Dict;
use crate::session::{checks, v2_debug};
use crate::streams::Streams;

/// Warning of a success whose response names no job (D3).
const NO_JOB: &str = "aws: warning: the service accepted the request, but its response names no copy job\n";

/// Sends the request and prints the response.
pub(super) fn run(context: Context<'_>, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
    let (session, provider) = context.session()?;
    context.validate(members, &START_COPY_JOB)?;
    let request = ServiceRequest::start_copy_job(members, context.host)?;
    check_trace_id(context.host)?;
    let dated = Cell::new(false);
    let mut note = v2_debug::notes_timestamp(context.config, context.globals);
    let mut note_date = |dated: bool, streams: &mut Streams| {
        if dated && std::mem::take(&mut note) {
            streams.warn(v2_debug::TIMESTAMP);
        }
    };
    let sources = credentials::Context { config: context.config, globals: context.globals, dated: &dated };
    let signer = match provider {
        Some(provider) => Some(http::block_on(Signer::new(provider, sources)).flatten()),
        None if context.globals.no_sign_request => None,
        None => return Err(no_credentials()),
    };
    note_date(dated.get(), streams);
    let signer = signer.transpose()?;
    let timestamps = checks::timestamp_format(context.config)?;
    checks::output_format(context.config, context.globals)?; // refused before anything is sent (D2)
    let reader = ResponseReader { timestamps, host: context.host };
    let mut client = Client::new(&session, signer, reader);
    let outcome = http::block_on(client.call(&request));
    context.warn_unverified(&client, streams);
    note_date(dated.get(), streams);
    let response = outcome.flatten()?.into_members(START_COPY_JOB.name)?;
    note_date(response.get("CreationDate").is_some(), streams);
    if response.get("CopyJobId").is_none() {
        streams.warn(NO_JOB);
    }
    context.print(&START_COPY_JOB, response, streams)
}
