//! StartCopyJob with the SDK as its documentation shows it: `aws_config::load`, the bundled HTTPS client.
//! The endpoint comes from `AWS_ENDPOINT_URL`; the response's id is printed.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = aws_config::load_from_env().await;
    let response = aws_sdk_backup::Client::new(&config)
        .start_copy_job()
        .recovery_point_arn("arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0")
        .source_backup_vault_name("source-vault")
        .destination_backup_vault_arn("arn:aws:backup:us-west-2:123456789012:backup-vault:copies")
        .iam_role_arn("arn:aws:iam::123456789012:role/backup")
        .send()
        .await?;
    println!("{}", response.copy_job_id().unwrap_or_default());
    Ok(())
}
