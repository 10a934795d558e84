//! The interceptor that turns the SDK's request into v1's: URL, headers, which of them are signed.

use aws_runtime::user_agent::UserAgentInterceptor;
use aws_sdk_backup::config::interceptors::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_backup::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::{disable_interceptor, dyn_dispatch_hint};
use aws_smithy_types::body::SdkBody;

use crate::cli::version;
use crate::error::{Error, failure};
use crate::host::Host;
use crate::http::Url;
use crate::python::stdio::Encoding;
use crate::python::{percent, text};
use crate::session::Session;

/// What the requests of this run have in common.
#[derive(Debug, Clone)]
pub(super) struct Headers {
    url: String,
    host: String,
    user_agent: String,
    trace_id: Option<String>,
    invocation_id: String,
    attempt: String,
}

impl Headers {
    /// The headers of this run, with a fresh invocation id.
    pub(super) fn new(url: &Url, session: &Session, host: &Host) -> Self {
        Self {
            url: session.endpoint.signing_url(super::client::PATH),
            host: url.host_header(),
            user_agent: user_agent(session, host),
            trace_id: trace_id(host).map(|id| percent::quote(id, "=;:+&[]{}\"',")),
            invocation_id: host.new_token(),
            attempt: String::new(),
        }
    }

    /// The same for one attempt; `attempt` is the value of `amz-sdk-request`.
    pub(super) fn of_attempt(&self, attempt: &str) -> Self {
        Self { attempt: attempt.to_owned(), ..self.clone() }
    }
}

/// Who asks; in the names of environment and application each character that may not stand there is a `-`.
///
/// v1: `botocore.useragent.UserAgentString` (deviation D8). Parity: WIRE-04, CFG-62, CFG-63.
fn user_agent(session: &Session, host: &Host) -> String {
    let word = |text: &str| text.replace(|letter| !is_token(letter), "-");
    let product = version::within(host.env_filled("AWS_EXECUTION_ENV").map(word).as_deref());
    match session.app_id.as_deref().filter(|id| !id.is_empty()) {
        None => product,
        Some(id) => format!("{product} app/{}", word(id)),
    }
}

/// True for the characters of a User-Agent's words.
fn is_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~,#".contains(letter)
}

/// The id by which AWS Lambda follows calls.
///
/// v1: `botocore.handlers.add_recursion_detection_header`. Parity: CFG-64.
fn trace_id(host: &Host) -> Option<&str> {
    host.env("AWS_LAMBDA_FUNCTION_NAME")?;
    host.env_filled("_X_AMZN_TRACE_ID")
}

/// Nothing, when the id by which AWS Lambda follows calls can be percent-encoded.
///
/// # Errors
/// `Failure` in Python's words when it is no text.
///
/// v1: `botocore.handlers.add_recursion_detection_header`. Parity: CFG-64, `wire/unsendable/trace-id`.
pub fn check_trace_id(host: &Host) -> Result<(), Error> {
    let spelled = Encoding::STRICT.encode(trace_id(host).unwrap_or_default());
    spelled.map(drop).map_err(|error| failure!("{error}"))
}

#[dyn_dispatch_hint]
impl Intercept for Headers {
    fn name(&self) -> &'static str {
        "Headers"
    }

    /// Switches off the SDK's own User-Agent, which fails on an environment that it cannot spell.
    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(disable_interceptor::<UserAgentInterceptor>("v1 has its own"));
        Ok(())
    }

    /// Leaves only what v1 signs.
    ///
    /// Parity: WIRE-01, WIRE-02, WIRE-06.
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.set_uri(self.url.as_str())?;
        if let Some(body) = request.body().bytes().and_then(respelled) {
            *request.body_mut() = SdkBody::from(body);
        }
        let names: Vec<_> = request.headers().iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.into_iter().filter(|name| name != "content-type") {
            request.headers_mut().remove(name);
        }
        request.headers_mut().try_insert("host", self.host.clone())?;
        Ok(())
    }

    /// Adds what v1 does not sign, and takes away what it does not send.
    ///
    /// Parity: WIRE-01, RETRY-08.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let length = request.body().content_length().unwrap_or_default().to_string();
        let headers = request.headers_mut();
        headers.try_insert("accept-encoding", "identity")?;
        headers.try_insert("user-agent", self.user_agent.clone())?;
        headers.try_insert("amz-sdk-invocation-id", self.invocation_id.clone())?;
        headers.try_insert("amz-sdk-request", self.attempt.clone())?;
        headers.try_insert("content-length", length)?;
        if let Some(trace_id) = &self.trace_id {
            headers.try_insert("x-amzn-trace-id", trace_id.clone())?;
        }
        Ok(())
    }
}

/// Stands for an idempotency token where none is sent; the SDK would make one.
pub(super) const UNSENT: &str = "\u{10d800}";

/// The body without what the SDK cannot leave out and with each lone surrogate spelled out, which it cannot do;
/// `None` where it is right as it is.
///
/// Parity: WIRE-06, VAL-50.
fn respelled(body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    if !body.chars().any(|letter| text::surrogate(letter).is_some()) {
        return None;
    }
    let unsent = format!("\"IdempotencyToken\":\"{UNSENT}\"");
    let body =
        body.replace(&format!(",{unsent}"), "").replace(&format!("{unsent},"), "").replace(&unsent, "");
    Some(text::backslash_replace(&body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_respelled_only_where_they_must_be() {
        let token = format!("\"IdempotencyToken\":\"{UNSENT}\"");
        let high = text::decode(b"\xff");
        for (body, expected) in [
            ("{\"A\":\"b\"}".to_owned(), None),
            (format!("{{{token}}}"), Some("{}")),
            (format!("{{{token},\"A\":1}}"), Some("{\"A\":1}")),
            (format!("{{\"A\":1,{token}}}"), Some("{\"A\":1}")),
            (format!("{{\"A\":\"{high}\"}}"), Some("{\"A\":\"\\udcff\"}")),
        ] {
            assert_eq!(respelled(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
