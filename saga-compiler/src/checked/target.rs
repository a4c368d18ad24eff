//! What a call is for, with the handler or the resource it names resolved.

use saga_manifest::expr::Expr;
use saga_manifest::handler::Handler;
use saga_manifest::resource::{Queue, Table, Topic};
use saga_manifest::saga::Saga;
use saga_manifest::task::{Attribute, AttributeShape, Basis, Condition, Direction};

/// What is called, with what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'m> {
    /// A function.
    Lambda {
        handler: &'m Handler,
        input: &'m Expr,
    },
    /// An item of a table.
    Item(Item<'m>),
    /// A topic or a queue.
    Message(Message<'m>),
    /// Another saga of the package.
    Saga { saga: &'m Saga, input: &'m Expr },
    /// Somebody who answers.
    Approval(Approval<'m>),
}

/// A call about one item of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'m> {
    pub(crate) table: &'m Table,
    pub(crate) operation: Operation<'m>,
    /// What must hold besides what a fence asks for.
    pub(crate) condition: Option<&'m Condition>,
}

/// What is done with an item.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation<'m> {
    Put {
        item: &'m [Attribute],
    },
    Get {
        key: &'m [Attribute],
        item: &'m [AttributeShape],
        /// The step that has read it before.
        again: Option<&'m str>,
    },
    Update {
        key: &'m [Attribute],
        set: &'m [Attribute],
        basis: Option<&'m Basis>,
    },
    Lock {
        key: &'m [Attribute],
        /// Whether the item is made where there is none.
        creates: bool,
    },
    Release {
        key: &'m [Attribute],
        /// The step that takes the lock.
        lock: &'m str,
        creates: bool,
    },
    Add(Amount<'m>),
    Delete {
        key: &'m [Attribute],
    },
}

/// A change of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount<'m> {
    pub(crate) key: &'m [Attribute],
    pub(crate) attribute: &'m str,
    pub(crate) direction: Direction,
    pub(crate) amount: &'m Expr,
    /// Whether the item is made where there is none.
    pub(crate) creates: bool,
    /// What the number is after it: of an addition at most, of a subtraction at least.
    pub(crate) bound: Option<&'m Expr>,
}

/// A message that is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'m> {
    pub(crate) to: Channel<'m>,
    pub(crate) body: &'m Expr,
    pub(crate) attributes: &'m [Attribute],
}

/// A question to somebody outside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approval<'m> {
    pub(crate) to: Channel<'m>,
    pub(crate) request: &'m Expr,
    /// The answer where nobody gave one in time; else that is a known failure.
    pub(crate) unanswered: Option<&'m Expr>,
    pub(crate) heartbeat_seconds: Option<u32>,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Channel<'m> {
    Topic {
        topic: &'m Topic,
        subject: Option<&'m str>,
    },
    Queue(&'m Queue),
}

impl<'m> Operation<'m> {
    /// The values that the call gives, the key's among them.
    pub(crate) fn values(&self) -> Vec<&'m Attribute> {
        match *self {
            Self::Put { item } => item.iter().collect(),
            Self::Update { key, set, .. } => key.iter().chain(set).collect(),
            _ => self.key().iter().collect(),
        }
    }

    /// The key that the call gives; of a put all attributes, the key's among them.
    pub(crate) fn key(&self) -> &'m [Attribute] {
        match *self {
            Self::Put { item: key }
            | Self::Get { key, .. }
            | Self::Update { key, .. }
            | Self::Lock { key, .. }
            | Self::Release { key, .. }
            | Self::Add(Amount { key, .. })
            | Self::Delete { key } => key,
        }
    }

    /// The expressions of the call.
    pub(crate) fn expressions(&self) -> Vec<&'m Expr> {
        let mut found: Vec<_> = self.values().into_iter().map(|a| &a.value).collect();
        match *self {
            Self::Update {
                basis: Some(Basis::Version(version)),
                ..
            } => found.push(version),
            Self::Add(amount) => found.extend(std::iter::once(amount.amount).chain(amount.bound)),
            _ => {}
        }
        found
    }
}
