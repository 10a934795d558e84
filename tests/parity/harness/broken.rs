//! `PARITY=broken`: the good response of each helper and each file of tokens, broken in every way of a list; v1 and we
//! run side by side, and what differs is shown, to become a case.
//!
//! A base is a case of the corpus; the document that is broken is a reply of one of its servers, or one of its files.

use std::fmt::Write;

use serde_json::Value;

use super::case::{Case, FileSpec, ReplySpec, ServerSpec};

/// Where the document stands.
enum Place {
    /// The reply of a server: its name, and how the target begins.
    Reply(&'static str, &'static str),
    /// A file below the home.
    File(&'static str),
}

/// A document that a helper reads.
struct Base {
    /// First part of the ids.
    name: &'static str,
    /// The case that it is taken from.
    case: &'static str,
    /// Where it stands there.
    place: Place,
    /// The document.
    document: &'static str,
}

/// Values that a member of a JSON document may have instead of its own.
const VALUES: [&str; 13] =
    ["null", "true", "false", "0", "5", "-1.5", "1e400", "\"\"", "\"x\"", "\"é\"", "[]", "{}", "[\"x\"]"];
/// Elements of STS's responses.
const ELEMENTS: [&str; 14] = [
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "Expiration",
    "Arn",
    "AssumedRoleUser",
    "Credentials",
    "PackedPolicySize",
    "AssumeRoleResult",
    "ResponseMetadata",
    "RequestId",
    "Code",
    "Message",
    "Error",
];
/// A page of something that stands before a service.
const PAGE: &str =
    "<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>x</title></head><body><br>no</body></html>\n";

/// A token of a single sign-on.
const SSO_TOKEN: &str = r#"{"accessToken": "access-old", "expiresAt": "2033-05-18T03:33:20Z", "refreshToken": "refresh-old", "clientId": "client", "clientSecret": "client-secret", "registrationExpiresAt": "2033-05-18T03:33:20Z"}"#;
/// The same, over.
const SSO_TOKEN_OVER: &str = r#"{"accessToken": "access-old", "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": "refresh-old", "clientId": "client", "clientSecret": "client-secret", "registrationExpiresAt": "2033-05-18T03:33:20Z"}"#;
/// Where tokens of single sign-on stand.
const SSO_FILE: &str = ".aws/sso/cache/3ece1471f44f63177cbc35ba0b904e0c096b6783.json";
/// Where the tokens of `aws login` stand.
const LOGIN_FILE: &str =
    ".aws/login/cache/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json";
/// A key without the lines around it.
const KEY: &str = "MHcCAQEEICRAOJUiHVakRBGRN46pqHBnZy5foJToxBqII6i1e0i3oAoGCCqGSM49AwEHoUQDQgAEn16AyNHYCtqC6Z9ETm5Gax+xspbvfG9Hu5GwyZolK8kIWni4FJPwLGcPJUfSpVXn0YDVKFmG6xU99yTPBe8OHg==";

/// The documents.
const BASES: [Base; 11] = [
    Base {
        name: "sts",
        case: "roles/plain",
        place: Place::Reply("sts", ""),
        document: "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>ARO:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/x</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role/secret</SecretAccessKey><SessionToken>role-token</SessionToken><Expiration>2033-05-18T03:33:20Z</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></AssumeRoleResponse>",
    },
    Base {
        name: "sts-error",
        case: "roles/plain",
        place: Place::Reply("sts-error", ""),
        document: "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>id</RequestId></ErrorResponse>",
    },
    Base {
        name: "portal",
        case: "sso/session",
        place: Place::Reply("sso", ""),
        document: r#"{"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "sso/secret", "sessionToken": "sso-token", "expiration": 2000000000999}}"#,
    },
    Base {
        name: "oidc",
        case: "sso/session",
        place: Place::Reply("oidc", ""),
        document: r#"{"accessToken": "access-new", "expiresIn": 28800, "refreshToken": "refresh-new", "tokenType": "Bearer"}"#,
    },
    Base { name: "sso-file", case: "sso/session", place: Place::File(SSO_FILE), document: SSO_TOKEN },
    Base {
        name: "sso-file-over",
        case: "sso/session",
        place: Place::File(SSO_FILE),
        document: SSO_TOKEN_OVER,
    },
    Base {
        name: "sign-in",
        case: "login/renewed",
        place: Place::Reply("signin", ""),
        document: r#"{"accessToken": {"accessKeyId": "ASIARENEWED", "secretAccessKey": "renewed/secret", "sessionToken": "renewed-token"}, "expiresIn": 900, "refreshToken": "refresh-new", "tokenType": "t"}"#,
    },
    Base {
        name: "container",
        case: "instance/container",
        place: Place::Reply("container", ""),
        document: r#"{"AccessKeyId": "ASIACONT", "SecretAccessKey": "container/secret", "Token": "container-token", "Expiration": "2033-05-18T03:33:20Z"}"#,
    },
    Base {
        name: "instance",
        case: "instance/imds",
        place: Place::Reply("imds", "/latest/meta-data/iam/security-credentials/role"),
        document: r#"{"Code": "Success", "AccessKeyId": "ASIAIMDS", "SecretAccessKey": "imds/secret", "Token": "imds-token", "Expiration": "2033-05-18T03:33:20Z"}"#,
    },
    Base {
        name: "process",
        case: "credentials/process-secret-null",
        place: Place::File("printed"),
        document: r#"{"Version": 1, "AccessKeyId": "AKIDP", "SecretAccessKey": "proc/secret", "SessionToken": "proc-token", "Expiration": "2033-05-18T03:33:20Z"}"#,
    },
    Base {
        name: "role-file",
        case: "roles/plain",
        place: Place::File(".aws/cli/cache/6dc9e6e1e186b9f293814df3266de783142c48a2.json"),
        document: r#"{"Credentials": {"AccessKeyId": "ASIAROLE", "SecretAccessKey": "role/secret", "SessionToken": "role-token", "Expiration": "2033-05-18T03:33:20Z"}, "AssumedRoleUser": {"Arn": "arn:aws:sts::1:assumed-role/r/x"}}"#,
    },
];

/// Returns all cases, made of those of the corpus.
pub fn cases(corpus: &[Case]) -> Vec<Case> {
    let mut bases: Vec<Base> = BASES.into_iter().collect();
    let login = format!(
        r#"{{"accessToken": {{"accessKeyId": "ASIALOGIN", "secretAccessKey": "login/secret", "sessionToken": "login-token", "accountId": "1", "expiresAt": "2020-01-01T00:00:00Z"}}, "refreshToken": "refresh-old", "clientId": "c", "dpopKey": "{KEY}"}}"#
    );
    bases.push(Base {
        name: "login-file",
        case: "login/renewed",
        place: Place::File(LOGIN_FILE),
        document: Box::leak(login.into_boxed_str()),
    });
    bases.iter().flat_map(|base| of_base(base, corpus)).chain(texts(corpus)).collect()
}

/// The cases of one document.
fn of_base(base: &Base, corpus: &[Case]) -> Vec<Case> {
    let case = corpus.iter().find(|case| case.id == base.case).expect("the base is a case");
    let mut ways = whole(base.document);
    ways.extend(if base.document.starts_with('<') {
        elements(base.document)
    } else {
        members(base.document)
    });
    ways.into_iter().map(|(way, bytes)| made(case, base, &way, &bytes)).collect()
}

/// The case with `bytes` in the place of the document.
fn made(case: &Case, base: &Base, way: &str, bytes: &[u8]) -> Case {
    let id = format!("broken/{}/{way}", base.name);
    let mut case =
        Case { id, why: "made".to_owned(), file: "broken".to_owned(), rows: Vec::new(), ..case.clone() };
    match base.place {
        Place::Reply(server, path) => {
            let status = if server == "sts-error" { 403 } else { 200 };
            let server = if server == "sts-error" { "sts" } else { server };
            if server == "oidc" {
                case.files.insert(SSO_FILE.to_owned(), FileSpec::Text(SSO_TOKEN_OVER.to_owned()));
            }
            let spec: &mut ServerSpec = case.servers.entry(server.to_owned()).or_default();
            let reply =
                spec.replies.iter_mut().find(|reply| reply.path.as_deref().unwrap_or_default() == path);
            let reply: &mut ReplySpec = reply.expect("the base has the reply");
            reply.status = status;
            reply.body = None;
            reply.body_base64 = Some(base64_simd::STANDARD.encode_to_string(bytes));
        }
        Place::File(path) => {
            let mut hex = String::new();
            for byte in bytes {
                let _ = write!(hex, "{byte:02x}");
            }
            case.files.insert(path.to_owned(), FileSpec::Text(format!("{{HEX:{hex}}}")));
            if base.name == "process" {
                let config = "[default]\ncredential_process = cat \"{HOME}/printed\"\n".to_owned();
                case.files.insert(".aws/config".to_owned(), FileSpec::Text(config));
            }
        }
    }
    case
}

/// The ways to break a whole document.
fn whole(document: &str) -> Vec<(String, Vec<u8>)> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| document.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let bytes = document.as_bytes();
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("as-it-is", bytes.to_vec()),
        ("bom", [b"\xef\xbb\xbf", bytes].concat()),
        ("utf-16", [&b"\xff\xfe"[..], &utf16(u16::to_le_bytes)].concat()),
        ("utf-16-be", [&b"\xfe\xff"[..], &utf16(u16::to_be_bytes)].concat()),
        ("utf-16-plain", utf16(u16::to_le_bytes)),
        ("line-end", [bytes, b"\r\n"].concat()),
        ("line-start", [b"\n \t", bytes].concat()),
        ("byte", [bytes, b"\xff"].concat()),
        ("nul", [bytes, b"\0"].concat()),
        ("text-after", [bytes, b"x"].concat()),
        ("cut", bytes[..bytes.len() / 2].to_vec()),
        ("cut-last", bytes[..bytes.len() - 1].to_vec()),
        ("empty", Vec::new()),
        ("blank", b" \n".to_vec()),
        ("page", PAGE.into()),
        ("page-small", b"<html><body>no</body></html>".to_vec()),
        ("page-upper", b"<HTML><BODY>no</BODY></HTML>".to_vec()),
        ("text", b"Service Unavailable\n".to_vec()),
        ("folder", b"a.txt\nb.txt\n".to_vec()),
        ("null", b"null".to_vec()),
        ("list", b"[]".to_vec()),
        ("list-of-text", br#"["AccessKeyId"]"#.to_vec()),
        ("number", b"5".to_vec()),
        ("word", br#""x""#.to_vec()),
        ("true", b"true".to_vec()),
        ("object", b"{}".to_vec()),
        ("deep", "[".repeat(5000).into_bytes()),
        ("huge", [bytes, &b" ".repeat(1 << 20)].concat()),
        ("xml", b"<a><b>1</b></a>".to_vec()),
    ];
    rows.into_iter().map(|(way, bytes)| (way.to_owned(), bytes)).collect()
}

/// The ways to break each member of a JSON document.
fn members(document: &str) -> Vec<(String, Vec<u8>)> {
    let whole: Value = serde_json::from_str(document).unwrap();
    let mut pointers: Vec<String> = Vec::new();
    for (name, value) in whole.as_object().unwrap() {
        pointers.push(format!("/{name}"));
        let inner = value.as_object().into_iter().flatten();
        pointers.extend(inner.map(|(inner, _)| format!("/{name}/{inner}")));
    }
    let mut broken = Vec::new();
    for pointer in pointers {
        let way = |kind: &str| format!("{}/{kind}", pointer.trim_start_matches('/').replace('/', "."));
        let name = pointer.rsplit('/').next().unwrap();
        let own = serde_json::to_string(whole.pointer(&pointer).unwrap()).unwrap();
        let pair = format!("\"{name}\":{own}");
        let text = whole.to_string();
        for value in VALUES {
            broken.push((way(value), text.replacen(&pair, &format!("\"{name}\":{value}"), 1).into_bytes()));
        }
        let twice = format!("\"{name}\":\"first\",{pair}");
        broken.push((way("twice"), text.replacen(&pair, &twice, 1).into_bytes()));
        let absent = text.replacen(&format!("{pair},"), "", 1).replacen(&format!(",{pair}"), "", 1);
        broken.push((way("absent"), absent.replacen(&pair, "", 1).into_bytes()));
        if let Some(value) = whole.pointer(&pointer).unwrap().as_str() {
            for (kind, value) in [
                ("line-end", format!("{value}\n")),
                ("return", format!("{value}\r\n")),
                ("blanks", format!(" {value} ")),
                ("tab", format!("{value}\ta")),
                ("bom", format!("\u{feff}{value}")),
            ] {
                let value = serde_json::to_string(&value).unwrap();
                broken
                    .push((way(kind), text.replacen(&pair, &format!("\"{name}\":{value}"), 1).into_bytes()));
            }
        }
    }
    broken
}

/// The ways to break each element of an XML document.
fn elements(document: &str) -> Vec<(String, Vec<u8>)> {
    let mut broken = vec![
        (
            "declared".to_owned(),
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}").into_bytes(),
        ),
        ("declared-after-line".to_owned(), format!("\n<?xml version=\"1.0\"?>{document}").into_bytes()),
        ("entity".to_owned(), format!("<!DOCTYPE a [<!ENTITY x \"y\">]>{document}").into_bytes()),
        (
            "prefixed".to_owned(),
            document.replace("<Cred", "<n:Cred").replace("</Cred", "</n:Cred").into_bytes(),
        ),
        (
            "no-namespace".to_owned(),
            document.replace(" xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"", "").into_bytes(),
        ),
    ];
    for name in ELEMENTS {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let Some((before, rest)) = document.split_once(&open) else { continue };
        let (inner, after) = rest.split_once(&close).unwrap();
        for (kind, element) in [
            ("absent", String::new()),
            ("empty", format!("{open}{close}")),
            ("closed", format!("<{name}/>")),
            ("twice", format!("{open}{inner}{close}{open}x{close}")),
            ("line-end", format!("{open}\n  {inner}\n{close}")),
            ("cdata", format!("{open}<![CDATA[{inner}]]>{close}")),
            ("comment", format!("{open}<!-- c -->{inner}{close}")),
            ("child", format!("{open}{inner}<x>1</x>y{close}")),
            ("entity", format!("{open}&#x41;&amp;&lt;{close}")),
            ("unknown-entity", format!("{open}&nope;{close}")),
            ("attribute", format!("<{name} a='1'>{inner}{close}")),
        ] {
            broken.push((format!("{name}/{kind}"), format!("{before}{element}{after}").into_bytes()));
        }
    }
    broken
}

/// The texts that the metadata service gives: role and token.
fn texts(corpus: &[Case]) -> Vec<Case> {
    let case = corpus.iter().find(|case| case.id == "instance/imds").expect("the base is a case");
    let mut made = Vec::new();
    for (name, path) in
        [("role", "/latest/meta-data/iam/security-credentials/"), ("token", "/latest/api/token")]
    {
        for (way, text) in [
            ("line-end", "role\n"),
            ("return", "role\r\n"),
            ("tab", "ro\tle"),
            ("lines", "role\nother\n"),
            ("blank", "role "),
            ("start", " role"),
            ("slash", "role/x"),
            ("query", "role?x=1"),
            ("fragment", "role#x"),
            ("escape", "ro%20le"),
            ("letter", "rolé"),
            ("bom", "\u{feff}role"),
            ("page", PAGE),
            ("control", "ro\u{1}le"),
            ("empty", ""),
        ] {
            for content_type in ["", "text/plain", "text/plain; charset=utf-8", "application/json"] {
                let mut case = case.clone();
                case.id = format!(
                    "broken/instance-{name}/{way}/{}",
                    content_type.replace([' ', ';', '/', '='], "-")
                );
                "broken".clone_into(&mut case.file);
                let replies = &mut case.servers.get_mut("imds").unwrap().replies;
                let reply = replies.iter_mut().find(|reply| reply.path.as_deref() == Some(path)).unwrap();
                reply.body = None;
                reply.body_base64 = Some(base64_simd::STANDARD.encode_to_string(text.as_bytes()));
                if !content_type.is_empty() {
                    let value = super::case::OneOrMany::One(content_type.to_owned());
                    reply.headers.insert("Content-Type".to_owned(), value);
                }
                made.push(case);
            }
        }
    }
    made
}
