//! Every failure of a saga, explored in one line of a test.
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
//! # /*
//! #[test]
//! # */
//! fn every_failure_compensates() {
//!     saga_local::verify::<Booking>();
//! }
//! # every_failure_compensates();
//! ```
//!
//! The saga's own state machine is explored, with handlers that answer whatever the fault model says:
//! `saga-cli verify` prints that, and what was explored.

mod handlers;

pub use handlers::{Stage, Trial, Trials, fault};

use saga_compiler::{Architecture, Definitions, Options as CompilerOptions};
use saga_dsl::{Package, Saga};
use saga_verify::model::manifest;
use saga_verify::{Certificate, Options, Verdict};
use serde::Serialize;
use serde_json::Value;

/// Explores every failure of a saga, up to two in one execution, and checks the guarantees.
///
/// # Panics
/// With the shortest counterexample, where a guarantee is broken.
pub fn verify<S: Saga>() {
    Verification::of::<S>().run();
}

/// An exploration of a saga.
pub struct Verification {
    package: Package,
    inputs: Vec<Value>,
    options: Options,
}

impl Verification {
    /// Of this saga, with inputs that its schema allows.
    #[must_use]
    pub fn of<S: Saga>() -> Self {
        Self {
            package: Package::new().saga::<S>(),
            inputs: Vec::new(),
            options: Options::default(),
        }
    }

    /// With up to so many faults in one execution; 2 without this.
    #[must_use]
    pub fn depth(mut self, faults: usize) -> Self {
        self.options.depth = faults;
        self
    }

    /// With this input instead. May be said more than once.
    ///
    /// # Panics
    /// Where it cannot be written as JSON.
    #[expect(clippy::panic, reason = "a test that is wrong fails, and says why")]
    #[must_use]
    pub fn input(mut self, input: impl Serialize) -> Self {
        let input = serde_json::to_value(input);
        self.inputs
            .push(input.unwrap_or_else(|error| panic!("the input is no JSON: {error}")));
        self
    }

    /// Explores the saga.
    ///
    /// # Panics
    /// With the shortest counterexample, where a guarantee is broken; where there are too many states to
    /// explore; where the saga does not compile.
    #[expect(
        clippy::panic,
        reason = "a test that finds something wrong fails, and says what"
    )]
    pub fn run(self) -> Certificate {
        match self.try_run() {
            Ok(Verdict::Holds(certificate)) if certificate.complete => *certificate,
            Ok(verdict @ Verdict::Holds(_)) => panic!("{verdict}"),
            Ok(Verdict::Broken(counterexample)) => match &counterexample.test {
                Some(test) => panic!("{counterexample}\nas a test\n\n{test}"),
                None => panic!("{counterexample}"),
            },
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Explores the saga, or says why it cannot be explored.
    ///
    /// # Errors
    /// Where the saga does not compile.
    pub fn try_run(self) -> Result<Verdict, String> {
        let described = self.package.manifest();
        let options = CompilerOptions {
            package: "verify".into(),
            code_uri: ".".into(),
            binary: "verify".into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let output = saga_compiler::compile(&described, &options).map_err(|found| {
            let found: Vec<&str> = found
                .iter()
                .map(|mistake| mistake.message.as_str())
                .collect();
            format!("the saga does not compile: {}", found.join("; "))
        })?;
        let saga = described.sagas.first().ok_or("the package has no saga")?;
        let definition = output
            .definitions
            .iter()
            .find(|definition| definition.saga == saga.name);
        let definition = &definition.ok_or("the saga was not compiled")?.machine;
        let model = manifest::model(&described, saga, definition);
        let inputs = if self.inputs.is_empty() {
            manifest::inputs(saga)
        } else {
            self.inputs
        };
        saga_verify::verify(definition, &model, &inputs, self.options, &mut |_, _| ())
            .map_err(|error| error.to_string())
    }
}
