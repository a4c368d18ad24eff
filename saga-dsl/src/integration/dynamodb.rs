//! DynamoDB: put, get, update and delete of one item.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::error::Outcome;
use saga_manifest::task::{Attribute, Condition as Lowered, Task};

use super::attributes;
use crate::condition::{Condition, row_path};
use crate::data::{Literal, SagaData, shape};
use crate::error::{ErrorKind, Never, SagaError};
use crate::node::{Arena, Node};
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::resource::{Table, instance};
use crate::retry::Retry;
use crate::step::{Call, Prepared, Step, Undoes};

/// What DynamoDB answers when it did not do as told. Names as Step Functions' optimised integration
/// reports them, which prefixes the service's own with `DynamoDB.`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DynamodbError {
    /// The condition does not hold: nothing was written.
    ConditionalCheckFailed,
    /// Too many requests: this one was rejected.
    Throttled,
    /// The service failed: it may have written.
    ServerError,
}

impl std::fmt::Display for DynamodbError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ConditionalCheckFailed => "the condition does not hold",
            Self::Throttled => "too many requests",
            Self::ServerError => "the service failed",
        })
    }
}

impl std::error::Error for DynamodbError {}

impl SagaError for DynamodbError {
    type Kind = Self;

    fn kind(&self) -> Self {
        *self
    }
}

impl ErrorKind for DynamodbError {
    fn all() -> Vec<Self> {
        vec![
            Self::ConditionalCheckFailed,
            Self::Throttled,
            Self::ServerError,
        ]
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::ConditionalCheckFailed => &["DynamoDB.ConditionalCheckFailedException"],
            Self::Throttled => &[
                "DynamoDB.ProvisionedThroughputExceededException",
                "DynamoDB.RequestLimitExceededException",
                "DynamoDB.RequestLimitExceeded",
                "DynamoDB.ThrottlingException",
            ],
            Self::ServerError => &[
                "DynamoDB.InternalServerErrorException",
                "DynamoDB.InternalServerError",
                "DynamoDB.ServiceUnavailable",
                "DynamoDB.SdkClientException",
            ],
        }
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::ConditionalCheckFailed | Self::Throttled => Outcome::NotDone,
            Self::ServerError => Outcome::Unknown,
        }
    }

    fn retry(self) -> Retry {
        match self {
            Self::ConditionalCheckFailed => Retry::NEVER,
            Self::Throttled | Self::ServerError => Retry::after(Duration::from_secs(1))
                .times(3)
                .backoff(2.0)
                .jitter(),
        }
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident: $verb:literal, $output:ty;)*) => {$(
        $(#[$doc])*
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T: Table> Step for $name<T> {
            type Output = $output;
            type Error = DynamodbError;
            type Service = Never;

            fn name() -> String {
                instance($verb, &T::declare().name)
            }

            const TIMEOUT: Duration = Duration::from_secs(5);
        }

    )*};
}

operations! {
    /// A put of an item.
    Put: "Put", ();
    /// A get of an item.
    Get: "Get", Option<T::Item>;
    /// An update of an item.
    Update: "Update", ();
    /// A delete of an item.
    Delete: "Delete", ();
}

#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Put<T>> for Update<T> {}
#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Put<T>> for Delete<T> {}
#[diagnostic::do_not_recommend]
impl<T: Table> Undoes<Self> for Update<T> {}

/// Attributes and their new values: one, an array or a tuple of them.
pub trait Assignments<'s> {
    /// All of them.
    #[doc(hidden)]
    fn list(self) -> Vec<Assignment<'s>>;
}

/// An attribute and its new value.
pub struct Assignment<'s> {
    attribute: Node<'s>,
    shape: saga_manifest::task::Shape,
    value: Node<'s>,
}

impl<'s, T: SagaData> Ref<'s, T> {
    /// Gives the attribute a value, in [`Table::update`].
    pub fn set(self, value: impl Into<Ref<'s, T>>) -> Assignment<'s> {
        Assignment {
            attribute: self.node(),
            shape: shape::<T>(),
            value: value.into().node(),
        }
    }
}

impl<'s> Assignments<'s> for Assignment<'s> {
    fn list(self) -> Vec<Assignment<'s>> {
        vec![self]
    }
}

impl<'s, const N: usize> Assignments<'s> for [Assignment<'s>; N] {
    fn list(self) -> Vec<Assignment<'s>> {
        self.into()
    }
}

pub(crate) fn put<'s, T: Table>(
    item: impl Literal<'s, Data = T::Item> + 's,
) -> Prepared<'s, Put<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        let item = attributes::<T::Item>(item.write(arena), arena);
        Task::DynamodbPut {
            table: T::declare().name,
            item,
            condition: None,
        }
    })
}

pub(crate) fn get<'s, T: Table>(key: T::Key<'s>) -> Prepared<'s, Get<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        let item = match shape::<T::Item>() {
            saga_manifest::task::Shape::Object(fields) => fields,
            _ => Vec::new(),
        };
        Task::DynamodbGet {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            item,
        }
    })
}

pub(crate) fn update<'s, T: Table, A: Assignments<'s>>(
    key: T::Key<'s>,
    set: impl FnOnce(Ref<'s, T::Item>) -> A + 's,
    at: &'static Location<'static>,
) -> Prepared<'s, Update<T>> {
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
        }
    })
}

pub(crate) fn delete<'s, T: Table>(key: T::Key<'s>) -> Prepared<'s, Delete<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.table::<T>();
        Task::DynamodbDelete {
            table: T::declare().name,
            key: T::key_attributes(key, arena),
            condition: None,
        }
    })
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

/// A write of a table's item, which may be given a condition.
pub trait Conditional<'s>: Call<'s> {
    /// The table.
    type Table: Table;

    /// Does it only where the condition holds for the item that is there; else nothing is written, and
    /// the step fails with [`DynamodbError::ConditionalCheckFailed`].
    #[track_caller]
    fn when(
        self,
        test: impl FnOnce(Ref<'s, <Self::Table as Table>::Item>) -> Condition<'s> + 's,
    ) -> Prepared<'s, Self::Step> {
        let at = Location::caller();
        let mut call = self.prepare();
        let lower = call.lower;
        call.lower = Box::new(move |arena: &'s Arena, recorder: &mut Recorder| {
            let task = lower(arena, recorder);
            let test = test(Ref::new(arena, Node::Row)).lower(recorder, at);
            conditioned(task, test)
        });
        call
    }
}

impl<'s, T: Table> Conditional<'s> for Prepared<'s, Put<T>> {
    type Table = T;
}

impl<'s, T: Table> Conditional<'s> for Prepared<'s, Update<T>> {
    type Table = T;
}

impl<'s, T: Table> Conditional<'s> for Prepared<'s, Delete<T>> {
    type Table = T;
}

fn conditioned(mut task: Task, test: Lowered) -> Task {
    if let Task::DynamodbPut { condition, .. }
    | Task::DynamodbUpdate { condition, .. }
    | Task::DynamodbDelete { condition, .. } = &mut task
    {
        *condition = Some(match condition.take() {
            Some(first) => Lowered::All(vec![first, test]),
            None => test,
        });
    }
    task
}
