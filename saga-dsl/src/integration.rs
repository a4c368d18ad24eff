//! Direct integrations: steps that a service does without a handler.

pub mod approval;
pub mod dynamodb;
pub mod lambda;
pub mod nested;
pub mod sns;
pub mod sqs;

use saga_manifest::task::Attribute;

use crate::data::{SagaData, parts};
use crate::node::{Arena, Node};

/// An object's fields as attributes of a typed store.
pub(crate) fn attributes<'s, T: SagaData>(node: Node<'s>, arena: &'s Arena) -> Vec<Attribute> {
    let types = T::describe().all_fields();
    parts::<T>(node, arena)
        .iter()
        .zip(types)
        .map(|(field, of)| Attribute {
            name: field.name.into(),
            shape: (of.of)().shape(),
            value: field.value.to_expr(),
        })
        .collect()
}

/// The attribute that a key reference gives, under its name in the table.
#[doc(hidden)]
pub fn key_attribute<T: SagaData>(name: &str, value: crate::Ref<'_, T>) -> Attribute {
    Attribute {
        name: name.into(),
        shape: T::describe().shape(),
        value: value.node().to_expr(),
    }
}
