//! How a check that needs tools becomes a test: passed, failed, or ignored with
//! the reason.

use std::env;

use libtest_mimic::{Completion, Failed, Trial};

/// Why a check ended early.
#[derive(Clone, Debug)]
pub enum Stop {
    /// A tool cannot be had on this machine; nothing was checked.
    Unavailable(String),
    /// What was checked is wrong.
    Failed(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

/// A test that is ignored, with the reason, where a tool is missing. Under
/// `CI=true` a missing tool is a failure: there, nothing goes unchecked.
pub fn trial(
    name: impl Into<String>,
    check: impl FnOnce() -> Result<(), Stop> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, || match check() {
        Ok(()) => Ok(Completion::Completed),
        Err(Stop::Failed(message)) => Err(Failed::from(message)),
        Err(Stop::Unavailable(reason)) if on_ci() => Err(Failed::from(format!(
            "{reason}\nCI=true: a missing tool is a failure"
        ))),
        Err(Stop::Unavailable(reason)) => Ok(Completion::ignored_with(reason)),
    })
}

fn on_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}
