use std::sync::Arc;

use saga_asl::data::Data;
use serde::{Deserialize, Serialize};

use crate::fault::Failure;

/// A type of state, as it prefixes the names of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateType {
    /// Task
    Task,
    /// Parallel
    Parallel,
    /// Map
    Map,
    /// Choice
    Choice,
    /// Wait
    Wait,
    /// Pass
    Pass,
    /// Succeed
    Succeed,
    /// Fail
    Fail,
}

/// The family of events that calls of a service are recorded with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Family {
    /// `LambdaFunction…`: a function by its own ARN.
    Function {
        /// The function's ARN.
        resource: Arc<str>,
    },
    /// `Activity…`
    Activity {
        /// The activity's ARN.
        resource: Arc<str>,
    },
    /// `Task…`: a service integration.
    Task {
        /// The service, as in `dynamodb`.
        kind: Arc<str>,
        /// The action, as in `putItem`.
        action: Arc<str>,
    },
}

/// What happened. The names are those of the API's `HistoryEventType`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the API reference of Step Functions documents each"
)]
pub enum Detail {
    ExecutionStarted {
        input: Data,
        role: Arc<str>,
    },
    ExecutionSucceeded {
        output: Data,
    },
    ExecutionFailed(Failure),
    ExecutionTimedOut(Failure),
    ExecutionAborted(Failure),
    ExecutionRedriven {
        count: u32,
    },
    StateEntered {
        kind: StateType,
        name: Arc<str>,
        input: Data,
    },
    StateExited {
        kind: StateType,
        name: Arc<str>,
        output: Data,
        assigned: Option<Data>,
    },
    StateAborted {
        kind: StateType,
    },
    EvaluationFailed {
        state: Arc<str>,
        location: Arc<str>,
        failure: Failure,
    },
    ParallelStateStarted,
    ParallelStateFailed(Failure),
    MapStateStarted {
        length: usize,
    },
    MapStateSucceeded,
    MapStateFailed(Failure),
    MapIterationStarted {
        name: Arc<str>,
        index: usize,
    },
    MapIterationSucceeded {
        name: Arc<str>,
        index: usize,
    },
    MapIterationFailed {
        name: Arc<str>,
        index: usize,
    },
    MapIterationAborted {
        name: Arc<str>,
        index: usize,
    },
    MapRunStarted {
        arn: Arc<str>,
    },
    MapRunSucceeded,
    MapRunFailed(Failure),
    Scheduled {
        family: Family,
        arguments: Data,
        timeout: Option<i64>,
        heartbeat: Option<i64>,
    },
    Started(Family),
    Submitted {
        family: Family,
        output: Data,
    },
    Succeeded {
        family: Family,
        output: Data,
    },
    Failed {
        family: Family,
        failure: Failure,
    },
    TimedOut {
        family: Family,
        failure: Failure,
    },
}

impl Family {
    fn name(&self) -> &'static str {
        match self {
            Family::Function { .. } => "LambdaFunction",
            Family::Activity { .. } => "Activity",
            Family::Task { .. } => "Task",
        }
    }
}

impl StateType {
    /// The value of a state's `Type`.
    pub fn name(self) -> &'static str {
        match self {
            StateType::Task => "Task",
            StateType::Parallel => "Parallel",
            StateType::Map => "Map",
            StateType::Choice => "Choice",
            StateType::Wait => "Wait",
            StateType::Pass => "Pass",
            StateType::Succeed => "Succeed",
            StateType::Fail => "Fail",
        }
    }
}

impl Detail {
    /// The event's type, as in `TaskStateEntered`.
    pub fn event_type(&self) -> String {
        match self {
            Detail::StateEntered { kind, .. } => format!("{}StateEntered", kind.name()),
            Detail::StateExited { kind, .. } => format!("{}StateExited", kind.name()),
            Detail::StateAborted { kind } => format!("{}StateAborted", kind.name()),
            Detail::Scheduled { family, .. } => format!("{}Scheduled", family.name()),
            Detail::Started(family) => format!("{}Started", family.name()),
            Detail::Submitted { family, .. } => format!("{}Submitted", family.name()),
            Detail::Succeeded { family, .. } => format!("{}Succeeded", family.name()),
            Detail::Failed { family, .. } => format!("{}Failed", family.name()),
            Detail::TimedOut { family, .. } => format!("{}TimedOut", family.name()),
            fixed => fixed.fixed_type().to_owned(),
        }
    }

    fn fixed_type(&self) -> &'static str {
        match self {
            Detail::ExecutionStarted { .. } => "ExecutionStarted",
            Detail::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            Detail::ExecutionFailed(_) => "ExecutionFailed",
            Detail::ExecutionTimedOut(_) => "ExecutionTimedOut",
            Detail::ExecutionAborted(_) => "ExecutionAborted",
            Detail::ExecutionRedriven { .. } => "ExecutionRedriven",
            Detail::EvaluationFailed { .. } => "EvaluationFailed",
            Detail::ParallelStateStarted => "ParallelStateStarted",
            Detail::ParallelStateFailed(_) => "ParallelStateFailed",
            Detail::MapStateStarted { .. } => "MapStateStarted",
            Detail::MapStateSucceeded => "MapStateSucceeded",
            Detail::MapStateFailed(_) => "MapStateFailed",
            Detail::MapIterationStarted { .. } => "MapIterationStarted",
            Detail::MapIterationSucceeded { .. } => "MapIterationSucceeded",
            Detail::MapIterationFailed { .. } => "MapIterationFailed",
            Detail::MapIterationAborted { .. } => "MapIterationAborted",
            Detail::MapRunStarted { .. } => "MapRunStarted",
            Detail::MapRunSucceeded => "MapRunSucceeded",
            Detail::MapRunFailed(_) => "MapRunFailed",
            // INVARIANT: `event_type` has named the others.
            _ => "",
        }
    }
}
