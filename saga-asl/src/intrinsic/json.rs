//! The functions between JSON and text.

use std::sync::Arc;

use super::evaluate::Computed;
use crate::data::Data;

/// JSON text as a value. Blank text is `null`, as recorded on AWS.
pub(super) fn parse(text: &Data) -> Computed {
    let Some(text) = text.as_str() else {
        return Err(format!("expected a string, found {text}"));
    };
    if text.trim().is_empty() {
        return Ok(Data::Null);
    }
    Data::parse(text).map_err(|error| format!("the text is not valid JSON: {error}"))
}

/// The members of both, those of the second before those of the first.
pub(super) fn merge(first: &Data, second: &Data, deep: &Data) -> Computed {
    if deep.as_bool() != Some(false) {
        return Err(format!(
            "only shallow merging (`false`) is supported, found {deep}"
        ));
    }
    match (first, second) {
        (Data::Object(first), Data::Object(second)) => {
            let mut merged = Arc::clone(first);
            let members = Arc::make_mut(&mut merged);
            for (key, value) in second.iter() {
                members.insert(Arc::clone(key), value.clone());
            }
            Ok(Data::Object(merged))
        }
        _ => Err("expected two objects".to_owned()),
    }
}
