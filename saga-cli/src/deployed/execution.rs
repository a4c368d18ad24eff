//! An execution of a saga, and how the saga stands.

use saga_engine::time::Timestamp;
use saga_manifest::saga::COMPENSATED;
use serde::Serialize;
use serde_json::Value;

use super::{History, Machine};
use crate::aws::{Account, Refusal};

/// How a saga stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// It goes on by itself.
    Running,
    /// It waits for an operator.
    Parked,
    /// It ended as no saga does, or was stopped: what recovers it sees to it.
    Failed,
    /// All that was done is undone.
    Compensated,
    /// All steps are done.
    Completed,
}

impl Stands {
    /// All of them, those first that an operator looks for.
    pub const ALL: [Self; 5] = [
        Self::Parked,
        Self::Failed,
        Self::Running,
        Self::Compensated,
        Self::Completed,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Parked => "parked",
            Self::Failed => "failed",
            Self::Compensated => "compensated",
            Self::Completed => "completed",
        }
    }

    /// Whether an execution of this status may stand so (API reference, `ListExecutions`).
    fn may_be(self, status: &str) -> bool {
        match self {
            Self::Running => matches!(status, "RUNNING" | "PENDING_REDRIVE"),
            Self::Completed => status == "SUCCEEDED",
            Self::Compensated | Self::Parked => status == "FAILED",
            Self::Failed => matches!(status, "FAILED" | "TIMED_OUT" | "ABORTED"),
        }
    }
}

/// An execution.
#[derive(Debug, Serialize)]
pub struct Execution {
    /// Its saga.
    pub saga: String,
    /// Its ARN: the saga's id.
    pub execution: String,
    /// How the saga stands.
    pub stands: Stands,
    /// What Step Functions calls that.
    pub status: String,
    /// When it was started, in RFC 3339.
    pub started: Option<String>,
    /// When it ended last.
    pub ended: Option<String>,
    /// The state in which it waits for an operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The error that it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The end of its history, of one that failed.
    #[serde(skip)]
    pub history: Option<History>,
    /// When it ended last.
    #[serde(skip)]
    pub stopped: Option<Timestamp>,
}

impl Execution {
    /// Those of a machine that stand as asked, or all, the newest first: of the `most` that were started last.
    ///
    /// # Errors
    /// What Step Functions says.
    pub fn list(
        account: &Account,
        machine: &Machine,
        only: &[Stands],
        most: usize,
    ) -> Result<Vec<Self>, Refusal> {
        let listed = list(account, &machine.arn, &most.to_string())?;
        let wanted: Vec<&Value> = listed
            .iter()
            .filter(|one| {
                let status = text(one, "status");
                only.is_empty() || only.iter().any(|stands| stands.may_be(&status))
            })
            .collect();
        let read = super::each(&wanted, |one| Self::of(account, machine, one));
        let read: Result<Vec<Self>, Refusal> = read.into_iter().collect();
        let mut found = read?;
        found.retain(|one| only.is_empty() || only.contains(&one.stands));
        Ok(found)
    }

    /// The one of an ARN.
    ///
    /// # Errors
    /// What Step Functions says.
    pub fn read(account: &Account, machine: &Machine, arn: &str) -> Result<Self, Refusal> {
        Self::of(account, machine, &describe(account, arn)?)
    }

    /// One that was listed or described: of what failed it is asked how.
    fn of(account: &Account, machine: &Machine, known: &Value) -> Result<Self, Refusal> {
        let status = text(known, "status");
        let arn = text(known, "executionArn");
        let mut execution = Self {
            saga: machine.saga.clone(),
            stands: Stands::Running,
            started: instant(known, "startDate").map(written),
            ended: instant(known, "stopDate").map(written),
            stopped: instant(known, "stopDate"),
            state: None,
            error: None,
            history: None,
            execution: arn,
            status,
        };
        execution.stands = match execution.status.as_str() {
            "SUCCEEDED" => Stands::Completed,
            "FAILED" => execution.failed(account, known)?,
            "TIMED_OUT" | "ABORTED" => Stands::Failed,
            _ => Stands::Running,
        };
        Ok(execution)
    }

    fn failed(&mut self, account: &Account, known: &Value) -> Result<Stands, Refusal> {
        let error = known.get("error").and_then(Value::as_str);
        let error = match error {
            Some(error) => error.to_owned(),
            // A list does not say.
            None => text(&describe(account, &self.execution)?, "error"),
        };
        if error == COMPENSATED {
            return Ok(Stands::Compensated);
        }
        self.error = Some(error);
        let history = History::of(account, &self.execution)?;
        self.state = history.parked().next().map(str::to_owned);
        self.history = Some(history);
        Ok(match self.state {
            Some(_) => Stands::Parked,
            None => Stands::Failed,
        })
    }

    /// The end of its ARN.
    pub fn name(&self) -> &str {
        let name = self.execution.rsplit(':').next();
        name.unwrap_or(&self.execution)
    }
}

/// What Step Functions says of an execution.
pub(super) fn describe(account: &Account, arn: &str) -> Result<Value, Refusal> {
    account.ask(&[
        "stepfunctions",
        "describe-execution",
        "--execution-arn",
        arn,
    ])
}

/// The executions of a machine that were started last, so many at most, the newest first.
pub(super) fn list(account: &Account, machine: &str, most: &str) -> Result<Vec<Value>, Refusal> {
    let mut listed = account.ask(&[
        "stepfunctions",
        "list-executions",
        "--state-machine-arn",
        machine,
        "--max-items",
        most,
    ])?;
    let listed = listed.get_mut("executions").map(Value::take);
    Ok(match listed {
        Some(Value::Array(listed)) => listed,
        _ => Vec::new(),
    })
}

pub(super) fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// An instant as the versions of AWS's command line print it: seconds since 1970, or RFC 3339.
pub(super) fn instant(value: &Value, name: &str) -> Option<Timestamp> {
    let value = value.get(name)?;
    match value.as_f64() {
        Some(seconds) => Some(Timestamp(0).after_seconds(seconds)),
        None => Timestamp::parse(value.as_str()?),
    }
}

/// In UTC, to the second.
fn written(instant: Timestamp) -> String {
    let text = instant.to_string();
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}
