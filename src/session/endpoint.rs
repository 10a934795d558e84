//! The URL of a service: a configured one, or the host that the region and its partition give.
//!
//! Mirrors `botocore.configprovider.ConfiguredEndpointProvider`, `botocore.regions.EndpointResolver` and the
//! endpoint rulesets. How a URL is read is in [`super::url`].

use super::config::{Config, expect_text};
use super::settings;
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
const LEGACY_STS: [&str; 16] = [
    GLOBAL,
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// A set of regions under common domain names.
struct Partition {
    /// What precedes `-east-1` in the names of its regions.
    prefixes: &'static [&'static str],
    /// Its region for global services.
    global: Option<&'static str>,
    /// Domain of its hosts.
    domain: &'static str,
    /// Domain of its hosts for signing in.
    signin_domain: &'static str,
    /// Domain of its hosts that have IPv6 addresses too.
    dualstack_domain: &'static str,
    /// False where v1 knows of no dual-stack hosts although the domain is known (WIRE-12).
    dualstack: bool,
}

/// v1: `partitions.json`, `endpoints.json`. Parity: WIRE-10, WIRE-11, WIRE-12.
const PARTITIONS: &[Partition] = &[
    Partition {
        prefixes: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        global: Some(GLOBAL),
        domain: "amazonaws.com",
        signin_domain: "aws.amazon.com",
        dualstack_domain: "api.aws",
        dualstack: true,
    },
    Partition {
        prefixes: &["cn"],
        global: Some("aws-cn-global"),
        domain: "amazonaws.com.cn",
        signin_domain: "amazonaws.cn",
        dualstack_domain: "api.amazonwebservices.com.cn",
        dualstack: true,
    },
    Partition {
        prefixes: &["us-gov"],
        global: Some("aws-us-gov-global"),
        domain: "amazonaws.com",
        signin_domain: "amazonaws-us-gov.com",
        dualstack_domain: "api.aws",
        dualstack: true,
    },
    Partition {
        prefixes: &["us-iso"],
        global: Some("aws-iso-global"),
        domain: "c2s.ic.gov",
        signin_domain: "c2shome.ic.gov",
        dualstack_domain: "api.aws.ic.gov",
        dualstack: true,
    },
    Partition {
        prefixes: &["us-isob"],
        global: Some("aws-iso-b-global"),
        domain: "sc2s.sgov.gov",
        signin_domain: "sc2shome.sgov.gov",
        dualstack_domain: "api.aws.scloud",
        dualstack: true,
    },
    Partition {
        prefixes: &["eu-isoe"],
        global: Some("aws-iso-e-global"),
        domain: "cloud.adc-e.uk",
        signin_domain: "csphome.adc-e.uk",
        dualstack_domain: "api.cloud-aws.adc-e.uk",
        dualstack: false,
    },
    Partition {
        prefixes: &["us-isof"],
        global: Some("aws-iso-f-global"),
        domain: "csp.hci.ic.gov",
        signin_domain: "csphome.hci.ic.gov",
        dualstack_domain: "api.aws.hci.ic.gov",
        dualstack: false,
    },
    Partition {
        prefixes: &["eusc-de"],
        global: None,
        domain: "amazonaws.eu",
        signin_domain: "amazonaws-eusc.eu",
        dualstack_domain: "api.amazonwebservices.eu",
        dualstack: true,
    },
];

/// A region and its endpoint variant (FIPS, dual-stack).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointVariant {
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
    /// Errors: the selected profile does not exist.
    /// v1: `ClientCreator._normalize_fips_region`. Parity: WIRE-11, WIRE-13, CFG-56.
    pub(crate) fn of(config: &Config<'_>, region: &str) -> Result<Self, Error> {
        let plain = region.replace("fips-", "").replace("-fips", "");
        let fips = plain != region || config.value(&settings::USE_FIPS)?;
        Ok(Self { region: plain, fips, dualstack: config.value(&settings::USE_DUALSTACK)? })
    }

    /// Refuses what v1's older table of hosts has no entry for; it does so even where a URL is configured.
    /// Errors: dual stack in a partition without it.
    /// v1: `EndpointResolver.construct_endpoint`. Parity: WIRE-12, CFG-46.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let known = partition_of(&self.region).is_none_or(|partition| partition.dualstack);
        if known || !self.dualstack {
            return Ok(());
        }
        let tags = if self.fips { "['dualstack', 'fips']" } else { "['dualstack']" };
        Err(failure!("Unable to construct a modeled endpoint with the following variant(s) {tags}: "))
    }

    /// Returns the URL of `service` here, where none is configured.
    /// v1: `EndpointRulesetResolver`. Parity: WIRE-10, WIRE-11, CRED-21, CRED-60.
    pub(crate) fn default_url(&self, service: Service) -> String {
        let region = self.region.as_str();
        let by_name = PARTITIONS.iter().find(|partition| partition.global == Some(region));
        let partition = by_name.or_else(|| partition_of(region)).or(PARTITIONS.first());
        let domains = partition.map(|partition| [partition.domain, partition.dualstack_domain]);
        let [plain, dualstack] = domains.unwrap_or_default();
        let domain = if self.dualstack { dualstack } else { plain };
        let government = partition.is_some_and(|partition| partition.prefixes.contains(&"us-gov"));
        let fips = match (self.fips, self.dualstack, government) {
            (false, _, _) => "",
            (true, false, true) => service.gov_fips,
            (true, _, _) => "-fips",
        };
        let signin = partition.map(|partition| partition.signin_domain).filter(|_| service == SIGNIN);
        match signin.filter(|_| !self.dualstack && (!self.fips || government)) {
            Some(domain) if self.fips && region == "us-gov-west-1" => format!("https://signin-fips.{domain}"),
            Some(domain) => format!("https://{region}.signin{fips}.{domain}"),
            None => format!("https://{}{fips}.{region}.{domain}", service.host),
        }
    }

    /// Returns true where the security token service is reached at its one global host, `https://sts.amazonaws.com`.
    /// Errors: the selected profile does not exist.
    /// v1: `ClientArgsCreator._should_set_global_sts_endpoint`. Parity: CRED-21.
    pub(crate) fn is_global_sts(&self, config: &Config<'_>) -> Result<bool, Error> {
        let mode = config.value(&settings::STS_REGIONAL_ENDPOINTS)?;
        let legacy = mode.as_ref().and_then(Value::as_str) == Some("legacy");
        let region = self.region.as_str();
        let global = region == GLOBAL || (legacy && LEGACY_STS.contains(&region));
        Ok(global && !self.fips && !self.dualstack)
    }
}

/// Returns the partition whose regions are named like `region`: prefix, word, number.
fn partition_of(region: &str) -> Option<&'static Partition> {
    let mut parts = region.rsplitn(3, '-');
    let (number, word, prefix) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_number && !word.is_empty();
    PARTITIONS.iter().find(|partition| fits && partition.prefixes.contains(&prefix))
}

/// Returns the URL that environment or profile give for `service`; an empty one counts as none.
/// Errors: the profile names a `services` section that does not exist, or is empty.
/// v1: `ConfiguredEndpointProvider.provide`. Parity: CFG-40, CFG-41, CFG-42, CFG-43, CRED-22.
pub(crate) fn configured(config: &Config<'_>, service: Service) -> Result<Option<String>, Error> {
    if config.value(&settings::IGNORE_ENDPOINT_URLS)? {
        return Ok(None);
    }
    let own = format!("AWS_ENDPOINT_URL_{}", service.key.to_uppercase());
    let variables = [own.as_str(), "AWS_ENDPOINT_URL"];
    if let Some(url) = variables.into_iter().find_map(|variable| config.host.env_filled(variable)) {
        return Ok(Some(url.to_owned()));
    }
    let profile = config.selected_profile()?;
    for url in [in_services(config, service)?, profile.get("endpoint_url")] {
        let url = url.map(|url| expect_text("endpoint_url", url)).transpose()?;
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            return Ok(Some(url.to_owned()));
        }
    }
    Ok(None)
}

/// Returns the URL that the `services` section of the profile gives for `service`.
fn in_services<'c>(config: &'c Config<'_>, service: Service) -> Result<Option<&'c Value>, Error> {
    let Some(name) = config.selected_profile()?.get("services") else { return Ok(None) };
    let name = expect_text("services", name)?;
    let section = config.config_file().services.get(name).filter(|section| !section.members.is_empty());
    let Some(section) = section else {
        return Err(failure!(
            "The profile is configured to use the services section but the \"{name}\" services configuration does \
             not exist."
        ));
    };
    match section.get(service.key) {
        None => Ok(None),
        Some(Value::Dict(block)) => Ok(block.get("endpoint_url")),
        Some(_) => Err(failure!(
            "The \"{}\" entry of the services section \"{name}\" must be a block of indented keys",
            service.key
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
