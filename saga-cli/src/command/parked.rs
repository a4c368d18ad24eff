//! `saga-cli parked`: the sagas of a stack that wait for an operator.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};

use crate::aws::Account;
use crate::deployed::{Execution, History, Stack, Stands, Told};
use crate::exit::{Exit, Failure};
use crate::show::Tone;

/// Tell of the sagas of a deployed stack that wait for an operator: in which step, why, with which arguments,
/// and what goes on with them.
///
/// It is read from the executions; the messages in the parking queue stay there.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli parked --stack orders
  saga-cli parked --stack orders --saga OrderPlacement --json")]
pub struct ParkedSagas {
    /// The stack, as `sam deploy` was told its name.
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// Only executions of this saga.
    #[arg(long, value_name = "NAME")]
    saga: Option<String>,
    /// How many executions of each saga are looked at, those that were started last.
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    limit: usize,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

impl ParkedSagas {
    /// Looks, and tells.
    ///
    /// # Errors
    /// When the stack or its executions cannot be read.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let stack = Stack::find(self.account, &self.stack)?;
        let found = stack.executions(self.saga.as_deref(), &[Stands::Parked], self.limit)?;
        if self.json {
            let all: Vec<Value> = found.iter().map(|one| object(one, &stack)).collect();
            serde_json::to_writer_pretty(&mut *out, &all).map_err(io::Error::from)?;
            writeln!(out)?;
            return Ok(Exit::Success);
        }
        for execution in &found {
            human(execution, &stack, out)?;
        }
        match found.len() {
            0 => writeln!(out, "no saga waits for you")?,
            1 => writeln!(out, "1 saga waits for you")?,
            count => writeln!(out, "{count} sagas wait for you")?,
        }
        Ok(Exit::Success)
    }
}

/// The states in which an execution waits, each with what it told of it.
fn waits(execution: &Execution) -> Vec<(&str, Option<&Told>)> {
    let history = execution.history.as_ref();
    let parked = history.into_iter().flat_map(History::parked);
    parked
        .map(|state| (state, history.and_then(|history| history.told_of(state))))
        .collect()
}

/// The command that goes on with it.
fn redrive(execution: &Execution, stack: &Stack) -> String {
    let Stack { name, account, .. } = stack;
    let flags = account.flags();
    format!(
        "saga-cli redrive --stack {name}{flags} {}",
        execution.execution
    )
}

fn object(execution: &Execution, stack: &Stack) -> Value {
    let waits: Vec<Value> = waits(execution)
        .into_iter()
        .map(|(state, told)| json!({ "state": state, "message": told.map(Told::whole) }))
        .collect();
    json!({
        "saga": execution.saga,
        "execution": execution.execution,
        "started": execution.started,
        "parked": execution.ended,
        "error": execution.error,
        "waits": waits,
        "redrive": redrive(execution, stack),
    })
}

fn human(execution: &Execution, stack: &Stack, out: &mut dyn Write) -> io::Result<()> {
    let since = execution.ended.as_deref().unwrap_or_default();
    let name = Tone::Name.paint(execution.name());
    writeln!(out, "{name}  {}, parked {since}", execution.saga)?;
    for (state, told) in waits(execution) {
        writeln!(out, "  in         {}", Tone::Bad.paint(state))?;
        let Some(told) = told else { continue };
        let step = told.text("step").unwrap_or_default();
        match told.text("item") {
            Some(item) => writeln!(out, "  step       {step}, item {item}")?,
            None => writeln!(out, "  step       {step}")?,
        }
        for (label, name) in [("undone for", "error"), ("parked for", "parkedError")] {
            if let Some(error) = told.part(name) {
                writeln!(out, "  {label} {}", said(error))?;
            }
        }
        for (label, name) in [("arguments ", "arguments"), ("locks     ", "locks")] {
            if let Some(part) = told.part(name) {
                writeln!(out, "  {label} {part}")?;
            }
        }
        if let Some(help) = told.text("help") {
            writeln!(out, "  help       {help}")?;
        }
    }
    writeln!(out, "  go on      {}", redrive(execution, stack))
}

/// An error in one line.
fn said(error: &Value) -> String {
    let text = |name: &str| {
        let text = error.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let step = text("step").map(|step| format!(" of {step}"));
    let cause = text("cause").map(|cause| format!(": {}", shortened(&cause)));
    let name = text("error").unwrap_or_else(|| error.to_string());
    format!(
        "{name}{}{}",
        step.unwrap_or_default(),
        cause.unwrap_or_default()
    )
}

/// What a cause says: of the JSON that Lambda makes of an error its message.
fn shortened(cause: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(cause).ok();
    let message = parsed
        .as_ref()
        .and_then(|parsed| parsed.get("errorMessage")?.as_str());
    message.unwrap_or(cause).to_owned()
}
