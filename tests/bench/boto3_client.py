"""StartCopyJob as a Python script with boto3 would call it; prints the job's id."""
import boto3

answer = boto3.client("backup").start_copy_job(
    RecoveryPointArn="arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0",
    SourceBackupVaultName="source-vault",
    DestinationBackupVaultArn="arn:aws:backup:us-west-2:123456789012:backup-vault:copies",
    IamRoleArn="arn:aws:iam::123456789012:role/backup",
)
print(answer["CopyJobId"])
