//! Pauses: the author's, and those before a savepoint's next try.

use saga_asl::json::Value;
use saga_asl::model::{Dynamic, State, Wait, WaitUntil};
use saga_manifest::flow;

use super::exits::Source;
use super::{Writer, comment};
use crate::checked::flow::Savepoint;
use crate::jsonata::wait;
use crate::plan::Node;

impl<'s> Writer<'s> {
    /// A pause of the author's.
    pub(super) fn wait(&self, pause: &'s flow::Wait, node: &Node<'s>) -> State {
        let seconds = wait::seconds(&pause.until, pause.at_most_seconds, self.scope());
        let seconds = match seconds {
            Value::String(text) => Dynamic::Expression(text),
            _ => Dynamic::Value(pause.at_most_seconds.into()),
        };
        let about = comment::first([pause.description.as_deref(), None]);
        self.pause(seconds, about, node)
    }

    /// The pause before a savepoint's next try.
    pub(super) fn interval(&self, savepoint: &'s Savepoint<'s>, node: &Node<'s>) -> State {
        let seconds = Dynamic::Value(savepoint.definition.interval_seconds.into());
        let about = format!("Before `{}` is tried again.", savepoint.definition.name);
        self.pause(seconds, Some(comment::plain(&about)), node)
    }

    fn pause(&self, seconds: Dynamic<u64>, about: Option<String>, node: &Node<'s>) -> State {
        Wait {
            comment: about,
            until: WaitUntil::Seconds(seconds),
            assign: self.assigned(node, Source::none()),
            transition: Self::transition(node),
            ..Wait::default()
        }
        .into()
    }
}
