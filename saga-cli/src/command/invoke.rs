//! `saga-cli invoke`: one handler, with one event.

mod local;
mod remote;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::run::definition::read;
use super::run::input::place;
use super::run::package::Pair;
use crate::aws::Account;
use crate::exit::{Exit, Failure};

/// Call the handler of one step with one event: here, in its real process on embedded services, or, with
/// `--stack`, deployed.
///
/// The event is the step's input, as JSON; the handler is told that it works for a saga of its own, without a
/// fence. Exits with 1 where the handler fails.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli invoke ChargeFare --event charge.json
  echo '{\"orderId\": \"17\"}' | saga-cli invoke RefundOrder --undo --event -
  saga-cli invoke ChargeFare --event charge.json --stack fares          asks before it calls")]
pub struct Invoke {
    /// The step, as its type is called.
    step: String,
    /// The step's input, as JSON; `-` is stdin.
    #[arg(short, long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// Call it as what undoes a step.
    #[arg(long, conflicts_with = "as_is")]
    undo: bool,
    /// The event is what the function gets, and not only the step's input: for a route's or an authorizer's.
    #[arg(long)]
    as_is: bool,
    /// The package whose handler is called here.
    #[arg(short, long, conflicts_with = "stack")]
    package: Option<String>,
    /// Rows that lie in the tables before, as a JSON object of tables with their rows.
    #[arg(long, value_name = "FILE", conflicts_with = "stack")]
    rows: Option<PathBuf>,
    /// A value of a parameter of the template, which the handler's environment refers to.
    #[arg(
        long = "parameter",
        value_name = "NAME=VALUE",
        conflicts_with = "stack"
    )]
    parameters: Vec<Pair>,
    /// The stack whose function is called, as `sam deploy` was told its name.
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,
    /// Don't ask before a deployed function is called.
    #[arg(long, requires = "stack")]
    yes: bool,
    #[command(flatten)]
    account: Account,
}

/// What came of a call.
enum Answered {
    /// The handler's answer.
    Output(Value),
    /// Its error's name, and what it says.
    Failed(String, String),
    /// It was not called.
    Not,
}

impl Invoke {
    /// Calls the handler, and prints its answer.
    ///
    /// # Errors
    /// When it cannot be called, or fails.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let payload = self.payload()?;
        let answered = match &self.stack {
            Some(stack) => remote::call(&self, stack, &payload, out)?,
            None => local::call(&self, &payload)?,
        };
        match answered {
            Answered::Output(output) => {
                serde_json::to_writer_pretty(&mut *out, &output).map_err(io::Error::from)?;
                writeln!(out)?;
                Ok(Exit::Success)
            }
            Answered::Failed(name, said) => Err(Failure::Failed {
                message: format!("`{}` failed with `{name}`: {said}", self.step),
                help: String::new(),
            }),
            Answered::Not => {
                writeln!(out, "Nothing was called.")?;
                Ok(Exit::Failure)
            }
        }
    }

    /// What the function gets.
    fn payload(&self) -> Result<Value, Failure> {
        let input = match &self.event {
            Some(path) => event(path)?,
            None => json!({}),
        };
        if self.as_is {
            return Ok(input);
        }
        let saga = json!({
            "id": format!("invoke-{}", saga_local::execution_name()),
            "step": self.step,
            "phase": if self.undo { "undo" } else { "do" },
            "attempt": 0,
        });
        Ok(json!({ "saga": saga, "input": input }))
    }
}

fn event(path: &Path) -> Result<Value, Failure> {
    serde_json::from_str(&read(path)?).map_err(|error| Failure::Usage {
        message: format!("the event {} is not valid JSON: {error}", place(path)),
        help: "it is the step's input, such as `{\"orderId\": \"17\"}`".to_owned(),
    })
}

/// The error of a function, from its payload.
fn failed(payload: &Value) -> Answered {
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let name = text("errorType").unwrap_or("an error").to_owned();
    let said = text("errorMessage").map_or_else(|| payload.to_string(), str::to_owned);
    Answered::Failed(name, said)
}
