//! Who runs what: every contender as a command line with its environment, for each scenario.

use std::path::PathBuf;
use std::process::Command;

/// One command line to be timed.
#[derive(Debug, Clone)]
pub struct Run {
    /// Program and arguments.
    pub words: Vec<String>,
    /// The whole environment.
    pub env: Vec<(String, String)>,
    /// The exit code that it must end with.
    pub exit: i32,
}

impl Run {
    /// `command` in this run's environment.
    pub fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_clear().envs(self.env.iter().map(|(name, value)| (name, value)))
    }
}

/// Where the programs and the servers are.
pub struct Stage {
    /// Our release binary.
    pub ours: PathBuf,
    /// The static one that ships for Linux, where the standard library for it is installed.
    pub ours_static: Option<PathBuf>,
    /// v1's `aws`.
    pub v1: PathBuf,
    /// A Python that has boto3.
    pub python: PathBuf,
    /// The SDK's default client.
    pub sdk: PathBuf,
    /// The C program that only talks, where there is a compiler for it.
    pub floor: Option<PathBuf>,
    /// Home without any file.
    pub empty_home: PathBuf,
    /// Home with a profile `bench` that holds keys, and a profile `role` whose role is in the cache.
    pub full_home: PathBuf,
    /// `http://127.0.0.1:PORT`
    pub http: String,
    /// `https://localhost:PORT`
    pub https: String,
    /// The same; the server closes each connection behind its response.
    pub https_closing: String,
    /// The private CA alone.
    pub ca: PathBuf,
    /// The private CA at the end of v1's own bundle.
    pub bundle: PathBuf,
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// One call over http, keys in the environment, no configuration file.
    Http,
    /// The same over https; the trust store is the private CA alone.
    Https,
    /// The same over https; the private CA stands at the end of the full bundle.
    HttpsFullBundle,
    /// One call over http, keys in the credentials file, region in the config file.
    Profile,
    /// One call over http with an assumed role that is in the cache.
    CachedRole,
    /// `describe-copy-job` over http, keys in the environment.
    Describe,
    /// `--generate-cli-skeleton`
    Skeleton,
    /// `--version`
    Version,
    /// A missing option.
    UsageError,
}

impl Scenario {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Http,
        Self::Https,
        Self::HttpsFullBundle,
        Self::Profile,
        Self::CachedRole,
        Self::Describe,
        Self::Skeleton,
        Self::Version,
        Self::UsageError,
    ];

    /// Its name in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Http => "http, keys in the environment",
            Self::Https => "https, private CA alone",
            Self::HttpsFullBundle => "https, private CA in the full bundle",
            Self::Profile => "http, keys in a profile",
            Self::CachedRole => "http, assumed role from the cache",
            Self::Describe => "`describe-copy-job` over http",
            Self::Skeleton => "`--generate-cli-skeleton`",
            Self::Version => "`--version`",
            Self::UsageError => "usage error",
        }
    }

    /// The most instructions that our binary may take, in millions.
    pub fn budget(self) -> Option<f64> {
        match self {
            Self::Http | Self::Describe => Some(1.35),
            Self::Https => Some(4.1),
            Self::HttpsFullBundle => Some(7.2),
            Self::Profile => Some(1.45),
            Self::Skeleton => Some(0.75),
            Self::Version => Some(0.68),
            Self::UsageError => Some(0.78),
            Self::CachedRole => None,
        }
    }

    /// The most memory that our binary may take, in MB.
    pub fn peak_budget(self) -> f64 {
        if matches!(self, Self::Https | Self::HttpsFullBundle) { 6.2 } else { 5.7 }
    }
}

/// Who is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// Our release binary.
    Ours,
    /// The same, linked statically against musl.
    Static,
    /// AWS CLI 1.46.3.
    V1,
    /// A script with boto3.
    Boto3,
    /// `curl --aws-sigv4`
    Curl,
    /// A small program with the SDK's default client.
    SdkDefault,
    /// A C program that only connects, sends the same bytes and prints the id.
    Floor,
}

impl Contender {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 7] =
        [Self::Ours, Self::Static, Self::V1, Self::Boto3, Self::Curl, Self::SdkDefault, Self::Floor];

    /// Its name in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Static => "ours, static",
            Self::V1 => "AWS CLI 1.46.3",
            Self::Boto3 => "boto3 script",
            Self::Curl => "`curl --aws-sigv4`",
            Self::SdkDefault => "SDK, default client",
            Self::Floor => "C, only talks",
        }
    }

    /// True for the contenders that need hundreds of milliseconds: they get fewer rounds.
    pub fn is_slow(self) -> bool {
        matches!(self, Self::V1 | Self::Boto3)
    }

    /// Its command line for `scenario`; `None` where it cannot play.
    pub fn run(self, scenario: Scenario, stage: &Stage) -> Option<Run> {
        let network = matches!(scenario, Scenario::Http | Scenario::Https | Scenario::HttpsFullBundle);
        match self {
            Self::Ours => Some(cli(&stage.ours, scenario, stage)),
            Self::Static => Some(cli(stage.ours_static.as_ref()?, scenario, stage)),
            Self::V1 => Some(cli(&stage.v1, scenario, stage)),
            Self::Boto3 if network || scenario == Scenario::Profile => {
                let script = concat!(env!("CARGO_MANIFEST_DIR"), "/boto3_client.py").to_owned();
                let words = vec![text(&stage.python), script];
                Some(Run { words, env: environment(scenario, stage), exit: 0 })
            }
            Self::SdkDefault if network || scenario == Scenario::Profile => {
                Some(Run { words: vec![text(&stage.sdk)], env: environment(scenario, stage), exit: 0 })
            }
            Self::Curl if network => Some(curl(scenario, stage)),
            Self::Floor if scenario == Scenario::Http => {
                let port = stage.http.rsplit(':').next().unwrap_or_default().to_owned();
                let words = vec![text(stage.floor.as_ref()?), port];
                Some(Run { words, env: environment(scenario, stage), exit: 0 })
            }
            _ => None,
        }
    }
}

/// The job that is described and waited for.
const JOB: &str = "0e1b4a3c-7d52-4a3e-9b0f-1c2d3e4f5a6b";

/// The required options.
const REQUIRED: [&str; 8] = [
    "--recovery-point-arn",
    "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0",
    "--source-backup-vault-name",
    "source-vault",
    "--destination-backup-vault-arn",
    "arn:aws:backup:us-west-2:123456789012:backup-vault:copies",
    "--iam-role-arn",
    "arn:aws:iam::123456789012:role/backup",
];

/// `aws backup start-copy-job ..` by `program`, ours or v1.
fn cli(program: &std::path::Path, scenario: Scenario, stage: &Stage) -> Run {
    let mut words = vec![text(program)];
    let mut add = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    match scenario {
        Scenario::Version => add(&["--version"]),
        Scenario::Skeleton => add(&["backup", "start-copy-job", "--generate-cli-skeleton"]),
        Scenario::UsageError => add(&["backup", "start-copy-job"]),
        Scenario::Describe => add(&["backup", "describe-copy-job", "--copy-job-id", JOB]),
        _ => {
            add(&["backup", "start-copy-job"]);
            add(&REQUIRED);
            add(&["--query", "CopyJobId", "--output", "text"]);
        }
    }
    let exit = if scenario == Scenario::UsageError { 2 } else { 0 };
    Run { words, env: environment(scenario, stage), exit }
}

/// A wait of ours for a job that stays RUNNING, `count` polls long: over one kept connection by http, or each poll
/// over a new one by https.
pub fn wait(stage: &Stage, is_kept: bool, count: usize) -> Run {
    let scenario = if is_kept { Scenario::Http } else { Scenario::Https };
    let count = count.to_string();
    let words =
        ["backup", "wait", "copy-job-completed", "--copy-job-id", JOB, "--delay", "0", "--max-attempts"];
    let words = words.into_iter().chain([count.as_str()]).map(str::to_owned);
    let mut env = environment(scenario, stage);
    if !is_kept {
        env.push(("AWS_ENDPOINT_URL_BACKUP".to_owned(), stage.https_closing.clone()));
    }
    Run { words: std::iter::once(text(&stage.ours)).chain(words).collect(), env, exit: 255 }
}

/// The call as curl makes it.
fn curl(scenario: Scenario, stage: &Stage) -> Run {
    let body = "{\"RecoveryPointArn\": \"arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0\", \
                \"SourceBackupVaultName\": \"source-vault\", \"DestinationBackupVaultArn\": \
                \"arn:aws:backup:us-west-2:123456789012:backup-vault:copies\", \"IamRoleArn\": \
                \"arn:aws:iam::123456789012:role/backup\", \"IdempotencyToken\": \"bench\"}";
    let url = format!("{}/copy-jobs", endpoint(scenario, stage));
    let mut words: Vec<String> = ["curl", "-sS", "-X", "PUT", "--aws-sigv4", "aws:amz:us-east-1:backup"]
        .into_iter()
        .chain(["--user", "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"])
        .chain(["-H", "Content-Type: application/json", "-d", body, &url])
        .map(str::to_owned)
        .collect();
    if let Some(bundle) = bundle(scenario, stage) {
        words.extend(["--cacert".to_owned(), bundle]);
    }
    Run { words, env: environment(scenario, stage), exit: 0 }
}

/// The server of `scenario`.
fn endpoint(scenario: Scenario, stage: &Stage) -> &str {
    if matches!(scenario, Scenario::Https | Scenario::HttpsFullBundle) { &stage.https } else { &stage.http }
}

/// The file of trusted roots of `scenario`.
fn bundle(scenario: Scenario, stage: &Stage) -> Option<String> {
    match scenario {
        Scenario::Https => Some(text(&stage.ca)),
        Scenario::HttpsFullBundle => Some(text(&stage.bundle)),
        _ => None,
    }
}

/// The whole environment of a run.
fn environment(scenario: Scenario, stage: &Stage) -> Vec<(String, String)> {
    let from_profile = matches!(scenario, Scenario::Profile | Scenario::CachedRole);
    let home = if from_profile { &stage.full_home } else { &stage.empty_home };
    let mut env = vec![
        ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
        ("HOME".to_owned(), text(home)),
        ("AWS_ENDPOINT_URL".to_owned(), endpoint(scenario, stage).to_owned()),
        ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
    ];
    let mut set = |name: &str, value: &str| env.push((name.to_owned(), value.to_owned()));
    if from_profile {
        set("AWS_PROFILE", if scenario == Scenario::Profile { "bench" } else { "role" });
    } else {
        set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        set("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        set("AWS_DEFAULT_REGION", "us-east-1");
        set("AWS_REGION", "us-east-1"); // the SDK reads this one
    }
    if let Some(bundle) = bundle(scenario, stage) {
        set("AWS_CA_BUNDLE", &bundle);
        set("SSL_CERT_FILE", &bundle); // the SDK's default client reads the system's store
    }
    env
}

/// A path as a word of a command line.
fn text(path: &std::path::Path) -> String {
    path.to_string_lossy().into_owned()
}
