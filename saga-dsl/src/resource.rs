//! Tables, topics and queues: types, declared once, that flows and handlers refer to.

use std::panic::Location;

use saga_manifest::handler::{Access, ResourceKind, Use};
use saga_manifest::resource as entry;
use saga_manifest::task::{Attribute, Basis, Channel, Direction, Shape};

use crate::data::{Literal, SagaData, Version, shape};
use crate::handler::Used;
use crate::integration::approval::{Ask, Question, Request, ask};
use crate::integration::attributes as attributes_of;
use crate::integration::dynamodb::{
    Acquire, Assignments, Change, Delete, Get, Number, Put, Update, UpdateFrom, change, delete,
    get, lock, put, update,
};
use crate::integration::sns::{Publish, publish};
use crate::integration::sqs::{Send, send};
use crate::isolation::{Commutes, Locks, Overwrites, Versions};
use crate::node::{Arena, Node};
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::saga::Saga;
use crate::step::Prepared;

/// A table, topic or queue.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no table, topic or queue",
    label = "not a resource",
    note = "derive `SagaTable`, `SagaTopic` or `SagaQueue` for it"
)]
pub trait Resource {
    /// Registers it as part of the stack.
    #[doc(hidden)]
    fn register(recorder: &mut Recorder);
}

/// A DynamoDB table: `#[derive(SagaTable)] #[table(item = Fare, partition_key = fare_id: String, isolation = …)]`.
/// Its isolation decides what a flow may do to its items: see [`isolation`](crate::isolation).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "nothing is declared of this as a table",
    note = "declare it: `#[derive(SagaTable)] #[table(item = …, partition_key = field: Type, isolation = …)]`"
)]
pub trait Table: Sized + 'static {
    /// Its items.
    type Item: SagaData;
    /// What names an item: a reference, or two where there is a sort key.
    type Key<'s>: Copy + 's;
    /// How sagas that run at the same time are kept apart on its items.
    type Isolation;

    /// Its declaration.
    #[doc(hidden)]
    fn declare() -> entry::Table;

    /// The key's attributes.
    #[doc(hidden)]
    fn key_attributes<'s>(key: Self::Key<'s>, arena: &'s Arena) -> Vec<Attribute>;

    /// Puts an item. The item carries the saga's id and the step instance, so that a retry finds it done and
    /// another's item is never overwritten.
    fn put<'s>(item: impl Literal<'s, Data = Self::Item> + 's) -> Prepared<'s, Put<Self>>
    where
        Self::Isolation: Overwrites,
    {
        put::<Self>(item)
    }

    /// Gets an item: nothing where there is none.
    fn get<'s>(key: Self::Key<'s>) -> Prepared<'s, Get<Self>> {
        get::<Self>(key)
    }

    /// Updates attributes of an item: `Fares::update(id, |row| row.fare_status.set(FareStatus::Failed))`.
    #[track_caller]
    fn update<'s, A: Assignments<'s>>(
        key: Self::Key<'s>,
        set: impl FnOnce(Ref<'s, Self::Item>) -> A + 's,
    ) -> Prepared<'s, Update<Self>>
    where
        Self::Isolation: Overwrites,
    {
        update::<Self, _, A>(key, None, set, Location::caller())
    }

    /// Updates attributes of an item that still has the version which was read, and raises it by one; else the
    /// step fails with [`VersionError::Changed`](crate::integration::dynamodb::VersionError::Changed), and
    /// nothing was done. Its compensation is another such update from the same version, with the values that
    /// were read.
    #[track_caller]
    fn update_from<'s, A: Assignments<'s>>(
        key: Self::Key<'s>,
        read: Ref<'s, Version>,
        set: impl FnOnce(Ref<'s, Self::Item>) -> A + 's,
    ) -> Prepared<'s, UpdateFrom<Self>>
    where
        Self::Isolation: Versions,
    {
        let basis = Basis::Version(read.node().to_expr());
        update::<Self, _, A>(key, Some(basis), set, Location::caller())
    }

    /// Deletes an item.
    fn delete<'s>(key: Self::Key<'s>) -> Prepared<'s, Delete<Self>>
    where
        Self::Isolation: Overwrites,
    {
        delete::<Self>(key)
    }

    /// The semantic lock of an item, which [`Flow::lock`](crate::Flow::lock) takes. The item is there, or needs no
    /// more than its key: all else of it is an `Option`.
    fn lock<'s>(key: Self::Key<'s>) -> Acquire<'s, Self>
    where
        Self::Isolation: Locks,
    {
        lock::<Self>(key)
    }

    /// Adds an amount to a number of an item: `Accounts::add(id, |row| row.points, trip.points)`.
    fn add<'s, N: Number>(
        key: Self::Key<'s>,
        number: impl for<'r> FnOnce(Ref<'r, Self::Item>) -> Ref<'r, N>,
        amount: impl Into<Ref<'s, N>>,
    ) -> Change<'s, Self, N>
    where
        Self::Isolation: Commutes,
    {
        change(Direction::Add, key, number, amount)
    }

    /// Subtracts an amount from a number of an item, which never falls below zero, or the bound of
    /// [`within`](Change::within): else the step fails with
    /// [`AmountError::OutOfBounds`](crate::integration::dynamodb::AmountError::OutOfBounds), and nothing was
    /// done.
    fn subtract<'s, N: Number>(
        key: Self::Key<'s>,
        number: impl for<'r> FnOnce(Ref<'r, Self::Item>) -> Ref<'r, N>,
        amount: impl Into<Ref<'s, N>>,
    ) -> Change<'s, Self, N>
    where
        Self::Isolation: Commutes,
    {
        change(Direction::Subtract, key, number, amount)
    }
}

/// An SNS topic: `#[derive(SagaTopic)] #[topic(message = Outcome, attributes = OutcomeAttributes)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a topic",
    label = "nothing is declared of this as a topic",
    note = "declare it: `#[derive(SagaTopic)] #[topic(message = …)]`"
)]
pub trait Topic: Sized + 'static {
    /// What its messages hold, sent as JSON.
    type Message: SagaData;
    /// The attributes that its messages carry beside, for filters: `()` for none.
    type Attributes: SagaData;

    /// Its declaration.
    #[doc(hidden)]
    fn declare() -> entry::Topic;

    /// Publishes a message to a topic whose messages carry no attributes.
    fn publish<'s>(
        message: impl Literal<'s, Data = Self::Message> + 's,
    ) -> Prepared<'s, Publish<Self>>
    where
        Self::Attributes: NoAttributes,
    {
        publish::<Self>(message, |_| Vec::new())
    }

    /// Publishes a message with its attributes: `OrderEvents::publish_with(order, AttributesRef { … })`.
    fn publish_with<'s>(
        message: impl Literal<'s, Data = Self::Message> + 's,
        attributes: impl Literal<'s, Data = Self::Attributes> + 's,
    ) -> Prepared<'s, Publish<Self>> {
        publish::<Self>(message, move |arena| {
            attributes_of::<Self::Attributes>(attributes.write(arena), arena)
        })
    }

    /// Asks a question: whoever the message reaches may answer it. [`Flow::approve`](crate::Flow::approve)
    /// waits for the answer.
    fn ask<'s, R: Request>(request: impl Literal<'s, Data = R> + 's) -> Ask<'s, R>
    where
        Self: Topic<Message = Question<R>>,
    {
        ask(request, |recorder| {
            recorder.topic::<Self>();
            Channel::Topic(Self::declare().name)
        })
    }
}

/// What a topic's messages carry beside, where that is nothing.
#[diagnostic::on_unimplemented(
    message = "the messages of this topic carry attributes",
    label = "published without `{Self}`",
    note = "state them beside the message: `publish_with(message, {Self}Ref {{ … }})`"
)]
pub trait NoAttributes: SagaData {}

#[diagnostic::do_not_recommend]
impl NoAttributes for () {}

/// An SQS queue: `#[derive(SagaQueue)] #[queue(message = Outcome)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a queue",
    label = "nothing is declared of this as a queue",
    note = "declare it: `#[derive(SagaQueue)] #[queue(message = …)]`"
)]
pub trait Queue: Sized + 'static {
    /// What its messages hold, as JSON.
    type Message: SagaData;

    /// Its declaration.
    #[doc(hidden)]
    fn declare() -> entry::Queue;

    /// Registers the topics it subscribes to.
    #[doc(hidden)]
    fn topics(_: &mut Recorder) {}

    /// Asks a question: whoever reads the queue may answer it. [`Flow::approve`](crate::Flow::approve) waits
    /// for the answer.
    fn ask<'s, R: Request>(request: impl Literal<'s, Data = R> + 's) -> Ask<'s, R>
    where
        Self: Queue<Message = Question<R>>,
    {
        ask(request, |recorder| {
            recorder.queue::<Self>();
            Channel::Queue(Self::declare().name)
        })
    }

    /// Sends a message.
    fn send<'s>(message: impl Literal<'s, Data = Self::Message> + 's) -> Prepared<'s, Send<Self>> {
        send::<Self>(message)
    }
}

/// The type name that direct calls of a resource are named with.
pub(crate) fn instance(verb: &str, resource: &str) -> String {
    format!("{verb}{resource}")
}

/// The JSON name of a field, as the reference to it has it.
#[doc(hidden)]
#[must_use]
pub fn field_name<D: SagaData>(read: impl for<'s> FnOnce(Ref<'s, D>) -> Node<'s>) -> String {
    let arena = Arena::default();
    read(Ref::new(&arena, Node::Row))
        .name()
        .unwrap_or_default()
        .to_owned()
}

/// A key attribute: a field of the item and its type.
#[doc(hidden)]
#[must_use]
pub fn key<D: SagaData, K: SagaData>(
    read: impl for<'s> FnOnce(Ref<'s, D>) -> Ref<'s, K>,
) -> entry::Key {
    let kind = match shape::<K>() {
        Shape::Number => entry::KeyKind::Number,
        _ => entry::KeyKind::String,
    };
    entry::Key {
        name: field_name::<D>(|row| read(row).node()),
        kind,
    }
}

/// A handler's use of a table.
#[doc(hidden)]
#[must_use]
pub fn uses_table<T: Table>(access: &[Access]) -> Used {
    let entry = uses(T::declare().name, ResourceKind::Table, access);
    Used {
        entry,
        register: Recorder::table::<T>,
    }
}

/// A handler's use of a topic.
#[doc(hidden)]
#[must_use]
pub fn uses_topic<T: Topic>() -> Used {
    let entry = uses(T::declare().name, ResourceKind::Topic, &[Access::Publish]);
    Used {
        entry,
        register: Recorder::topic::<T>,
    }
}

/// A handler's use of a queue.
#[doc(hidden)]
#[must_use]
pub fn uses_queue<T: Queue>() -> Used {
    let entry = uses(T::declare().name, ResourceKind::Queue, &[Access::Send]);
    Used {
        entry,
        register: Recorder::queue::<T>,
    }
}

/// A function's use of a saga of its package.
#[doc(hidden)]
#[must_use]
pub fn uses_saga<S: Saga>(access: &[Access]) -> Used {
    let entry = uses(S::declare().name.to_owned(), ResourceKind::Saga, access);
    Used {
        entry,
        register: Recorder::saga::<S>,
    }
}

fn uses(resource: String, kind: ResourceKind, access: &[Access]) -> Use {
    let mut access = access.to_vec();
    access.sort_unstable();
    access.dedup();
    Use {
        resource,
        kind,
        access,
    }
}
