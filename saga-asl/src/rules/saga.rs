//! Effects that stay after a failure.
//!
//! What states are for is inferred ([`crate::recovery`]), and the findings say so.

mod callback_without_timeout;
mod compensation_failure_swallowed;
mod compensation_out_of_order;
mod compensation_skipped;
mod compensation_without_retry;
mod effect_not_compensated;
pub(crate) mod failing_path;
mod heartbeat_not_below_timeout;
mod history_limit;
mod payload_limit;
mod retry_not_idempotent;
mod success_after_failure;
mod task_without_timeout;
mod timeout_not_compensated;
mod top_level_timeout;
mod unknown_error_name;

use crate::lint::Rule;

pub(super) static RULES: &[&Rule] = &[
    &effect_not_compensated::EFFECT_NOT_COMPENSATED,
    &compensation_skipped::COMPENSATION_SKIPPED,
    &compensation_out_of_order::COMPENSATION_OUT_OF_ORDER,
    &compensation_without_retry::COMPENSATION_WITHOUT_RETRY,
    &compensation_failure_swallowed::COMPENSATION_FAILURE_SWALLOWED,
    &timeout_not_compensated::TIMEOUT_NOT_COMPENSATED,
    &success_after_failure::SUCCESS_AFTER_FAILURE,
    &top_level_timeout::TOP_LEVEL_TIMEOUT,
    &unknown_error_name::UNKNOWN_ERROR_NAME,
    &task_without_timeout::TASK_WITHOUT_TIMEOUT,
    &callback_without_timeout::CALLBACK_WITHOUT_TIMEOUT,
    &heartbeat_not_below_timeout::HEARTBEAT_NOT_BELOW_TIMEOUT,
    &retry_not_idempotent::RETRY_NOT_IDEMPOTENT,
    &history_limit::HISTORY_LIMIT,
    &payload_limit::PAYLOAD_LIMIT,
];
