//! Write a saga in Rust: its data, its steps, what undoes them, and when they are retried.
//!
//! [`SagaData`] types give typed references ([`Ref`]) to what a saga will hold; the struct of references
//! that the derive makes is also what calls a step ([`Call`]). [`Saga::define`] is handed a [`Flow`] and
//! states the kind of each step by a verb: `step`, `read`, `pivot`, `forward`. What rustc cannot see in
//! it, `saga-cli generate` reports with the author's place. [`Handler`]s do the work of steps;
//! [`Table`]s, [`Topic`]s and [`Queue`]s are used directly. An [`api`] stands beside the sagas. A [`Package`]
//! gives the manifest, and a [`Deployment`] says how it is deployed.
//!
//! Reading order: [`data`] → [`mod@reference`] → [`step`] → [`flow`] → [`saga`]; [`handler`] beside them.
//! Nothing here links a runtime, a compiler or an SDK.

pub mod api;
pub mod condition;
pub mod data;
pub mod deployment;
pub mod error;
pub mod flow;
pub mod handler;
pub mod integration;
pub mod isolation;
pub mod reference;
pub mod resource;
pub mod retry;
pub mod saga;
pub mod step;
pub mod trigger;

mod node;
mod place;
mod recorder;

pub use condition::Condition;
pub use data::{Literal, SagaData, Timestamp, Version};
pub use deployment::Deployment;
pub use error::{Never, SagaError};
pub use flow::{After, Before, Committed, Completed, Flow, Tries, Undoable, Way};
pub use handler::{App, BoxError, Context, Handler};
pub use integration::approval::{Question, Request};
pub use integration::dynamodb::{Conditional, DynamodbError, Locked};
pub use integration::lambda::LambdaError;
pub use integration::nested::Nested;
pub use reference::{Ref, Sensitive};
pub use resource::{Queue, Resource, Table, Topic};
pub use retry::Retry;
pub use saga::{Package, Saga};
pub use saga_macros::{Saga, SagaData, SagaError, SagaQueue, SagaStep, SagaTable, SagaTopic};
pub use saga_manifest::error::Outcome;
pub use step::{Call, Step, Undoes};
pub use trigger::Triggers;

/// What an author's module imports: `use saga_dsl::prelude::*;`.
pub mod prelude {
    pub use std::time::Duration;

    pub use crate::{
        App, BoxError, Call, Committed, Completed, Condition, Conditional, Context, Deployment,
        Flow, Handler, Literal, Locked, Never, Outcome, Question, Queue, Ref, Request, Retry, Saga,
        SagaData, SagaError, SagaQueue, SagaStep, SagaTable, SagaTopic, Sensitive, Step, Table,
        Timestamp, Topic, Tries, Triggers, Undoable, Undoes, Version, Way,
    };
}

/// What the derives' code names.
#[doc(hidden)]
pub mod __private {
    pub use crate::api::{
        ApiDeclaration, AuthorizerDeclaration, DeclaredAuthorizer, RegisteredAuthorizer, Routes,
    };
    pub use crate::data::{
        FieldType, Form, Layout, NamedFields, ObjectType, ObjectWriter, Type, VariantType,
        describe_fields, json_text,
    };
    pub use crate::error::{ErrorKind, Never};
    pub use crate::handler::{Lambda, LambdaDeclaration};
    pub use crate::integration::key_attribute;
    pub use crate::integration::lambda::invoke;
    pub use crate::integration::nested::Nested;
    pub use crate::isolation::{holder_field, version_field};
    pub use crate::node::{Arena, Node, Scalar};
    pub use crate::recorder::Recorder;
    pub use crate::resource::{field_name, key, uses_queue, uses_saga, uses_table, uses_topic};
    pub use crate::saga::{Declaration, Declare};
    pub use crate::step::{Compensated, Prepared, Step, Undoes};
    pub use saga_manifest::api::{Access as ApiAccess, Method, Route};
    pub use saga_manifest::error::Outcome;
    pub use saga_manifest::handler::{
        Access, ResourceKind, Secret, SecretSource, Use, Variable, VariableValue,
    };
    pub use saga_manifest::place::Place;
    pub use saga_manifest::resource::{Filter, Index, Key, KeyKind, Origin, Subscription};
    pub use saga_manifest::resource::{
        Isolation as IsolationEntry, Queue as QueueEntry, Table as TableEntry, Topic as TopicEntry,
    };
    pub use saga_manifest::saga::{HistoryKey, KeySource};
    pub use saga_manifest::task::Attribute;
}
