//! The text, and how a definition is embedded in it.

mod conflicting_definition;
mod duplicate_key;
pub(crate) mod missing_definition_file;
mod not_a_definition;
pub(crate) mod suppression;
mod suppression_rules;
pub(crate) mod syntax_error;
mod undefined_substitution;
pub(crate) mod unused_substitution;

use crate::lint::Rule;

pub(super) static RULES: &[&Rule] = &[
    &syntax_error::SYNTAX_ERROR,
    &duplicate_key::DUPLICATE_KEY,
    &not_a_definition::NOT_A_DEFINITION,
    &suppression_rules::SUPPRESSION_WITHOUT_REASON,
    &suppression_rules::UNKNOWN_SUPPRESSION,
    &suppression_rules::UNUSED_SUPPRESSION,
    &undefined_substitution::UNDEFINED_SUBSTITUTION,
    &unused_substitution::UNUSED_SUBSTITUTION,
    &conflicting_definition::CONFLICTING_DEFINITION,
    &missing_definition_file::MISSING_DEFINITION_FILE,
];
