//! `saga-cli approve`: answers the question of an approval.

mod send;

use std::io::{BufRead as _, IsTerminal as _, Write};

use clap::Args;
use saga_compiler::approval::{self, CodeError};
use serde_json::Value;

use crate::exit::{Exit, Failure};
use send::Answer;

/// Answer an approval that a saga waits for: say yes, with `--answer` more than that, or `--reject` it.
#[derive(Debug, Args)]
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
    /// Step Functions at this URL instead of AWS.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Don't ask before it is sent.
    #[arg(long)]
    yes: bool,
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
        if let Some(url) = &self.endpoint_url {
            writeln!(out, "to Step Functions at {url}")?;
        }
        out.flush()?;
        if !self.yes && !is_agreed(out)? {
            writeln!(out, "Nothing was sent.")?;
            return Ok(Exit::Failure);
        }
        send::send(&token, &answer, self.endpoint_url.as_deref())?;
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

/// Asks whoever sits at the terminal.
fn is_agreed(out: &mut dyn Write) -> Result<bool, Failure> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::Usage {
            message: "nobody can be asked: the input is no terminal".to_owned(),
            help: "`--yes` sends it without asking".to_owned(),
        });
    }
    write!(out, "Send it? [y/N] ")?;
    out.flush()?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
