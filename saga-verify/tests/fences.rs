//! A broken rule of the fences' protocol is found by exploring a saga on it.

use saga_fence::mutation::{Mutation, with};
use saga_verify::Verdict;

use crate::fixture::named;

/// The rules that show in a saga, by the guarantee that breaks with them and the faults it takes.
const FOUND: [(Mutation, u8, usize); 10] = [
    (Mutation::NoTombstone, 7, 1),
    (Mutation::AnswerNotKept, 4, 1),
    (Mutation::RefusalBelieved, 4, 2),
    (Mutation::UndoNotKept, 7, 2),
    (Mutation::LateDoActs, 7, 1),
    (Mutation::UnsureIsNotUndone, 4, 1),
    (Mutation::UndoNotBegun, 6, 1),
    (Mutation::LeaseIgnored, 4, 1),
    (Mutation::RefusalNotKept, 3, 2),
    (Mutation::SealForgets, 7, 1),
];

#[test]
fn a_broken_rule_breaks_a_guarantee() {
    let mut wrong = Vec::new();
    for (mutation, guarantee, faults) in FOUND {
        let verdict = with(mutation, || named("fare").verify(2));
        match &verdict {
            Verdict::Broken(found)
                if (found.violation.guarantee.number(), found.faults()) == (guarantee, faults) => {}
            Verdict::Broken(_) => wrong.push(format!("{mutation:?}: {verdict}")),
            Verdict::Holds(_) => wrong.push(format!("{mutation:?} is not found")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
