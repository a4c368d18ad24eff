//! The rules, a file each, by family.
//!
//! A rule's doc comment is its page: a sentence, why it matters, an example that it
//! finds and one that it does not. The examples are its tests (`tests/lint_rules.rs`
//! of the command line runs them, and keeps `RULES.md` fresh).

pub(crate) mod data_flow;
pub(crate) mod document;
pub(crate) mod habit;
pub(crate) mod saga;
pub(crate) mod structure;

use crate::lint::{Rule, did_you_mean};

/// Every rule, by code.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families: [&'static [&'static Rule]; 5] = [
        document::RULES,
        structure::RULES,
        data_flow::RULES,
        saga::RULES,
        habit::RULES,
    ];
    families.into_iter().flatten().copied()
}

/// The rule of that code or name, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.eq_ignore_ascii_case(name) || rule.name.eq_ignore_ascii_case(name))
}

/// The rule whose code or name is so close that it was probably meant.
#[must_use]
pub fn near(name: &str) -> Option<&'static Rule> {
    let names = all().flat_map(|rule| [rule.code, rule.name]);
    find(did_you_mean(name, names)?)
}

/// All rules as a Markdown table, by family.
#[must_use]
pub fn index() -> String {
    let mut text = String::from("# Rules\n\n`saga-cli explain CODE` prints a rule's page.\n");
    let mut family = None;
    for rule in all() {
        if family != Some(rule.family) {
            family = Some(rule.family);
            text += &format!(
                "\n## {}\n\n| Code | Name | Level | Finds |\n|---|---|---|---|\n",
                rule.family.as_str()
            );
        }
        let (code, name, level) = (rule.code, rule.name, rule.severity.as_str());
        text += &format!("| {code} | {name} | {level} | {} |\n", rule.summary());
    }
    text
}

#[cfg(test)]
mod tests;
