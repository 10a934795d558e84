//! `cases/*.toml` -> [`Case`]. Every field is documented here; unknown fields are refused.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::template;

/// A number of seconds.
type Seconds = f64;

/// One file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Fields for all cases of the file; tables are merged, all else is replaced by the case's own.
    #[serde(default)]
    defaults: toml::Table,
    /// The cases.
    #[serde(default)]
    case: Vec<toml::Table>,
}

/// One case.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// `file/name`, unique.
    pub id: String,
    /// The behaviour, in one line.
    pub why: String,
    /// Rows of `rows.md` that it proves.
    #[serde(default)]
    pub rows: Vec<String>,
    /// The command and what surrounds it.
    #[serde(flatten)]
    pub command: Command,
    /// Further commands in the same home, against the same servers, over the same environment.
    #[serde(default)]
    pub then: Vec<Command>,
    /// With `then`: in live mode also oracle and candidate in turn, so that they share files.
    #[serde(default)]
    pub shared: bool,
    /// Files made before: path below the home (or `{CWD}/..`: below the working directory) -> content.
    #[serde(default)]
    pub files: BTreeMap<String, FileSpec>,
    /// Files that only v1 finds: a model that it does not ship and we have built in.
    #[serde(default)]
    pub oracle_files: BTreeMap<String, FileSpec>,
    /// Why we do not do it yet: we are not compared, but must leave this when we do.
    pub pending: Option<String>,
    /// Replies of the server `backup`; none means one success for ever.
    #[serde(default)]
    pub replies: Vec<ReplySpec>,
    /// Further servers, or the settings of `backup`.
    #[serde(default)]
    pub servers: BTreeMap<String, ServerSpec>,
    /// Files shown in the result: path below the home; `dir/*` shows all files of a folder.
    #[serde(default)]
    pub record_files: Vec<String>,
    /// More secrets that a signature is tried with; those in env, files and replies are found without.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// Fields of the oracle's result that change from run to run and are not recorded (`stderr` of `--debug`).
    #[serde(default)]
    pub unstable: Vec<String>,
    /// It mostly sleeps: many such cases run at the same time.
    #[serde(default)]
    pub slow: bool,
    /// The oracle is v1 with its extra package (`awscli[crt]`).
    #[serde(default)]
    pub extra: bool,
    /// Where it stands.
    #[serde(skip)]
    pub file: String,
    /// The `argv` of the file's defaults.
    #[serde(skip)]
    pub usual_argv: Option<Vec<String>>,
}

/// A command line and its surroundings.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Command {
    /// The words after the program name; default that of the file, else `backup start-copy-job {REQ}`.
    pub argv: Option<Vec<String>>,
    /// Words for us alone, where v1 is given the same in other words (`--delay`).
    pub our_argv: Option<Vec<String>>,
    /// Words after the default `argv`.
    #[serde(default)]
    pub with: Vec<String>,
    /// Environment variables, over the defaults of `stage`.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Variables of the defaults that are not set.
    #[serde(default)]
    pub unset: Vec<String>,
    /// The program is started through a link of this name.
    pub argv0: Option<String>,
    /// Text on standard input.
    pub stdin: Option<String>,
    /// What standard input is.
    #[serde(default)]
    pub stdin_is: Input,
    /// What standard output is.
    #[serde(default)]
    pub stdout: Output,
    /// What standard error is.
    #[serde(default)]
    pub stderr: Output,
    /// A terminal; streams that are `tty` are connected to it.
    pub tty: Option<Terminal>,
    /// A signal sent to the program.
    pub signal: Option<Signal>,
    /// Killed after so long (default 30).
    pub timeout: Option<Seconds>,
    /// A POSIX shell line run instead of the program; `"$@"` is the command (`ulimit`, `umask`, pipes).
    pub shell: Option<String>,
}

/// What standard input is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// A pipe where there is text, else `/dev/null`.
    #[default]
    Auto,
    /// A pipe.
    Pipe,
    /// A regular file that holds the text.
    File,
    /// Closed.
    Closed,
    /// The terminal.
    Tty,
}

/// What standard output or error is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Output {
    /// A pipe that is read.
    #[default]
    Pipe,
    /// Closed.
    Closed,
    /// `/dev/full`.
    Full,
    /// A pipe that nobody reads.
    BrokenPipe,
    /// Open for reading only.
    ReadOnly,
    /// A pipe that is full and does not block.
    FullPipe,
    /// The terminal.
    Tty,
}

/// A terminal, made the controlling one of the program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// Its width; 0 as it is before anybody sets it.
    #[serde(default = "eighty")]
    pub columns: u16,
    /// What is typed.
    #[serde(default)]
    pub types: Vec<Typed>,
}

/// Something typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// After this text was shown.
    pub after: String,
    /// The keys; `\u0003` is Ctrl-C.
    pub text: String,
}

/// The usual width.
fn eighty() -> u16 {
    80
}

/// A signal sent to the program.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// `INT`, `TERM`, `HUP`, `PIPE`, `QUIT`.
    pub name: String,
    /// After so many requests at all servers together.
    #[serde(default)]
    pub requests: usize,
    /// And then after so long.
    #[serde(default)]
    pub delay: Seconds,
}

/// A file: its text, or more.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum FileSpec {
    /// Text.
    Text(String),
    /// Text, folder or link, with a mode.
    Full(FullFile),
}

/// A file, folder or link.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullFile {
    /// Text of a file.
    #[serde(default)]
    pub text: String,
    /// In octal; default as the umask has it.
    pub mode: Option<String>,
    /// A folder.
    #[serde(default)]
    pub folder: bool,
    /// A symbolic link to this.
    pub link: Option<String>,
}

/// One server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSpec {
    /// `http` (default) or `https`.
    pub scheme: Option<String>,
    /// Name of the certificate, default `good`, or the line of text that describes it (`endpoint::tls`).
    pub certificate: Option<String>,
    /// `script` (default), `backup` (in memory, signatures checked) or `proxy`.
    pub kind: Option<String>,
    /// Of a `backup`: the states of its jobs, one for each time that a job is described, the last one for ever:
    /// `CREATED`, `RUNNING`, `COMPLETED` (these three by default), `FAILED: message`, `PARTIAL: message`.
    #[serde(default)]
    pub states: Vec<String>,
    /// Its replies; after them a `backup` responds, a `proxy` tunnels.
    #[serde(default)]
    pub replies: Vec<ReplySpec>,
    /// What happens to connections: `serve`, `close`, `close-after-hello`, `reset`, `stall:SECONDS`, `say:TEXT`.
    #[serde(default)]
    pub connections: Vec<String>,
    /// Nobody listens there.
    #[serde(default)]
    pub refuses: bool,
    /// Of a proxy: `host:port` or `*` -> name of the server that stands for it.
    #[serde(default)]
    pub targets: BTreeMap<String, String>,
}

/// One reply; the fields of `endpoint::Reply` and of `endpoint::script::Match`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplySpec {
    /// Only for this method.
    pub method: Option<String>,
    /// Only for targets that begin so.
    pub path: Option<String>,
    /// Only for bodies that contain this.
    pub body_has: Option<String>,
    /// Only where a header line contains this (`name: value`, name in lower case).
    pub header_has: Option<String>,
    /// Status (default 200).
    #[serde(default)]
    pub status: u16,
    /// Reason phrase.
    pub reason: Option<String>,
    /// Headers; a list for a repeated one.
    #[serde(default)]
    pub headers: BTreeMap<String, OneOrMany>,
    /// The body.
    pub body: Option<String>,
    /// The body in base64.
    pub body_base64: Option<String>,
    /// Instead of all: the whole reply.
    pub raw: Option<String>,
    /// `length` (default), `chunked`, `chunked:SIZE`, `close`.
    pub framing: Option<String>,
    /// Seconds before the first byte.
    #[serde(default)]
    pub delay: Seconds,
    /// After so many bytes ...
    pub stall_after: Option<usize>,
    /// ... wait so many seconds.
    #[serde(default)]
    pub stall: Seconds,
    /// Pieces of so many bytes ...
    pub drip: Option<usize>,
    /// ... and so many seconds after each.
    #[serde(default)]
    pub drip_pause: Seconds,
    /// Only so many bytes of the reply, then the connection ends; negative: all but so many.
    pub truncate: Option<i64>,
    /// `keep-alive` (default), `close`, `reset`.
    pub end: Option<String>,
}

/// A value or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

impl Case {
    /// All commands, in order.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        std::iter::once(&self.command).chain(&self.then)
    }
}

/// Folder of cases, goldens and lists.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity")
}

/// All cases of all files, in the order of file names; the id begins with the name of its file.
pub fn load() -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let entries = std::fs::read_dir(folder().join("cases")).map_err(|error| error.to_string())?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|kind| kind == "toml")) {
        let stem = path.file_stem().unwrap().to_string_lossy();
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        cases.extend(parse(&stem, &text)?);
    }
    Ok(cases)
}

/// The cases of one file, by its name and text.
pub fn parse(stem: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let file: File = toml::from_str(text).map_err(|error| format!("{stem}.toml: {error}"))?;
    let usual_argv = file.defaults.get("argv").cloned().map(toml::Value::try_into).transpose();
    let usual_argv = usual_argv.map_err(|error| format!("{stem}.toml, argv of the defaults: {error}"))?;
    for table in file.case {
        let shown = table.get("id").and_then(toml::Value::as_str).unwrap_or("?").to_owned();
        let case = read(&file.defaults, table).map_err(|error| format!("{stem}.toml, {shown}: {error}"))?;
        if !case.id.starts_with(&format!("{stem}/")) {
            return Err(format!("{stem}.toml, {}: the id must begin with {stem}/", case.id));
        }
        if cases.iter().any(|known| known.id == case.id) {
            return Err(format!("{stem}.toml: two cases have the id {}", case.id));
        }
        cases.push(Case { file: stem.to_owned(), usual_argv: usual_argv.clone(), ..case });
    }
    Ok(cases)
}

/// One case over the defaults of its file.
fn read(defaults: &toml::Table, own: toml::Table) -> Result<Case, String> {
    refuse_unknown(&own)?;
    refuse_templates(&toml::Value::Table(own.clone()))?;
    let mut merged = defaults.clone();
    for (name, value) in own {
        match (merged.get_mut(&name), value) {
            (Some(toml::Value::Table(known)), toml::Value::Table(added)) => known.extend(added),
            (_, value) => {
                merged.insert(name, value);
            }
        }
    }
    merged.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// `serde(flatten)` and `deny_unknown_fields` do not go together, so the names are checked here.
fn refuse_unknown(table: &toml::Table) -> Result<(), String> {
    const COMMAND: &[&str] = &[
        "argv", "our_argv", "with", "env", "unset", "argv0", "stdin", "stdin_is", "stdout", "stderr", "tty",
        "signal", "timeout", "shell",
    ];
    const CASE: &[&str] = &[
        "id",
        "why",
        "rows",
        "then",
        "shared",
        "files",
        "oracle_files",
        "pending",
        "replies",
        "servers",
        "record_files",
        "secrets",
        "slow",
        "extra",
        "unstable",
    ];
    let unknown =
        table.keys().find(|name| !COMMAND.contains(&name.as_str()) && !CASE.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| Err(format!("unknown field {name}")))
}

/// Checks that every word in braces that looks like a template is one.
fn refuse_templates(value: &toml::Value) -> Result<(), String> {
    let text =
        |text: &str| template::unknown(text).map_or(Ok(()), |name| Err(format!("no template {{{name}}}")));
    match value {
        toml::Value::String(value) => text(value),
        toml::Value::Array(values) => values.iter().try_for_each(refuse_templates),
        toml::Value::Table(table) => {
            table.iter().try_for_each(|(name, value)| text(name).and_then(|()| refuse_templates(value)))
        }
        _ => Ok(()),
    }
}
