//! What is wrong with acceptances, once it is known which of them accepted something.

use super::suppression_rules::{
    SUPPRESSION_WITHOUT_REASON, UNKNOWN_SUPPRESSION, UNUSED_SUPPRESSION,
};
use crate::lint::{Finding, Findings, Severity, Suppression};
use crate::rules;

/// Checks acceptances. `used` says of each whether it accepted a finding.
pub fn check(suppressions: &[Suppression], used: &[bool], found: &mut Vec<Finding>) {
    for (suppression, used) in suppressions.iter().zip(used) {
        if suppression.reason.is_empty() {
            Findings::new(&SUPPRESSION_WITHOUT_REASON, found)
                .report(suppression.place, "a finding is accepted without a reason")
                .help("write `saga-lint allow CODE: REASON`");
        } else if !unknown(suppression, found) && !used {
            let rules = suppression.rules.join("`, `");
            Findings::new(&UNUSED_SUPPRESSION, found)
                .report(
                    suppression.place,
                    format!("there is no finding of `{rules}` here to accept"),
                )
                .help("remove it");
        }
    }
}

/// Reports the rules that do not exist or cannot be accepted; whether there is one.
fn unknown(suppression: &Suppression, found: &mut Vec<Finding>) -> bool {
    let before = found.len();
    for name in &suppression.rules {
        let message = match rules::find(name) {
            None => format!("no rule is called `{name}`"),
            Some(rule) if rule.severity == Severity::Error => {
                format!("`{name}` finds what AWS refuses, which cannot be accepted")
            }
            Some(_) => continue,
        };
        Findings::new(&UNKNOWN_SUPPRESSION, found).report(suppression.place, message);
    }
    found.len() > before
}
