//! The environment in which a tool takes itself to be on AWS, and is not.

use std::process::Command;

/// Where everything is deployed.
pub const REGION: &str = "us-east-1";

/// Settings of the user's own that could lead a tool to a real account.
const LEAVE_OUT: [&str; 4] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
];

/// Gives the command a region and credentials that are worth nothing, and
/// nothing of the user's own account.
pub fn pretend(command: &mut Command) -> &mut Command {
    for name in LEAVE_OUT {
        command.env_remove(name);
    }
    command
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("SAM_CLI_TELEMETRY", "0")
}
