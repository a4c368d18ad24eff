//! Whether everything that is read is there when it is read.

use std::collections::BTreeMap;

use saga_manifest::expr::Expr;
use saga_manifest::place::Place;
use saga_manifest::saga::Ending;

use super::flow::{Block, End, Node};
use super::reads::{Read, awaited, reads, tested};
use super::variables::Fact;
use super::{Kind, Saga};
use crate::diagnostic::{Diagnostic, Report};

/// Checks all reads of a saga.
pub(super) fn check(saga: &Saga<'_>, report: &mut Report) {
    let mut flow = DataFlow {
        places: places(&saga.body),
        sure: Vec::new(),
        maybe: Vec::new(),
        completed: None,
        telling: None,
        report,
    };
    flow.block(&saga.body, "the saga", &saga.definition.place);
    for notification in &saga.notifications {
        flow.maybe.clone_from(&flow.sure);
        let known = match notification.on {
            Ending::Completed => flow.completed.clone().unwrap_or_default(),
            Ending::Compensated | Ending::Parked => Vec::new(),
        };
        let sure = std::mem::replace(&mut flow.sure, known);
        flow.telling = Some(notification.on);
        let reads = notification.call.reads();
        flow.check(&reads, &quoted(notification.name), notification.place);
        flow.sure = sure;
    }
}

/// Where every node is written.
fn places<'m>(block: &Block<'m>) -> BTreeMap<&'m str, &'m Place> {
    let blocks = block.blocks().into_iter();
    blocks
        .flat_map(|block| &block.nodes)
        .map(|node| (node.name(), node.place()))
        .collect()
}

/// A node, in messages.
fn quoted(name: &str) -> String {
    format!("`{name}`")
}

struct DataFlow<'m, 'r> {
    places: BTreeMap<&'m str, &'m Place>,
    /// What is sure to be known where the walk is.
    sure: Vec<Fact<'m>>,
    /// What may be read there where null will do.
    maybe: Vec<Fact<'m>>,
    /// What is known wherever the saga is completed.
    completed: Option<Vec<Fact<'m>>>,
    /// The end whose notifications are looked at.
    telling: Option<Ending>,
    report: &'r mut Report,
}

impl<'m> DataFlow<'m, '_> {
    /// A block sees what is known around it; around it nothing of it is known but its value.
    fn block(&mut self, block: &Block<'m>, owner: &str, place: &Place) {
        for node in &block.nodes {
            self.node(node);
            if !matches!(node, Node::Wait(_)) {
                self.sure.push(Fact::Output(node.name()));
            }
        }
        match block.end {
            End::Continue(value) => {
                let owner = format!("the value of `{owner}`");
                self.expressions([value], &owner, place);
            }
            End::Complete(output) => {
                self.expressions([output], "the saga's output", place);
                let sure = &self.sure;
                match &mut self.completed {
                    Some(known) => known.retain(|fact| sure.contains(fact)),
                    None => self.completed = Some(sure.clone()),
                }
            }
            End::Abort(abort) => {
                self.expressions([&abort.cause], &quoted(&abort.name), &abort.place)
            }
        }
    }

    fn node(&mut self, node: &Node<'m>) {
        let (name, place) = (node.name(), node.place());
        match node {
            Node::Step(step) => {
                self.check(&step.call.reads(), &quoted(name), place);
                if let Kind::Compensatable(undo) = &step.kind {
                    self.maybe = vec![Fact::Output(name)];
                    let owner = format!("the compensation of `{name}`");
                    self.check(&undo.reads(), &owner, place);
                    self.maybe.clear();
                }
            }
            Node::Choice(choice) => {
                for test in choice.cases.iter().filter_map(|case| case.when) {
                    self.expressions(tested(test), &quoted(name), place);
                }
            }
            Node::Map(map) => self.expressions([&map.definition.items], &quoted(name), place),
            Node::Wait(wait) => self.expressions([awaited(&wait.until)], &quoted(name), place),
            Node::Parallel(_) | Node::Savepoint(_) => {}
        }
        let item = match node {
            Node::Map(_) => vec![Fact::Item(name), Fact::Index(name)],
            _ => Vec::new(),
        };
        let known = self.sure.len();
        for block in node.blocks() {
            self.sure.extend(&item);
            self.block(block, name, place);
            self.sure.truncate(known);
        }
    }

    fn expressions<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e Expr>,
        owner: &str,
        place: &Place,
    ) {
        for expression in expressions {
            self.check(&reads(expression), owner, place);
        }
    }

    fn check(&mut self, reads: &[Read<'_>], owner: &str, place: &Place) {
        for read in reads {
            let known =
                self.sure.contains(&read.fact) || !read.sure && self.maybe.contains(&read.fact);
            if !known {
                self.report.push(self.mistake(*read, owner, place));
            }
        }
    }

    fn mistake(&self, read: Read<'_>, owner: &str, place: &Place) -> Diagnostic {
        let name = read.fact.node().unwrap_or_default();
        let Some(written) = self.places.get(name) else {
            let message = format!("{owner} reads the output of `{name}`, which is no step");
            let help = "read the output of a step of this saga";
            return Diagnostic::new(message, help).at(place, "the read");
        };
        let (message, help) = match read.fact {
            Fact::Output(_) => (
                format!(
                    "{owner} reads the output of `{name}`, which may not be there when it runs"
                ),
                "read the output of a step that comes before it; a compensation reads its own \
                 step's output as an `Option`; what a branch, a case or an item knows leaves it as \
                 its value only",
            ),
            _ => (
                format!("{owner} reads the item of `{name}`, and is not a part of it"),
                "what an item knows leaves it as its value only",
            ),
        };
        let help = match self.telling {
            Some(Ending::Compensated | Ending::Parked) => {
                "`on_compensated` and `on_parked` may read the saga's input only: no step is sure to \
                 have been done then"
            }
            _ => help,
        };
        Diagnostic::new(message, help)
            .at(place, "the read")
            .at(written, "the step")
    }
}
