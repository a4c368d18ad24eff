//! Task states of the author's calls.

use saga_asl::json::{Value, object};
use saga_asl::model::{State, Task};

use super::exits::Source;
use super::nested_parked::Running;
use super::request::{Frame, Phase, Request};
use super::{Writer, comment, dynamodb, lambda, retry};
use crate::checked::{Call, Kind, Notification, Operation, Step, Target};
use crate::fence;
use crate::jsonata::Term;
use crate::plan::{Node, Parked};

impl<'s> Writer<'s> {
    /// A step.
    pub(super) fn step(&mut self, step: &'s Step<'s>, node: &Node<'s>) -> State {
        let instance = node.instance.of(step.name);
        let item = self.item_path(self.scope());
        let frame = Frame {
            guarded: !matches!(step.kind, Kind::ReadOnly),
            ..self.frame(&instance, item.as_ref(), Phase::Do, &instance)
        };
        let comments = [step.description, step.call.description];
        self.call(&step.call, frame, comments, node).into()
    }

    /// A compensation.
    pub(super) fn undo(
        &mut self,
        step: &'s Step<'s>,
        undo: &'s Call<'s>,
        node: &Node<'s>,
    ) -> State {
        let phase = Phase::Undo {
            cover: fence::cover(&step.call, undo),
        };
        let (instance, effect) = (node.instance.of(step.name), node.effect_of_undo(step));
        let item = self.item_path(self.scope());
        let frame = Frame {
            guarded: fence::guards(&step.call),
            ..self.frame(&instance, item.as_ref(), phase, &effect)
        };
        self.call(undo, frame, [undo.description, None], node)
            .into()
    }

    /// A call that waits for an operator: the same once more, with what it needs from its own input.
    pub(super) fn parked(&mut self, parked: Parked<'s>, node: &Node<'s>) -> State {
        let step = parked.step();
        let first_try = parked.first_try(&node.instance);
        let (instance, phase, effect) = of_parked(parked, node);
        let scope = self.scope().in_state_input();
        let item = self.item_path(scope);
        let guarded = match parked {
            Parked::Undo(..) => fence::guards(&step.call),
            Parked::Do(_) | Parked::Held(_) => true,
        };
        let frame = Frame {
            scope,
            guarded,
            ..self.frame(&instance, item.as_ref(), phase, &effect)
        };
        let about = format!(
            "Waits for an operator, who repairs the cause and redrives. Repeats `{first_try}`."
        );
        if let Some((saga, input)) = parked.runs_saga() {
            let running = Running {
                call: parked.call(),
                saga,
                input,
                frame,
                may_be_undone: parked.may_be_undone(),
                goes_back: matches!(parked, Parked::Held(_)),
            };
            return self.parked_nested(&running, about, node, &parked.state(&node.instance));
        }
        let comments = [Some(about.as_str()), None];
        self.call(parked.call(), frame, comments, node).into()
    }

    /// Makes a step's change of a number final.
    pub(super) fn confirm(&mut self, step: &'s Step<'s>, node: &Node<'s>) -> State {
        let frame = self.frame(step.name, None, Phase::Do, step.name);
        let request = match step.call.target {
            Target::Item(item) => match item.operation {
                Operation::Add(amount) => {
                    Some(dynamodb::confirm(item, amount, frame, &mut self.uses))
                }
                _ => None,
            },
            _ => None,
        };
        let (resource, arguments) = request
            .map(|request| (request.resource, request.arguments))
            .unzip();
        let about = format!(
            "`{}` is final: what it keeps for its undo is removed.",
            step.name
        );
        Task {
            comment: Some(comment::plain(&about)),
            resource: resource.unwrap_or_default().to_owned(),
            arguments,
            timeout_seconds: Some(timeout(&step.call).into()),
            assign: self.assigned(node, Source::none()),
            output: Some(object::<&str>([])),
            retry: retry::of_parking(),
            catch: self.catchers(node, Source::none(), Some(&object::<&str>([]))),
            transition: Self::transition(node),
            ..Task::default()
        }
        .into()
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
        let item = self.item_path(self.scope());
        let frame = Frame {
            step: notification.name,
            item: item.as_ref(),
            phase: Phase::Do,
            guarded: true,
            effect: name,
            scope: self.scope(),
        };
        let comments = [notification.description, notification.call.description];
        let mut task = self.call(&notification.call, frame, comments, node);
        if let Some(output) = output {
            task.catch = self.catchers(node, Source::none(), Some(&output));
            task.output = Some(output);
        }
        task.into()
    }

    pub(super) fn frame<'f>(
        &self,
        step: &'f str,
        item: Option<&'f Term>,
        phase: Phase,
        effect: &'f str,
    ) -> Frame<'f>
    where
        's: 'f,
    {
        Frame {
            step,
            item,
            phase,
            guarded: true,
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
        let source = Source { output: &output };
        Task {
            comment: comment::of_call(comments, call),
            resource: resource.to_owned(),
            arguments: Some(arguments),
            timeout_seconds: Some(timeout(call).into()),
            heartbeat_seconds: heartbeat(call).map(Into::into),
            assign: self.assigned(node, source),
            // Later states read variables; an answer handed on would only fill the history.
            output: Some(object::<&str>([])),
            retry: match frame.phase {
                _ if matches!(call.target, Target::Saga { .. }) => retry::of_start(call),
                Phase::Undo { cover: Some(cover) } if cover.may_find_nothing() => {
                    retry::of_conditional(call)
                }
                Phase::Do if fence::is_release(call) => retry::of_conditional(call),
                _ => retry::of_call(call),
            },
            catch: self.catchers(node, source, None),
            transition: Self::transition(node),
            ..Task::default()
        }
    }
}

/// The step instance of a parked call, what that does for it, and the effect.
pub(super) fn of_parked(parked: Parked<'_>, node: &Node<'_>) -> (String, Phase, String) {
    let step = parked.step();
    let instance = node.instance.of(step.name);
    match parked {
        Parked::Undo(_, undo) => {
            let cover = fence::cover(&step.call, undo);
            (instance, Phase::Undo { cover }, node.effect_of_undo(step))
        }
        Parked::Do(_) | Parked::Held(_) => (instance.clone(), Phase::Do, instance),
    }
}

/// Seconds for one attempt.
pub(super) fn timeout(call: &Call<'_>) -> u64 {
    match call.target {
        Target::Lambda { .. } => lambda::task_timeout(call.timeout_seconds).into(),
        _ => call.timeout_seconds.into(),
    }
}

/// Seconds between two signs of life of whoever answers.
fn heartbeat(call: &Call<'_>) -> Option<u64> {
    match call.target {
        Target::Approval(approval) => approval.heartbeat_seconds.map(u64::from),
        _ => None,
    }
}
