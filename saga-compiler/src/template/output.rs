//! Outputs.

use crate::yaml::{Yaml, map};

/// What a user looks up afterwards.
pub(super) fn output(description: &str, value: Yaml) -> Yaml {
    map([("Description", description.into()), ("Value", value)])
}
