//! A copy job of the in-memory AWS Backup: its states, one for each time that it is described, and its JSON.

use ring::digest;
use serde_json::{Map, Value, json};

use crate::backup::ACCOUNT;
use crate::sigv4::hex;

/// State of a copy job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// `CREATED`.
    Created,
    /// `RUNNING`.
    Running,
    /// `COMPLETED`.
    Completed,
    /// `FAILED`, with its `StatusMessage`.
    Failed(String),
    /// `PARTIAL`, with its `StatusMessage`.
    Partial(String),
}

impl JobState {
    /// Reads `CREATED`, `RUNNING`, `COMPLETED`, `FAILED: message` or `PARTIAL: message`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, message) = text.split_once(": ").unwrap_or((text, ""));
        match name {
            "CREATED" => Some(Self::Created),
            "RUNNING" => Some(Self::Running),
            "COMPLETED" => Some(Self::Completed),
            "FAILED" => Some(Self::Failed(message.to_owned())),
            "PARTIAL" => Some(Self::Partial(message.to_owned())),
            _ => None,
        }
    }

    /// Returns the name that the API gives it.
    fn name(&self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed(_) => "FAILED",
            Self::Partial(_) => "PARTIAL",
        }
    }

    /// Returns its `StatusMessage`.
    fn message(&self) -> Option<&str> {
        match self {
            Self::Failed(message) | Self::Partial(message) if !message.is_empty() => Some(message),
            _ => None,
        }
    }

    /// Checks whether the job has come to its end.
    fn is_terminal(&self) -> bool {
        !matches!(self, Self::Created | Self::Running)
    }
}

/// The states of a job that nothing happens to.
pub(crate) const UNDISTURBED: [JobState; 3] = [JobState::Created, JobState::Running, JobState::Completed];

/// A copy job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// Seconds since 1970.
    created: f64,
    /// When its end was first seen, in seconds since 1970.
    completed: Option<f64>,
    /// The members of the request that started it.
    pub(crate) request: Map<String, Value>,
    /// Its states: each time it is described it has the next one, and at last keeps the last one.
    states: Vec<JobState>,
    described: usize,
}

impl Job {
    /// Creates job number `index`.
    pub(crate) fn new(
        index: usize,
        created: f64,
        request: Map<String, Value>,
        states: Vec<JobState>,
    ) -> Self {
        Self { id: job_id(index), created, completed: None, request, states, described: 0 }
    }

    /// Moves on to the next state; `now` is in seconds since 1970.
    pub(crate) fn advance(&mut self, now: f64) {
        self.described += 1;
        if self.state().is_terminal() {
            self.completed.get_or_insert(now);
        }
    }

    /// Returns the state that the last description showed.
    fn state(&self) -> &JobState {
        let last = self.states.len().saturating_sub(1);
        self.states.get(self.described.saturating_sub(1).min(last)).unwrap_or(&JobState::Completed)
    }

    /// Returns the response of StartCopyJob.
    pub(crate) fn started(&self) -> Value {
        json!({"CopyJobId": self.id, "CreationDate": self.created, "IsParent": false})
    }

    /// Returns the structure `CopyJob` of DescribeCopyJob and ListCopyJobs.
    pub(crate) fn described(&self, region: &str) -> Value {
        let member = |name: &str| self.request.get(name).and_then(Value::as_str).unwrap_or_default();
        let vault = member("SourceBackupVaultName");
        let mut described = json!({
            "AccountId": ACCOUNT,
            "CopyJobId": self.id,
            "CreationDate": self.created,
            "DestinationBackupVaultArn": member("DestinationBackupVaultArn"),
            "IamRoleArn": member("IamRoleArn"),
            "IsParent": false,
            "ResourceArn": format!("arn:aws:ec2:{region}:{ACCOUNT}:volume/vol-0123456789abcdef0"),
            "ResourceType": "EBS",
            "SourceBackupVaultArn": format!("arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{vault}"),
            "SourceRecoveryPointArn": member("RecoveryPointArn"),
            "State": self.state().name(),
        });
        if let Some(completed) = self.completed {
            described["CompletionDate"] = json!(completed);
        }
        if let Some(message) = self.state().message() {
            described["StatusMessage"] = json!(message);
        }
        if *self.state() == JobState::Completed {
            described["BackupSizeInBytes"] = json!(8_589_934_592_u64);
            described["DestinationRecoveryPointArn"] =
                json!(format!("arn:aws:ec2:{region}::snapshot/snap-{}", snapshot(&self.id)));
        }
        described
    }
}

/// Returns the id of job number `index`, in the form of the service.
fn job_id(index: usize) -> String {
    let hash = hash(&format!("job {index}")).to_uppercase();
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Returns the number of the snapshot that a job makes.
fn snapshot(id: &str) -> String {
    hash(id).get(..17).unwrap_or_default().to_owned()
}

/// Returns a hash in hexadecimal.
fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::{Job, JobState, UNDISTURBED};

    #[test]
    fn each_description_shows_the_next_state() {
        let failed =
            ["CREATED", "RUNNING", "RUNNING", "FAILED: no key"].map(|text| JobState::parse(text).unwrap());
        let partial = ["PARTIAL: 2 of 3"].map(|text| JobState::parse(text).unwrap());
        let rows: [(&[JobState], &[&str], Option<&str>); 4] = [
            (&UNDISTURBED, &["CREATED", "RUNNING", "COMPLETED", "COMPLETED"], None),
            (&failed, &["CREATED", "RUNNING", "RUNNING", "FAILED", "FAILED"], Some("no key")),
            (&partial, &["PARTIAL", "PARTIAL"], Some("2 of 3")),
            (&[], &["COMPLETED"], None),
        ];
        for (states, expected, message) in rows {
            let mut job = Job::new(0, 1.5, Map::new(), states.to_vec());
            for (number, state) in expected.iter().enumerate() {
                job.advance(2.5);
                let described = job.described("us-east-1");
                assert_eq!(described["State"], *state, "{states:?}, {number}");
                let is_over = !matches!(*state, "CREATED" | "RUNNING");
                assert_eq!(described.get("CompletionDate").and_then(Value::as_f64), is_over.then_some(2.5));
                let completed = *state == "COMPLETED";
                assert_eq!(described.get("DestinationRecoveryPointArn").is_some(), completed);
                let told = described.get("StatusMessage").and_then(Value::as_str);
                assert_eq!(told, message.filter(|_| is_over), "{states:?}, {number}");
            }
        }
        assert_eq!(JobState::parse("completed"), None);
    }
}
