//! What is otherwise where a saga asks services itself, or leaves it to handlers.

use super::{Kind, Plan, Remark};
use crate::call::Call;
use crate::data::Data;
use crate::service::item::{Item, Operation};
use crate::service::table::Tables;

impl Plan {
    /// A remark on each call that is not quite what its Task was.
    pub(super) fn remark_on_services(&mut self) {
        let mut remarks = Vec::new();
        for step in self.block.steps() {
            match self.kinds.get(&step.name) {
                None | Some(Kind::Told) => continue,
                Some(Kind::Compensatable(undo)) => {
                    of(&undo.name, &undo.call, &self.tables, &mut remarks);
                }
                Some(_) => {}
            }
            of(&step.name, &step.call, &self.tables, &mut remarks);
        }
        for notice in [&self.completed, &self.compensated, &self.parked]
            .into_iter()
            .flatten()
        {
            of(&notice.name, &notice.call, &self.tables, &mut remarks);
        }
        self.remarks.append(&mut remarks);
    }
}

fn of(name: &str, call: &Call, tables: &Tables, remarks: &mut Vec<Remark>) {
    let mut remark = |kind: &'static str, there: String, here: &str| {
        remarks.push(Remark {
            state: name.to_owned(),
            kind,
            there,
            here: here.to_owned(),
        });
    };
    match call {
        Call::Handler {
            request: Some(request),
            replaces,
            ..
        } => {
            let why = request
                .why
                .as_ref()
                .map_or_else(String::new, |why| format!(": {why}"));
            remark(
                "left to write",
                format!("`{name}` asks `{replaces}` itself{why}"),
                "a handler makes the request, which its comment holds: its code is yours to write",
            );
        }
        Call::Publish { message, .. } | Call::Send { message, .. } if !is_object(message) => {
            remark(
                "sent as JSON",
                format!("`{name}` sends a text as it is"),
                "a message is JSON: a text stands in quotes",
            )
        }
        Call::Item(item) => on_item(name, item, tables, &mut remark),
        _ => {}
    }
}

/// Whether a message is an object either way.
fn is_object(message: &Data) -> bool {
    matches!(message, Data::Object(_) | Data::Overlay(..))
        || message
            .constant()
            .is_some_and(|value| value.as_object().is_some())
}

fn on_item(
    name: &str,
    item: &Item,
    tables: &Tables,
    remark: &mut impl FnMut(&'static str, String, &str),
) {
    let Some(table) = tables.get(&item.table) else {
        return;
    };
    let keys = table.keys.names();
    let is_new = item.when.as_ref().is_some_and(|when| when.is_new(&keys));
    if table.is_guess {
        remark(
            "key not stated",
            format!(
                "`{name}` names an item by `{}`, and not which of them is the partition key",
                keys.join("`, `")
            ),
            "the first is the partition key: see `partition_key` and `sort_key` of the table",
        );
    }
    match &item.operation {
        Operation::Put { .. } if !is_new => remark(
            "overwrites",
            format!("`{name}` writes over whatever item is there"),
            "a put refuses an item that is not this saga's own, and the saga is undone",
        ),
        Operation::Get { .. } => remark(
            "may find nothing",
            format!("where `{name}` finds no item, what reads one fails"),
            "what reads it is handed nothing, and no condition on it holds",
        ),
        _ => {}
    }
}
