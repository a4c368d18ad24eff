//! Ends of branches and items, and what keeps a value on the way. Nothing could catch a failure here,
//! so every read is guarded.

use saga_asl::json::{Object, Value, object};
use saga_asl::model::{Pass, State};

use super::exits::Source;
use super::{Writer, comment};
use crate::jsonata::{delimited, template};
use crate::plan::{Node, Settled};

impl<'s> Writer<'s> {
    /// The end of a branch or an item: an outcome, whatever happened.
    pub(super) fn settled(&self, settled: &Settled<'s>, node: &Node<'s>) -> State {
        let mut outcome = Object::new();
        let variable = |variable| {
            let name = self.variable(variable);
            delimited(self.scope().variable(name))
        };
        if let Some(failure) = settled.failure {
            outcome.insert("failure".into(), variable(failure));
        }
        if let Some(point) = &settled.undo_from {
            outcome.insert("undoFrom".into(), Value::from(point.as_str()));
        }
        if !node.handed_on.is_empty() {
            let outputs = node.handed_on.iter();
            let outputs = outputs.map(|known| (self.variable(*known), variable(*known)));
            outcome.insert("outputs".into(), object(outputs));
        }
        if let Some(value) = settled.value {
            let value = template::template(value, self.scope().guarded());
            outcome.insert("value".into(), value);
        }
        Pass {
            output: Some(outcome.into()),
            ..Pass::default()
        }
        .into()
    }

    /// A state that assigns.
    pub(super) fn keep(&self, node: &Node<'s>, error: Option<&str>) -> State {
        let about = error.map(|error| comment::plain(&format!("Gives up with `{error}`.")));
        Pass {
            comment: about,
            assign: self.assigned(node, Source::none()),
            output: Some(object::<&str>([])),
            transition: Self::transition(node),
            ..Pass::default()
        }
        .into()
    }
}
