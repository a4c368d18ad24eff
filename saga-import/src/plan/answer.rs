//! What is read of services that a saga's own calls do not give: whoever reads it needs a handler there.

use std::collections::BTreeMap;

use super::{Kind, Plan};
use crate::data::Data;
use crate::flow::{Block, Node};

const ANSWER: &str =
    "something reads what the service answers, and a saga's own call answers nothing of it";

impl Plan {
    /// The Tasks whose services' answers are read, and why each needs a handler.
    pub(crate) fn answers_read(&self) -> BTreeMap<String, &'static str> {
        let mut read = Vec::new();
        for step in self.block.steps() {
            match self.kinds.get(&step.name) {
                None | Some(Kind::Told) => continue,
                Some(Kind::Compensatable(undo)) => read.extend(undo.call.data()),
                Some(_) => {}
            }
            read.extend(step.call.data());
        }
        let notices = [&self.completed, &self.compensated, &self.parked];
        let notices = notices.into_iter().flatten();
        read.extend(notices.flat_map(|notice| notice.call.data()));
        by_nodes(&self.block, &mut read);
        let tasks = read.into_iter().flat_map(Data::answers);
        tasks.map(|task| (task.to_owned(), ANSWER)).collect()
    }
}

/// What nodes read that are no calls. Whether an item or an attribute is there, a saga can tell.
fn by_nodes<'b>(block: &'b Block, read: &mut Vec<&'b Data>) {
    for node in &block.nodes {
        if let Node::Choice { cases, .. } = node {
            read.extend(cases.iter().flat_map(|(test, _)| test.compared()));
            let asked = cases.iter().flat_map(|(test, _)| test.optional());
            read.extend(asked.filter(|data| matches!(data, Data::Answer(_))));
        } else {
            read.extend(node.reads().into_iter().map(|(data, _)| data));
        }
        for block in node.blocks() {
            by_nodes(block, read);
        }
    }
}
