//! `ReturnValues`: which attributes a write answers.

use serde_json::{Value, json};

use crate::Error;
use crate::request::Request;
use crate::value::{Item, item_to_json};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Returned {
    Nothing,
    AllOld,
    UpdatedOld,
    AllNew,
    UpdatedNew,
}

impl Returned {
    /// Reads it; `allowed` are the values that the action knows.
    pub(super) fn read(request: &Request<'_>, allowed: &[&str]) -> Result<Self, Error> {
        let stated = request.text("ReturnValues").unwrap_or("NONE");
        if !allowed.contains(&stated) {
            return Err(Error::Validation(format!(
                "ReturnValues can only be {}",
                allowed.join(" or ")
            )));
        }
        Ok(match stated {
            "ALL_OLD" => Self::AllOld,
            "UPDATED_OLD" => Self::UpdatedOld,
            "ALL_NEW" => Self::AllNew,
            "UPDATED_NEW" => Self::UpdatedNew,
            _ => Self::Nothing,
        })
    }

    /// The answer of a write that changed these attributes.
    pub(super) fn of(self, old: Option<&Item>, new: Option<&Item>, changed: &[&str]) -> Value {
        let (item, whole) = match self {
            Self::Nothing => (None, true),
            Self::AllOld => (old, true),
            Self::UpdatedOld => (old, false),
            Self::AllNew => (new, true),
            Self::UpdatedNew => (new, false),
        };
        match item {
            None => json!({}),
            Some(item) if whole => json!({ "Attributes": item_to_json(item) }),
            Some(item) => {
                let kept = item
                    .iter()
                    .filter(|(name, _)| changed.contains(&name.as_str()));
                let kept: Item = kept
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                if kept.is_empty() {
                    json!({})
                } else {
                    json!({ "Attributes": item_to_json(&kept) })
                }
            }
        }
    }
}
