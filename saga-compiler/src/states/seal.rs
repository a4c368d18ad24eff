//! Seals: what lets nothing be done of a step any more, before it is undone by what leaves nothing in its fence.

use saga_asl::json::{Value, object};
use saga_asl::model::{State, Task};

use super::exits::Source;
use super::request::{Frame, Phase};
use super::{Writer, comment, retry};
use crate::checked::Step;
use crate::jsonata::{Scope, delimited};
use crate::plan::Node;
use crate::recovery::fences;

/// Seconds for one attempt.
const TIMEOUT: u64 = 30;

impl<'s> Writer<'s> {
    /// Seals a step's fence. That waits for a handler which is at work: its lease says until when it may be.
    pub(super) fn seal(&mut self, step: &'s Step<'s>, node: &Node<'s>) -> State {
        self.sealing(step, node, self.scope(), object::<&str>([]))
    }

    /// The same where the undo is parked, with what it needs from its own input, which is handed on.
    pub(super) fn seal_parked(&mut self, step: &'s Step<'s>, node: &Node<'s>) -> State {
        let scope = self.scope().in_state_input();
        self.sealing(step, node, scope, delimited("$states.input"))
    }

    fn sealing(
        &mut self,
        step: &'s Step<'s>,
        node: &Node<'s>,
        scope: Scope<'s>,
        output: Value,
    ) -> State {
        let instance = node.instance.of(step.name);
        let item = self.item_path(scope);
        let frame = Frame {
            scope,
            ..self.frame(&instance, item.as_ref(), Phase::Do, &instance)
        };
        let saga = delimited(frame.scope.saga_id());
        let table = self.uses.fences();
        let about = format!(
            "A do of `{}` that comes after its undo does nothing.",
            step.name
        );
        Task {
            comment: Some(comment::plain(&about)),
            resource: "arn:aws:states:::dynamodb:updateItem".to_owned(),
            arguments: Some(fences::seal_own(
                &table,
                saga,
                frame.instance_value(&instance),
            )),
            timeout_seconds: Some(TIMEOUT.into()),
            assign: self.assigned(node, Source::none()),
            output: Some(output),
            retry: retry::of_seal(step),
            catch: self.catchers(node, Source::none(), None),
            transition: Self::transition(node),
            ..Task::default()
        }
        .into()
    }
}
