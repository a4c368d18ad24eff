//! Times.

use serde::{Deserialize, Serialize};

use super::{SagaData, Type};
use crate::reference::Ref;

/// A time as RFC 3339 has it: `2026-03-01T09:00:00Z`. Kept as the text it is; what is no such text compares
/// with no time, and is not waited for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub String);

impl SagaData for Timestamp {
    type Fields<'s> = ();

    fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
        &()
    }

    fn describe() -> Type {
        Type::Timestamp
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'s> Ref<'s, String> {
    /// The text read as a time in RFC 3339.
    #[must_use]
    pub fn as_time(self) -> Ref<'s, Timestamp> {
        self.cast()
    }
}
