//! The operations of the services that give credentials: STS, the SSO portal and its token service, sign-in.
//!
//! Mirrors the descriptions of `sts`, `sso`, `sso-oidc` and `signin` that v1 ships; of a request the members that we
//! can send.

use super::types::{Member, Shape, TEXT, optional, required};

/// An operation of a service that gives credentials.
#[derive(Debug)]
pub(crate) struct HelperOperation {
    pub(crate) name: &'static str,
    /// The method of the request, and its path.
    pub(crate) request_line: (&'static str, &'static str),
    pub(crate) input: &'static [Member],
    pub(crate) output: &'static [Member],
}

/// STS: a role for keys.
pub(crate) static ASSUME_ROLE: HelperOperation = HelperOperation {
    name: "AssumeRole",
    request_line: ("POST", "/"),
    input: &[
        required("RoleArn", TEXT).at_least(20),
        required("RoleSessionName", TEXT).at_least(2),
        optional("DurationSeconds", Shape::Long).at_least(900),
        optional("ExternalId", TEXT).at_least(2),
        optional("SerialNumber", TEXT).at_least(9),
        optional("TokenCode", TEXT).at_least(6),
    ],
    output: ROLE,
};

/// STS: a role for the token of a web identity.
pub(crate) static ASSUME_ROLE_WITH_WEB_IDENTITY: HelperOperation = HelperOperation {
    name: "AssumeRoleWithWebIdentity",
    request_line: ("POST", "/"),
    input: &[
        required("RoleArn", TEXT).at_least(20),
        required("RoleSessionName", TEXT).at_least(2),
        required("WebIdentityToken", TEXT).at_least(4),
    ],
    output: ROLE,
};

/// The response of both in the model's order.
const ROLE: &[Member] = &[
    optional(
        "Credentials",
        Shape::Structure(&[
            required("AccessKeyId", TEXT),
            required("SecretAccessKey", TEXT),
            required("SessionToken", TEXT),
            required("Expiration", Shape::Timestamp),
        ]),
    ),
    optional("SubjectFromWebIdentityToken", TEXT),
    optional("AssumedRoleUser", Shape::Structure(&[required("AssumedRoleId", TEXT), required("Arn", TEXT)])),
    optional("PackedPolicySize", Shape::Long),
    optional("Provider", TEXT),
    optional("Audience", TEXT),
    optional("SourceIdentity", TEXT),
];

/// The SSO portal: a role for the token of a sign-on.
pub(crate) static GET_ROLE_CREDENTIALS: HelperOperation = HelperOperation {
    name: "GetRoleCredentials",
    request_line: ("GET", "/federation/credentials"),
    input: &[required("roleName", TEXT), required("accountId", TEXT), required("accessToken", TEXT)],
    output: &[optional(
        "roleCredentials",
        Shape::Structure(&[
            optional("accessKeyId", TEXT),
            optional("secretAccessKey", TEXT),
            optional("sessionToken", TEXT),
            optional("expiration", Shape::Long),
        ]),
    )],
};

/// SSO's token service: a new token of a sign-on.
pub(crate) static CREATE_TOKEN: HelperOperation = HelperOperation {
    name: "CreateToken",
    request_line: ("POST", "/token"),
    input: &[
        required("clientId", TEXT),
        required("clientSecret", TEXT),
        required("grantType", TEXT),
        optional("refreshToken", TEXT),
    ],
    output: &[
        optional("accessToken", TEXT),
        optional("expiresIn", Shape::Long),
        optional("refreshToken", TEXT),
    ],
};

/// The sign-in service: new credentials of a login session.
pub(crate) static CREATE_OAUTH2_TOKEN: HelperOperation = HelperOperation {
    name: "CreateOAuth2Token",
    request_line: ("POST", "/v1/token"),
    input: &[required(
        "tokenInput",
        Shape::Structure(&[
            required("clientId", TEXT),
            required("grantType", TEXT),
            optional("refreshToken", TEXT).at_least(1),
        ]),
    )],
    output: &[
        required(
            "accessToken",
            Shape::Structure(&[
                required("accessKeyId", TEXT),
                required("secretAccessKey", TEXT),
                required("sessionToken", TEXT),
            ]),
        ),
        required("expiresIn", Shape::Long),
        required("refreshToken", TEXT),
    ],
};
