//! Versions of items.

use serde::{Deserialize, Serialize};

use super::{SagaData, Type};
use crate::reference::Ref;

/// How often an item was changed: the field of an item that `#[table(isolation = version(field))]` names. Whoever
/// changes an item outside of a saga raises it by one too, on the condition that it is still the one read.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Version(pub u64);

impl SagaData for Version {
    type Fields<'s> = ();

    fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
        &()
    }

    fn describe() -> Type {
        u64::describe()
    }
}
