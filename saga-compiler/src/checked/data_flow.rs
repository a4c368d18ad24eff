//! Whether every output is there when it is read.

use std::collections::BTreeMap;

use saga_manifest::place::Place;
use saga_manifest::saga::Ending;

use super::reads::{OutputRead, outputs};
use super::{Kind, Saga};
use crate::diagnostic::{Diagnostic, Report};

/// Which outputs may be read at some point of a saga, by the position of their steps.
#[derive(Clone, Copy)]
struct Visible {
    /// Outputs of steps before this one are sure to be there.
    sure_before: usize,
    /// Outputs of steps before this one may be read where null will do.
    maybe_before: usize,
}

/// Checks all reads of a saga.
pub(super) fn check(saga: &Saga<'_>, report: &mut Report) {
    let mut flow = DataFlow {
        order: order(saga),
        report,
    };
    let all = flow.order.len();
    for (position, step) in saga.steps.iter().enumerate() {
        let visible = Visible {
            sure_before: position,
            maybe_before: position,
        };
        flow.check(&step.call.reads(), visible, step.name, step.place);
        if let Kind::Compensatable(undo) = &step.kind {
            let visible = Visible {
                sure_before: position,
                maybe_before: position + 1,
            };
            let owner = format!("the compensation of `{}`", step.name);
            flow.check(&undo.reads(), visible, &owner, step.place);
        }
    }
    for notification in &saga.notifications {
        let sure_before = if notification.on == Ending::Completed {
            all
        } else {
            0
        };
        let visible = Visible {
            sure_before,
            maybe_before: all,
        };
        let reads = notification.call.reads();
        flow.check(&reads, visible, notification.name, notification.place);
    }
    let visible = Visible {
        sure_before: all,
        maybe_before: all,
    };
    let place = &saga.definition.place;
    flow.check(
        &saga.result.map(outputs).unwrap_or_default(),
        visible,
        "the saga's output",
        place,
    );
}

fn order<'m>(saga: &Saga<'m>) -> BTreeMap<&'m str, (usize, &'m Place)> {
    let steps = saga.steps.iter().enumerate();
    steps
        .map(|(position, step)| (step.name, (position, step.place)))
        .collect()
}

struct DataFlow<'m, 'r> {
    order: BTreeMap<&'m str, (usize, &'m Place)>,
    report: &'r mut Report,
}

impl DataFlow<'_, '_> {
    fn check(&mut self, reads: &[OutputRead<'_>], visible: Visible, owner: &str, place: &Place) {
        for read in reads {
            let last = if read.sure {
                visible.sure_before
            } else {
                visible.maybe_before
            };
            match self.order.get(read.step) {
                Some((position, _)) if *position < last => {}
                Some((_, step)) => self.report.push(too_early(read, owner, place, step)),
                None => self.report.push(unknown(read, owner, place)),
            }
        }
    }
}

fn too_early(read: &OutputRead<'_>, owner: &str, place: &Place, step: &Place) -> Diagnostic {
    let message = format!(
        "{owner} reads the output of `{}`, which may not be there when it runs",
        read.step
    );
    let help = "read the output of a step that comes before it; a compensation reads its own \
                step's output as an `Option`";
    Diagnostic::new(message, help)
        .at(place, "the read")
        .at(step, "the step")
}

fn unknown(read: &OutputRead<'_>, owner: &str, place: &Place) -> Diagnostic {
    let message = format!(
        "{owner} reads the output of `{}`, which is no step",
        read.step
    );
    Diagnostic::new(message, "read the output of a step of this saga").at(place, "the read")
}
