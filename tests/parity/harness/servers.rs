//! The servers of a case: specification -> running `endpoint` servers.

use std::collections::{BTreeMap, HashMap};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use endpoint::backup::Backup;
use endpoint::job::JobState;
use endpoint::proxy::Proxy;
use endpoint::script::{Match, Script};
use endpoint::server::Refusing;
use endpoint::tls::Certificate;
use endpoint::{End, Framing, Greeting, Reply, Server, Service, Setup};

use super::case::{Case, ReplySpec, ServerSpec};
use super::template::Places;

/// The one response of a server without replies.
pub const SUCCESS: &str =
    r#"{"CopyJobId":"7F5B9A26-2A4C-4C1F-9B0C-7A6B0E3E5F10","CreationDate":1516925490.087,"IsParent":false}"#;
/// The access key of the default environment.
pub const ACCESS_KEY: &str = "AKIDEXAMPLE";
/// The secret of the default environment.
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A port taken for a server that is not started yet.
pub enum Port {
    /// It will listen.
    Listening(TcpListener),
    /// It refuses.
    Refusing(Refusing),
}

/// The specifications of all servers, `backup` among them.
pub fn specs(case: &Case) -> BTreeMap<String, ServerSpec> {
    let mut specs = case.servers.clone();
    let backup = specs.entry("backup".to_owned()).or_default();
    backup.replies.extend(case.replies.iter().cloned());
    specs
}

/// Takes a port for each server.
pub fn ports(specs: &BTreeMap<String, ServerSpec>) -> BTreeMap<String, Port> {
    let port = |spec: &ServerSpec| {
        if spec.refuses {
            Port::Refusing(Refusing::new().unwrap())
        } else {
            Port::Listening(TcpListener::bind(("127.0.0.1", 0)).unwrap())
        }
    };
    specs.iter().map(|(name, spec)| (name.clone(), port(spec))).collect()
}

impl Port {
    /// Its number.
    pub fn number(&self) -> u16 {
        match self {
            Self::Listening(listener) => listener.local_addr().unwrap().port(),
            Self::Refusing(refusing) => refusing.port(),
        }
    }
}

/// Starts a server; one that refuses only keeps its port.
pub fn start(spec: &ServerSpec, port: Port, places: &Places) -> Result<Server, Refusing> {
    let listener = match port {
        Port::Listening(listener) => listener,
        Port::Refusing(refusing) => return Err(refusing),
    };
    let certificate = match (spec.scheme.as_deref(), spec.certificate.as_deref()) {
        (None | Some("http"), _) => None,
        (Some("https"), name) => Some(Certificate::named(name.unwrap_or("good"))),
        (Some(scheme), _) => panic!("no scheme is named {scheme}"),
    };
    let setup = Setup { certificate, service: service(spec, places) };
    Ok(Server::start_on(listener, setup).unwrap())
}

/// What the server does.
fn service(spec: &ServerSpec, places: &Places) -> Arc<dyn Service> {
    let mut rules: Vec<(Match, Reply)> = spec.replies.iter().map(|reply| rule(reply, places)).collect();
    let greetings: Vec<Greeting> = spec.connections.iter().map(|text| greeting(text, places)).collect();
    match spec.kind.as_deref() {
        None | Some("script") => {
            if rules.is_empty() {
                let body = SUCCESS.as_bytes().to_vec();
                let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
                rules.push((Match::default(), Reply { headers, body, ..Reply::default() }));
            }
            Arc::new(Script::new(rules, greetings))
        }
        Some("backup") => {
            let mut backup =
                Backup::furnished("us-east-1", ACCESS_KEY, SECRET).with_clock(|| 1_516_925_490.087);
            if !spec.states.is_empty() {
                let state = |text: &String| {
                    JobState::parse(text).unwrap_or_else(|| panic!("no job is ever in the state {text}"))
                };
                backup = backup.with_states(&spec.states.iter().map(state).collect::<Vec<_>>());
            }
            Arc::new(Script::new(rules, greetings).then(Arc::new(backup)))
        }
        Some("proxy") => {
            let port =
                |name: &String| places.servers.get(name).unwrap_or_else(|| panic!("no server {name}")).1;
            let targets: HashMap<String, u16> =
                spec.targets.iter().map(|(asked, name)| (places.text(asked), port(name))).collect();
            Arc::new(Proxy { targets, script: Script::new(rules, greetings) })
        }
        Some(kind) => panic!("no kind of server is named {kind}"),
    }
}

/// One reply and which requests it is for.
fn rule(spec: &ReplySpec, places: &Places) -> (Match, Reply) {
    let fill = |text: &Option<String>| text.as_ref().map(|text| places.text(text));
    let rule = Match {
        method: spec.method.clone(),
        path: fill(&spec.path),
        body: fill(&spec.body_has),
        header: fill(&spec.header_has),
    };
    let in_base64 = |text: &String| endpoint::reply::from_base64(text).unwrap();
    let body = spec.body.as_ref().map(|text| places.bytes(text));
    let headers = spec.headers.iter().flat_map(|(name, values)| {
        values.all().into_iter().map(|value| (name.clone(), places.text(value))).collect::<Vec<_>>()
    });
    let reply = Reply {
        status: spec.status,
        reason: spec.reason.clone(),
        headers: headers.collect(),
        body: body.or_else(|| spec.body_base64.as_ref().map(in_base64)).unwrap_or_default(),
        raw: spec.raw.as_ref().map(|text| places.bytes(text)),
        framing: framing(spec.framing.as_deref()),
        delay: Duration::from_secs_f64(spec.delay),
        stall: spec.stall_after.map(|after| (after, Duration::from_secs_f64(spec.stall))),
        drip: spec.drip.map(|size| (size, Duration::from_secs_f64(spec.drip_pause))),
        truncate: spec.truncate,
        end: end(spec.end.as_deref()),
        tunnel: None,
    };
    (rule, reply)
}

/// How the length is told.
fn framing(text: Option<&str>) -> Framing {
    match text {
        None | Some("length") => Framing::Length,
        Some("close") => Framing::UntilClose,
        Some("chunked") => Framing::Chunked(usize::MAX),
        Some(text) => Framing::Chunked(text.strip_prefix("chunked:").unwrap().parse().unwrap()),
    }
}

/// What becomes of the connection.
fn end(text: Option<&str>) -> End {
    match text {
        None | Some("keep-alive") => End::KeepAlive,
        Some("close") => End::Close,
        Some("reset") => End::Reset,
        Some(text) => panic!("no end is named {text}"),
    }
}

/// What happens on a new connection.
fn greeting(text: &str, places: &Places) -> Greeting {
    match text.split_once(':').unwrap_or((text, "")) {
        ("serve", _) => Greeting::Serve,
        ("close", _) => Greeting::Close,
        ("close-after-hello", _) => Greeting::CloseAfterHello,
        ("reset", _) => Greeting::Reset,
        ("stall", seconds) => Greeting::Stall(Duration::from_secs_f64(seconds.parse().unwrap())),
        ("say", words) => Greeting::Say(places.bytes(words)),
        _ => panic!("no greeting is named {text}"),
    }
}
