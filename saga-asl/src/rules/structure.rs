//! What makes AWS refuse a definition.

mod comparison;
mod conflicting_template_field;
mod dangling_target;
mod duplicate_label;
mod duplicate_state_name;
mod empty_list;
mod exclusive_fields;
mod invalid_intrinsic;
mod invalid_jsonata;
mod invalid_label;
mod invalid_path;
mod invalid_reference_path;
mod invalid_resource;
mod invalid_timestamp;
mod invalid_variable_name;
mod map_mode;
mod missing_argument;
mod missing_field;
mod name_too_long;
mod next_or_end;
mod no_terminal_state;
mod not_allowed_value;
mod not_an_arn;
mod other_query_language;
mod out_of_range;
mod query_language_downgrade;
mod reserved_states_field;
mod states_all_not_alone;
mod states_all_not_last;
mod too_large;
mod unbalanced_expression;
mod unknown_field;
mod unknown_function;
mod unknown_state_type;
mod unreachable_state;
mod unsupported_pattern;
mod variable_conflict;
mod wrong_type;

use crate::lint::Rule;

pub(super) static RULES: &[&Rule] = &[
    &missing_field::MISSING_FIELD,
    &unknown_field::UNKNOWN_FIELD,
    &wrong_type::WRONG_TYPE,
    &not_allowed_value::NOT_ALLOWED_VALUE,
    &out_of_range::OUT_OF_RANGE,
    &exclusive_fields::EXCLUSIVE_FIELDS,
    &other_query_language::OTHER_QUERY_LANGUAGE,
    &empty_list::EMPTY_LIST,
    &conflicting_template_field::CONFLICTING_TEMPLATE_FIELD,
    &unknown_state_type::UNKNOWN_STATE_TYPE,
    &dangling_target::DANGLING_TARGET,
    &unreachable_state::UNREACHABLE_STATE,
    &next_or_end::NEXT_OR_END,
    &no_terminal_state::NO_TERMINAL_STATE,
    &name_too_long::NAME_TOO_LONG,
    &duplicate_state_name::DUPLICATE_STATE_NAME,
    &too_large::TOO_LARGE,
    &query_language_downgrade::QUERY_LANGUAGE_DOWNGRADE,
    &invalid_path::INVALID_PATH,
    &invalid_reference_path::INVALID_REFERENCE_PATH,
    &invalid_intrinsic::INVALID_INTRINSIC,
    &invalid_jsonata::INVALID_JSONATA,
    &unknown_function::UNKNOWN_FUNCTION,
    &reserved_states_field::RESERVED_STATES_FIELD,
    &invalid_variable_name::INVALID_VARIABLE_NAME,
    &variable_conflict::VARIABLE_CONFLICT,
    &unbalanced_expression::UNBALANCED_EXPRESSION,
    &invalid_resource::INVALID_RESOURCE,
    &unsupported_pattern::UNSUPPORTED_PATTERN,
    &missing_argument::MISSING_ARGUMENT,
    &not_an_arn::NOT_AN_ARN,
    &states_all_not_alone::STATES_ALL_NOT_ALONE,
    &states_all_not_last::STATES_ALL_NOT_LAST,
    &comparison::COMPARISON,
    &invalid_timestamp::INVALID_TIMESTAMP,
    &map_mode::MAP_MODE,
    &invalid_label::INVALID_LABEL,
    &duplicate_label::DUPLICATE_LABEL,
];
