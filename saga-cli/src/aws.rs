//! AWS, through its own command line: it knows the profiles, sessions, regions and certificates that whoever
//! works here has set up.

use std::io::Write as _;
use std::process::{Command, Stdio};

use clap::Args;
use serde_json::Value;

use crate::exit::Failure;

/// AWS's command line.
const AWS: &str = "aws";

/// Which account is meant, where it is not the one that AWS's command line takes by itself.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Account")]
pub struct Account {
    /// AWS-compatible services at this URL instead of AWS.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// A profile of AWS's command line, instead of AWS_PROFILE.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// A region, instead of AWS_REGION or the profile's.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

/// Why a service did not do what it was asked.
#[derive(Debug)]
pub enum Refusal {
    /// The command line of AWS cannot be run.
    NoCommand(String),
    /// It, or the service, says no: in these words.
    Said(String),
}

impl Account {
    /// Where the services are, in words for whoever is asked; none for AWS.
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    /// The flags that lead another command to the same account, each after a space.
    pub fn flags(&self) -> String {
        let flags = self.named().map(|(flag, value)| format!(" {flag} {value}"));
        flags.collect()
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("--endpoint-url", &self.endpoint_url),
            ("--profile", &self.profile),
            ("--region", &self.region),
        ];
        all.into_iter()
            .filter_map(|(flag, value)| Some((flag, value.as_deref()?)))
    }

    /// Asks for an action of a service, as the command line calls all of it: `stepfunctions`, `list-executions`,
    /// `--state-machine-arn`.
    ///
    /// # Errors
    /// What the command line, or the service, says to it.
    pub fn ask(&self, arguments: &[&str]) -> Result<Value, Refusal> {
        self.run(arguments, &[])
    }

    /// The same with a request that goes over its input: arguments can be seen by everybody on the machine. (Not for
    /// actions that it pages: of those it reads the input twice.)
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn send(&self, service: &str, action: &str, request: &Value) -> Result<Value, Refusal> {
        // The same text in every build: the order of `json!` depends on another crate's feature.
        let mut request = request.clone();
        request.sort_all_objects();
        let arguments = [service, action, "--cli-input-json", "file:///dev/stdin"];
        self.run(&arguments, request.to_string().as_bytes())
    }

    /// Runs the command line with this on its input, and reads what it prints.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Value, Refusal> {
        let mut command = Command::new(AWS);
        command.args(arguments);
        for (flag, value) in self.named() {
            command.args([flag, value]);
        }
        command
            .env("AWS_DEFAULT_OUTPUT", "json")
            .env("AWS_PAGER", "");
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let no_command = |error: std::io::Error| {
            Refusal::NoCommand(match error.kind() {
                std::io::ErrorKind::NotFound => "it is not on the search path".to_owned(),
                _ => error.to_string(),
            })
        };
        let mut child = command.spawn().map_err(no_command)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that ends without reading tells why in its own words.
            let _ = stdin.write_all(input);
        }
        let ended = child.wait_with_output().map_err(no_command)?;
        if !ended.status.success() {
            let words = String::from_utf8_lossy(&ended.stderr);
            return Err(Refusal::Said(words.trim().to_owned()));
        }
        let printed = String::from_utf8_lossy(&ended.stdout);
        match printed.trim() {
            "" => Ok(Value::Null),
            text => serde_json::from_str(text)
                .map_err(|_| Refusal::Said(format!("`{AWS}` printed no JSON: {text}"))),
        }
    }
}

impl Refusal {
    /// Whether the service answered with this error.
    pub fn is(&self, error: &str) -> bool {
        matches!(self, Self::Said(words) if words.contains(&format!("({error})")))
    }

    /// What a command fails with that wanted something (`the stack cannot be read`).
    pub fn failure(self, what: &str, help: &str) -> Failure {
        match self {
            Self::NoCommand(why) => Failure::Failed {
                message: format!("cannot run `{AWS}`: {why}"),
                help: "install AWS's command line, version 2, and sign in with it".to_owned(),
            },
            Self::Said(words) => Failure::Failed {
                message: format!("{what}: {words}"),
                help: match is_unsigned(&words) {
                    true => "sign in with AWS's command line (`aws sso login`, `aws configure`), or name an account: \
                             `--profile NAME`, `--region REGION`"
                        .to_owned(),
                    false => help.to_owned(),
                },
            },
        }
    }
}

/// Whether AWS's command line says that it has no credentials that are good, or no region.
fn is_unsigned(words: &str) -> bool {
    let signs = [
        "credentials",
        "must specify a region",
        "ExpiredToken",
        "security token",
        "SSO",
        "config profile",
    ];
    signs.iter().any(|sign| words.contains(sign))
}
