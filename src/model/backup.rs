//! The operations of AWS Backup.

use super::types::{Member, Operation, PageTexts, Shape, TEXT, optional, required};

pub(crate) static START_COPY_JOB: Operation = Operation {
    name: "StartCopyJob",
    command: "start-copy-job",
    input: START_INPUT,
    output: START_OUTPUT,
    page: PageTexts {
        purpose: "start copying one recovery point into another vault",
        description: &[
            "The service responds as soon as the job is accepted, with the job's id; the copy is made after that. \
             `aws backup wait copy-job-completed` waits for its end, `aws backup describe-copy-job` shows its state.",
            "A job is started once: every attempt that one call makes carries the same idempotency token. To be as \
             sure across several calls, give the token yourself.",
        ],
        examples: &[
            (
                "Start a copy into another region and print the id of the job:",
                "aws backup start-copy-job --recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d \
                 --source-backup-vault-name Default \
                 --destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr \
                 --iam-role-arn arn:aws:iam::111122223333:role/Copier --query CopyJobId --output text",
            ),
            (
                "Keep the copy for a year, from the second month on in cold storage, and make the call safe to repeat:",
                "aws backup start-copy-job --recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d \
                 --source-backup-vault-name Default \
                 --destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr \
                 --iam-role-arn arn:aws:iam::111122223333:role/Copier \
                 --lifecycle MoveToColdStorageAfterDays=30,DeleteAfterDays=365 \
                 --idempotency-token nightly-2026-11-22",
            ),
            (
                "Write a file to fill in with all that can be said:",
                "aws backup start-copy-job --generate-cli-skeleton > job.json",
            ),
            (
                "Start the job that the file describes, with another role:",
                "aws backup start-copy-job --cli-input-json file://job.json \
                 --iam-role-arn arn:aws:iam::111122223333:role/Copier",
            ),
        ],
    },
};

pub(crate) static DESCRIBE_COPY_JOB: Operation = Operation {
    name: "DescribeCopyJob",
    command: "describe-copy-job",
    input: DESCRIBE_INPUT,
    output: DESCRIBE_OUTPUT,
    page: PageTexts {
        purpose: "show the state of one copy job",
        description: &[
            "The job is looked up by the id that `aws backup start-copy-job` printed, in the region that started it. \
             Its `State` is `CREATED` or `RUNNING` while the copy is made, and `COMPLETED`, `FAILED` or `PARTIAL` at \
             its end.",
            "To wait for that end use `aws backup wait copy-job-completed`.",
        ],
        examples: &[
            (
                "Print the ARN of the copy that a job has made:",
                "aws backup describe-copy-job --copy-job-id 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809 \
                 --query CopyJob.DestinationRecoveryPointArn --output text",
            ),
            (
                "Print how a job stands and why:",
                "aws backup describe-copy-job --copy-job-id 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809 \
                 --query CopyJob.[State,StatusMessage] --output text",
            ),
        ],
    },
};

const START_INPUT: &[Member] = &[
    required("RecoveryPointArn", TEXT)
        .about("ARN of the recovery point to copy. Continuous backups cannot be copied.")
        .with(&[("Example", "`--recovery-point-arn arn:aws:ec2:us-east-1::snapshot/snap-0a1b2c3d`")]),
    required("SourceBackupVaultName", TEXT)
        .about("Name of the vault that the recovery point is in, in the region of the call.")
        .with(&[("Example", "`--source-backup-vault-name Default`")]),
    required("DestinationBackupVaultArn", TEXT)
        .about("ARN of the vault that receives the copy; it may be in another region or account.")
        .with(&[(
            "Example",
            "`--destination-backup-vault-arn arn:aws:backup:us-west-2:111122223333:backup-vault:dr`",
        )]),
    required("IamRoleArn", TEXT)
        .about("ARN of the role that the service assumes to read the recovery point and to write the copy.")
        .with(&[("Example", "`--iam-role-arn arn:aws:iam::111122223333:role/Copier`")]),
    optional("IdempotencyToken", TEXT)
        .about("A text of your choice that makes the call safe to repeat: a second call with the same token starts \
                no second job, its response names the first one. Every retry inside one call carries the same \
                token.")
        .with(&[
            ("Default", "a new random UUID for every call."),
            ("Example", "`--idempotency-token nightly-2026-11-22`"),
        ]),
    optional("Lifecycle", Shape::Structure(LIFECYCLE))
        .about("When the copy moves to cold storage and when it is deleted: `Name=value` pairs with commas between \
                them, or a JSON object. Days count from the creation of the copy. What has been moved stays in cold \
                storage for at least 90 days, so there `DeleteAfterDays` is at least 90 more than \
                `MoveToColdStorageAfterDays`.")
        .with(&[
            ("Default", "the copy is kept, in warm storage, until somebody deletes it."),
            ("Example", "`--lifecycle MoveToColdStorageAfterDays=30,DeleteAfterDays=365`"),
        ]),
];

const LIFECYCLE: &[Member] = &[
    optional("MoveToColdStorageAfterDays", Shape::Long)
        .about("Days until the recovery point moves to cold storage."),
    optional("DeleteAfterDays", Shape::Long).about("Days until the recovery point is deleted."),
    optional("OptInToArchiveForSupportedResources", Shape::Boolean)
        .about("`true` moves the resources that support an archive tier there."),
    optional("DeleteAfterEvent", Shape::String(&["DELETE_AFTER_COPY"]))
        .about("`DELETE_AFTER_COPY`; a member of the service's responses, which a request may not have."),
];

const START_OUTPUT: &[Member] = &[
    optional("CopyJobId", TEXT).about("The id of the job, by which other commands find it."),
    optional("CreationDate", Shape::Timestamp).about("When the job was created. Printed as the service \
       gives it, in seconds since 1970 (UTC) with milliseconds as fraction; `cli_timestamp_format = iso8601` in the \
       configuration prints local time instead."),
    optional("IsParent", Shape::Boolean)
        .about("True for a job that has jobs of its own for the parts of a composite resource."),
];

const DESCRIBE_INPUT: &[Member] = &[required("CopyJobId", TEXT)
    .about("The id of the copy job.")
    .with(&[("Example", "`--copy-job-id 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809`")])];

const DESCRIBE_OUTPUT: &[Member] = &[optional("CopyJob", Shape::Structure(COPY_JOB)).about("The job.")];

const COPY_JOB: &[Member] = &[
    optional("AccountId", TEXT).about("The account that owns the job."),
    optional("CopyJobId", TEXT).about("The id of the job."),
    optional("SourceBackupVaultArn", TEXT).about("The vault that is copied from."),
    optional("SourceRecoveryPointArn", TEXT).about("The recovery point that is copied."),
    optional("DestinationBackupVaultArn", TEXT).about("The vault that is copied to."),
    optional("DestinationVaultType", TEXT).about("The type of that vault."),
    optional("DestinationVaultLockState", TEXT).about("The state of that vault's lock."),
    optional("DestinationRecoveryPointArn", TEXT).about("The copy, once there is one."),
    optional("DestinationEncryptionKeyArn", TEXT).about("The key that the copy is encrypted with."),
    optional("DestinationRecoveryPointLifecycle", Shape::Structure(LIFECYCLE))
        .about("When the copy moves to cold storage and when it is deleted."),
    optional("ResourceArn", TEXT).about("The resource that the recovery point is a backup of."),
    optional("CreationDate", Shape::Timestamp)
        .about("When the job was created; printed as in the response of `start-copy-job`."),
    optional("CompletionDate", Shape::Timestamp).about("When the job ended, once it has."),
    optional("State", Shape::String(&["CREATED", "RUNNING", "COMPLETED", "FAILED", "PARTIAL"]))
        .about("How the job stands: `CREATED`, `RUNNING`, `COMPLETED`, `FAILED` or `PARTIAL`."),
    optional("StatusMessage", TEXT).about("Why it stands so, in the service's words."),
    optional("BackupSizeInBytes", Shape::Long).about("The size of the copy, in bytes."),
    optional("IamRoleArn", TEXT).about("The role that the copy is made with."),
    optional("CreatedBy", Shape::Structure(CREATOR))
        .about("The backup plan that asked for the job, where one did."),
    optional("CreatedByBackupJobId", TEXT).about("The backup job that asked for it, where one did."),
    optional("ResourceType", TEXT).about("The kind of the resource, such as `EBS` or `RDS`."),
    optional("ParentJobId", TEXT).about("The job that this one is a part of, if it is."),
    optional("IsParent", Shape::Boolean)
        .about("True for a job that has jobs of its own for the parts of a composite resource."),
    optional("CompositeMemberIdentifier", TEXT).about("The part of a composite resource that is copied."),
    optional("NumberOfChildJobs", Shape::Long).about("How many jobs are parts of this one."),
    optional("ChildJobsInState", Shape::Map(&Shape::Long)).about("How many of them are in which state."),
    optional("ResourceName", TEXT).about("The name of the resource, if it has one."),
    optional("MessageCategory", TEXT).about(
        "The kind of the status message, such as `SUCCESS` or \
       `AccessDenied`.",
    ),
];

/// The backup plan that asked for a job.
const CREATOR: &[Member] = &[
    optional("BackupPlanId", TEXT).about("The id of the plan."),
    optional("BackupPlanArn", TEXT).about("The ARN of the plan."),
    optional("BackupPlanName", TEXT).about("The name of the plan."),
    optional("BackupPlanVersion", TEXT).about("The version of the plan."),
    optional("BackupRuleId", TEXT).about("The id of the plan's rule."),
    optional("BackupRuleName", TEXT).about("The name of the rule."),
    optional("BackupRuleCron", TEXT).about("When the rule applies, as a cron expression."),
    optional("BackupRuleTimezone", TEXT).about("The time zone of that expression."),
];
