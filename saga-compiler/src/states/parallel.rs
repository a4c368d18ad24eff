//! Parallel states: branches that settle.

use saga_asl::json::{array, object};
use saga_asl::model::{Branch, Parallel, State};

use super::exits::Source;
use super::{Writer, comment};
use crate::checked::flow;
use crate::jsonata::{Term, delimited};
use crate::plan::{Node, Plan};

/// What the state after a parallel or a map is for.
pub(super) const ABOUT_JOIN: &str = "All have come to their ends; where one failed, undo begins.";

impl<'s> Writer<'s> {
    /// A parallel.
    pub(super) fn parallel(
        &mut self,
        parallel: &'s flow::Parallel<'s>,
        node: &'s Node<'s>,
    ) -> State {
        let definition = parallel.definition;
        let values = (0..parallel.branches.len()).map(|branch| {
            let value = Term::path(format!("$states.result[{branch}]")).field("value");
            delimited(value.or(&Term::null()))
        });
        let values = array(values);
        let source = Source { output: &values };
        let output = object::<&str>([]);
        Parallel {
            comment: comment::first([definition.description.as_deref(), None]),
            branches: node.inner.iter().map(|plan| self.branch(plan)).collect(),
            assign: self.assigned(node, source),
            catch: self.catchers(node, source, Some(&output)),
            output: Some(output),
            transition: Self::transition(node),
            ..Parallel::default()
        }
        .into()
    }

    fn branch(&mut self, plan: &'s Plan<'s>) -> Branch {
        Branch {
            start_at: plan.start.clone(),
            states: self.states(plan),
            ..Branch::default()
        }
    }
}
