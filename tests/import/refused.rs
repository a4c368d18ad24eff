//! How many definitions, the project's own and the corpus's, are imported, and why the others are not: kept in `accepted.txt`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use libtest_mimic::Failed;
use saga_import::Refusal;

use crate::root;

/// Compares the counts with those that are kept.
pub fn check(accepted: usize, refused: &[Vec<Refusal>]) -> Result<(), Failed> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for refusals in refused {
        let mut reasons: Vec<_> = refusals.iter().map(reason).collect();
        reasons.sort();
        reasons.dedup();
        for reason in reasons {
            *counts.entry(reason).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(reason, count)| (usize::MAX - count, reason.clone()));
    let mut text = format!("{accepted} imported, {} refused\n\n", refused.len());
    for (reason, count) in counts {
        writeln!(text, "{count:4} {reason}").unwrap();
    }
    let kept = root().join("tests/import/accepted.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&kept, &text)?;
    }
    match fs::read_to_string(&kept).unwrap_or_default() == text {
        true => Ok(()),
        false => Err(format!("`tests/import/accepted.txt` is stale; now:\n{text}").into()),
    }
}

/// The message without what it quotes of the definition.
fn reason(refusal: &Refusal) -> String {
    let parts = refusal.message.split('`').step_by(2);
    parts.collect::<Vec<_>>().join("…")
}
