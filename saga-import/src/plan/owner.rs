//! Which Task undoes which step: by their names, else by their places.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::outline::Outline;
use saga_asl::recovery::Recovery;

use super::Remark;
use crate::flow::Step;
use crate::refusal::Refused;

/// Undos by step, and what was guessed.
type Owners = (BTreeMap<String, String>, Vec<Remark>);

/// The undo of each step that has one.
///
/// A catcher leads to undos in the reverse order of what they undo. Whether the first of them undoes the step that
/// failed or the one before it is seen where their numbers fit.
pub(super) fn owners(
    outline: &Outline<'_>,
    recovery: &Recovery,
    effects: &[&Step],
    reads: &BTreeSet<String>,
) -> Result<Owners, (String, Refused)> {
    let mut owners = BTreeMap::new();
    let mut guesses = Vec::new();
    by_name(outline, recovery, effects, &mut owners);
    let has_undo = |owners: &BTreeMap<String, String>, step: &Step| owners.contains_key(&step.name);
    for (index, step) in effects.iter().enumerate() {
        for way in step.ways() {
            let known = |undo: &&String| owners.values().any(|known| known == *undo);
            let new: Vec<&String> = way.undos.iter().filter(|undo| !known(undo)).collect();
            if new.is_empty() {
                continue;
            }
            let before = effects.iter().take(index).rev();
            let before: Vec<&&Step> = before
                .filter(|step| !has_undo(&owners, step) && !reads.contains(&step.name))
                .collect();
            let itself = (!has_undo(&owners, step)).then_some(step);
            let with_itself: Vec<&&Step> =
                itself.into_iter().chain(before.iter().copied()).collect();
            let undone = if new.len() == with_itself.len() || new.len() > before.len() {
                &with_itself
            } else {
                &before
            };
            if new.len() > undone.len() {
                let (first, last) = (new.first(), new.last());
                let message = format!(
                    "it cannot be told what `{}` undoes: no step is left that nothing else undoes",
                    last.or(first).map_or("", |name| name.as_str())
                );
                let help = "one Task undoes one step: put what undoes a step into one, or name it after the step: `CancelOrder` for `PlaceOrder`";
                let undo = last.map_or_else(String::new, |name| (*name).clone());
                return Err((undo, Refused::new("", message, help)));
            }
            let pairs: Vec<_> = undone
                .iter()
                .zip(&new)
                .map(|(step, undo)| (step.name.clone(), (*undo).clone()))
                .collect();
            for (step, undo) in pairs {
                guesses.push(Remark {
                    state: undo.clone(),
                    kind: "paired by place",
                    there: format!("`{undo}` does not say in its name what it undoes"),
                    here: format!("by its place it undoes `{step}`: look whether it does"),
                });
                owners.insert(step, undo);
            }
        }
    }
    Ok((owners, guesses))
}

/// Pairs whose names fit.
fn by_name(
    outline: &Outline<'_>,
    recovery: &Recovery,
    effects: &[&Step],
    owners: &mut BTreeMap<String, String>,
) {
    let name = |state| outline.state(state).name.text.to_string();
    let undos: BTreeSet<&String> = effects
        .iter()
        .flat_map(|step| step.ways())
        .flat_map(|way| &way.undos)
        .collect();
    for pair in &recovery.pairs {
        let effect = name(pair.effect);
        let alone = |undo: &String| {
            let pairs = recovery.pairs.iter();
            let same =
                pairs.filter(|pair| pair.compensations.iter().any(|state| name(*state) == *undo));
            same.count() == 1
        };
        let fitting = pair.compensations.iter().map(|state| name(*state));
        let undo = fitting.filter(|undo| undos.contains(undo)).find(alone);
        if let Some(undo) = undo.filter(|_| effects.iter().any(|step| step.name == effect)) {
            owners.entry(effect).or_insert(undo);
        }
    }
}
