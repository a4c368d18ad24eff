//! Data that is not there when it is read.

mod catch_clobbers_data;
mod discarded_result;
pub(crate) mod lookup;
mod search;
mod undefined_path;
mod undefined_variable;
mod unset_variable;

use crate::lint::Rule;

pub(super) static RULES: &[&Rule] = &[
    &undefined_path::UNDEFINED_PATH,
    &undefined_variable::UNDEFINED_VARIABLE,
    &discarded_result::DISCARDED_RESULT,
    &catch_clobbers_data::CATCH_CLOBBERS_DATA,
    &unset_variable::UNSET_VARIABLE,
];
