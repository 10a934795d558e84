//! The headers that sign a request, for every service that is called. Mirrors `SigV4Auth` of `botocore/auth.py`.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_config::Region;
use aws_sigv4::http_request::{
    self, PercentEncodingMode, SignableBody, SigningSettings, UriPathNormalizationMode,
};
use aws_sigv4::sign::v4;

use super::types::Credentials;
use crate::http::Error;
use crate::python::text;

/// The first second of the year 10000, which the date of a signature cannot hold.
const END_OF_DATES: u64 = 253_402_300_800;

/// What a signature covers.
#[derive(Debug)]
pub(crate) struct SignedParts<'a> {
    /// Method of the request.
    pub method: &'a str,
    /// URL whose path is the canonical one: dots resolved, encoded once more than on the wire.
    pub url: &'a str,
    /// `host`, and the content type where the request has one.
    pub headers: &'a [(&'a str, &'a str)],
    /// Body of the request.
    pub body: &'a [u8],
}

/// For what a signature is good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Region, whose name may be empty.
    pub region: &'a Region,
    /// Service, e.g. `backup`.
    pub service: &'a str,
    /// Date of the request.
    pub time: SystemTime,
}

/// Returns `X-Amz-Date`, `X-Amz-Security-Token` (where there is a token) and `Authorization`.
/// Errors: [`Error::Other`] when keys, region or clock cannot be spelled in a header.
/// v1: `SigV4Auth.add_auth`. Parity: CRED-20, WIRE-02, `wire/token-words`, `roles/source-token-words`.
pub(crate) fn sign(
    parts: &SignedParts<'_>,
    scope: Scope<'_>,
    credentials: &Credentials,
) -> Result<Vec<(&'static str, String)>, Error> {
    if let Some(reason) = unsendable_reason(scope, credentials) {
        return Err(Error::Other(reason));
    }
    // the URL is signed as it is given
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let failed = |error: &dyn std::fmt::Display| Error::Other(error.to_string());
    let token = credentials.session_token.as_deref();
    let identity = aws_credential_types::Credentials::new(
        &credentials.access_key_id,
        &credentials.secret_access_key,
        token.map(canonical),
        None,
        "v1",
    );
    let identity = identity.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region.as_ref())
        .name(scope.service)
        .time(scope.time)
        .settings(settings)
        .build();
    let parameters = parameters.map_err(|error| failed(&error))?.into();
    let body = SignableBody::Bytes(parts.body);
    let headers = parts.headers.iter().copied();
    let request = http_request::SignableRequest::new(parts.method, parts.url, headers, body);
    let output = request.and_then(|request| http_request::sign(request, &parameters));
    let (made, _) = output.map_err(|error| failed(&error))?.into_parts().0.into_parts();
    let value = |name| made.iter().find(|header| header.name() == name).map(|found| found.value().to_owned());
    let rows = [
        ("X-Amz-Date", value("x-amz-date")),
        ("X-Amz-Security-Token", token.map(|token| token.trim_matches([' ', '\t']).to_owned())),
        ("Authorization", value("authorization")),
    ];
    Ok(rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// Returns why nothing can be signed with `credentials` for `scope`; `None` where all can. v1 shows the value, which may
/// be secret, or what Python stumbled over (D1); some control characters it even sends (D7). The check of the region's
/// name lets a line end pass (CFG-09).
/// v1: `http.client.HTTPConnection.putheader`, `SigV4Auth.add_auth`. Parity: CRED-10, WIRE-02,
/// `wire/unsendable/token-line-end`, `wire/unsendable/key-bytes`, `credentials/region-line-end`.
fn unsendable_reason(scope: Scope<'_>, credentials: &Credentials) -> Option<String> {
    let has_control =
        |value: &str| value.contains(|letter: char| letter != '\t' && letter.is_ascii_control());
    let has_half = |value: &str| value.contains(|letter: char| text::surrogate(letter).is_some());
    let (id, token) = (&credentials.access_key_id, credentials.session_token.as_deref().unwrap_or_default());
    let rows = [
        ("session token", has_control(token) || has_half(token)),
        ("secret access key", has_half(&credentials.secret_access_key)),
        ("access key id", has_control(id) || has_half(id)),
        ("region", scope.region.as_ref().contains('\n')),
    ];
    if let Some((name, _)) = rows.into_iter().find(|(_, refused)| *refused) {
        return Some(format!("Invalid header value: the {name} has a character that cannot be sent"));
    }
    let is_beyond = scope.time.duration_since(UNIX_EPOCH).is_ok_and(|since| since.as_secs() >= END_OF_DATES);
    is_beyond.then(|| "the clock is beyond the year 9999, which no signature can hold".to_owned())
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
        let credentials = Credentials {
            access_key_id: "AKID".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: None,
        };
        let parts = SignedParts { method: "GET", url: "http://h/", headers: &[("host", "h")], body: b"" };
        let region = Region::new("us-east-1");
        for (seconds, is_signed) in
            [(0, true), (END_OF_DATES - 1, true), (END_OF_DATES, false), (1 << 40, false)]
        {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            let signed = sign(&parts, Scope { region: &region, service: "backup", time }, &credentials);
            assert_eq!(signed.is_ok(), is_signed, "{seconds}: {signed:?}");
        }
    }
}
