//! Sagas, and the package that holds them.

use saga_manifest::flow::{Block, End};
use saga_manifest::place::Place;
use saga_manifest::saga::{self, HistoryKey};
use saga_manifest::{Manifest, VERSION};

use crate::data::{SagaData, manifest_data};
use crate::flow::{Completed, Flow};
use crate::handler::Registered;
use crate::node::{Arena, Node};
use crate::recorder::{Declared, Recorder};
use crate::reference::Ref;

/// A saga. `#[derive(Saga)]` on its type says its name and carries its doc comment into the template;
/// [`define`](Saga::define) says what it does.
pub trait Saga: Declare {
    /// What an execution is started with.
    type Input: SagaData;
    /// What a completed execution answers.
    type Output: SagaData;

    /// Defines the saga: the same steps each time it is called.
    fn define<'s>(saga: Flow<'s, '_>, input: Ref<'s, Self::Input>) -> Completed<'s, Self::Output>;
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
    sagas: Vec<saga::Saga>,
    recorder: Recorder,
}

impl Package {
    /// A package without sagas.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a saga.
    #[must_use]
    pub fn saga<S: Saga>(mut self) -> Self {
        let arena = Arena::default();
        let input = Ref::new(&arena, Node::Input);
        let defined = S::define(Flow::new(&arena, self.recorder), input);
        let (result, mut recorder) = (defined.result, defined.recorder);
        S::resources(&mut recorder);
        let declaration = S::declare();
        self.sagas.push(saga::Saga {
            name: declaration.name.into(),
            description: declaration.description.map(str::to_owned),
            place: declaration.place,
            input: manifest_data::<S::Input>(),
            output: manifest_data::<S::Output>(),
            body: Block {
                nodes: std::mem::take(&mut recorder.nodes),
                end: End::Complete(result),
            },
            notifications: std::mem::take(&mut recorder.notifications),
            history_key: declaration.history_key,
        });
        Self {
            sagas: self.sagas,
            recorder,
        }
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
            sagas: self.sagas.clone(),
            handlers: self
                .handlers()
                .map(|handler| handler.entry.clone())
                .collect(),
            tables: entries(self.recorder.tables.values()),
            topics: entries(self.recorder.topics.values()),
            queues: entries(self.recorder.queues.values()),
            problems: self.recorder.problems.clone(),
        }
    }
}

fn entries<'a, T: Clone + 'a>(declared: impl Iterator<Item = &'a Declared<T>>) -> Vec<T> {
    declared.map(|declared| declared.entry.clone()).collect()
}
