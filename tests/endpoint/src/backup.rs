//! AWS Backup in memory: vaults, recovery points, copy jobs, idempotency tokens, and the service's errors.
//!
//! `PUT /copy-jobs` is StartCopyJob, `GET /copy-jobs/{id}` is DescribeCopyJob, `GET /copy-jobs/` is ListCopyJobs.
//! Requests must be signed.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use time::format_description::well_known::iso8601;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::http::Request;
use crate::job::{Job, JobState, UNDISTURBED};
use crate::reply::Reply;
use crate::server::Service;
use crate::sigv4::{Claim, verify};

/// Account of all resources.
pub const ACCOUNT: &str = "123456789012";
/// How far the clock of a client may be off.
const SKEW: Duration = Duration::from_secs(15 * 60);
/// The members that StartCopyJob needs, in the order of the API.
const REQUIRED: [&str; 4] =
    ["RecoveryPointArn", "SourceBackupVaultName", "DestinationBackupVaultArn", "IamRoleArn"];

/// A refusal: HTTP status, error code, message.
type Refusal = (u16, &'static str, String);

/// One access key.
#[derive(Debug, Clone, Default)]
pub struct Key {
    /// The secret.
    pub secret: String,
    /// The session token that must come with it, for temporary keys.
    pub session_token: Option<String>,
}

/// What changes while it runs.
#[derive(Default)]
struct State {
    jobs: Vec<Job>,
    by_token: HashMap<String, usize>,
}

/// The service.
pub struct Backup {
    region: String,
    keys: HashMap<String, Key>,
    vaults: HashSet<String>,
    recovery_points: HashMap<String, String>,
    states: Vec<JobState>,
    states_of: HashMap<String, Vec<JobState>>,
    limit: usize,
    clock: fn() -> f64,
    state: Mutex<State>,
}

impl Backup {
    /// A service of `region` without keys, vaults and recovery points.
    pub fn new(region: &str) -> Self {
        Self {
            region: region.to_owned(),
            keys: HashMap::new(),
            vaults: HashSet::new(),
            recovery_points: HashMap::new(),
            states: UNDISTURBED.to_vec(),
            states_of: HashMap::new(),
            limit: usize::MAX,
            clock: seconds_now,
            state: Mutex::default(),
        }
    }

    /// A service with the vaults `primary` and `secondary`, and one recovery point in the first.
    pub fn furnished(region: &str, access_key: &str, secret: &str) -> Self {
        let recovery_point = format!("arn:aws:ec2:{region}::snapshot/snap-0123456789abcdef0");
        Self::new(region)
            .with_key(access_key, Key { secret: secret.to_owned(), session_token: None })
            .with_vault("primary")
            .with_vault("secondary")
            .with_recovery_point("primary", &recovery_point)
    }

    /// Adds an access key.
    #[must_use]
    pub fn with_key(mut self, id: &str, key: Key) -> Self {
        self.keys.insert(id.to_owned(), key);
        self
    }

    /// Adds a vault.
    #[must_use]
    pub fn with_vault(mut self, name: &str) -> Self {
        self.vaults.insert(name.to_owned());
        self
    }

    /// Adds a recovery point to a vault.
    #[must_use]
    pub fn with_recovery_point(mut self, vault: &str, arn: &str) -> Self {
        self.recovery_points.insert(arn.to_owned(), vault.to_owned());
        self
    }

    /// Sets the states of every job: one for each time that it is described, the last one for ever.
    #[must_use]
    pub fn with_states(mut self, states: &[JobState]) -> Self {
        self.states = states.to_vec();
        self
    }

    /// Sets the states of the jobs that copy this recovery point.
    #[must_use]
    pub fn with_states_of(mut self, recovery_point: &str, states: &[JobState]) -> Self {
        self.states_of.insert(recovery_point.to_owned(), states.to_vec());
        self
    }

    /// Refuses more than so many jobs.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Takes the creation dates of jobs from `clock`, in seconds since 1970.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> f64) -> Self {
        self.clock = clock;
        self
    }

    /// The ids of all jobs so far, in order.
    pub fn job_ids(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.jobs.iter().map(|job| job.id.clone()).collect()
    }

    /// The idempotency tokens of all jobs so far, in order.
    pub fn tokens(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let token = |job: &Job| text_of(&job.request, "IdempotencyToken").unwrap_or_default().to_owned();
        state.jobs.iter().map(token).collect()
    }

    /// Who asks, or why that is not known.
    fn authorise(&self, request: &Request) -> Result<(), Refusal> {
        if request.header("Authorization").is_none() {
            return Err((403, "MissingAuthenticationTokenException", "Missing Authentication Token".into()));
        }
        let Some(claim) = Claim::of(request) else {
            let text = "Authorization header requires 'Credential' parameter. Authorization header requires \
                        'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.";
            return Err((403, "IncompleteSignatureException", text.into()));
        };
        let unknown = || {
            (
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.".into(),
            )
        };
        let key = self.keys.get(&claim.key).ok_or_else(unknown)?;
        if key.session_token.as_deref() != request.header("X-Amz-Security-Token") {
            return Err(unknown());
        }
        self.check_scope(&claim)?;
        check_date(request)?;
        if verify(request, &claim, &key.secret) {
            return Ok(());
        }
        let text = "The request signature we calculated does not match the signature you provided. Check your \
                    AWS Secret Access Key and signing method. Consult the service documentation for details.";
        Err((403, "InvalidSignatureException", text.into()))
    }

    /// The scope must be this service in this region.
    fn check_scope(&self, claim: &Claim) -> Result<(), Refusal> {
        let text = match (claim.region() == self.region, claim.service() == "backup") {
            (true, true) => return Ok(()),
            (false, _) => {
                format!("Credential should be scoped to a valid region, not '{}'. ", claim.region())
            }
            (_, false) => "Credential should be scoped to correct service: 'backup'. ".to_owned(),
        };
        Err((403, "InvalidSignatureException", text))
    }

    /// Starts a job, or gives the one that the same token started.
    fn start_copy_job(&self, request: &Request) -> Result<Value, Refusal> {
        let Ok(Value::Object(members)) = serde_json::from_slice(&request.body) else {
            return Err((400, "SerializationException", "The request body is not a JSON object.".into()));
        };
        check_types(&members)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let token = text_of(&members, "IdempotencyToken").unwrap_or_default().to_owned();
        if let Some(job) = state.by_token.get(&token).and_then(|&index| state.jobs.get(index)) {
            if job.request == members {
                return Ok(job.started());
            }
            let text = "Idempotency token was used before with other parameters.";
            return Err((400, "InvalidRequestException", text.into()));
        }
        self.check_resources(&members)?;
        if state.jobs.len() >= self.limit {
            return Err((400, "LimitExceededException", "Too many copy jobs are running.".into()));
        }
        let index = state.jobs.len();
        let states = text_of(&members, "RecoveryPointArn").and_then(|point| self.states_of.get(point));
        let job = Job::new(index, (self.clock)(), members, states.unwrap_or(&self.states).clone());
        let response = job.started();
        state.jobs.push(job);
        if !token.is_empty() {
            state.by_token.insert(token, index);
        }
        Ok(response)
    }

    /// The vaults and the recovery point must exist.
    fn check_resources(&self, members: &Map<String, Value>) -> Result<(), Refusal> {
        let member = |name: &str| text_of(members, name).unwrap_or_default();
        let destination = member("DestinationBackupVaultArn");
        let parts: Vec<&str> = destination.split(':').collect();
        let ["arn", _, "backup", _, _, "backup-vault", target] = parts.as_slice() else {
            return Err((400, "InvalidParameterValueException", format!("Invalid ARN: {destination}")));
        };
        if !member("IamRoleArn").starts_with("arn:aws:iam::") {
            let text = format!("Invalid ARN: {}", member("IamRoleArn"));
            return Err((400, "InvalidParameterValueException", text));
        }
        let source = member("SourceBackupVaultName");
        if let Some(vault) = [source, *target].into_iter().find(|vault| !self.vaults.contains(*vault)) {
            let text = format!("Backup vault {vault} does not exist.");
            return Err((400, "ResourceNotFoundException", text));
        }
        let point = member("RecoveryPointArn");
        if self.recovery_points.get(point).is_none_or(|vault| vault != source) {
            let text = format!("Recovery point {point} does not exist in vault {source}.");
            return Err((400, "ResourceNotFoundException", text));
        }
        Ok(())
    }

    /// Returns a job by its id, moved on to its next state.
    fn describe_copy_job(&self, id: &str) -> Result<Value, Refusal> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let job = state.jobs.iter_mut().find(|job| job.id == id);
        let job =
            job.ok_or_else(|| (400, "ResourceNotFoundException", format!("Copy job {id} does not exist.")))?;
        job.advance((self.clock)());
        Ok(json!({"CopyJob": job.described(&self.region)}))
    }

    /// Returns all jobs as they are.
    fn list_copy_jobs(&self) -> Value {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        json!({"CopyJobs": state.jobs.iter().map(|job| job.described(&self.region)).collect::<Vec<_>>()})
    }

    /// Does what the request asks for.
    fn dispatch(&self, request: &Request) -> Result<Value, Refusal> {
        match (request.method.as_str(), request.path()) {
            ("PUT", "/copy-jobs") => self.start_copy_job(request),
            ("GET", "/copy-jobs" | "/copy-jobs/" | "/copy-jobs/.") => Ok(self.list_copy_jobs()),
            ("GET", path) => match path.strip_prefix("/copy-jobs/").filter(|id| !id.contains('/')) {
                Some(".." | "") | None => Err((404, "UnknownOperationException", String::new())),
                Some(id) => self.describe_copy_job(&percent_decoded(id)),
            },
            _ => Err((404, "UnknownOperationException", String::new())),
        }
    }
}

impl Service for Backup {
    fn respond(&self, request: &Request) -> Reply {
        let outcome = self.authorise(request).and_then(|()| self.dispatch(request));
        match outcome {
            Ok(body) => Reply::json(200, &body),
            Err((status, code, message)) => refusal(status, code, &message),
        }
    }
}

/// An error as the service writes it.
pub fn refusal(status: u16, code: &str, message: &str) -> Reply {
    let body = match code {
        "UnknownOperationException" => json!({}),
        _ if code.contains("Signature") || code.contains("Client") || code.contains("Token") => {
            json!({"message": message})
        }
        _ => json!({"Code": code, "Context": null, "Message": message, "Type": null}),
    };
    let mut reply = Reply::json(status, &body);
    reply.headers.push(("x-amzn-ErrorType".to_owned(), code.to_owned()));
    reply
}

/// Required members must be there, and each must have its type.
fn check_types(members: &Map<String, Value>) -> Result<(), Refusal> {
    for name in REQUIRED {
        match members.get(name) {
            None | Some(Value::Null) => {
                return Err((400, "MissingParameterValueException", format!("{name} is missing.")));
            }
            Some(Value::String(text)) if text.is_empty() => {
                return Err((400, "InvalidParameterValueException", format!("{name} is empty.")));
            }
            Some(Value::String(_)) => {}
            Some(_) => return Err((400, "SerializationException", format!("{name} is not a string."))),
        }
    }
    let Some(lifecycle) = members.get("Lifecycle") else { return Ok(()) };
    let days = |name: &str| lifecycle.get(name).and_then(Value::as_i64);
    let (cold, delete) = (days("MoveToColdStorageAfterDays"), days("DeleteAfterDays"));
    if let (Some(cold), Some(delete)) = (cold, delete)
        && delete >= 0
        && delete < cold + 90
    {
        let text = "DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays";
        return Err((400, "InvalidParameterValueException", text.to_owned()));
    }
    Ok(())
}

/// The date of the signature must be about now.
fn check_date(request: &Request) -> Result<(), Refusal> {
    let told = request.header("X-Amz-Date").unwrap_or_default();
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    let Ok(date) = PrimitiveDateTime::parse(told, format) else {
        let text = "Date must be in ISO-8601 'basic format'.".to_owned();
        return Err((403, "IncompleteSignatureException", text));
    };
    let now = OffsetDateTime::now_utc();
    if (now - date.assume_utc()).unsigned_abs() <= SKEW {
        return Ok(());
    }
    let now = now.format(&iso8601::Iso8601::DEFAULT).unwrap_or_default();
    Err((
        403,
        "InvalidSignatureException",
        format!("Signature expired: {told} is now earlier or later than {now}"),
    ))
}

/// A member that is text.
fn text_of<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

/// Returns a part of a path with its `%XX` resolved; the text comes from the wire, one character a byte.
fn percent_decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part;
    while let Some(letter) = rest.chars().next() {
        let escaped = rest.strip_prefix('%').and_then(|code| code.get(..2));
        let escaped = escaped.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(escaped.unwrap_or_else(|| u8::try_from(u32::from(letter)).unwrap_or(b'?')));
        let length = if escaped.is_some() { 3 } else { letter.len_utf8() };
        rest = rest.get(length..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The time in seconds since 1970, to the millisecond.
fn seconds_now() -> f64 {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in 53 bits")]
    let seconds = millis as f64 / 1000.0;
    seconds
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::Backup;
    use crate::clock::{basic, now};
    use crate::http::Request;
    use crate::job::JobState;
    use crate::reply::Reply;
    use crate::script::{Match, Script};
    use crate::server::Service;
    use crate::sigv4::{Claim, signature};

    /// A signed request.
    fn request(method: &str, target: &str, body: &Value, secret: &str) -> Request {
        let date = basic(now());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let headers = vec![("Host".to_owned(), "x".to_owned()), ("X-Amz-Date".to_owned(), date.clone())];
        let mut request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            version: "HTTP/1.1".to_owned(),
            headers,
            body,
            connection: 1,
            at: std::time::SystemTime::now(),
        };
        let scope = format!("{}/us-east-1/backup/aws4_request", &date[..8]);
        let unsigned = format!("Credential=AKID/{scope}, SignedHeaders=host;x-amz-date, Signature=");
        request.headers.push(("Authorization".to_owned(), format!("AWS4-HMAC-SHA256 {unsigned}")));
        let claim = Claim::of(&request).unwrap();
        let good = signature(&request, &claim, secret).unwrap();
        request.headers.pop();
        request.headers.push(("Authorization".to_owned(), format!("AWS4-HMAC-SHA256 {unsigned}{good}")));
        request
    }

    /// Status and JSON of a reply.
    fn read(reply: &Reply) -> (u16, Value) {
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    /// A service with one job, and the id of that.
    fn with_a_job(states: &[JobState]) -> (Backup, String) {
        let backup = Backup::furnished("us-east-1", "AKID", "secret").with_states(states);
        let members = json!({
            "RecoveryPointArn": "arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0",
            "SourceBackupVaultName": "primary",
            "DestinationBackupVaultArn": "arn:aws:backup:us-east-1:123456789012:backup-vault:secondary",
            "IamRoleArn": "arn:aws:iam::123456789012:role/copy",
        });
        let (status, started) = read(&backup.respond(&request("PUT", "/copy-jobs", &members, "secret")));
        assert_eq!(status, 200, "{started}");
        (backup, started["CopyJobId"].as_str().unwrap().to_owned())
    }

    #[test]
    fn jobs_are_described_listed_and_unknown() {
        let (backup, id) = with_a_job(&[JobState::Running, JobState::Failed("no key".to_owned())]);
        let get =
            |target: &str, secret: &str| read(&backup.respond(&request("GET", target, &Value::Null, secret)));
        for state in ["RUNNING", "FAILED", "FAILED"] {
            let (status, body) = get(&format!("/copy-jobs/{id}"), "secret");
            assert_eq!((status, body["CopyJob"]["State"].as_str()), (200, Some(state)));
        }
        for target in ["/copy-jobs", "/copy-jobs/", "/copy-jobs/."] {
            assert_eq!(get(target, "secret").1["CopyJobs"][0]["StatusMessage"], "no key", "{target}");
        }
        let rows = [
            ("/copy-jobs/a%2F%C3%A9", "secret", 400, json!("Copy job a/\u{e9} does not exist.")),
            ("/copy-jobs/%2", "secret", 400, json!("Copy job %2 does not exist.")),
            ("/copy-jobs/..", "secret", 404, Value::Null),
            ("/copy-jobs/a/b", "secret", 404, Value::Null),
        ];
        for (target, secret, status, message) in rows {
            let (got, body) = get(target, secret);
            assert_eq!((got, &body["Message"]), (status, &message), "{target}");
        }
        assert_eq!(get(&format!("/copy-jobs/{id}"), "another").0, 403);
    }

    #[test]
    fn faults_can_be_scripted_for_one_method() {
        let (backup, id) = with_a_job(&[JobState::Completed]);
        let only_get = Match { method: Some("GET".to_owned()), ..Match::default() };
        let script = Script::new(vec![(only_get, Reply::text(503, ""))], Vec::new()).then(Arc::new(backup));
        let status = |method: &str, target: &str| {
            script.respond(&request(method, target, &Value::Null, "secret")).status
        };
        let target = format!("/copy-jobs/{id}");
        assert_eq!(status("PUT", "/copy-jobs"), 400, "not the fault");
        assert_eq!([status("GET", &target), status("GET", &target)], [503, 200]);
    }
}
