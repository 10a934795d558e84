//! `describe-copy-job`: one job is looked up and printed.

use super::{Context, TimestampNotice, refuse_empty_id};
use crate::call::ServiceRequest;
use crate::error::Error;
use crate::model::DESCRIBE_COPY_JOB;
use crate::python::Dict;
use crate::streams::Streams;

/// Sends the request and prints the response.
/// Parity: DESC-23, DESC-48.
pub(super) fn run(context: &Context<'_>, members: &Dict, streams: &mut Streams) -> Result<(), Error> {
    let (session, provider) = context.session()?;
    context.validate(members, &DESCRIBE_COPY_JOB)?;
    refuse_empty_id(members)?;
    let request = ServiceRequest::describe_copy_job(members)?;
    let mut notice = TimestampNotice::new(context);
    let mut client = context.client(&session, provider)?;
    let response = context.call(&mut client, &request, &mut notice, streams)?;
    context.print(&DESCRIBE_COPY_JOB, response, context.output_format()?, streams)
}
