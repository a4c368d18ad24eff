//! The programs that are asked for.

use std::ffi::OsString;

use super::Task;
use crate::package;

/// A program.
#[derive(Debug)]
pub struct Tool {
    pub name: &'static str,
    /// What it says its version to.
    pub arguments: &'static [&'static str],
    /// The oldest version that will do.
    pub least: Option<&'static str>,
    /// What it is for.
    pub tasks: &'static [Task],
    /// Whether they can be done without it, and what it is good for then.
    pub optional: Option<&'static str>,
    /// How it is got.
    pub get: &'static str,
}

/// What builds and asks a package.
const BUILDS: &[Task] = &[
    Task::Generate,
    Task::Run,
    Task::Verify,
    Task::Graph,
    Task::Deploy,
    Task::Test,
];

/// All that is asked for.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "cargo",
        arguments: &["--version"],
        least: None,
        tasks: BUILDS,
        optional: None,
        get: "install Rust: https://rustup.rs",
    },
    Tool {
        name: "rustc",
        arguments: &["--version"],
        // The oldest that builds the crates which a user's package links.
        least: Some(env!("CARGO_PKG_RUST_VERSION")),
        tasks: BUILDS,
        optional: None,
        get: "`rustup update stable`, or install Rust: https://rustup.rs",
    },
    Tool {
        name: "cargo-lambda",
        arguments: &["lambda", "--version"],
        least: None,
        tasks: &[Task::Deploy],
        optional: None,
        get: "`cargo install cargo-lambda --locked`, or `pip install cargo-lambda`: https://www.cargo-lambda.info",
    },
    Tool {
        name: "sam",
        arguments: &["--version"],
        least: None,
        tasks: &[Task::Deploy],
        optional: None,
        get: "`pip install aws-sam-cli`: https://docs.aws.amazon.com/serverless-application-model",
    },
    Tool {
        name: "aws",
        arguments: &["--version"],
        least: None,
        tasks: &[Task::Operate],
        optional: None,
        get: "install the AWS command line: https://aws.amazon.com/cli",
    },
    Tool {
        name: "python3",
        arguments: &["--version"],
        least: None,
        tasks: &[Task::Deploy, Task::Test],
        optional: Some(
            "with its `pip`, sam and cargo-lambda are installed, and saga's tests install cfn-lint",
        ),
        get: "install Python: https://www.python.org",
    },
    Tool {
        name: "node",
        arguments: &["--version"],
        least: None,
        tasks: &[Task::Test],
        optional: Some("saga's tests compare with linters that run on it"),
        get: "install Node.js: https://nodejs.org",
    },
    Tool {
        name: "docker",
        arguments: &["--version"],
        least: None,
        tasks: &[Task::Run, Task::Deploy],
        optional: Some("`sam local`, and AWS-compatible services for `run --endpoint-url`"),
        get: "install Docker or a program that stands in for it: https://docs.docker.com/get-docker",
    },
];

impl Tool {
    /// What is started: cargo as all commands start it.
    pub fn program(&self) -> OsString {
        match self.name {
            "cargo" => package::cargo(),
            name => name.into(),
        }
    }
}
