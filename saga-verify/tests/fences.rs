//! A broken rule of the fences' protocol is found by exploring a saga on it.

use saga_fence::mutation::{Mutation, with};
use saga_verify::Verdict;

use crate::fixture::named;

/// The rules that show in a saga, by that, the guarantee that breaks with them and the faults it takes.
const FOUND: [(Mutation, &str, u8, usize); 12] = [
    (Mutation::NoTombstone, "fare", 7, 1),
    (Mutation::AnswerNotKept, "fare", 4, 1),
    (Mutation::RefusalBelieved, "fare", 4, 2),
    (Mutation::UndoNotKept, "fare", 7, 2),
    (Mutation::LateDoActs, "fare", 7, 1),
    (Mutation::UnsureIsNotUndone, "fare", 4, 1),
    (Mutation::UndoNotBegun, "fare", 6, 1),
    (Mutation::LeaseIgnored, "fare", 4, 1),
    (Mutation::RefusalNotKept, "fare", 3, 2),
    (Mutation::SealForgets, "fare", 7, 1),
    (Mutation::OrderIgnored, "refuses", 3, 2),
    (Mutation::SealIgnored, "refuses", 7, 2),
];

#[test]
fn a_broken_rule_breaks_a_guarantee() {
    let mut wrong = Vec::new();
    for (mutation, saga, guarantee, faults) in FOUND {
        let verdict = with(mutation, || named(saga).verify(2));
        match &verdict {
            Verdict::Broken(found)
                if (found.violation.guarantee.number(), found.faults()) == (guarantee, faults) => {}
            Verdict::Broken(_) => wrong.push(format!("{mutation:?}: {verdict}")),
            Verdict::Holds(_) => wrong.push(format!("{mutation:?} is not found")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
