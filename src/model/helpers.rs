//! The operations of the services that give credentials: STS, the SSO portal and its token service, sign-in.
//!
//! Mirrors the descriptions of `sts`, `sso`, `sso-oidc` and `signin` that v1 ships; of a request the members that we
//! can send.

use super::types::{Member, Shape, TEXT};

/// An operation of a service that gives credentials.
#[derive(Debug)]
pub(crate) struct HelperOperation {
    /// Its name, for messages.
    pub(crate) name: &'static str,
    /// The method of the request, and its path.
    pub(crate) request_line: (&'static str, &'static str),
    /// The members of the request.
    pub(crate) input: &'static [Member],
    /// The members of the response.
    pub(crate) output: &'static [Member],
}

/// STS: a role for keys.
pub(crate) static ASSUME_ROLE: HelperOperation = HelperOperation {
    name: "AssumeRole",
    request_line: ("POST", "/"),
    input: &[
        Member::required("RoleArn", TEXT).at_least(20),
        Member::required("RoleSessionName", TEXT).at_least(2),
        Member::optional("DurationSeconds", Shape::Long).at_least(900),
        Member::optional("ExternalId", TEXT).at_least(2),
        Member::optional("SerialNumber", TEXT).at_least(9),
        Member::optional("TokenCode", TEXT).at_least(6),
    ],
    output: ROLE,
};

/// STS: a role for the token of a web identity.
pub(crate) static ASSUME_ROLE_WITH_WEB_IDENTITY: HelperOperation = HelperOperation {
    name: "AssumeRoleWithWebIdentity",
    request_line: ("POST", "/"),
    input: &[
        Member::required("RoleArn", TEXT).at_least(20),
        Member::required("RoleSessionName", TEXT).at_least(2),
        Member::required("WebIdentityToken", TEXT).at_least(4),
    ],
    output: ROLE,
};

/// The response of both in the model's order.
const ROLE: &[Member] = &[
    Member::optional(
        "Credentials",
        Shape::Structure(&[
            Member::required("AccessKeyId", TEXT),
            Member::required("SecretAccessKey", TEXT),
            Member::required("SessionToken", TEXT),
            Member::required("Expiration", Shape::Timestamp),
        ]),
    ),
    Member::optional("SubjectFromWebIdentityToken", TEXT),
    Member::optional(
        "AssumedRoleUser",
        Shape::Structure(&[Member::required("AssumedRoleId", TEXT), Member::required("Arn", TEXT)]),
    ),
    Member::optional("PackedPolicySize", Shape::Long),
    Member::optional("Provider", TEXT),
    Member::optional("Audience", TEXT),
    Member::optional("SourceIdentity", TEXT),
];

/// The SSO portal: a role for the token of a sign-on.
pub(crate) static GET_ROLE_CREDENTIALS: HelperOperation = HelperOperation {
    name: "GetRoleCredentials",
    request_line: ("GET", "/federation/credentials"),
    input: &[
        Member::required("roleName", TEXT),
        Member::required("accountId", TEXT),
        Member::required("accessToken", TEXT),
    ],
    output: &[Member::optional(
        "roleCredentials",
        Shape::Structure(&[
            Member::optional("accessKeyId", TEXT),
            Member::optional("secretAccessKey", TEXT),
            Member::optional("sessionToken", TEXT),
            Member::optional("expiration", Shape::Long),
        ]),
    )],
};

/// SSO's token service: a new token of a sign-on.
pub(crate) static CREATE_TOKEN: HelperOperation = HelperOperation {
    name: "CreateToken",
    request_line: ("POST", "/token"),
    input: &[
        Member::required("clientId", TEXT),
        Member::required("clientSecret", TEXT),
        Member::required("grantType", TEXT),
        Member::optional("refreshToken", TEXT),
    ],
    output: &[
        Member::optional("accessToken", TEXT),
        Member::optional("expiresIn", Shape::Long),
        Member::optional("refreshToken", TEXT),
    ],
};

/// The sign-in service: new credentials of a login session.
pub(crate) static CREATE_OAUTH2_TOKEN: HelperOperation = HelperOperation {
    name: "CreateOAuth2Token",
    request_line: ("POST", "/v1/token"),
    input: &[Member::required(
        "tokenInput",
        Shape::Structure(&[
            Member::required("clientId", TEXT),
            Member::required("grantType", TEXT),
            Member::optional("refreshToken", TEXT).at_least(1),
        ]),
    )],
    output: &[
        Member::required(
            "accessToken",
            Shape::Structure(&[
                Member::required("accessKeyId", TEXT),
                Member::required("secretAccessKey", TEXT),
                Member::required("sessionToken", TEXT),
            ]),
        ),
        Member::required("expiresIn", Shape::Long),
        Member::required("refreshToken", TEXT),
    ],
};
