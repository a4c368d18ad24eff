//! Sagas, and the package that holds them.

use std::panic::Location;

use saga_manifest::deployment as entry;
use saga_manifest::place::Place;
use saga_manifest::saga::HistoryKey;
use saga_manifest::{Manifest, VERSION};

use crate::api::{Api, RegisteredApi, RegisteredAuthorizer};
use crate::data::{Literal, SagaData};
use crate::deployment::Deployment;
use crate::flow::{Completed, Flow};
use crate::handler::Registered;
use crate::integration::nested::{Nested, nest};
use crate::recorder::{Declared, Recorder};
use crate::reference::Ref;
use crate::step::Prepared;
use crate::trigger::Triggers;

/// A saga. `#[derive(Saga)]` on its type says its name and carries its doc comment into the template;
/// [`define`](Saga::define) says what it does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a saga",
    label = "nothing says which steps it takes",
    note = "a saga is a struct of its own, `#[derive(Saga)] struct …;`, with `impl Saga for …`: the data that it is \
            started with is its `type Input`"
)]
pub trait Saga: Declare + 'static {
    /// What an execution is started with.
    type Input: SagaData;
    /// What a completed execution answers.
    type Output: SagaData;

    /// Defines the saga: the same steps each time it is called.
    fn define<'s>(saga: Flow<'s, '_>, input: Ref<'s, Self::Input>) -> Completed<'s, Self::Output>;

    /// States what starts it: requests, the clock, events, messages. Where nothing is said, whoever may start
    /// its state machine does.
    fn triggers(_on: &mut Triggers<'_, Self::Input>) {}

    /// Runs it as a step of another saga, under that one's saga id, of whose package it becomes part.
    ///
    /// A nested saga that fails has undone itself, and counts as not done. One that was completed is undone
    /// by the compensation it states: `#[saga(compensation = CancelBooking)]`. It may take a day, if
    /// [`timeout`](crate::Call::timeout) says nothing else.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn book<'s>(saga: &mut Flow<'s, '_>, trip: Ref<'s, Trip>) -> Ref<'s, Booked> {
    ///     saga.step(Insuring::call(PolicyRef { trip: trip.id }).compensate(|insured| CancelRef {
    ///         id: insured.map(|insured| insured.id),
    ///     }))
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    fn call<'s>(input: impl Literal<'s, Data = Self::Input> + 's) -> Prepared<'s, Nested<Self>>
    where
        Self: Sized,
    {
        nest::<Self>(input, Location::caller())
    }
}

/// What `#[derive(Saga)]` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as a saga",
    label = "no name and description",
    note = "derive it: `#[derive(Saga)]`"
)]
pub trait Declare {
    /// The declaration.
    #[doc(hidden)]
    fn declare() -> Declaration;

    /// Registers the resources that belong to it though no step names them.
    #[doc(hidden)]
    fn resources(_: &mut Recorder) {}
}

/// A saga's name and settings.
#[doc(hidden)]
pub struct Declaration {
    /// Its name.
    pub name: &'static str,
    /// Its doc comment.
    pub description: Option<&'static str>,
    /// Where it stands.
    pub place: Place,
    /// The key that encrypts its history.
    pub history_key: Option<HistoryKey>,
}

/// The sagas of a package, defined.
#[derive(Default)]
pub struct Package {
    recorder: Recorder,
    deployment: entry::Deployment,
}

impl Package {
    /// A package without sagas.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a saga, and those that it nests.
    #[must_use]
    pub fn saga<S: Saga>(mut self) -> Self {
        self.recorder.saga::<S>();
        self
    }

    /// States how the package is deployed.
    #[must_use]
    pub fn deployment(mut self, deployment: Deployment) -> Self {
        self.deployment = deployment.entry;
        self
    }

    /// Adds an API beside the sagas, and its authorizer.
    #[must_use]
    pub fn api<A: Api>(mut self) -> Self {
        self.recorder.api(RegisteredApi::of::<A>());
        self
    }

    /// The API of this name.
    #[must_use]
    pub fn served_api(&self, name: &str) -> Option<&RegisteredApi> {
        self.recorder.apis.iter().find(|api| api.name() == name)
    }

    /// The authorizer of this name.
    #[must_use]
    pub fn authorizer(&self, name: &str) -> Option<&RegisteredAuthorizer> {
        self.recorder.authorizers.get(name)
    }

    /// The handlers of all sagas.
    pub fn handlers(&self) -> impl Iterator<Item = &Registered> {
        self.recorder.handlers.values()
    }

    /// The handler of this name.
    #[must_use]
    pub fn handler(&self, name: &str) -> Option<&Registered> {
        self.recorder.handlers.get(name)
    }

    /// What the package tells the tools.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        Manifest {
            version: VERSION,
            sagas: self
                .recorder
                .sagas
                .iter()
                .filter_map(|known| known.entry.clone())
                .collect(),
            handlers: self
                .handlers()
                .map(|handler| handler.entry.clone())
                .collect(),
            tables: entries(self.recorder.tables.values()),
            topics: entries(self.recorder.topics.values()),
            queues: entries(self.recorder.queues.values()),
            deployment: self.deployment.clone(),
            apis: self
                .recorder
                .apis
                .iter()
                .map(|api| api.entry.clone())
                .collect(),
            authorizers: self
                .recorder
                .authorizers
                .values()
                .map(|authorizer| authorizer.entry.clone())
                .collect(),
            problems: self.recorder.problems.clone(),
        }
    }
}

fn entries<'a, T: Clone + 'a>(declared: impl Iterator<Item = &'a Declared<T>>) -> Vec<T> {
    declared.map(|declared| declared.entry.clone()).collect()
}
