//! `saga-cli status`: how the sagas of a stack stand.

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::Args;

use crate::aws::Account;
use crate::deployed::{Execution, Stack, Stands};
use crate::exit::{Exit, Failure};
use crate::show::Tone;

/// Tell how the sagas of a deployed stack stand: running, parked, failed, compensated, completed.
///
/// Of each saga the executions that were started last are looked at, and listed the newest first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli status --stack orders
  saga-cli status --stack orders --only parked --only failed
  saga-cli status --stack orders --saga OrderPlacement --limit 500 --json | jq '.[].execution'")]
pub struct Status {
    /// The stack, as `sam deploy` was told its name.
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// Only executions of this saga.
    #[arg(long, value_name = "NAME")]
    saga: Option<String>,
    /// Only sagas that stand so. May be given more than once.
    #[arg(long, value_enum, value_name = "STATE")]
    only: Vec<Stands>,
    /// How many executions of each saga are looked at, those that were started last.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: usize,
    /// Print an array of objects.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: Account,
}

impl Status {
    /// Looks, and tells.
    ///
    /// # Errors
    /// When the stack or its executions cannot be read.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let stack = Stack::find(self.account, &self.stack)?;
        let found = stack.executions(self.saga.as_deref(), &self.only, self.limit)?;
        match self.json {
            true => {
                serde_json::to_writer_pretty(&mut *out, &found).map_err(io::Error::from)?;
                writeln!(out)?;
            }
            false => human(&found, out)?,
        }
        Ok(Exit::Success)
    }
}

fn human(found: &[Execution], out: &mut dyn Write) -> io::Result<()> {
    let mut by_saga: BTreeMap<&str, Vec<&Execution>> = BTreeMap::new();
    for execution in found {
        by_saga.entry(&execution.saga).or_default().push(execution);
    }
    for (saga, executions) in &by_saga {
        writeln!(out, "{}", Tone::Name.paint(saga))?;
        for execution in executions {
            line(execution, out)?;
        }
    }
    let counts: Vec<String> = Stands::ALL
        .iter()
        .map(|stands| {
            let count = found.iter().filter(|one| one.stands == *stands).count();
            format!("{count} {}", stands.name())
        })
        .collect();
    writeln!(out, "{}", counts.join(", "))
}

fn line(execution: &Execution, out: &mut dyn Write) -> io::Result<()> {
    let stands = format!("{:<11}", execution.stands.name());
    let stands = tone(execution.stands).paint(&stands);
    let started = execution.started.as_deref().unwrap_or_default();
    let name = execution.name();
    write!(out, "  {stands}  {started}  {name}")?;
    match (&execution.state, &execution.error) {
        (Some(state), Some(error)) => writeln!(out, "  {state}: {error}"),
        (None, Some(error)) => writeln!(out, "  {error}"),
        _ if execution.stands == Stands::Failed => writeln!(out, "  {}", execution.status),
        _ => writeln!(out),
    }
}

fn tone(stands: Stands) -> Tone {
    match stands {
        Stands::Parked | Stands::Failed => Tone::Bad,
        Stands::Compensated => Tone::Warning,
        Stands::Completed => Tone::Good,
        Stands::Running => Tone::Quiet,
    }
}
