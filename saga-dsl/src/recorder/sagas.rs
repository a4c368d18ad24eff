//! The sagas of a package, those that others nest among them.

use std::any::TypeId;
use std::panic::Location;

use saga_manifest::flow::End;
use saga_manifest::saga;

use super::Recorder;
use super::definition::Definition;
use crate::data::manifest_data;
use crate::flow::Flow;
use crate::node::{Arena, Node};
use crate::reference::Ref;
use crate::saga::Saga;
use crate::trigger::Triggers;

/// A saga of the package: none while it is being defined.
pub(crate) struct Known {
    of: TypeId,
    pub(crate) entry: Option<saga::Saga>,
}

impl Recorder {
    /// Defines a saga, unless it is known.
    pub(crate) fn saga<S: Saga>(&mut self) {
        if self.known::<S>().is_some() {
            return;
        }
        let index = self.sagas.len();
        self.sagas.push(Known {
            of: TypeId::of::<S>(),
            entry: None,
        });
        let entry = self.define::<S>();
        if let Some(known) = self.sagas.get_mut(index) {
            known.entry = Some(entry);
        }
    }

    /// Defines a saga that another nests. One that nests itself would never end.
    pub(crate) fn nested_saga<S: Saga>(&mut self, at: &Location<'_>) {
        if self.known::<S>().is_some_and(|known| known.entry.is_none()) {
            self.problem(
                &format!("`{}` nests itself", S::declare().name),
                "nest another saga, or go over a list with `saga.map(…)`",
                at,
            );
        }
        self.saga::<S>();
    }

    fn known<S: Saga>(&self) -> Option<&Known> {
        let of = TypeId::of::<S>();
        self.sagas.iter().find(|known| known.of == of)
    }

    fn define<S: Saga>(&mut self) -> saga::Saga {
        let definition = Definition::answering::<S::Output>();
        let around = std::mem::replace(&mut self.definition, definition);
        let arena = Arena::default();
        let flow = Flow::new(&arena, std::mem::take(self));
        let completed = S::define(flow, Ref::new(&arena, Node::Input));
        *self = completed.recorder;
        self.check_nodes();
        S::resources(self);
        let mut triggers = Triggers::new(self);
        S::triggers(&mut triggers);
        let triggers = triggers.finish();
        let definition = std::mem::replace(&mut self.definition, around);
        let (body, notifications) = definition.finish(End::Complete(completed.result));
        let declaration = S::declare();
        saga::Saga {
            name: declaration.name.into(),
            description: declaration.description.map(str::to_owned),
            place: declaration.place,
            input: manifest_data::<S::Input>(),
            output: manifest_data::<S::Output>(),
            body,
            notifications,
            history_key: declaration.history_key,
            triggers,
        }
    }
}
