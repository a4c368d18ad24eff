//! Handlers: the Lambda functions of steps, and what they are given.

pub mod environment;

use std::any::{Any, TypeId};
use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use saga_fence::Key;
use saga_manifest::error::Outcome;
use saga_manifest::handler as entry;
use saga_manifest::saga::SensitiveField;
use serde_json::Value;

use crate::data::{SagaData, manifest_data, sensitive_fields};
use crate::error::{ErrorKind, SagaError};
use crate::recorder::Recorder;
use crate::step::Step;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The work of a step. Each handler becomes a Lambda function of its own; all of them are one binary.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no handler",
    label = "nothing does this step's work",
    note = "write `impl Handler for {Self}` with `async fn handle(self, app: &…, cx: &Context)`"
)]
pub trait Handler: Lambda {
    /// Does the step. Called again with the same [`Context::idempotency_key`] when an attempt failed or
    /// its answer was lost.
    ///
    /// # Errors
    /// One of the step's declared errors. A panic, or an error declared `unknown`, leaves open whether
    /// the step happened.
    fn handle(
        self,
        app: &Self::App,
        cx: &Context,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;
}

/// A step that is a Lambda function: what `#[derive(SagaStep)]` declares of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step that a handler does",
    label = "nothing is declared of this as a step",
    note = "derive it for the struct that is its input: `#[derive(Serialize, Deserialize, SagaStep)]`"
)]
pub trait Lambda: Step + SagaData {
    /// What its handler needs besides its input: clients, made once.
    type App: App;

    /// The function's declaration.
    #[doc(hidden)]
    fn declare() -> LambdaDeclaration;
}

/// What a handler's declaration says besides its types.
#[doc(hidden)]
pub struct LambdaDeclaration {
    /// Where it stands.
    pub place: saga_manifest::place::Place,
    /// Memory in MiB.
    pub memory_mib: Option<u32>,
    /// Invocations at a time.
    pub concurrency: Option<u32>,
    /// Environment variables.
    pub environment: Vec<entry::Variable>,
    /// Secrets.
    pub secrets: Vec<entry::Secret>,
    /// Why its effect needs no fence.
    pub unfenced: Option<&'static str>,
    /// Resources.
    pub uses: Vec<Used>,
}

/// A resource that a handler uses, and what registers it.
#[doc(hidden)]
pub struct Used {
    pub(crate) entry: entry::Use,
    pub(crate) register: fn(&mut Recorder),
}

/// State of a handler's process: clients, configuration. Made once at start, shared by all invocations.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a handler's process can be started with",
    label = "nothing says how it is made",
    note = "write `impl App for {Self}` with `async fn start() -> Result<Self, BoxError>`"
)]
pub trait App: Sized + Send + Sync + 'static {
    /// Makes it.
    ///
    /// # Errors
    /// Whatever keeps the process from working: the runtime reports it as an initialisation error.
    fn start() -> impl Future<Output = Result<Self, BoxError>> + Send;
}

impl App for () {
    async fn start() -> Result<Self, BoxError> {
        Ok(())
    }
}

/// What an invocation belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The saga's id: the first execution's ARN.
    pub saga_id: String,
    /// The step instance. An undo has the name of the step that it undoes.
    pub step: String,
    /// In a map, the path of the item that the step works on: `ReserveItems[3]`.
    pub item: Option<String>,
    /// Whether the step is done or undone.
    pub phase: Phase,
    /// How often this was tried before, from 0.
    pub attempt: u32,
    /// The Lambda invocation's id.
    pub request_id: String,
    /// When Lambda ends this invocation. Nothing is done for it later, and an undo waits no longer for it:
    /// what a handler asks of others is to be over by then, too.
    pub deadline: SystemTime,
}

/// Whether a step is done or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is done.
    Do,
    /// It is undone.
    Undo,
}

/// The deadline of contexts for tests, in seconds since 1970: 2100-01-01.
const FAR_AHEAD: u64 = 4_102_444_800;

impl Context {
    /// A context for a handler's unit test.
    #[must_use]
    pub fn for_test(step: &str) -> Self {
        Self {
            saga_id: "arn:aws:states:us-east-1:123456789012:execution:test:test".into(),
            step: step.into(),
            item: None,
            phase: Phase::Do,
            attempt: 0,
            request_id: "00000000-0000-0000-0000-000000000000".into(),
            deadline: SystemTime::UNIX_EPOCH + Duration::from_secs(FAR_AHEAD),
        }
    }

    /// The context of another step that this one does, as a part of itself: its key is another one, the same on
    /// every attempt. What undoes this step undoes the part under the same name.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// let (charge, refund) = (Context::for_test("Charge"), Context::for_test("Charge"));
    /// let paid = charge.part("Pay").idempotency_key();
    /// assert_eq!(refund.part("Pay").idempotency_key(), paid);
    /// assert_ne!(charge.part("Authorise").idempotency_key(), paid);
    /// ```
    #[must_use]
    pub fn part(&self, step: &str) -> Self {
        Self {
            // As the steps of a nested saga are named.
            step: format!("{}/{step}", self.step),
            ..self.clone()
        }
    }

    /// The key of the step's effect: saga id, step instance and, in a map, the item's path; the same on
    /// every attempt of the step and on its undo. Hand it on to a provider that takes one: where an attempt
    /// died between its effect and its answer, the provider knows, and the step's fence does not.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        Key::new(&self.saga_id, &self.step, self.item.as_deref()).to_string()
    }
}

/// A handler as the runtime has it: its types are behind it.
#[derive(Clone)]
pub struct Registered {
    pub(crate) step: TypeId,
    pub(crate) entry: entry::Handler,
    pub(crate) resources: Vec<fn(&mut Recorder)>,
    start: fn() -> Starting,
    on: On,
    /// Whether its application state does something when it is dropped: only then does the end of its
    /// process matter to it.
    pub drops_state: bool,
    /// Where its input's sensitive fields are.
    pub sensitive: fn() -> Vec<SensitiveField>,
}

/// Makes a handler on application state, if that is of its type.
type On = fn(Arc<dyn Any + Send + Sync>) -> Option<Box<dyn Serve>>;

/// A handler that is being started.
pub type Starting = Pin<Box<dyn Future<Output = Result<Box<dyn Serve>, BoxError>> + Send>>;

/// A running handler's answer.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send + 'a>>;

/// A handler with its application state.
pub trait Serve: Send + Sync {
    /// Handles one invocation.
    fn serve(&self, input: Value, cx: Context) -> Answering<'_>;
}

/// Why a handler did not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The declared name: the `errorType` that is reported.
    pub name: String,
    /// The error, with what caused it.
    pub message: String,
    /// Whether the step may have happened.
    pub outcome: Outcome,
}

impl Failure {
    /// An event that is not what the handler reads: which field, below `root`, and what is wrong with it.
    #[must_use]
    pub fn bad_event<E: Display>(root: &str, error: serde_path_to_error::Error<E>) -> Self {
        let path = error.path().to_string();
        let problem = error.into_inner().to_string();
        let mut place: Vec<_> = [root, path.as_str()]
            .into_iter()
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        let missing = Self::missing_field(&problem);
        place.extend(missing);
        let message = match (place.is_empty(), missing) {
            (true, _) => problem,
            (false, Some(_)) => format!("`{}`: missing", place.join(".")),
            (false, None) => format!("`{}`: {problem}", place.join(".")),
        };
        Self {
            name: BAD_EVENT.into(),
            message,
            outcome: Outcome::NotDone,
        }
    }

    /// The field that serde misses: it says so at the place of the struct, and names the field in its words.
    pub(crate) fn missing_field(problem: &str) -> Option<&str> {
        let (field, _) = problem.strip_prefix("missing field `")?.split_once('`')?;
        Some(field)
    }
}

/// The name of the error of a process that is asked for a handler which it does not have: no step happened.
pub const UNKNOWN_HANDLER: &str = "SagaUnknownHandler";

/// The name of the error of a process whose [`App`] could not be started: no step happened.
pub const START_FAILED: &str = "SagaStartFailed";

/// The name of the error that an input is refused with: the step did not happen.
pub const BAD_EVENT: &str = "SagaBadEvent";

/// The name of the error that a panic is reported as: the step may have happened.
pub const PANIC: &str = "SagaPanic";

/// The name of the error of an answer that cannot be handed on: the step has happened.
pub const BAD_OUTPUT: &str = "SagaBadOutput";

impl Registered {
    /// A step's handler.
    #[must_use]
    pub fn of<H: Handler>() -> Self {
        let declaration = H::declare();
        Self {
            step: TypeId::of::<H>(),
            resources: declaration.uses.iter().map(|used| used.register).collect(),
            start: || {
                Box::pin(async {
                    Ok(
                        Box::new(Running::<H>::new(Arc::new(H::App::start().await?)))
                            as Box<dyn Serve>,
                    )
                })
            },
            on: |app| {
                let app = app.downcast::<H::App>().ok()?;
                Some(Box::new(Running::<H>::new(app)))
            },
            drops_state: std::mem::needs_drop::<H::App>(),
            sensitive: sensitive_fields::<H>,
            entry: entry::Handler {
                name: H::name(),
                description: H::description().map(str::to_owned),
                place: declaration.place,
                input: manifest_data::<H>(),
                output: manifest_data::<H::Output>(),
                timeout_seconds: u32::try_from(H::TIMEOUT.as_secs()).unwrap_or(u32::MAX),
                memory_mib: declaration.memory_mib,
                concurrency: declaration.concurrency,
                environment: declaration.environment,
                secrets: declaration.secrets,
                unfenced: declaration.unfenced.map(str::to_owned),
                uses: declaration
                    .uses
                    .into_iter()
                    .map(|used| used.entry)
                    .collect(),
            },
        }
    }

    /// The name that the bootstrap dispatches on.
    #[must_use]
    pub fn name(&self) -> String {
        self.entry.name.clone()
    }

    /// What is declared of its function.
    #[must_use]
    pub fn function(&self) -> &entry::Handler {
        &self.entry
    }

    /// How long an invocation may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.entry.timeout_seconds.into())
    }

    /// The handler on application state that was made already; none where its [`App`] is of another type.
    #[must_use]
    pub fn on<A: App>(&self, app: Arc<A>) -> Option<Box<dyn Serve>> {
        (self.on)(app)
    }

    /// Makes its application state and starts it.
    #[must_use]
    pub fn start(&self) -> Starting {
        (self.start)()
    }
}

/// A handler that shares its application state with whoever started it.
pub struct Running<H: Handler> {
    app: Arc<H::App>,
}

impl<H: Handler> Running<H> {
    /// A handler on this state: a test hands in its fakes here.
    #[must_use]
    pub fn new(app: Arc<H::App>) -> Self {
        Self { app }
    }
}

impl<H: Handler> Serve for Running<H> {
    fn serve(&self, input: Value, cx: Context) -> Answering<'_> {
        Box::pin(async move {
            let input: H = serde_path_to_error::deserialize(input)
                .map_err(|error| Failure::bad_event("input", error))?;
            match input.handle(&self.app, &cx).await {
                Ok(output) => serde_json::to_value(output).map_err(bad_output),
                Err(error) => Err(declared_failure(&error)),
            }
        })
    }
}

fn bad_output(error: serde_json::Error) -> Failure {
    Failure {
        name: BAD_OUTPUT.into(),
        message: error.to_string(),
        outcome: Outcome::Unknown,
    }
}

fn declared_failure<E: SagaError>(error: &E) -> Failure {
    let kind = error.kind();
    let name = kind.names().first().copied().unwrap_or(PANIC);
    Failure {
        name: name.into(),
        message: with_causes(error),
        outcome: kind.outcome(),
    }
}

/// An error and its causes in one line: those that it does not print itself.
#[must_use]
pub fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut message = error.to_string();
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    for text in causes.map(ToString::to_string) {
        if !message.ends_with(&text) {
            message = format!("{message}: {text}");
        }
    }
    message
}
