//! Which tools, at which version. A lock file beside pins everything below them.

use std::sync::OnceLock;

use super::provision::{Installed, Provisioned};

/// A tool, its version, and how it is installed.
pub struct Tool {
    /// The name of the package in its registry.
    pub name: &'static str,
    /// The version; the lock holds the same.
    pub pin: &'static str,
    /// Where it comes from and what it needs.
    pub lock: Lock,
    /// What became of it in this process.
    pub(super) provisioned: OnceLock<Provisioned>,
}

/// Everything that is installed for a tool, at exact versions.
pub enum Lock {
    /// A virtual environment of these requirements, one `name==version` a line.
    Python(&'static str),
    /// A folder of `node_modules`.
    Node {
        /// The text of `package.json`.
        manifest: &'static str,
        /// The text of `package-lock.json`.
        lock: &'static str,
    },
    /// A program that cargo builds, with the versions that it was published with.
    Cargo,
}

impl Tool {
    /// The tool, installed now if it was not yet.
    pub fn installed(&'static self) -> Result<&'static Installed, super::trial::Stop> {
        super::provision::provision(self)
    }

    /// Whether the lock installs this tool at this version.
    pub fn is_locked(&self) -> bool {
        let Self { name, pin, .. } = self;
        match self.lock {
            Lock::Python(lock) => lock.lines().any(|line| line == format!("{name}=={pin}")),
            Lock::Node { manifest, .. } => manifest.contains(&format!("\"{name}\": \"{pin}\"")),
            Lock::Cargo => true,
        }
    }
}

macro_rules! python {
    ($name:literal, $pin:literal) => {
        Tool {
            name: $name,
            pin: $pin,
            lock: Lock::Python(include_str!(concat!("locks/", $name, ".txt"))),
            provisioned: OnceLock::new(),
        }
    };
}

macro_rules! node {
    ($name:literal, $pin:literal) => {
        node!($name, $pin, $name)
    };
    // One whose name is no folder's.
    ($name:literal, $pin:literal, $folder:literal) => {
        Tool {
            name: $name,
            pin: $pin,
            lock: Lock::Node {
                manifest: include_str!(concat!("locks/", $folder, "/package.json")),
                lock: include_str!(concat!("locks/", $folder, "/package-lock.json")),
            },
            provisioned: OnceLock::new(),
        }
    };
}

/// Lints CloudFormation; its environment also holds the SAM translator and
/// AWS's `cloudformation-validate`.
pub static CFN_LINT: Tool = python!("cfn-lint", "1.58.0");
/// Looks for what a security review would ask of a template.
pub static CHECKOV: Tool = python!("checkov", "3.3.30");
/// `sam validate`, `build`, `deploy`, `delete`.
pub static SAM: Tool = python!("aws-sam-cli", "1.170.0");
/// What `sam build` calls to build a `bootstrap`.
pub static CARGO_LAMBDA: Tool = python!("cargo-lambda", "1.9.2");
/// AWS's command line, through which a deployed stack is operated.
pub static AWS_CLI: Tool = python!("awscli", "1.45.11");
/// The emulator of AWS; its environment also holds boto3.
pub static MINISTACK: Tool = python!("ministack", "1.5.33");
/// Lints the Amazon States Language (the language's own working group's rules).
pub static STATELINT: Tool = python!("statelint", "3.1.0");
/// Lints the Amazon States Language by JSON Schema.
pub static ASL_VALIDATOR: Tool = node!("asl-validator", "4.0.0");
/// Lints the Amazon States Language as AWS's editors do.
pub static LANGUAGE_SERVICE: Tool = node!("amazon-states-language-service", "1.16.1");

/// Bundles AWS's own DynamoDB Local; Java runs it.
pub static DYNAMODB_LOCAL: Tool = node!("amplify-dynamodb-simulator", "2.9.30");

/// Drives a browser.
pub static PLAYWRIGHT: Tool = node!("playwright-core", "1.65.1");
/// A Chromium for machines that have none, without root: packed for Lambda, so for Linux on x64.
pub static CHROMIUM: Tool = node!("@sparticuz/chromium", "143.0.4", "sparticuz-chromium");

/// All of them.
pub static TOOLS: [&Tool; 12] = [
    &CFN_LINT,
    &CHECKOV,
    &SAM,
    &CARGO_LAMBDA,
    &MINISTACK,
    &AWS_CLI,
    &STATELINT,
    &ASL_VALIDATOR,
    &LANGUAGE_SERVICE,
    &DYNAMODB_LOCAL,
    &PLAYWRIGHT,
    &CHROMIUM,
];

/// Makes a book of the guide. Its licence, MPL-2.0, is one to run it under, not to link it.
pub static MDBOOK: Tool = Tool {
    name: "mdbook",
    pin: "0.5.4",
    lock: Lock::Cargo,
    provisioned: OnceLock::new(),
};
