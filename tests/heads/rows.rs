/// All kinds of requests.
const ROWS: [Row; 10] = [
    Row {
        name: "backup",
        env: &[
            KEYS[0],
            KEYS[1],
            ("AWS_SESSION_TOKEN", "t"),
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
            ("_X_AMZN_TRACE_ID", "id"),
        ],
        config: "",
        token: "",
        words: &[],
        heads: &[
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amzn-Trace-Id, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row { name: "unsigned", env: &[], config: "", token: "", words: &["--no-sign-request"], heads: &[
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ] },
    Row {
        name: "role",
        env: &[KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL_STS", URL)],
        config: "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Environment\n",
        token: "",
        words: &["--profile", "r"],
        heads: &[
            "POST / HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row {
        name: "web-identity",
        env: &[
            ("AWS_ENDPOINT_URL_STS", URL),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "{HOME}/.aws/config"),
        ],
        config: "[default]\n",
        token: "",
        words: &[],
        heads: &[
            "POST / HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row {
        name: "sso",
        env: &[("AWS_PROFILE", "s"), ("AWS_ENDPOINT_URL_SSO", URL), ("AWS_ENDPOINT_URL_SSO_OIDC", URL)],
        config: SSO,
        token: r#"{"accessToken": "old", "expiresAt": "2020-01-01T00:00:00Z", "clientId": "c", "clientSecret": "s", "refreshToken": "r", "registrationExpiresAt": "2033-05-18T03:33:20Z"}"#,
        words: &[],
        heads: &[
            "POST /token HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
            "GET /federation/credentials?role_name=r&account_id=123456789012 HTTP/1.1: Host, Accept-Encoding, x-amz-sso_bearer_token, User-Agent, amz-sdk-invocation-id, amz-sdk-request",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row {
        name: "instance",
        env: &[("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", URL)],
        config: "",
        token: "",
        words: &[],
        heads: &[
            "PUT /latest/api/token HTTP/1.1: Host, Accept-Encoding, x-aws-ec2-metadata-token-ttl-seconds, User-Agent, Content-Length",
            "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1: Host, Accept-Encoding, x-aws-ec2-metadata-token, User-Agent",
            "GET /latest/meta-data/iam/security-credentials/role HTTP/1.1: Host, Accept-Encoding, x-aws-ec2-metadata-token, User-Agent",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row {
        name: "container",
        env: &[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{URL}/creds"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token"),
        ],
        config: "",
        token: "",
        words: &[],
        heads: &[
            "GET /creds HTTP/1.1: Host, Accept-Encoding, User-Agent, Accept, Authorization",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, X-Amz-Security-Token, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
    Row {
        name: "forwarded",
        env: &[KEYS[0], KEYS[1], ("HTTP_PROXY", "http://user:word@{SERVER}")],
        config: "",
        token: "",
        words: &["--endpoint-url", "http://backup.test"],
        heads: &[
            "PUT http://backup.test/copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length, Proxy-Authorization",
        ],
    },
    Row {
        name: "tunnel",
        env: &[
            KEYS[0],
            KEYS[1],
            ("HTTPS_PROXY", "http://user:word@{SERVER}"),
            ("BOTO_EXPERIMENTAL__ADD_PROXY_HOST_HEADER", "true"),
        ],
        config: "",
        token: "",
        words: &["--endpoint-url", "https://backup.test"],
        heads: &[
            "CONNECT backup.test:443 HTTP/1.0: Proxy-Authorization, host",
        ],
    },
    Row {
        name: "parameter",
        env: &[KEYS[0], KEYS[1]],
        config: "",
        token: "",
        words: &["--idempotency-token", "{URL}/a"],
        heads: &[
            "GET /a HTTP/1.1: Host, Accept-Encoding, User-Agent",
            "PUT /copy-jobs HTTP/1.1: Host, Accept-Encoding, Content-Type, User-Agent, X-Amz-Date, Authorization, amz-sdk-invocation-id, amz-sdk-request, Content-Length",
        ],
    },
];

/// A session of single sign-on.
const SSO: &str = "[profile s]\nsso_session = my\nsso_account_id = 123456789012\nsso_role_name = r\n[sso-session my]\n\
    sso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\nsso_registration_scopes = x\n";
