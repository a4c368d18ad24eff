//! `saga-cli approve`: answers the question of an approval.

mod send;

use std::io::Write;

use clap::Args;
use saga_compiler::approval::{self, CodeError};
use serde_json::Value;

use crate::aws::Account;
use crate::consent::is_agreed;
use crate::exit::{Exit, Failure};
use send::Answer;

/// Answer an approval that a saga waits for: say yes, with `--answer` more than that, or `--reject` it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli approve CODE
  saga-cli approve CODE --answer '{\"by\": \"Ann\"}' --yes
  saga-cli approve CODE --reject TooDear --cause 'over the limit' --profile shop")]
pub struct Approve {
    /// The code of the message (`answer.code`).
    code: String,
    /// The answer, as JSON: what the step gives to the saga.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    answer: String,
    /// Say no, with this error: one of those that the step declares.
    #[arg(long, value_name = "ERROR", conflicts_with = "answer")]
    reject: Option<String>,
    /// Why it is rejected.
    #[arg(long, value_name = "TEXT", requires = "reject")]
    cause: Option<String>,
    /// Don't ask before it is sent.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    account: Account,
}

impl Approve {
    /// Says what will be sent, asks, and sends it.
    ///
    /// # Errors
    /// When the code is not whole, the answer is no JSON, nobody can be asked, or it is refused.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let token = approval::decode(&self.code).map_err(|error| mangled(&error))?;
        let answer = self.answer()?;
        writeln!(out, "{}", answer.described())?;
        if let Some(url) = self.account.endpoint() {
            writeln!(out, "to Step Functions at {url}")?;
        }
        if !is_agreed("Send it?", self.yes, out)? {
            writeln!(out, "Nothing was sent.")?;
            return Ok(Exit::Failure);
        }
        send::send(&token, &answer, &self.account)?;
        writeln!(out, "Sent: the saga goes on.")?;
        Ok(Exit::Success)
    }

    fn answer(&self) -> Result<Answer, Failure> {
        if let Some(error) = &self.reject {
            let cause = self.cause.clone().unwrap_or_default();
            return Ok(Answer::Reject {
                error: error.clone(),
                cause,
            });
        }
        let parsed = serde_json::from_str::<Value>(&self.answer);
        let value = parsed.map_err(|error| Failure::Usage {
            message: format!("the answer is no JSON: {error}"),
            help: "quote it for the shell: `--answer '{\"by\": \"Ann\"}'`".to_owned(),
        })?;
        Ok(Answer::Approve(value))
    }
}

fn mangled(error: &CodeError) -> Failure {
    Failure::Usage {
        message: error.to_string(),
        help: error.help().to_owned(),
    }
}
