//! For users' tests: a saga with its handlers in this process, on a virtual clock. Each handler has the
//! environment of its function, as `saga_lambda::variable`, `table_name` and their like read it; the process's
//! own, `std::env`, is nobody's. Its clients find the embedded services by `AWS_ENDPOINT_URL`, `AWS_REGION`
//! and credentials in there. [`HandlerTest`] is the same for a handler alone.
//!
//! ```
//! # use saga_dsl::prelude::*;
//! # use serde::{Deserialize, Serialize};
//! # #[derive(Clone, Serialize, Deserialize, SagaData)] pub struct Trip { pub trip_id: String }
//! # #[derive(Serialize, Deserialize, SagaData)] pub struct Row { pub trip_id: String, pub status: String }
//! # #[derive(SagaTable)] #[table(item = Row, partition_key = trip_id: String, isolation = none("a trip is one saga's own"))] pub struct Trips;
//! # #[derive(Debug, thiserror::Error, SagaError)] pub enum BookError { #[error("sold out")] SoldOut }
//! # #[derive(Serialize, Deserialize, SagaStep)] #[step(error = BookError, timeout = "10s")]
//! # pub struct BookSeat { pub trip_id: String }
//! # impl Handler for BookSeat {
//! #     async fn handle(self, _: &(), _: &Context) -> Result<(), BookError> { Ok(()) }
//! # }
//! # #[derive(Saga)] pub struct Booking;
//! # impl Saga for Booking {
//! #     type Input = Trip;
//! #     type Output = Trip;
//! #     fn define<'s>(mut saga: Flow<'s, '_>, trip: Ref<'s, Trip>) -> Completed<'s, Trip> {
//! #         saga.step(Trips::put(RowRef { trip_id: trip.trip_id, status: "new".into() }).named("Register")
//! #             .compensate(|_| Trips::update(trip.trip_id, |row| row.status.set("failed"))));
//! #         let (saga, _) = saga.pivot(BookSeatRef { trip_id: trip.trip_id });
//! #         saga.complete(TripRef { trip_id: trip.trip_id })
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! use saga_local::saga::Ending;
//! use saga_local::testing::SagaTest;
//!
//! let ended = SagaTest::of::<Booking>()
//!     .fail("BookSeat", "SoldOut")
//!     .run(Trip { trip_id: "7".into() })
//!     .await;
//! assert_eq!(ended.ending(), Ending::Compensated);
//! assert_eq!(ended.states(), ["Register", "BookSeat", "UndoRegister", "BookingFailed"]);
//! assert_eq!(ended.table::<Trips>()[0].status, "failed");
//! # }
//! ```

mod alone;
mod handlers;
mod result;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use saga_asl::data::Data;
use saga_compiler::{Architecture, Definition, Definitions, Options};
use saga_dsl::handler::environment::Environment;
use saga_dsl::handler::{Handler, Registered, Running, Serve};
use saga_dsl::{App, Package, Saga, Table};
use saga_engine::fault::Failure;
use saga_engine::time::Timestamp;
use saga_manifest::Manifest;
use saga_manifest::handler::VariableValue;
use serde::Serialize;
use serde_json::Value;

use crate::http::Server;
use crate::lambda::Function;
use crate::saga::{
    Answer, Answers, Backend, Callbacks, Clock, Driver, Fault, Faults, Play, PrepareError,
    Prepared, RunError, function,
};
use crate::services::Embedded;
use handlers::InProcess;

pub use alone::HandlerTest;
pub use result::SagaResult;

/// When every test begins: 2026-01-01T00:00:00Z.
const BEGINNING: Timestamp = Timestamp(1_767_225_600_000);

/// A test of a saga. It panics where the test itself is wrong: a saga that does not compile, a step that
/// does not exist.
pub struct SagaTest {
    package: Package,
    saga: String,
    manifest: Manifest,
    handlers: BTreeMap<String, Arc<dyn Serve>>,
    faults: Vec<(String, Fault)>,
    answers: Vec<(String, Answer, Duration)>,
    callbacks: Callbacks,
    parameters: BTreeMap<String, String>,
    rows: Vec<(String, serde_json::Map<String, Value>)>,
    attempts: Option<u32>,
    redriven: bool,
    changes: Vec<fn(&mut Vec<Definition>)>,
    seed: u64,
}

impl SagaTest {
    /// A test of this saga.
    #[must_use]
    pub fn of<S: Saga>() -> Self {
        let package = Package::new().saga::<S>();
        let manifest = package.manifest();
        let saga = manifest
            .sagas
            .first()
            .map(|saga| saga.name.clone())
            .unwrap_or_default();
        let handlers = BTreeMap::new();
        Self {
            package,
            saga,
            manifest,
            handlers,
            faults: Vec::new(),
            answers: Vec::new(),
            callbacks: Callbacks::default(),
            parameters: BTreeMap::new(),
            rows: Vec::new(),
            attempts: None,
            redriven: false,
            changes: Vec::new(),
            seed: 0,
        }
    }

    /// Runs the handlers whose [`App`] this is on it, instead of one of its own each, whatever crate they are of:
    /// fakes go in here, and what they saw can be looked at after the run.
    ///
    /// # Panics
    /// When the saga has no such handler.
    #[must_use]
    pub fn app<A: App>(mut self, app: Arc<A>) -> Self {
        let on = |handler: &Registered| {
            let running = handler.on(Arc::clone(&app))?;
            Some((handler.name(), Arc::from(running)))
        };
        let running: Vec<_> = self.package.handlers().filter_map(on).collect();
        assert!(
            !running.is_empty(),
            "no handler of `{}` has `app = {}`",
            self.saga,
            std::any::type_name::<A>()
        );
        self.handlers.extend(running);
        self
    }

    /// The same for one handler alone, where others of the same [`App`] run on another.
    #[must_use]
    pub fn app_of<H: Handler>(mut self, app: Arc<H::App>) -> Self {
        self.handlers
            .insert(H::name(), Arc::new(Running::<H>::new(app)));
        self
    }

    /// Gives a parameter of the template a value, which handlers' environments refer to; else it is empty.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Puts a row into a table before the saga begins. A field that is null is left out.
    ///
    /// # Panics
    /// When the item is no JSON object.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that is wrong fails, and says why")]
    pub fn row<T: Table>(mut self, item: &T::Item) -> Self {
        match serde_json::to_value(item) {
            Ok(Value::Object(item)) => self.rows.push((T::declare().name, item)),
            Ok(other) => panic!("{other} is no item"),
            Err(error) => panic!("the item is no JSON: {error}"),
        }
        self
    }

    /// Lets a step fail with an error, without running it.
    #[must_use]
    pub fn fail(self, step: &str, error: &str) -> Self {
        self.fault(step, Fault::Fail(error.into()))
    }

    /// Lets a step run and its answer get lost: the task times out.
    #[must_use]
    pub fn timeout(self, step: &str) -> Self {
        self.fault(step, Fault::Timeout)
    }

    /// Lets a step die after its effect, before its answer.
    #[must_use]
    pub fn crash(self, step: &str) -> Self {
        self.fault(step, Fault::Crash)
    }

    /// Lets a step run and its execution be aborted before the answer comes: then it is recovered, as the rule
    /// of the template has it.
    #[must_use]
    pub fn abort(self, step: &str) -> Self {
        self.fault(step, Fault::Abort)
    }

    /// Redrives the execution when it is parked or was recovered; or the recovery, where that was parked on its
    /// way. Faults are gone, as after a repair. A saga that has nothing to redrive is a test that is wrong.
    #[must_use]
    pub fn redrive(mut self) -> Self {
        self.redriven = true;
        self
    }

    /// Changes the compiled definitions before they run: for what no fault brings about, as a task that times
    /// out before its time.
    #[doc(hidden)]
    #[must_use]
    pub fn change(mut self, change: fn(&mut Vec<Definition>)) -> Self {
        self.changes.push(change);
        self
    }

    /// Delivers a step twice.
    #[must_use]
    pub fn duplicate(self, step: &str) -> Self {
        self.fault(step, Fault::Duplicate)
    }

    /// Injects a fault; a step has at most one.
    #[must_use]
    pub fn fault(mut self, step: &str, fault: Fault) -> Self {
        self.faults.push((step.into(), fault));
        self
    }

    /// Lets faults hit only the first so many attempts of a step.
    #[must_use]
    pub fn fault_attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// Answers a state that waits for its token, at once, with an output.
    ///
    /// # Panics
    /// When the output is no JSON.
    #[expect(clippy::panic, reason = "a test that is wrong fails, and says why")]
    #[must_use]
    pub fn answer(self, state: &str, output: impl Serialize) -> Self {
        let output = serde_json::to_value(output).and_then(serde_json::from_value);
        let output = output.unwrap_or_else(|error| panic!("the answer is no JSON: {error}"));
        self.answer_after(Duration::ZERO, state, Answer::Succeed(output))
    }

    /// Answers a state that waits for its token, at once, with an error.
    #[must_use]
    pub fn reject(self, state: &str, error: &str) -> Self {
        let failure = Failure::new(error, "");
        self.answer_after(Duration::ZERO, state, Answer::Fail(failure))
    }

    /// Answers a state that waits for its token when it has waited so long. Without any answer the wait
    /// times out.
    #[must_use]
    pub fn answer_after(mut self, waited: Duration, state: &str, answer: Answer) -> Self {
        self.answers.push((state.into(), answer, waited));
        self
    }

    /// Returns tokens to the run: for a handler that was sent one.
    #[must_use]
    pub fn callbacks(&self) -> Callbacks {
        self.callbacks.clone()
    }

    /// What jitter and other random numbers follow from; 0 without this.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs the saga to its end.
    ///
    /// # Panics
    /// When the test is wrong, as the type says.
    #[expect(clippy::panic, reason = "a test that is wrong fails, and says why")]
    pub async fn run(self, input: impl Serialize) -> SagaResult {
        self.try_run(input)
            .await
            .unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Runs the saga to its end, or says what is wrong with the test.
    ///
    /// # Errors
    /// What [`run`](Self::run) panics with.
    pub async fn try_run(self, input: impl Serialize) -> Result<SagaResult, String> {
        let saga = self.prepared()?;
        let input = fitting(&saga, input)?;
        let (faults, answers) = (self.injected(&saga)?, self.answered(&saga)?);
        let services = self.embedded()?;
        let server = serve(&services, &self.callbacks).await?;
        let handlers = InProcess::start(
            &self.package,
            self.handlers,
            environments(&saga.functions, &server),
            services.clone(),
        )
        .await?;
        let backend = Backend {
            handlers: Arc::new(handlers),
            services: Arc::new(services.clone()),
        };
        let (_running, stop) = tokio::sync::watch::channel(false);
        let play = Play {
            saga: &saga,
            driver: Driver {
                backend,
                faults,
                answers,
                callbacks: self.callbacks,
                clock: Clock::Virtual(BEGINNING),
                execution: "test".into(),
                seed: self.seed,
            },
            recovers: true,
            redrives: self.redriven,
            stop,
        };
        let played = play.run(input, &mut ()).await;
        let played = played.map_err(|error| error.to_string())?;
        if self.redriven && played.redriven_from.is_none() {
            return Err(RunError::NotRedriven.to_string());
        }
        Ok(SagaResult {
            ended: played.execution,
            recovered: played.recovery,
            services,
        })
    }

    /// The saga, made ready to run.
    fn prepared(&self) -> Result<Prepared, String> {
        let options = Options {
            package: "test".into(),
            code_uri: ".".into(),
            binary: "test".into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let mut output = saga_compiler::compile(&self.manifest, &options).map_err(|found| {
            let found: Vec<&str> = found
                .iter()
                .map(|diagnostic| diagnostic.message.as_str())
                .collect();
            format!("the saga does not compile: {}", found.join("; "))
        })?;
        for change in &self.changes {
            change(&mut output.definitions);
        }
        Prepared::of(
            &self.manifest,
            &self.saga,
            &output.definitions,
            &self.template_parameters(),
        )
        .map_err(|error| error.to_string())
    }

    /// The faults, each of a step that there is.
    fn injected(&self, saga: &Prepared) -> Result<Faults, String> {
        let mut faults = Faults::on_attempts(self.attempts);
        for (step, fault) in &self.faults {
            let added = faults.add(step, fault.clone(), &saga.tasks);
            added.map_err(|error| error.to_string())?;
        }
        Ok(faults)
    }

    /// The answers, each to a state that waits for its token.
    fn answered(&self, saga: &Prepared) -> Result<Answers, String> {
        let mut answers = Answers::default();
        for (state, answer, after) in &self.answers {
            let added = answers.add(state, answer.clone(), *after, &saga.callbacks);
            added.map_err(|error| error.to_string())?;
        }
        Ok(answers)
    }

    /// The package's services, with the rows that are there from the start.
    fn embedded(&self) -> Result<Embedded, String> {
        let services = Embedded::of(&self.manifest);
        for (table, item) in &self.rows {
            let put = services.put(table, item);
            put.map_err(|error| error.to_string())?;
        }
        Ok(services)
    }

    /// A value for each parameter of the template that a handler's environment refers to.
    fn template_parameters(&self) -> BTreeMap<String, String> {
        let handlers = self.manifest.handlers.iter();
        let variables = handlers.flat_map(|handler| &handler.environment);
        let named = variables.filter_map(|variable| match &variable.value {
            VariableValue::Parameter(name) => Some((name.clone(), String::new())),
            VariableValue::Literal(_) => None,
        });
        named.chain(self.parameters.clone()).collect()
    }
}

/// The input as the saga takes it.
fn fitting(saga: &Prepared, input: impl Serialize) -> Result<Data, String> {
    let input =
        serde_json::to_value(input).map_err(|error| format!("the input is no JSON: {error}"))?;
    saga.check_input(&input).map_err(|found| {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        let found = found.join("; ");
        format!("the input does not fit `{}`: {found}", saga.saga)
    })?;
    serde_json::from_value(input).map_err(|error| error.to_string())
}

/// Serves the services to the clients of handlers.
async fn serve(services: &Embedded, callbacks: &Callbacks) -> Result<Server, String> {
    let server = Server::start_with(services.clone(), callbacks.clone()).await;
    server.map_err(|error| format!("no port on the loopback interface: {error}"))
}

/// The environment of a function that is not the saga's.
fn environment_of(
    declared: &saga_manifest::handler::Handler,
    server: &Server,
) -> Result<Environment, PrepareError> {
    let function = function(declared, &BTreeMap::new())?;
    let found = environments(&[function], server).into_values();
    Ok(found.last().unwrap_or_default())
}

/// The environment of each function, by its name, with what its clients find the services by.
fn environments(functions: &[Function], server: &Server) -> BTreeMap<String, Environment> {
    let region = ("AWS_REGION".to_owned(), crate::REGION.to_owned());
    let of = |function: &Function| {
        let own = function.environment.iter().cloned();
        let all = own.chain([region.clone()]).chain(server.environment());
        (function.name.clone(), Arc::new(all.collect()))
    };
    functions.iter().map(of).collect()
}
