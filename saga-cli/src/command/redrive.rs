//! `saga-cli redrive`: goes on with sagas that wait for an operator.

use std::io::{self, Write};

use clap::Args;

use crate::aws::{Account, Refusal};
use crate::consent::is_agreed;
use crate::deployed::{Execution, Machine, Recovery, Stack, Stands, recovery_of};
use crate::exit::{Exit, Failure};

/// Go on with sagas of a deployed stack that wait for an operator, once what stopped them is mended.
///
/// Each goes on in the very state that failed, with the same arguments. It is asked before anything is redriven.
/// What runs or has ended since is left as it is, so asking twice does no harm; what was recovered is refused, for
/// it is undone.
///
/// Exits with 1 where one was refused.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli redrive --stack orders 3f2a0c1e-77b1-4f7c-9d4e-5a2f3c6d7e8f
  saga-cli redrive --stack orders --all                       all that are parked
  saga-cli redrive --stack orders --all --state UndoChargeOrderParked --yes")]
pub struct Redrive {
    /// The executions, by ARN or name; those of what recovers a saga, too.
    #[arg(value_name = "EXECUTION", required_unless_present = "all")]
    executions: Vec<String>,
    /// The stack, as `sam deploy` was told its name.
    #[arg(long, value_name = "NAME")]
    stack: String,
    /// All that are parked.
    #[arg(long, conflicts_with = "executions")]
    all: bool,
    /// Only executions of this saga.
    #[arg(long, value_name = "NAME")]
    saga: Option<String>,
    /// Of all that are parked only those in this state.
    #[arg(long, value_name = "NAME", requires = "all")]
    state: Option<String>,
    /// How many executions of each saga are looked at for `--all`, those that were started last.
    #[arg(long, value_name = "NUMBER", default_value_t = 500)]
    limit: usize,
    /// Don't ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    account: Account,
}

/// What is to be done with an execution.
enum Plan {
    /// It is redriven; what is to be known before that.
    Redrive(String, String),
    /// It is left as it is, for this reason.
    Leave(String, String),
    /// It is not redriven, for this reason.
    Refuse(String, String),
}

impl Redrive {
    /// Says what will be done, asks, and does it.
    ///
    /// # Errors
    /// When something cannot be read, or nobody can be asked.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let stack = Stack::find(self.account.clone(), &self.stack)?;
        let machines = stack.machines(self.saga.as_deref())?;
        let plans = match self.all {
            true => self.parked(&stack, &machines)?,
            false => self.named(&stack, &machines)?,
        };
        let mut refused = false;
        let mut agreed = Vec::new();
        for plan in &plans {
            match plan {
                Plan::Redrive(arn, why) => {
                    writeln!(out, "redrives {arn}\n  {why}")?;
                    agreed.push(arn);
                }
                Plan::Leave(arn, why) => writeln!(out, "leaves   {arn}\n  {why}")?,
                Plan::Refuse(arn, why) => {
                    writeln!(out, "refuses  {arn}\n  {why}")?;
                    refused = true;
                }
            }
        }
        if agreed.is_empty() {
            writeln!(out, "nothing is to be redriven")?;
        } else if is_agreed("Redrive?", self.yes, out)? {
            for arn in agreed {
                refused |= !redriven(&stack.account, arn, out)?;
            }
        } else {
            writeln!(out, "nothing was redriven")?;
            return Ok(Exit::Failure);
        }
        Ok(match refused {
            true => Exit::Failure,
            false => Exit::Success,
        })
    }

    /// All that are parked.
    fn parked(&self, stack: &Stack, machines: &[Machine]) -> Result<Vec<Plan>, Failure> {
        let mut plans = Vec::new();
        for machine in machines {
            let only = [Stands::Parked];
            let found = Execution::list(&stack.account, machine, &only, self.limit);
            let found = found.map_err(unreadable)?;
            let fits =
                |execution: &&Execution| self.state.is_none() || execution.state == self.state;
            plans.extend(found.iter().filter(fits).map(of_parked));
        }
        Ok(plans)
    }

    fn named(&self, stack: &Stack, machines: &[Machine]) -> Result<Vec<Plan>, Failure> {
        let plans = self.executions.iter();
        plans.map(|named| plan(stack, machines, named)).collect()
    }
}

/// What is to be done with an execution of this ARN or name.
fn plan(stack: &Stack, machines: &[Machine], named: &str) -> Result<Plan, Failure> {
    for machine in machines {
        for (machine_arn, recovers) in [
            (Some(&machine.arn), false),
            (machine.recovery.as_ref(), true),
        ] {
            let Some(arn) = machine_arn.and_then(|machine| of_machine(machine, named)) else {
                continue;
            };
            let execution = match Execution::read(&stack.account, machine, &arn) {
                Ok(execution) => execution,
                Err(refusal) if refusal.is("ExecutionDoesNotExist") => continue,
                Err(refusal) => return Err(unreadable(refusal)),
            };
            return match recovers {
                true => Ok(of_recovery(&execution)),
                false => of_saga(stack, machine, &execution),
            };
        }
    }
    let sagas: Vec<&str> = machines
        .iter()
        .map(|machine| machine.saga.as_str())
        .collect();
    Err(Failure::Usage {
        message: format!("no execution `{named}` of {}", sagas.join(", ")),
        help: "`saga-cli parked --stack NAME` lists those that can be redriven".to_owned(),
    })
}

/// The ARN of an execution of a machine; none where it is said to be another one's.
fn of_machine(machine: &str, named: &str) -> Option<String> {
    let own = machine.replacen(":stateMachine:", ":execution:", 1);
    match named.contains(':') {
        true => named
            .strip_prefix(&own)?
            .starts_with(':')
            .then(|| named.to_owned()),
        false => Some(format!("{own}:{named}")),
    }
}

fn of_parked(execution: &Execution) -> Plan {
    let state = execution.state.as_deref().unwrap_or_default();
    let error = execution.error.as_deref().unwrap_or_default();
    let saga = &execution.saga;
    let why = format!("{saga} is parked in {state}, by {error}: it goes on there");
    Plan::Redrive(execution.execution.clone(), why)
}

fn of_recovery(execution: &Execution) -> Plan {
    let arn = execution.execution.clone();
    let saga = &execution.saga;
    match execution.stands {
        Stands::Running => Plan::Leave(arn, "it runs".into()),
        Stands::Completed => Plan::Leave(arn, format!("it has come to its end: {saga} is over")),
        _ => Plan::Redrive(
            arn,
            format!("the recovery of {saga} goes on where it waits"),
        ),
    }
}

fn of_saga(stack: &Stack, machine: &Machine, execution: &Execution) -> Result<Plan, Failure> {
    let arn = execution.execution.clone();
    Ok(match execution.stands {
        Stands::Running => Plan::Leave(arn, "it runs".into()),
        Stands::Completed => Plan::Leave(arn, "it is completed".into()),
        Stands::Compensated => Plan::Leave(arn, "it is compensated".into()),
        Stands::Parked => of_parked(execution),
        Stands::Failed => {
            let recovery = recovery_of(&stack.account, machine, execution);
            of_stopped(arn, &execution.status, &recovery.map_err(unreadable)?)
        }
    })
}

/// One that was stopped is undone by its recovery, unless that asks for it.
fn of_stopped(arn: String, status: &str, recovery: &Recovery) -> Plan {
    match recovery {
        Recovery::Asks(_, reason) => {
            Plan::Redrive(arn, format!("its recovery left it to you: {reason}"))
        }
        Recovery::None => Plan::Redrive(
            arn,
            format!("it ended {status}, and no step of it has a fence: it goes on where it stopped"),
        ),
        Recovery::Done(by) => Plan::Refuse(
            arn,
            format!("it was recovered, and is undone: {by}"),
        ),
        Recovery::Running(by) => Plan::Refuse(arn, format!("it is being recovered: {by}")),
        Recovery::Parked(by) => Plan::Refuse(
            arn,
            format!("its recovery waits for you, and has to be redriven in its place: {by}"),
        ),
        Recovery::Missing => Plan::Refuse(
            arn,
            "no recovery of it was found, which has to come first: it begins within seconds; if it did not, its event \
             is in the stack's `RecoveryDeadLetters`"
                .into(),
        ),
    }
}

/// Redrives one; whether Step Functions did.
fn redriven(account: &Account, arn: &str, out: &mut dyn Write) -> io::Result<bool> {
    let asked = account.ask(&["stepfunctions", "redrive-execution", "--execution-arn", arn]);
    match asked {
        Ok(_) => writeln!(out, "redriven {arn}").map(|()| true),
        Err(Refusal::NoCommand(words) | Refusal::Said(words)) => {
            writeln!(out, "refused  {arn}\n  {words}").map(|()| false)
        }
    }
}

fn unreadable(refusal: Refusal) -> Failure {
    refusal.failure("the executions cannot be read", "")
}
