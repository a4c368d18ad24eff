//! What changed in tables and queues, row by row.

use std::collections::BTreeMap;

use saga_local::services::Contents;
use serde::Serialize;
use serde_json::{Value, json};

/// Tables and queues, by name: their rows.
pub(crate) type Stores = BTreeMap<(Kind, String), Vec<Value>>;

/// What holds rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// What a saga by events has come to.
    Saga,
    Table,
    Queue,
}

/// Rows that took the place of others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Splice {
    kind: Kind,
    name: String,
    /// Where, from 0.
    at: usize,
    /// How many went.
    gone: usize,
    /// What came.
    rows: Vec<Value>,
}

pub(crate) fn stores(contents: Contents) -> Stores {
    let tables = contents.tables.into_iter();
    let tables = tables.map(|(name, rows)| ((Kind::Table, name), rows));
    let queues = contents.queues.into_iter().map(|(name, messages)| {
        let messages = messages.into_iter();
        let rows = messages.map(|message| match message.attributes.is_empty() {
            true => message.body,
            false => json!({ "body": message.body, "attributes": message.attributes }),
        });
        ((Kind::Queue, name), rows.collect())
    });
    tables.chain(queues).collect()
}

/// What makes `after` of `before`; for a store that was not there, its rows, even if there are none.
pub(crate) fn changes(before: &Stores, after: &Stores) -> Vec<Splice> {
    let changed = after.iter().filter_map(|(key, rows)| {
        let (kind, name) = key.clone();
        let old = before.get(key).map(Vec::as_slice);
        let known = old.is_some();
        let old = old.unwrap_or_default();
        if known && old == rows.as_slice() {
            return None;
        }
        let same = |pair: &(&Value, &Value)| pair.0 == pair.1;
        let head = old.iter().zip(rows).take_while(same).count();
        let rest = old.len().min(rows.len()) - head;
        let backwards = old.iter().rev().zip(rows.iter().rev());
        let tail = backwards.take(rest).take_while(same).count();
        let came = rows.get(head..rows.len() - tail).unwrap_or_default();
        Some(Splice {
            kind,
            name,
            at: head,
            gone: old.len() - tail - head,
            rows: came.to_vec(),
        })
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(rows: &[i32]) -> Stores {
        let rows = rows.iter().map(|row| json!(row)).collect();
        [((Kind::Table, "T".to_owned()), rows)].into()
    }

    #[track_caller]
    fn check(before: &[i32], after: &[i32], expected: Option<(usize, usize, &[i32])>) {
        let found = changes(&store(before), &store(after));
        let found: Vec<_> = found
            .into_iter()
            .map(|splice| (splice.at, splice.gone, splice.rows))
            .collect();
        let expected = expected.map(|(at, gone, rows)| {
            let rows: Vec<Value> = rows.iter().map(|row| json!(row)).collect();
            (at, gone, rows)
        });
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn only_what_differs_is_told() {
        check(&[1, 2, 3], &[1, 2, 3], None);
        check(&[1, 2, 3], &[1, 9, 3], Some((1, 1, &[9])));
        check(&[1, 3], &[1, 2, 3], Some((1, 0, &[2])));
        check(&[1, 2, 3], &[1, 3], Some((1, 1, &[])));
        check(&[1, 1], &[1], Some((1, 1, &[])));
        check(&[1], &[1, 1], Some((1, 0, &[1])));
        check(&[], &[7], Some((0, 0, &[7])));
    }

    #[test]
    fn a_store_shows_before_it_has_rows() {
        let found = changes(&Stores::new(), &store(&[]));
        assert_eq!(found.len(), 1);
    }
}
