//! The shapes of `StartCopyJob` as a table: what may be asked and what is answered.
//!
//! Mirrors the service description that v1 ships (`backup/2018-11-15/service-2.json`), in its order.

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text; the words are the values that the service knows, none where any text will do.
    String(&'static [&'static str]),
    /// An integer.
    Long,
    /// True or false.
    Boolean,
    /// A point in time.
    Timestamp,
    /// A structure of named members.
    Structure(&'static [Member]),
    /// A mapping of texts to values of one shape.
    Map(&'static Shape),
}

/// One member of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// True when a structure without it is refused.
    pub required: bool,
}

/// What is asked, by option in v1's order.
pub const INPUT: &[Member] = &[
    required("RecoveryPointArn", TEXT),
    required("SourceBackupVaultName", TEXT),
    required("DestinationBackupVaultArn", TEXT),
    required("IamRoleArn", TEXT),
    optional("IdempotencyToken", TEXT),
    optional("Lifecycle", Shape::Structure(LIFECYCLE)),
];

/// When the copy moves to cold storage and when it is deleted.
pub const LIFECYCLE: &[Member] = &[
    optional("MoveToColdStorageAfterDays", Shape::Long),
    optional("DeleteAfterDays", Shape::Long),
    optional("OptInToArchiveForSupportedResources", Shape::Boolean),
    optional("DeleteAfterEvent", Shape::String(&["DELETE_AFTER_COPY"])),
];

/// What is answered.
pub const OUTPUT: &[Member] = &[
    optional("CopyJobId", TEXT),
    optional("CreationDate", Shape::Timestamp),
    optional("IsParent", Shape::Boolean),
];

/// The response of `DescribeCopyJob`.
pub const DESCRIBE_OUTPUT: &[Member] = &[optional("CopyJob", Shape::Structure(COPY_JOB))];

/// A copy job.
const COPY_JOB: &[Member] = &[
    optional("AccountId", TEXT),
    optional("CopyJobId", TEXT),
    optional("SourceBackupVaultArn", TEXT),
    optional("SourceRecoveryPointArn", TEXT),
    optional("DestinationBackupVaultArn", TEXT),
    optional("DestinationVaultType", TEXT),
    optional("DestinationVaultLockState", TEXT),
    optional("DestinationRecoveryPointArn", TEXT),
    optional("DestinationEncryptionKeyArn", TEXT),
    optional("DestinationRecoveryPointLifecycle", Shape::Structure(LIFECYCLE)),
    optional("ResourceArn", TEXT),
    optional("CreationDate", Shape::Timestamp),
    optional("CompletionDate", Shape::Timestamp),
    optional("State", TEXT),
    optional("StatusMessage", TEXT),
    optional("BackupSizeInBytes", Shape::Long),
    optional("IamRoleArn", TEXT),
    optional("CreatedBy", Shape::Structure(CREATED_BY)),
    optional("CreatedByBackupJobId", TEXT),
    optional("ResourceType", TEXT),
    optional("ParentJobId", TEXT),
    optional("IsParent", Shape::Boolean),
    optional("CompositeMemberIdentifier", TEXT),
    optional("NumberOfChildJobs", Shape::Long),
    optional("ChildJobsInState", Shape::Map(&Shape::Long)),
    optional("ResourceName", TEXT),
    optional("MessageCategory", TEXT),
];

/// The plan that created a copy job.
const CREATED_BY: &[Member] = &[
    optional("BackupPlanId", TEXT),
    optional("BackupPlanArn", TEXT),
    optional("BackupPlanName", TEXT),
    optional("BackupPlanVersion", TEXT),
    optional("BackupRuleId", TEXT),
    optional("BackupRuleName", TEXT),
    optional("BackupRuleCron", TEXT),
    optional("BackupRuleTimezone", TEXT),
];

/// Any text.
const TEXT: Shape = Shape::String(&[]);

/// The member `name` among `members`.
pub fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Member> {
    members.iter().find(|member| member.name == name)
}

/// The names of `members` as v1 lists them: `A, B, C`.
pub fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}

/// A member without which a structure is refused.
const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true }
}

/// A member that may be left out.
const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false }
}
