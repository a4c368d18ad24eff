//! Placeholders of a request: `#name` and `:value`, and which of them were used.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Error;
use crate::value::{AttributeValue, Item, item_from_json};

/// What a request's placeholders stand for.
#[derive(Debug, Default)]
pub struct Placeholders {
    names: BTreeMap<String, String>,
    values: Item,
    used: RefCell<BTreeSet<String>>,
}

impl Placeholders {
    /// Reads them from `ExpressionAttributeNames` and `ExpressionAttributeValues`.
    ///
    /// # Errors
    /// When a name is no text or a value no attribute value, or a placeholder is not written as one.
    pub fn read(request: &Value) -> Result<Self, Error> {
        let names = match request.get("ExpressionAttributeNames") {
            Some(names) => read_names(names)?,
            None => BTreeMap::new(),
        };
        let values = match request.get("ExpressionAttributeValues") {
            Some(values) => item_from_json(values)?,
            None => Item::new(),
        };
        if let Some(key) = values.keys().find(|key| !key.starts_with(':')) {
            return Err(Error::Validation(format!(
                "ExpressionAttributeValues contains invalid key: Syntax error; key: \"{key}\""
            )));
        }
        Ok(Self {
            names,
            values,
            used: RefCell::default(),
        })
    }

    pub(super) fn name(&self, placeholder: &str) -> Option<&str> {
        self.used.borrow_mut().insert(placeholder.into());
        self.names.get(placeholder).map(String::as_str)
    }

    pub(super) fn value(&self, placeholder: &str) -> Option<&AttributeValue> {
        self.used.borrow_mut().insert(placeholder.into());
        self.values.get(placeholder)
    }

    /// Refuses placeholders that no expression uses, as the service does.
    ///
    /// # Errors
    /// Naming those that are left.
    pub fn all_used(&self) -> Result<(), Error> {
        let used = self.used.borrow();
        let unused = |keys: Vec<&String>, of: &str| {
            let keys: Vec<&str> = keys
                .into_iter()
                .filter(|key| !used.contains(*key))
                .map(String::as_str)
                .collect();
            if keys.is_empty() {
                return Ok(());
            }
            let keys = keys.join(", ");
            Err(Error::Validation(format!(
                "Value provided in {of} unused in expressions: keys: {{{keys}}}"
            )))
        };
        unused(self.names.keys().collect(), "ExpressionAttributeNames")?;
        unused(self.values.keys().collect(), "ExpressionAttributeValues")
    }
}

fn read_names(names: &Value) -> Result<BTreeMap<String, String>, Error> {
    let entries = names.as_object().into_iter().flatten();
    entries
        .map(|(key, name)| match name.as_str() {
            Some(name) if key.starts_with('#') => Ok((key.clone(), name.to_owned())),
            _ => Err(Error::Validation(format!(
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"{key}\""
            ))),
        })
        .collect()
}
