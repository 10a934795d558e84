//! The credentials endpoint of a container (ECS, EKS). Mirrors `ContainerProvider` in `botocore/credentials.py` and
//! `ContainerMetadataFetcher` in `botocore/utils.py`.

use std::net::IpAddr;
use std::time::Duration;

use super::provider::{ExpiringCredentials, Provider, credentials, object};
use crate::debug;
use crate::error::{Error, failure};
use crate::host::{self, Host};
use crate::http::{Cause, Client, Request, Response, Settings, Url};
use crate::python::{JsonError, Value, codec, json};
use crate::runtime;
use crate::session::Endpoint;

/// The host of relative URLs.
const ADDRESS: &str = "169.254.170.2";
/// The hosts that are allowed without TLS, besides loopback addresses.
const HOSTS: [&str; 4] = [ADDRESS, "169.254.170.23", "fd00:ec2::23", "localhost"];

/// Returns the container's credentials; `None` where no variable names the endpoint.
/// Errors: a host that is not allowed, a token that cannot be sent, no response, a response without a key.
/// v1: `ContainerProvider.load`. Parity: CRED-80, CRED-81, CRED-82.
pub(super) fn load(host: &Host) -> Result<Option<Provider>, Error> {
    let relative = host.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let full = || host.env("AWS_CONTAINER_CREDENTIALS_FULL_URI").map(str::to_owned);
    let url = relative.map(|path| format!("http://{ADDRESS}{path}")).or_else(full);
    let Some(url) = url else { return Ok(None) };
    let held = host.block_on(fetch(host, &url))??;
    Ok(Some(Provider::refreshable(Some(held), async move |context| fetch(context.config.host, &url).await)))
}

async fn fetch(host: &Host, url: &str) -> Result<ExpiringCredentials, Error> {
    let token = token(host)?;
    let endpoint = Endpoint::of(url)?;
    check_host(endpoint.host().as_deref(), endpoint.scheme == "https")?;
    let document = request(host, url, token).await?;
    let found = object(&document, "response of the container")?;
    credentials(found, ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"])
}

/// Returns the token of the requests as it is configured; the file wins.
/// v1: `ContainerProvider._build_headers`. Parity: CRED-81.
fn token(host: &Host) -> Result<Option<String>, Error> {
    let in_file = host.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").map(host::read_text).transpose()?;
    let token = in_file.or_else(|| host.env("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(str::to_owned));
    if token.as_ref().is_some_and(|token| token.contains(['\r', '\n'])) {
        return Err(failure!("Auth token value is not a legal header value"));
    }
    Ok(token)
}

/// Refuses a host that could be anyone's, unless TLS proves its name.
/// v1: `ContainerMetadataFetcher._validate_allowed_url`. Parity: CRED-80, CRED-82.
fn check_host(name: Option<&str>, is_https: bool) -> Result<(), Error> {
    let address = name.and_then(|name| name.parse().ok());
    let loopback = address.is_some_and(|address: IpAddr| address.is_loopback());
    if is_https || loopback || name.is_some_and(|name| HOSTS.contains(&name)) {
        return Ok(());
    }
    Err(failure!(
        "Unsupported host '{}'.  Can only retrieve metadata from a loopback address or one of these hosts: {}",
        name.unwrap_or("None"),
        HOSTS.join(", ")
    ))
}

/// Requests the endpoint's document.
/// v1: `ContainerMetadataFetcher._retrieve_credentials`. Parity: CRED-82.
async fn request(host: &Host, url: &str, token: Option<String>) -> Result<Value, Error> {
    let parsed = Url::parse(url)?;
    // v1 looks at the host that Python reads, and its library connects to the one before a backslash
    check_host(Some(&parsed.host), parsed.secure)?;
    let request = Request::plain("GET", parsed)
        .header("User-Agent", "python-urllib3/2.8.0")
        .header("Accept", "application/json")
        .headers(token.map(|token| ("Authorization", token)));
    let client = Client::new(Settings::plain(Some(Duration::from_secs(2)), host));
    let mut reason = String::new();
    for _ in 0..3 {
        reason = match client.send(&request).await {
            Ok(Response { status: 200, body, .. }) => match json::decode(&codec::utf8(&body)?) {
                Err(JsonError::Invalid(_)) => {
                    "Unable to parse JSON returned from container metadata services".to_owned()
                }
                document => return Ok(document?),
            },
            Ok(Response { status, body, .. }) => {
                let text = codec::utf8(&body)?;
                // another success can hold credentials
                let text = if status < 300 { debug::REDACTED } else { &text };
                format!("Received non 200 response {status} from container metadata: {text}")
            }
            Err(error) if matches!(error.cause, Cause::Tls(_) | Cause::Proxy(_) | Cause::Other(_)) => {
                return Err(error.into());
            }
            Err(error) => format!("Received error when attempting to retrieve container metadata: {error}"),
        };
        runtime::sleep(Duration::from_secs(1)).await; // after the last attempt too
    }
    Err(failure!(
        "Error when retrieving credentials from container-role: Error retrieving metadata: {reason}"
    ))
}
