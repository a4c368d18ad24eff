//! The blocks with the kinds of their steps, and whether they come in an order that can be recovered
//! from.

use saga_manifest::flow;
use saga_manifest::place::Place;
use saga_manifest::saga::Saga;
use saga_manifest::step::{self, Call};

use super::flow::{Block, Case, Choice, End, Map, Node, Parallel, Savepoint};
use super::{Kind, Resources, Step, block, call};
use crate::diagnostic::{Diagnostic, Report};

/// The forward path, with what happens when each of its steps fails.
pub(super) fn body<'m>(
    saga: &'m Saga,
    resources: &Resources<'m>,
    report: &mut Report,
) -> Block<'m> {
    let mut order = Order {
        resources,
        report,
        pivot: None,
        around: None,
    };
    block::check_body(saga, order.report);
    order.block(&saga.body)
}

/// What is known where the walk is.
struct Order<'m, 'r> {
    resources: &'r Resources<'m>,
    report: &'r mut Report,
    /// The pivot that has been passed.
    pivot: Option<&'m step::Step>,
    /// What the walk is in that knows no pivot.
    around: Option<Around<'m>>,
}

/// Something that is undone or repeated as a whole.
#[derive(Clone, Copy)]
struct Around<'m> {
    what: &'static str,
    name: &'m str,
    place: &'m Place,
}

impl<'m> Order<'m, '_> {
    fn block(&mut self, block: &'m flow::Block) -> Block<'m> {
        let nodes = block.nodes.iter().filter_map(|node| self.node(node));
        let nodes = nodes.collect();
        let end = match &block.end {
            flow::End::Continue(value) => End::Continue(value),
            flow::End::Complete(output) => {
                self.check_complete();
                End::Complete(output)
            }
            flow::End::Abort(abort) => {
                self.check_abort(abort);
                End::Abort(abort)
            }
        };
        Block { nodes, end }
    }

    fn node(&mut self, node: &'m flow::Node) -> Option<Node<'m>> {
        block::check_node(node, self.report);
        Some(match node {
            flow::Node::Step(step) => Node::Step(Box::new(self.step(step)?)),
            flow::Node::Parallel(parallel) => {
                let around = ("branch", parallel.name.as_str(), &parallel.place);
                let branches = parallel.branches.iter();
                let branches = branches.map(|branch| self.inside(around, branch));
                Node::Parallel(Parallel {
                    definition: parallel,
                    branches: branches.collect(),
                    after_pivot: self.pivot.is_some(),
                })
            }
            flow::Node::Choice(choice) => Node::Choice(self.choice(choice)),
            flow::Node::Map(map) => Node::Map(Map {
                definition: map,
                item: self.inside(("item", &map.name, &map.place), &map.item),
                after_pivot: self.pivot.is_some(),
            }),
            flow::Node::Wait(wait) => Node::Wait(wait),
            flow::Node::Savepoint(savepoint) => {
                self.check_savepoint(savepoint);
                let around = ("savepoint", savepoint.name.as_str(), &savepoint.place);
                Node::Savepoint(Savepoint {
                    definition: savepoint,
                    block: self.inside(around, &savepoint.block),
                })
            }
        })
    }

    /// A block that has no pivot and does not complete the saga.
    fn inside(
        &mut self,
        (what, name, place): (&'static str, &'m str, &'m Place),
        block: &'m flow::Block,
    ) -> Block<'m> {
        let around = self.around.replace(Around { what, name, place });
        let block = self.block(block);
        self.around = around;
        block
    }

    /// Each case begins where the choice does; afterwards the pivot is passed if those that go on have
    /// passed it.
    fn choice(&mut self, choice: &'m flow::Choice) -> Choice<'m> {
        let before = self.pivot;
        let mut passed = Vec::new();
        let cases = choice
            .cases
            .iter()
            .map(|case| (Some(&case.when), &case.then));
        let mut checked = Vec::new();
        for (when, then) in cases.chain([(None, &choice.otherwise)]) {
            self.pivot = before;
            let then = self.block(then);
            if matches!(then.end, End::Continue(_)) {
                passed.push(self.pivot);
            }
            checked.push(Case { when, then });
        }
        self.pivot = passed.iter().find_map(|pivot| *pivot).or(before);
        if let Some(pivot) = self.pivot.filter(|_| passed.contains(&None)) {
            let message = format!(
                "some ways through `{}` pass the pivot `{}`, and some go on without one",
                choice.name, pivot.name
            );
            let help = "after a choice it must be sure whether the saga can be undone: give each case \
                        that goes on a pivot, move the pivot behind the choice, or let the other \
                        cases complete the saga or give up";
            let mistake = Diagnostic::new(message, help).at(&choice.place, "this choice");
            self.report.push(mistake.at(&pivot.place, "the pivot"));
        }
        Choice {
            definition: choice,
            cases: checked,
        }
    }

    fn step(&mut self, step: &'m step::Step) -> Option<Step<'m>> {
        self.check_order(step);
        let after_pivot = self.pivot.is_some();
        if step.kind == step::Kind::Pivot {
            self.pivot = self.pivot.or(Some(step));
        }
        let mut call = |call: &'m Call| {
            call::checked(call, &step.name, &step.place, self.resources, self.report)
        };
        let kind = match &step.kind {
            step::Kind::Compensatable { compensation } => Kind::Compensatable(call(compensation)?),
            step::Kind::Pivot => Kind::Pivot,
            step::Kind::ReadOnly if !after_pivot => Kind::ReadOnly,
            step::Kind::ReadOnly | step::Kind::Retriable => Kind::Forward,
        };
        Some(Step {
            name: &step.name,
            description: step.description.as_deref(),
            place: &step.place,
            kind,
            call: call(&step.call)?,
        })
    }

    fn check_order(&mut self, step: &step::Step) {
        let name = &step.name;
        let (message, help) = match (&step.kind, self.pivot, self.around) {
            (step::Kind::Compensatable { .. }, Some(_), _) => (
                format!("the compensatable step `{name}` comes after the pivot"),
                "move it before the pivot, or make it one that goes forward: `saga.forward(…)`",
            ),
            (step::Kind::Pivot, Some(_), _) => (
                format!("`{name}` is a second pivot"),
                "a saga has one point of no return: make one of the two a `saga.step(…)` or a `saga.forward(…)`",
            ),
            (step::Kind::Pivot, None, Some(around)) => {
                let Around {
                    what,
                    name: of,
                    place,
                } = around;
                let message = format!("the pivot `{name}` stands in a {what} of `{of}`");
                let help = "move it behind: what runs beside others or again must be able to be \
                            undone";
                let mistake = Diagnostic::new(message, help).at(&step.place, "this step");
                return self
                    .report
                    .push(mistake.at(place, format!("of this {what}")));
            }
            (step::Kind::Retriable, None, _) => (
                format!("the step `{name}` only goes forward, and no pivot comes before it"),
                "give it a compensation, or mark the point of no return with `saga.pivot(…)`",
            ),
            _ => return,
        };
        let mistake = Diagnostic::new(message, help).at(&step.place, "this step");
        self.report.push(match self.pivot {
            Some(pivot) => mistake.at(&pivot.place, "the pivot"),
            None => mistake,
        });
    }

    fn check_complete(&mut self) {
        if let Some(Around { what, name, place }) = self.around {
            let message = format!("a {what} of `{name}` completes the saga");
            let help = "let it go on with a value, and complete the saga behind it";
            self.report
                .push(Diagnostic::new(message, help).at(place, "here"));
        }
    }

    fn check_abort(&mut self, abort: &flow::Abort) {
        block::check_abort(abort, self.report);
        if let Some(pivot) = self.pivot {
            let message = format!("`{}` gives up after the pivot", abort.name);
            let help = "give up before it: what comes after the pivot only goes forward";
            let mistake = Diagnostic::new(message, help).at(&abort.place, "here");
            self.report.push(mistake.at(&pivot.place, "the pivot"));
        }
    }

    fn check_savepoint(&mut self, savepoint: &flow::Savepoint) {
        if let Some(pivot) = self.pivot {
            let message = format!("the savepoint `{}` comes after the pivot", savepoint.name);
            let help = "after the pivot nothing is undone: give its steps retries instead";
            let mistake = Diagnostic::new(message, help).at(&savepoint.place, "this savepoint");
            self.report.push(mistake.at(&pivot.place, "the pivot"));
        }
    }
}
