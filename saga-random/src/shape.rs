//! What a saga is made of: by which two of them are told apart, and what all constructs are.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use saga_manifest::Manifest;
use saga_manifest::error::Outcome;
use saga_manifest::flow::{Block, End, Node};
use saga_manifest::saga::{Ending, Saga};
use saga_manifest::step::{Call, Kind};
use saga_manifest::task::{Basis, Channel, Task};

use crate::saga::calls;

/// A hash of a package's blocks, kinds, calls and policies, whatever their names and values are.
#[must_use]
pub fn hash(manifest: &Manifest) -> u64 {
    let mut text = String::new();
    for saga in &manifest.sagas {
        block(&saga.body, &mut text);
        for told in &saga.notifications {
            let _ = write!(text, "{:?}{}", told.on, target(&told.call));
        }
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn block(of: &Block, text: &mut String) {
    text.push('(');
    for node in &of.nodes {
        match node {
            Node::Step(step) => {
                let _ = write!(text, "{}{}", kind(&step.kind), call(&step.call));
                if let Kind::Compensatable { compensation } = &step.kind {
                    text.push_str(&call(compensation));
                }
            }
            Node::Map(map) => {
                let _ = write!(text, "map{}", map.max_concurrency);
            }
            Node::Savepoint(savepoint) => {
                let _ = write!(text, "savepoint{}", savepoint.tries);
            }
            node => text.push_str(name(node)),
        }
        for inner in node.blocks() {
            block(inner, text);
        }
    }
    text.push_str(match of.end {
        End::Continue(_) => ")",
        End::Complete(_) => "!)",
        End::Abort(_) => "?)",
    });
}

fn call(call: &Call) -> String {
    let retried = |retried: bool| if retried { "+" } else { "-" };
    let errors = call
        .errors
        .iter()
        .map(|error| retried(error.retry.is_some()));
    let errors: String = errors.collect();
    let others = retried(call.retry_others.is_some());
    format!("{}{errors}{others}", target(call))
}

fn name(node: &Node) -> &'static str {
    match node {
        Node::Step(_) => "step",
        Node::Parallel(_) => "parallel",
        Node::Choice(_) => "choice",
        Node::Map(_) => "map",
        Node::Wait(_) => "pause",
        Node::Savepoint(_) => "savepoint",
    }
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Compensatable { .. } => "compensatable",
        Kind::Pivot => "pivot",
        Kind::Retriable => "retriable",
        Kind::ReadOnly => "read-only",
    }
}

fn target(call: &Call) -> &'static str {
    match &call.task {
        Task::Lambda { .. } => "lambda",
        Task::DynamodbPut { .. } => "put",
        Task::DynamodbGet { again: Some(_), .. } => "get again",
        Task::DynamodbGet { .. } => "get",
        Task::DynamodbUpdate {
            basis: Some(Basis::Lock(_)),
            ..
        } => "update under a lock",
        Task::DynamodbUpdate {
            basis: Some(Basis::Version(_)),
            ..
        } => "update from a version",
        Task::DynamodbUpdate { .. } => "update",
        Task::DynamodbDelete { .. } => "delete",
        Task::DynamodbLock { .. } => "lock",
        Task::DynamodbRelease { .. } => "release",
        Task::DynamodbAdd { .. } => "add",
        Task::SnsPublish { .. } => "publish",
        Task::SqsSend { .. } => "send",
        Task::Saga { .. } => "saga",
        Task::Approval {
            channel: Channel::Topic(_),
            ..
        } => "approval by a topic",
        Task::Approval { .. } => "approval by a queue",
    }
}

/// The constructs of a package.
#[must_use]
pub fn constructs(manifest: &Manifest) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for saga in &manifest.sagas {
        of_saga(saga, &mut found);
    }
    let unfenced = manifest.handlers.iter();
    if unfenced.clone().any(|handler| handler.unfenced.is_some()) {
        found.insert("a handler without a fence".into());
    }
    found
}

fn of_saga(saga: &Saga, found: &mut BTreeSet<String>) {
    for node in saga.body.all_nodes() {
        found.insert(name(node).into());
        let Node::Step(step) = node else { continue };
        found.insert(format!("{} {}", kind(&step.kind), target(&step.call)));
        if let Kind::Compensatable { compensation } = &step.kind {
            let (undo, done) = (target(compensation), target(&step.call));
            found.insert(format!("{undo} that undoes {done}"));
        }
        if let Task::Approval { unanswered, .. } = &step.call.task {
            let answered = unanswered.is_some();
            found.extend(answered.then(|| "an answer where nobody answered".into()));
            let heartbeat = step.call.heartbeat_seconds.is_some();
            found.extend(heartbeat.then(|| "a heartbeat".into()));
        }
    }
    for call in calls(saga) {
        for error in &call.errors {
            let retried = error.retry.is_some();
            found.extend(retried.then(|| "a retried error".into()));
            found.extend(error.reason.as_ref().map(|_| match error.outcome {
                Outcome::NotDone => "an unknown outcome that its author knows".to_owned(),
                Outcome::Unknown => "a known failure that its author doubts".to_owned(),
            }));
        }
    }
    ends(&saga.body, true, found);
    for told in &saga.notifications {
        found.insert(format!(
            "{} tells of {}",
            target(&told.call),
            ended(told.on)
        ));
    }
}

fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "completed",
        Ending::Compensated => "compensated",
        Ending::Parked => "parked",
    }
}

fn ends(block: &Block, outermost: bool, found: &mut BTreeSet<String>) {
    match block.end {
        End::Abort(_) => {
            found.insert("a deliberate abort".into());
        }
        End::Complete(_) if !outermost => {
            found.insert("an early completion".into());
        }
        _ => {}
    }
    for node in &block.nodes {
        for inner in node.blocks() {
            ends(inner, false, found);
        }
    }
}

/// How deep blocks are nested.
#[must_use]
pub fn depth(block: &Block) -> usize {
    let inner = block.nodes.iter().flat_map(Node::blocks);
    inner
        .map(|inner| 1 + depth(inner))
        .max()
        .unwrap_or_default()
}
