use std::sync::Arc;

use saga_asl::data::Data;
use serde::{Deserialize, Serialize};

use crate::fault::Failure;

/// A task, a read or a write that an execution waits for. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskId(pub u64);

/// What the world tells an execution.
#[derive(Clone, Debug)]
pub enum Event {
    /// Time has passed, perhaps up to [`super::Execution::next_wake`].
    TimePassed,
    /// A worker has taken an activity's task.
    TaskStarted(TaskId),
    /// The service has taken a job or a message; its end or its token is waited for.
    TaskSubmitted(TaskId, Data),
    /// The service has answered, the job has ended, or the token has come back.
    TaskSucceeded(TaskId, Data),
    /// It has failed.
    TaskFailed(TaskId, Failure),
    /// The driver itself has seen the task's time run out.
    TaskTimedOut(TaskId),
    /// A task is alive.
    Heartbeat(TaskId),
    /// The items of a distributed Map have been read.
    ItemsRead(TaskId, Content),
    /// They could not be read: the cause.
    ReadFailed(TaskId, String),
    /// The results of a distributed Map have been written.
    ResultsWritten(TaskId),
    /// They could not be written: the cause.
    WriteFailed(TaskId, String),
    /// Somebody has stopped the execution.
    Stopped(Failure),
}

/// What an item reader has found.
#[derive(Clone, Debug)]
pub enum Content {
    /// A file, to be read as the reader's configuration says.
    Bytes(Vec<u8>),
    /// A listing: an array.
    Items(Data),
}

/// What an execution wants of the world.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// Call a service.
    Invoke(Box<Invocation>),
    /// Nobody waits for this task any more.
    Cancel(TaskId),
    /// Read the items of a distributed Map.
    Read(Box<Read>),
    /// Write the results of a distributed Map.
    Write(Box<Write>),
}

/// A call of a service.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invocation {
    /// To answer with.
    pub task: TaskId,
    /// The state that calls.
    pub state: Arc<str>,
    /// The resource's ARN as the definition has it.
    pub resource: Arc<str>,
    /// What the service is sent.
    pub arguments: Data,
    /// The role to assume.
    pub credentials: Option<Data>,
    /// The token of the task, where the state waits for a job's end or the token's return.
    pub token: Option<Arc<str>>,
    /// 0 for the first attempt.
    pub attempt: u32,
    /// Seconds until the engine gives up, if it ever does.
    pub timeout: Option<i64>,
    /// Seconds within which a heartbeat must come.
    pub heartbeat: Option<i64>,
    /// The Map states around the call with the index of the iteration, outermost first.
    pub iteration: Vec<(Arc<str>, usize)>,
}

/// A read of items.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Read {
    /// To answer with.
    pub task: TaskId,
    /// The Map state.
    pub state: Arc<str>,
    /// The integration, as in `arn:aws:states:::s3:getObject`.
    pub resource: Arc<str>,
    /// What to read.
    pub arguments: Data,
}

/// A write of results.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Write {
    /// To answer with.
    pub task: TaskId,
    /// The Map state.
    pub state: Arc<str>,
    /// The integration, as in `arn:aws:states:::s3:putObject`.
    pub resource: Arc<str>,
    /// Where to: `Bucket` and `Prefix`.
    pub arguments: Data,
    /// The key of the manifest within the bucket.
    pub manifest: Arc<str>,
    /// One result for each item or batch, in order.
    pub results: Data,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its status.
    pub status: Status,
    /// Its output, if it succeeded.
    pub output: Option<Data>,
    /// Why it did not succeed.
    pub failure: Option<Failure>,
}

/// The status of an execution that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It reached its end.
    Succeeded,
    /// A state failed and nothing caught that.
    Failed,
    /// The machine's own timeout.
    TimedOut,
    /// Somebody stopped it.
    Aborted,
}

impl Status {
    /// The name that the API has for it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::TimedOut => "TIMED_OUT",
            Status::Aborted => "ABORTED",
        }
    }
}
