//! The URL of a service: a configured one, or the host that the region and its partition give.
//!
//! Mirrors `botocore.configprovider.ConfiguredEndpointProvider`, `botocore.regions.EndpointResolver` and the
//! endpoint rulesets. How a URL is read is in [`super::url`].

use super::config::Config;
use super::settings::{self, text};
use crate::error::{Error, failure};
use crate::python::Value;

/// A service as the settings and the hosts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Service {
    /// Its key in a `services` section, in upper case its variable: `AWS_ENDPOINT_URL_BACKUP`.
    pub key: &'static str,
    /// The first part of its host names.
    pub host: &'static str,
    /// What follows it under FIPS in the partition of the US government: the others have no hosts of their own.
    gov_fips: &'static str,
}

/// AWS Backup.
pub(crate) const BACKUP: Service = Service { key: "backup", host: "backup", gov_fips: "-fips" };
/// The security token service.
pub(crate) const STS: Service = Service { key: "sts", host: "sts", gov_fips: "" };
/// The SSO portal, which gives role credentials.
pub(crate) const SSO: Service = Service { key: "sso", host: "portal.sso", gov_fips: "" };
/// The service that refreshes SSO tokens.
pub(crate) const SSO_OIDC: Service = Service { key: "sso_oidc", host: "oidc", gov_fips: "" };
/// The sign-in service, which renews login sessions.
pub(crate) const SIGNIN: Service = Service { key: "signin", host: "signin", gov_fips: "-fips" };

/// The region of services that have none, and of the security token service without a region.
pub(crate) const GLOBAL: &str = "aws-global";

/// Regions that use the global host of the security token service under `sts_regional_endpoints = legacy`.
const LEGACY_STS: &str = "ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 \
                          eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2";

/// A set of regions: what precedes `-east-1` in their names; the region of global services; the domains of hosts, of
/// hosts for signing in, and of hosts that have IPv6 addresses too; false where v1 knows of none of the last (WIRE-12).
type Partition = (&'static [&'static str], &'static str, [&'static str; 3], bool);

/// The first one has all regions that no other claims.
/// v1: `partitions.json`, `endpoints.json`. Parity: WIRE-10, WIRE-11, WIRE-12.
static PARTITIONS: [Partition; 8] = [
    (
        &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        GLOBAL,
        ["amazonaws.com", "aws.amazon.com", "api.aws"],
        true,
    ),
    (&["cn"], "aws-cn-global", ["amazonaws.com.cn", "amazonaws.cn", "api.amazonwebservices.com.cn"], true),
    (&["us-gov"], "aws-us-gov-global", ["amazonaws.com", "amazonaws-us-gov.com", "api.aws"], true),
    (&["us-iso"], "aws-iso-global", ["c2s.ic.gov", "c2shome.ic.gov", "api.aws.ic.gov"], true),
    (&["us-isob"], "aws-iso-b-global", ["sc2s.sgov.gov", "sc2shome.sgov.gov", "api.aws.scloud"], true),
    (
        &["eu-isoe"],
        "aws-iso-e-global",
        ["cloud.adc-e.uk", "csphome.adc-e.uk", "api.cloud-aws.adc-e.uk"],
        false,
    ),
    (&["us-isof"], "aws-iso-f-global", ["csp.hci.ic.gov", "csphome.hci.ic.gov", "api.aws.hci.ic.gov"], false),
    (&["eusc-de"], "-", ["amazonaws.eu", "amazonaws-eusc.eu", "api.amazonwebservices.eu"], true),
];

/// A region and its endpoint variant (FIPS, dual-stack).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EndpointVariant {
    /// The region of the credential scope.
    pub region: String,
    /// Hosts with validated cryptography.
    pub fips: bool,
    /// Hosts that have IPv6 addresses too.
    pub dualstack: bool,
}

impl EndpointVariant {
    /// Returns the region and variant that a region name and the settings give: `fips-us-east-1` and `us-east-1-fips` are
    /// `us-east-1` with FIPS, whatever the setting is.
    /// Errors: dual stack in a partition without it, even where a URL is configured; the selected profile does not exist.
    /// v1: `ClientCreator._normalize_fips_region`, `EndpointResolver.construct_endpoint`. Parity: WIRE-12, WIRE-13, CFG-46.
    pub(super) fn of(config: &Config<'_>, region: &str) -> Result<Self, Error> {
        let plain = region.replace("fips-", "").replace("-fips", "");
        let fips = plain != region || config.value(&settings::USE_FIPS)?;
        let dualstack = config.value(&settings::USE_DUALSTACK)?;
        if dualstack && partition_of(&plain).is_some_and(|(.., dualstack)| !dualstack) {
            let tags = if fips { "['dualstack', 'fips']" } else { "['dualstack']" };
            return Err(failure!(
                "Unable to construct a modeled endpoint with the following variant(s) {tags}: "
            ));
        }
        Ok(Self { region: plain, fips, dualstack })
    }

    /// Returns the URL of `service` here, where none is configured, and the region that its requests are signed for.
    /// Errors: the selected profile does not exist.
    /// v1: `ClientArgsCreator._should_set_global_sts_endpoint`. Parity: CRED-21, WIRE-10.
    pub(super) fn into_default(
        self,
        config: &Config<'_>,
        service: Service,
    ) -> Result<(String, String), Error> {
        if service != STS {
            return Ok((self.default_url(service), self.region));
        }
        let legacy = matches!(config.value(&settings::STS_IS_LEGACY)?, Ok(Some(true)));
        let region = self.region.as_str();
        let global = region == GLOBAL || (legacy && LEGACY_STS.split(' ').any(|known| known == region));
        if global && !self.fips && !self.dualstack {
            return Ok(("https://sts.amazonaws.com".to_owned(), "us-east-1".to_owned()));
        }
        let signing_region = if region == GLOBAL { "us-east-1" } else { region };
        Ok((self.default_url(service), signing_region.to_owned()))
    }

    /// Returns the URL of `service` here.
    /// v1: `EndpointRulesetResolver`. Parity: WIRE-10, WIRE-11, CRED-60.
    fn default_url(&self, service: Service) -> String {
        let region = self.region.as_str();
        let by_name = PARTITIONS.iter().find(|(_, global, ..)| *global == region);
        let partition = by_name.or_else(|| partition_of(region)).unwrap_or(&PARTITIONS[0]);
        let (prefixes, _, [plain, signin, dualstack], _) = partition;
        let domain = if self.dualstack { dualstack } else { plain };
        let government = prefixes.contains(&"us-gov");
        let fips = match (self.fips, self.dualstack, government) {
            (false, _, _) => "",
            (true, false, true) => service.gov_fips,
            (true, _, _) => "-fips",
        };
        if service != SIGNIN || self.dualstack || (self.fips && !government) {
            format!("https://{}{fips}.{region}.{domain}", service.host)
        } else if self.fips && region == "us-gov-west-1" {
            format!("https://signin-fips.{signin}")
        } else {
            format!("https://{region}.signin{fips}.{signin}")
        }
    }
}

/// Returns the partition whose regions are named like `region`: prefix, word, number.
fn partition_of(region: &str) -> Option<&'static Partition> {
    let mut parts = region.rsplitn(3, '-');
    let (number, word, prefix) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_number && !word.is_empty();
    PARTITIONS.iter().find(|(prefixes, ..)| fits && prefixes.contains(&prefix))
}

/// Returns the URL that environment or profile give for `service`; an empty one counts as none.
/// Errors: the profile names a `services` section that does not exist, or is empty.
/// v1: `ConfiguredEndpointProvider.provide`. Parity: CFG-40, CFG-43, CRED-22.
pub(super) fn configured(config: &Config<'_>, service: Service) -> Result<Option<String>, Error> {
    if config.value(&settings::IGNORE_ENDPOINT_URLS)? {
        return Ok(None);
    }
    let own = format!("AWS_ENDPOINT_URL_{}", service.key.to_uppercase());
    let variables = [own.as_str(), "AWS_ENDPOINT_URL"];
    if let Some(url) = variables.into_iter().find_map(|variable| config.host.env_filled(variable)) {
        return Ok(Some(url.to_owned()));
    }
    for url in [in_services(config, service)?, config.selected_profile()?.get("endpoint_url")] {
        let url = text("endpoint_url", url.cloned())?.filter(|url| !url.is_empty());
        if url.is_some() {
            return Ok(url);
        }
    }
    Ok(None)
}

/// Returns the URL that the `services` section of the profile gives for `service`.
fn in_services<'c>(config: &'c Config<'_>, service: Service) -> Result<Option<&'c Value>, Error> {
    let name = config.selected_profile()?.get("services").cloned();
    let Some(name) = text("services", name)? else { return Ok(None) };
    match config.file.services.get(&name).filter(|section| !section.members.is_empty()) {
        None => Err(failure!(
            "The profile is configured to use the services section but the \"{name}\" services configuration does \
             not exist."
        )),
        Some(section) => match section.get(service.key) {
            None => Ok(None),
            Some(Value::Dict(block)) => Ok(block.get("endpoint_url")),
            Some(_) => Err(failure!(
                "The \"{}\" entry of the services section \"{name}\" must be a block of indented keys",
                service.key
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;

    #[test]
    fn regions_have_the_hosts_of_their_partition() {
        let rows = [
            ("us-east-1", false, false, "https://backup.us-east-1.amazonaws.com"),
            ("US-EAST-1", false, false, "https://backup.US-EAST-1.amazonaws.com"),
            ("cn-foo-7", true, false, "https://backup-fips.cn-foo-7.amazonaws.com.cn"),
            ("us-gov-west-1", false, true, "https://backup.us-gov-west-1.api.aws"),
            ("us-isob-east-1", true, true, "https://backup-fips.us-isob-east-1.api.aws.scloud"),
            ("eusc-de-east-1", false, false, "https://backup.eusc-de-east-1.amazonaws.eu"),
            ("mars-north-1", false, false, "https://backup.mars-north-1.amazonaws.com"),
            ("local", false, false, "https://backup.local.amazonaws.com"),
            ("aws-cn-global", false, false, "https://backup.aws-cn-global.amazonaws.com.cn"),
            ("", false, false, "https://backup..amazonaws.com"),
            ("cn--1", false, false, "https://backup.cn--1.amazonaws.com"),
            ("cn-foo-", false, false, "https://backup.cn-foo-.amazonaws.com"),
            ("cn-foo-1x", false, false, "https://backup.cn-foo-1x.amazonaws.com"),
        ];
        for (region, fips, dualstack, url) in rows {
            let variant = EndpointVariant { region: region.to_owned(), fips, dualstack };
            assert_eq!(variant.default_url(BACKUP), url);
        }
    }

    /// Checks hosts against those that v1 computes from its rules.
    #[test]
    fn other_services_have_hosts_of_their_own() {
        let rows = [
            (SIGNIN, "us-east-1", false, false, "https://us-east-1.signin.aws.amazon.com"),
            (SIGNIN, "us-east-1", false, true, "https://signin.us-east-1.api.aws"),
            (SIGNIN, "us-east-1", true, false, "https://signin-fips.us-east-1.amazonaws.com"),
            (SIGNIN, "us-east-1", true, true, "https://signin-fips.us-east-1.api.aws"),
            (SIGNIN, "us-gov-west-1", false, false, "https://us-gov-west-1.signin.amazonaws-us-gov.com"),
            (SIGNIN, "us-gov-west-1", false, true, "https://signin.us-gov-west-1.api.aws"),
            (SIGNIN, "us-gov-west-1", true, false, "https://signin-fips.amazonaws-us-gov.com"),
            (SIGNIN, "us-gov-west-1", true, true, "https://signin-fips.us-gov-west-1.api.aws"),
            (SIGNIN, "us-gov-east-1", false, false, "https://us-gov-east-1.signin.amazonaws-us-gov.com"),
            (SIGNIN, "us-gov-east-1", false, true, "https://signin.us-gov-east-1.api.aws"),
            (SIGNIN, "us-gov-east-1", true, false, "https://us-gov-east-1.signin-fips.amazonaws-us-gov.com"),
            (SIGNIN, "us-gov-east-1", true, true, "https://signin-fips.us-gov-east-1.api.aws"),
            (SIGNIN, "cn-north-1", false, false, "https://cn-north-1.signin.amazonaws.cn"),
            (SIGNIN, "cn-north-1", false, true, "https://signin.cn-north-1.api.amazonwebservices.com.cn"),
            (SIGNIN, "cn-north-1", true, false, "https://signin-fips.cn-north-1.amazonaws.com.cn"),
            (SIGNIN, "cn-north-1", true, true, "https://signin-fips.cn-north-1.api.amazonwebservices.com.cn"),
            (SSO, "us-gov-west-1", false, false, "https://portal.sso.us-gov-west-1.amazonaws.com"),
            (SSO, "us-gov-west-1", false, true, "https://portal.sso.us-gov-west-1.api.aws"),
            (SSO, "us-gov-west-1", true, false, "https://portal.sso.us-gov-west-1.amazonaws.com"),
            (SSO, "us-gov-west-1", true, true, "https://portal.sso-fips.us-gov-west-1.api.aws"),
            (STS, "us-gov-west-1", false, false, "https://sts.us-gov-west-1.amazonaws.com"),
            (STS, "us-gov-west-1", false, true, "https://sts.us-gov-west-1.api.aws"),
            (STS, "us-gov-west-1", true, false, "https://sts.us-gov-west-1.amazonaws.com"),
            (STS, "us-gov-west-1", true, true, "https://sts-fips.us-gov-west-1.api.aws"),
        ];
        for (service, region, fips, dualstack, url) in rows {
            let variant = EndpointVariant { region: region.to_owned(), fips, dualstack };
            assert_eq!(variant.default_url(service), url);
        }
    }

    /// Checks hosts and credential scopes of STS against those that v1 computes.
    #[test]
    fn the_global_host_of_sts_is_signed_for_in_the_first_region() {
        let host = Host::fake(&[("AWS_STS_REGIONAL_ENDPOINTS", "legacy")]);
        let config = Config::load(&host).unwrap();
        for (region, fips, expected) in [
            ("eu-west-1", false, ("https://sts.amazonaws.com", "us-east-1")),
            ("eu-south-1", false, ("https://sts.eu-south-1.amazonaws.com", "eu-south-1")),
            ("eu-west-1", true, ("https://sts-fips.eu-west-1.amazonaws.com", "eu-west-1")),
            (GLOBAL, false, ("https://sts.amazonaws.com", "us-east-1")),
            (GLOBAL, true, ("https://sts-fips.aws-global.amazonaws.com", "us-east-1")),
        ] {
            let variant = EndpointVariant { region: region.to_owned(), fips, dualstack: false };
            let (url, signing_region) = variant.into_default(&config, STS).unwrap();
            assert_eq!((url.as_str(), signing_region.as_str()), expected, "{region} {fips}");
        }
    }
}
