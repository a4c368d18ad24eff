//! Task states of the author's calls.

use saga_asl::json::{Value, object};
use saga_asl::model::{State, Task};

use super::exits::Source;
use super::request::{Frame, Phase, Request};
use super::{Writer, comment, lambda, retry};
use crate::checked::{Call, Kind, Notification, Step, Target};
use crate::fence;
use crate::plan::{Node, Parked};

impl<'s> Writer<'s> {
    /// A step.
    pub(super) fn step(&mut self, step: &'s Step<'s>, node: &Node<'s>) -> State {
        let frame = Frame {
            effective: !matches!(step.kind, Kind::ReadOnly),
            ..self.frame(step, Phase::Do, step.name)
        };
        let comments = [step.description, step.call.description];
        self.call(&step.call, frame, comments, node).into()
    }

    /// A compensation.
    pub(super) fn undo(
        &mut self,
        name: &str,
        step: &'s Step<'s>,
        undo: &'s Call<'s>,
        node: &Node<'s>,
    ) -> State {
        let phase = Phase::Undo {
            fenced: fence::covers(&step.call, undo),
        };
        let frame = self.frame(step, phase, name);
        self.call(undo, frame, [undo.description, None], node)
            .into()
    }

    /// A call that waits for an operator: the same once more, with what it needs from its own input.
    pub(super) fn parked(&mut self, parked: Parked<'s>, node: &Node<'s>) -> State {
        let step = parked.step();
        let effect = parked.first_try();
        let phase = match parked {
            Parked::Undo(_, undo) => Phase::Undo {
                fenced: fence::covers(&step.call, undo),
            },
            Parked::Do(_) => Phase::Do,
        };
        let frame = self.frame(step, phase, &effect);
        let frame = Frame {
            scope: frame.scope.in_state_input(),
            ..frame
        };
        let about = format!(
            "Waits for an operator, who repairs the cause and redrives. Repeats `{effect}`."
        );
        let comments = [Some(about.as_str()), None];
        self.call(parked.call(), frame, comments, node).into()
    }

    /// A notification of an ending.
    pub(super) fn notify(
        &mut self,
        name: &str,
        notification: &'s Notification<'s>,
        node: &Node<'s>,
    ) -> State {
        self.notification(name, notification, None, node)
    }

    /// A notification that a call is parked: hands on what the parked call needs.
    pub(super) fn notify_parked(
        &mut self,
        name: &str,
        notification: &'s Notification<'s>,
        node: &Node<'s>,
    ) -> State {
        let input = crate::jsonata::delimited("$states.input");
        self.notification(name, notification, Some(input), node)
    }

    fn notification(
        &mut self,
        name: &str,
        notification: &'s Notification<'s>,
        output: Option<Value>,
        node: &Node<'s>,
    ) -> State {
        let frame = Frame {
            step: notification.name,
            phase: Phase::Do,
            effective: true,
            effect: name,
            scope: self.scope(),
        };
        let comments = [notification.description, notification.call.description];
        let mut task = self.call(&notification.call, frame, comments, node);
        if let Some(output) = output {
            task.catch = self.catchers(node, source(notification.name), Some(&output));
            task.output = Some(output);
        }
        task.into()
    }

    fn frame<'f>(&self, step: &'f Step<'s>, phase: Phase, effect: &'f str) -> Frame<'f>
    where
        's: 'f,
    {
        Frame {
            step: step.name,
            phase,
            effective: true,
            effect,
            scope: self.scope(),
        }
    }

    fn call(
        &mut self,
        call: &'s Call<'s>,
        frame: Frame<'_>,
        comments: [Option<&str>; 2],
        node: &Node<'s>,
    ) -> Task {
        let Request {
            resource,
            arguments,
            output,
        } = self.request(call, frame);
        let source = Source {
            step: frame.step,
            output: &output,
        };
        Task {
            comment: comment::first(comments),
            resource: resource.to_owned(),
            arguments: Some(arguments),
            timeout_seconds: Some(timeout(call).into()),
            assign: self.assigned(node, source),
            // Later states read variables; an answer handed on would only fill the history.
            output: Some(object::<&str>([])),
            retry: match frame.phase {
                Phase::Undo { fenced: true } => retry::of_fenced_undo(call),
                _ => retry::of_call(call),
            },
            catch: self.catchers(node, source, None),
            transition: Self::transition(node),
            ..Task::default()
        }
    }
}

fn source(step: &str) -> Source<'_> {
    Source {
        step,
        output: &Value::Null,
    }
}

/// Seconds for one attempt.
fn timeout(call: &Call<'_>) -> u64 {
    match call.target {
        Target::Lambda { .. } => lambda::task_timeout(call.timeout_seconds).into(),
        Target::Item(_) | Target::Message(_) => call.timeout_seconds.into(),
    }
}
