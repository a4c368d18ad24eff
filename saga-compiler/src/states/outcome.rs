//! The question whether a step that failed as if nothing had happened may have happened in an earlier
//! attempt.

use saga_asl::model::{Choice, ChoiceRule, Condition, State};

use crate::checked::variables::ATTEMPTS;
use crate::jsonata::delimited;
use crate::plan::{Node, Trigger};

pub(super) fn state(node: &Node<'_>) -> State {
    let to = |trigger: Trigger<'_>| {
        let exit = node.exits.iter().find(|exit| exit.trigger == trigger);
        exit.map(|exit| exit.to.clone())
    };
    let retried = to(Trigger::Retried).map(|next| ChoiceRule {
        condition: Condition::Expression(delimited(format!("${ATTEMPTS} > 0"))),
        next,
        ..ChoiceRule::default()
    });
    let about =
        "A failure that says nothing was done counts only if no earlier attempt may have done it.";
    Choice {
        comment: Some(about.to_owned()),
        choices: retried.into_iter().collect(),
        default: to(Trigger::Otherwise),
        ..Choice::default()
    }
    .into()
}
