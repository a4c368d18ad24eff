//! The other saga that is about the same items.

use serde_json::{Value, json};

use super::{Items, OLD};
use crate::dice::Dice;
use crate::guarantee::Broken;
use crate::order::Key;
use crate::task::isolated::{HOLDER, LOCKS, PRICES, SUM, SUMS, VALUE, VERSION, VERSIONS};

/// The other saga.
const OTHER: &str = "another/Step";

impl Items {
    /// Another saga comes to the item that a step instance is about, or to any. What it did, if anything.
    ///
    /// # Errors
    /// It took a lock that this one holds.
    pub(crate) fn interfere(
        &mut self,
        with: Option<&Key>,
        dice: &mut Dice,
    ) -> Result<Option<&'static str>, Broken> {
        let at = match with {
            Some(key) => self.places.get(key).cloned(),
            None => {
                let all: Vec<_> = self.rows.keys().cloned().collect();
                dice.one_of(&all).cloned()
            }
        };
        let Some(at) = at else {
            return Ok(None);
        };
        Ok(match at.0 {
            LOCKS => self.takes(&at)?,
            SUMS => self.adds(&at, dice),
            VERSIONS | PRICES => self.changes(&at),
            _ => None,
        })
    }

    /// It takes the lock as this one does.
    fn takes(&mut self, at: &(&'static str, String)) -> Result<Option<&'static str>, Broken> {
        let before = self.holder(at);
        let Some(row) = self.rows.get(at) else {
            return Ok(None);
        };
        let Some(take) = &row.take else {
            return Ok(None);
        };
        let own = row.holder.clone();
        let mut request = take.clone();
        if let Some(holder) = request.pointer_mut("/ExpressionAttributeValues/:holder") {
            *holder = json!({ "S": OTHER });
        }
        if let Some(sent) = request.pointer_mut("/ExpressionAttributeValues/:saga_at") {
            *sent = json!({ "N": self.sent.to_string() });
        }
        if let Value::Object(request) = &mut request {
            request.insert("TableName".into(), LOCKS.into());
        }
        if self.store.perform("UpdateItem", &request).is_err() {
            return Ok(None);
        }
        match before.is_some_and(|before| before == own) {
            true => Err(format!(
                "another saga takes the lock of {at:?}, which this one holds"
            )),
            false => Ok(Some("a lock that another saga holds")),
        }
    }

    /// It gives all locks back that it holds.
    pub(crate) fn leave(&mut self) {
        let all: Vec<_> = self
            .rows
            .keys()
            .filter(|at| at.0 == LOCKS)
            .cloned()
            .collect();
        for at in all {
            if self.holder(&at).is_some_and(|holder| holder == OTHER) {
                self.update(
                    &at,
                    "SET saga_at = :at REMOVE #name",
                    HOLDER,
                    &json!({ ":at": { "N": self.sent.to_string() } }),
                );
            }
        }
    }

    fn adds(&mut self, at: &(&'static str, String), dice: &mut Dice) -> Option<&'static str> {
        let amount = i64::try_from(dice.below(7)).unwrap_or_default() - 3;
        let values = json!({ ":zero": { "N": "0" }, ":by": { "N": amount.to_string() } });
        let done = self.update(
            at,
            "SET #name = if_not_exists(#name, :zero) + :by",
            SUM,
            &values,
        );
        let row = self.rows.get_mut(at).filter(|_| done)?;
        row.added += amount;
        Some("a number that another saga changes")
    }

    fn changes(&mut self, at: &(&'static str, String)) -> Option<&'static str> {
        let is_read = self
            .rows
            .get(at)
            .is_some_and(|row| row.reads == 1 && !row.changed);
        if !is_read {
            return None;
        }
        self.changes += 1;
        let value = format!("another {}", self.changes);
        let values =
            json!({ ":one": { "N": "1" }, ":other": { "S": OTHER }, ":value": { "S": value } });
        let change = format!(
            "SET #name = #name + :one, saga_mark = :other, {VALUE}_of_others = :value, #value = :value"
        );
        let change = change.replace("#value", VALUE_NAME);
        let done = self.update(at, &change, VERSION, &values);
        let row = self.rows.get_mut(at).filter(|_| done)?;
        (row.changed, row.touched) = (true, true);
        Some(match at.0 {
            VERSIONS => "a version that another saga changes",
            _ => "a price that another saga changes",
        })
    }

    /// An operator sees to items that another saga has changed. An undo cannot tell whether its own change is beneath:
    /// the item becomes what that undo leaves. A step after the pivot cannot go on: it becomes what that has read.
    pub(crate) fn repair(&mut self) {
        self.leave();
        let all: Vec<_> = self.rows.keys().cloned().collect();
        for at in all {
            let row = self.rows.get_mut(&at).filter(|row| row.changed);
            let Some([version, mark]) = row.and_then(|row| {
                let repaired = row.repaired.clone()?;
                row.changed = false;
                Some(repaired)
            }) else {
                continue;
            };
            let values = json!({ ":version": version, ":mark": mark, ":value": { "S": OLD } });
            let set = "SET #name = :version, saga_mark = :mark, #value = :value";
            self.update(&at, &set.replace("#value", VALUE_NAME), VERSION, &values);
        }
    }

    fn update(
        &mut self,
        at: &(&'static str, String),
        change: &str,
        name: &str,
        values: &Value,
    ) -> bool {
        let Some(row) = self.rows.get(at) else {
            return false;
        };
        let names = match change.contains(VALUE_NAME) {
            true => json!({ "#name": name, VALUE_NAME: VALUE }),
            false => json!({ "#name": name }),
        };
        let request = json!({
            "TableName": at.0,
            "Key": row.key,
            "UpdateExpression": change,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        });
        self.store.perform("UpdateItem", &request).is_ok()
    }
}

/// What requests call the attribute [`VALUE`], which is a word of DynamoDB's.
const VALUE_NAME: &str = "#written";
