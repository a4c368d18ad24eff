//! Updates: attributes and their new values.

use std::panic::Location;

use saga_manifest::task::{Attribute, Basis, Shape, Task};

use crate::condition::row_path;
use crate::data::{SagaData, shape};
use crate::node::Node;
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::resource::Table;
use crate::step::Prepared;

/// Attributes and their new values: one, or an array of them.
#[diagnostic::on_unimplemented(
    message = "this update does not say what it sets",
    label = "the row's new values are expected as what its closure answers",
    note = "answer one assignment, `|row| row.a.set(…)`, or an array of them, `|row| [row.a.set(…), row.b.set(…)]`"
)]
pub trait Assignments<'s> {
    /// All of them.
    #[doc(hidden)]
    fn list(self) -> Vec<Assignment<'s>>;
}

/// An attribute and its new value.
pub struct Assignment<'s> {
    attribute: Node<'s>,
    shape: Shape,
    value: Node<'s>,
}

impl<'s, T: SagaData> Ref<'s, T> {
    /// Gives the attribute a value, in [`Table::update`].
    #[must_use = "an update sets what its closure answers: one assignment, or an array of them"]
    pub fn set(self, value: impl Into<Ref<'s, T>>) -> Assignment<'s> {
        Assignment {
            attribute: self.node(),
            shape: shape::<T>(),
            value: value.into().node(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'s> Assignments<'s> for Assignment<'s> {
    fn list(self) -> Vec<Assignment<'s>> {
        vec![self]
    }
}

#[diagnostic::do_not_recommend]
impl<'s, const N: usize> Assignments<'s> for [Assignment<'s>; N] {
    fn list(self) -> Vec<Assignment<'s>> {
        self.into()
    }
}

impl Assignment<'_> {
    fn lower(self, recorder: &mut Recorder, at: &Location<'_>) -> Attribute {
        let name = row_path(&self.attribute, recorder, at).join(".");
        Attribute {
            name,
            shape: self.shape,
            value: self.value.to_expr(),
        }
    }
}

/// An update that relies on `basis` too.
pub(crate) fn update<'s, T: Table, S, A>(
    key: T::Key<'s>,
    basis: Option<Basis>,
    set: impl FnOnce(Ref<'s, T::Item>) -> A + 's,
    at: &'static Location<'static>,
) -> Prepared<'s, S>
where
    S: crate::step::Step,
    A: Assignments<'s>,
{
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        let set = set(Ref::new(arena, Node::Row)).list();
        let set = set
            .into_iter()
            .map(|assignment| assignment.lower(recorder, at))
            .collect();
        Task::DynamodbUpdate {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            set,
            condition: None,
            basis,
        }
    })
}
