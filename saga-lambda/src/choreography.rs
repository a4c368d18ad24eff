//! Sagas by events: a step that a bus asks for, the beginnings of sagas, and the publication of their outboxes. What follows
//! from what is `saga_choreography`'s to say; here are the table and the bus.

pub(crate) mod envelope;
mod intake;
mod outbox;
mod publisher;
pub(crate) mod records;
mod step;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use saga_choreography::{Choreography, Event};
use saga_dsl::Package;
use saga_dsl::handler::Failure;
use saga_manifest::error::Outcome;

pub(crate) use intake::Intake;
pub(crate) use publisher::Publisher;

/// The error of an event that is of no saga of this package, or of another definition of it.
const NOT_OURS: &str = "SagaNotOurs";

/// The sagas of a package, made ready when the first event is heard: a state machine's handler never asks for them.
pub(crate) struct Sagas<'p> {
    package: &'p Package,
    ready: OnceLock<BTreeMap<String, Choreography>>,
}

impl<'p> Sagas<'p> {
    pub(crate) fn of(package: &'p Package) -> Self {
        Self {
            package,
            ready: OnceLock::new(),
        }
    }

    /// The saga of this name.
    fn named(&self, name: &str) -> Result<&Choreography, Failure> {
        self.ready().get(name).ok_or_else(|| {
            not_ours(format!(
                "this package has no saga `{name}` that goes by events: route its events to the package that has it"
            ))
        })
    }

    /// The saga that an event is of.
    fn of_event(&self, event: &Event) -> Result<&Choreography, Failure> {
        let choreography = self.named(&event.saga)?;
        if event.sagaversion != choreography.version() {
            return Err(not_ours(format!(
                "`{}` is of definition {} of {}, and this is {}: deploy that one again, until its sagas have ended",
                event.sagaid,
                event.sagaversion,
                event.saga,
                choreography.version()
            )));
        }
        Ok(choreography)
    }

    fn ready(&self) -> &BTreeMap<String, Choreography> {
        self.ready.get_or_init(|| {
            let manifest = self.package.manifest();
            let sagas = manifest.sagas.iter().filter_map(|saga| {
                let choreography = Choreography::of(&manifest, &saga.name).ok()?;
                Some((saga.name.clone(), choreography))
            });
            sagas.collect()
        })
    }
}

fn not_ours(message: String) -> Failure {
    Failure {
        name: NOT_OURS.into(),
        message,
        outcome: Outcome::NotDone,
    }
}
