//! `start-copy-job`: one job is started, and its id printed.

use super::{Context, TimestampNotice};
use crate::call::ServiceRequest;
use crate::error::Error;
use crate::model::START_COPY_JOB;
use crate::python::Dict;
use crate::streams::Streams;

/// Warning of a success whose response names no job (D3).
const NO_JOB: &str = "aws: warning: the service accepted the request, but its response names no copy job\n";

/// Sends the request and prints the response.
pub(super) fn run(context: &Context<'_>, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
    let (session, provider) = context.session()?;
    context.validate(members, &START_COPY_JOB)?;
    let request = ServiceRequest::start_copy_job(members, context.host)?;
    let mut notice = TimestampNotice::new(context);
    let mut client = context.client(&session, provider)?;
    context.fetch_credentials(&mut client, &mut notice, streams)?;
    let format = context.output_format()?; // refused before anything is sent (D2)
    let response = context.call(&mut client, &request, &mut notice, streams)?;
    if response.get("CopyJobId").is_none() {
        streams.warn(NO_JOB);
    }
    context.print(&START_COPY_JOB, response, format, streams)
}
