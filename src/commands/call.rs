//! The commands of operations: one call, whose response is printed.

use super::Context;
use crate::call::ServiceRequest;
use crate::error::Error;
use crate::model::{Operation, START_COPY_JOB};
use crate::python::Dict;
use crate::streams::Streams;

/// Warning of a success whose response names no job (D3).
const NO_JOB: &str = "aws: warning: the service accepted the request, but its response names no copy job\n";

/// Sends the request and prints the response.
/// Parity: DESC-23, DESC-48.
pub(super) fn run(
    context: &Context<'_>,
    operation: &'static Operation,
    members: Dict,
    streams: &mut Streams,
) -> Result<(), Error> {
    let host = context.config.host;
    let (session, provider) = context.session()?;
    context.validate(&members, operation)?;
    let request = ServiceRequest::new(operation, members, host)?;
    let mut client = context.client(&session, provider)?;
    let starts_job = operation.name == START_COPY_JOB.name;
    let mut format = context.output_format();
    if starts_job {
        let fetched = host.block_on(client.fetch_credentials());
        streams.warn(&client.take_notices());
        fetched.flatten()?;
        format = Ok(format?); // refused before anything is sent (D2)
    }
    let outcome = host.block_on(client.call(&request));
    streams.warn(&client.take_notices());
    let response = outcome.flatten()?.into_members(operation.name)?;
    if starts_job && response.get("CopyJobId").is_none() {
        streams.warn(NO_JOB);
    }
    context.print(format?, operation, response, streams)
}
