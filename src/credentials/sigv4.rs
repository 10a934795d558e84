//! The headers that sign a request, for every service that is called. Mirrors `SigV4Auth` of `botocore/auth.py`.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::Region;
use aws_credential_types::Credentials as Identity;
use aws_sigv4::http_request::{
    self, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
};
use aws_sigv4::sign::v4;

use super::provider::Credentials;
use crate::host::Host;
use crate::http::{Cause, Error, Url};
use crate::python::text;
use crate::session::Session;

/// The first second of the year 10000, which the date of a signature cannot hold.
const END_OF_DATES: u64 = 253_402_300_800;

/// What a signature covers besides the host.
#[derive(Debug)]
pub(crate) struct SignedParts<'a> {
    /// Service of the credential scope, e.g. `backup`.
    pub service: &'a str,
    pub method: &'a str,
    pub path: &'a str,
    pub content_type: Option<&'a str>,
    pub body: &'a [u8],
}

/// Returns `X-Amz-Date` of now, `X-Amz-Security-Token` (where there is a token) and `Authorization`.
/// Errors: [`Cause::Other`] when keys, region or clock cannot be spelled in a header.
/// v1: `SigV4Auth.add_auth`. Parity: CRED-20, WIRE-02, `wire/token-words`.
pub(crate) fn sign(
    parts: &SignedParts<'_>,
    url: &Url,
    session: &Session,
    host: &Host,
    credentials: &Credentials,
) -> Result<Vec<(&'static str, String)>, Error> {
    let (time, region) = (host.now(), Region::new(session.region.clone()));
    let failed = |reason: String| Cause::Other(reason).at(&url.text);
    check(region.as_ref(), time, credentials).map_err(failed)?;
    // the URL is signed as it is given: dots resolved, encoded once more than on the wire
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let Credentials { access_key_id, secret_access_key, session_token } = credentials;
    let token = session_token.as_deref();
    let identity = Identity::new(access_key_id, secret_access_key, token.map(canonical), None, "v1").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region.as_ref())
        .name(parts.service)
        .time(time)
        .settings(settings)
        .build();
    let parameters = parameters.map_err(|error| failed(error.to_string()))?.into();
    let url_host = url.host_header();
    let content_type = parts.content_type.map(|value| ("content-type", value));
    let headers = [("host", url_host.as_str())].into_iter().chain(content_type);
    let target = session.endpoint.signed_target(parts.path);
    let body = SignableBody::Bytes(parts.body);
    let request = SignableRequest::new(parts.method, &target, headers, body);
    let output = request.and_then(|request| http_request::sign(request, &parameters));
    let (made, _) = output.map_err(|error| failed(error.to_string()))?.into_parts().0.into_parts();
    let value = |name| made.iter().find(|header| header.name() == name).map(|found| found.value().to_owned());
    let rows = [
        ("X-Amz-Date", value("x-amz-date")),
        ("X-Amz-Security-Token", token.map(|token| token.trim_matches([' ', '\t']).to_owned())),
        ("Authorization", value("authorization")),
    ];
    Ok(rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// Checks that requests can be signed with `credentials` at `time`. v1 shows the value, which may be secret, or what
/// Python stumbled over (D1); some control characters it even sends (D7). The check of the region's name lets a line end
/// pass (CFG-09).
/// v1: `http.client.HTTPConnection.putheader`. Parity: CRED-10, `wire/unsendable/key-bytes`,
/// `credentials/region-line-end`.
fn check(region: &str, time: SystemTime, credentials: &Credentials) -> Result<(), String> {
    let has_half = |value: &str| value.contains(|letter: char| text::surrogate(letter).is_some());
    let is_unsendable = |value: &str| {
        has_half(value) || value.contains(|letter: char| letter != '\t' && letter.is_ascii_control())
    };
    let rows = [
        ("session token", credentials.session_token.as_deref().is_some_and(is_unsendable)),
        ("secret access key", has_half(&credentials.secret_access_key)),
        ("access key id", is_unsendable(&credentials.access_key_id)),
        ("region", region.contains('\n')),
    ];
    let is_beyond = time.duration_since(UNIX_EPOCH).is_ok_and(|since| since.as_secs() >= END_OF_DATES);
    Err(match rows.into_iter().find(|(_, refused)| *refused) {
        Some((name, _)) => format!("Invalid header value: the {name} has a character that cannot be sent"),
        None if is_beyond => "the clock is beyond the year 9999, which no signature can hold".to_owned(),
        None => return Ok(()),
    })
}

/// Returns a header's value as it is signed: its words, joined by one blank.
/// v1: `SigV4Auth._header_value`. Parity: `wire/token-words`, `roles/source-token-words`.
fn canonical(value: &str) -> String {
    value.split(text::is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_beyond_all_dates_signs_nothing() {
        let credentials = Credentials::new("AKID", "secret", None);
        for (seconds, is_signed) in
            [(0, true), (END_OF_DATES - 1, true), (END_OF_DATES, false), (1 << 40, false)]
        {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let checked = check("us-east-1", time, &credentials);
            assert_eq!(checked.is_ok(), is_signed, "{seconds}: {checked:?}");
        }
    }
}
