//! What a fence is found by.

use crate::mutation::{Mutation, broken};

/// Which effect of which saga a fence guards: the same for the do, its undo, and every attempt of both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The saga's id: the first execution's ARN. The table's partition key, so that all fences of a
    /// saga are found together.
    pub saga: String,
    /// The step instance, and in a map the item's path after a `/`: the table's sort key.
    pub instance: String,
}

impl Key {
    /// The key of a step instance, for one item of a map if there is one (`ReserveItems[3]`).
    #[must_use]
    pub fn new(saga: &str, step: &str, item: Option<&str>) -> Self {
        let item = item.filter(|_| !broken(Mutation::KeyWithoutItem));
        Self {
            saga: saga.to_owned(),
            instance: match item {
                Some(item) => format!("{step}/{item}"),
                None => step.to_owned(),
            },
        }
    }
}

/// The idempotency key: `saga/instance`.
impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.saga, self.instance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(item: Option<&str>, key: &str) {
        assert_eq!(Key::new("arn", "Reserve", item).to_string(), key);
    }

    #[test]
    fn a_key_names_saga_step_and_item() {
        check(None, "arn/Reserve");
        check(Some("Orders[3]"), "arn/Reserve/Orders[3]");
    }
}
