use std::sync::Arc;

use saga_asl::data::Data;
use saga_asl::jsonpath::Path;
use saga_asl::model::QueryLanguage;

use super::{Condition, GraphId, Resource, Setting, Source, StateId, Template};
use crate::history::StateType;

/// A state, ready to run.
#[derive(Debug)]
pub struct State {
    /// Its name.
    pub name: Arc<str>,
    /// The language of its expressions.
    pub language: QueryLanguage,
    /// What it does.
    pub kind: Kind,
    /// How data gets in and out.
    pub processing: Processing,
    /// The variables that it sets.
    pub assign: Option<Assign>,
    /// When it is tried again.
    pub retry: Vec<Retrier>,
    /// Where it goes when it failed for good.
    pub catch: Vec<Catcher>,
    /// Where it goes; `None` is the end.
    pub next: Option<StateId>,
}

/// What a state does.
#[derive(Debug)]
pub enum Kind {
    /// Asks a service.
    Task(Box<Task>),
    /// Runs branches at once.
    Parallel(Vec<GraphId>),
    /// Runs states for every item.
    Map(Box<Map>),
    /// Goes where a condition says.
    Choice(Box<Choice>),
    /// Goes on later.
    Wait(Until),
    /// Shapes data: its fixed result, if it has one.
    Pass(Option<Data>),
    /// Ends with success.
    Succeed,
    /// Ends with an error and a cause.
    Fail(Option<Source>, Option<Source>),
}

impl Kind {
    /// The type of the state.
    pub fn state_type(&self) -> StateType {
        match self {
            Kind::Task(_) => StateType::Task,
            Kind::Parallel(_) => StateType::Parallel,
            Kind::Map(_) => StateType::Map,
            Kind::Choice(_) => StateType::Choice,
            Kind::Wait(_) => StateType::Wait,
            Kind::Pass(_) => StateType::Pass,
            Kind::Succeed => StateType::Succeed,
            Kind::Fail(..) => StateType::Fail,
        }
    }

    /// Whether the state may be tried again, so that its context counts retries.
    pub fn retries(&self) -> bool {
        matches!(self, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_))
    }
}

/// How data gets in and out of a state. In JSONata only `arguments` and `output` are set.
#[derive(Debug)]
pub struct Processing {
    /// `InputPath`
    pub input: Selector,
    /// `Parameters` or `Arguments`
    pub arguments: Option<Template>,
    /// `ResultSelector`
    pub result: Option<Template>,
    /// `ResultPath`
    pub target: ResultTarget,
    /// `OutputPath`
    pub path: Selector,
    /// `Output`
    pub output: Option<Template>,
}

/// `InputPath` and `OutputPath`.
#[derive(Debug, Default)]
pub enum Selector {
    /// All of it.
    #[default]
    All,
    /// What a path selects.
    Path(Path),
    /// `null`: an empty object.
    Nothing,
}

/// `ResultPath`.
#[derive(Debug, Default)]
pub enum ResultTarget {
    /// The result replaces the input.
    #[default]
    Replace,
    /// The result is written into the input.
    Path(Path),
    /// The result is thrown away.
    Discard,
}

/// `Assign`: variables with their values.
#[derive(Debug)]
pub struct Assign(pub Template);

/// An entry of `Retry` with its defaults filled in.
#[derive(Debug)]
pub struct Retrier {
    /// The error names it retries.
    pub errors: Vec<Arc<str>>,
    /// Seconds before the first retry.
    pub interval: f64,
    /// How many retries at most.
    pub attempts: u32,
    /// What the interval grows by.
    pub rate: f64,
    /// Seconds that the interval never exceeds.
    pub most: f64,
    /// Whether the delay is anything from zero to the interval.
    pub jitter: bool,
}

/// An entry of `Catch`.
#[derive(Debug)]
pub struct Catcher {
    /// The error names it catches.
    pub errors: Vec<Arc<str>>,
    /// Where the error goes in the state's input.
    pub target: ResultTarget,
    /// JSONata: the output instead of the error's.
    pub output: Option<Template>,
    /// The variables that it sets.
    pub assign: Option<Assign>,
    /// The state that goes on.
    pub next: StateId,
}

/// A Task state.
#[derive(Debug)]
pub struct Task {
    /// What it asks.
    pub resource: Resource,
    /// The role to assume.
    pub credentials: Option<Template>,
    /// Seconds for one attempt.
    pub timeout: Option<Setting>,
    /// Seconds between two heartbeats.
    pub heartbeat: Option<Setting>,
}

/// A Choice state.
#[derive(Debug)]
pub struct Choice {
    /// The rules in order.
    pub rules: Vec<Rule>,
    /// Where it goes when no rule holds.
    pub default: Option<StateId>,
}

/// A rule of a Choice state.
#[derive(Debug)]
pub struct Rule {
    /// When it holds.
    pub condition: Condition,
    /// The variables that it sets.
    pub assign: Option<Assign>,
    /// JSONata: the output.
    pub output: Option<Template>,
    /// The state that goes on.
    pub next: StateId,
}

/// How long a Wait state waits.
#[derive(Debug)]
pub enum Until {
    /// So many seconds.
    Seconds(Setting),
    /// Until an instant.
    Timestamp(Setting),
}

/// A Map state.
#[derive(Debug)]
pub struct Map {
    /// Where the items come from.
    pub items: ItemSource,
    /// What an iteration gets instead of the bare item.
    pub selector: Option<Template>,
    /// How items are grouped.
    pub batcher: Option<Batcher>,
    /// The states that run for every item.
    pub processor: GraphId,
    /// Whether iterations are executions of their own.
    pub distributed: bool,
    /// Whether those are Express executions.
    pub express: bool,
    /// How many run at once.
    pub concurrency: Option<Setting>,
    /// How many may fail.
    pub tolerated_count: Option<Setting>,
    /// Which share may fail, in percent.
    pub tolerated_percentage: Option<Setting>,
    /// A part of the map run's ARN.
    pub label: Option<Arc<str>>,
    /// Where the results are written.
    pub writer: Option<Writer>,
}

/// Where the items of a Map come from.
#[derive(Debug)]
pub enum ItemSource {
    /// The whole input.
    Input,
    /// JSONPath: a path in the input.
    Path(Path),
    /// JSONata: a value.
    Value(Template),
    /// A file or a listing that somebody else reads.
    Reader(Box<Reader>),
}

/// `ItemReader`
#[derive(Debug)]
pub struct Reader {
    /// The integration that reads.
    pub resource: Arc<str>,
    /// What it reads.
    pub arguments: Option<Template>,
    /// How items are encoded.
    pub config: Option<Template>,
    /// The most items, if bounded.
    pub max_items: Option<Setting>,
}

/// `ItemBatcher`
#[derive(Debug)]
pub struct Batcher {
    /// The most items in a batch.
    pub max_items: Option<Setting>,
    /// The most bytes in a batch.
    pub max_bytes: Option<Setting>,
    /// What every batch gets besides its items.
    pub input: Option<Template>,
}

/// `ResultWriter`
#[derive(Debug)]
pub struct Writer {
    /// The integration that writes.
    pub resource: Option<Arc<str>>,
    /// Where to.
    pub arguments: Option<Template>,
    /// How results are shaped.
    pub config: Option<Data>,
}
