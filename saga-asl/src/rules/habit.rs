//! Cost and habit: notes, shown when they are asked for.

mod hard_coded_arn;
mod idle_pass;
mod lambda_for_service;

use crate::lint::Rule;

pub(super) static RULES: &[&Rule] = &[
    &idle_pass::IDLE_PASS,
    &lambda_for_service::LAMBDA_FOR_SERVICE,
    &hard_coded_arn::HARD_CODED_ARN,
];
