//! The one handler of the package that this process serves.

use saga_dsl::Package;
use saga_dsl::handler::{Failure, Registered, START_FAILED, Serve, UNKNOWN_HANDLER, with_causes};
use saga_manifest::error::Outcome;

use crate::panic;

/// The handler of this name.
pub(crate) fn choose<'p>(
    package: &'p Package,
    name: Option<&str>,
) -> Result<&'p Registered, Failure> {
    let handler = name.and_then(|name| package.handler(name));
    handler.ok_or_else(|| {
        let asked = match name {
            Some(name) => format!("this package has no handler `{name}`"),
            None => "no handler is named".to_owned(),
        };
        let known: Vec<_> = package.handlers().map(|handler| format!("`{}`", handler.name())).collect();
        let known = match known.len() {
            0 => "none".to_owned(),
            _ => known.join(", "),
        };
        not_started(UNKNOWN_HANDLER, format!(
            "{asked}: the function's `Handler` (or the variable `SAGA_HANDLER`) is to name one of its handlers: {known}"
        ))
    })
}

/// Makes the handler's application state.
pub(crate) async fn start(handler: &Registered) -> Result<Box<dyn Serve>, Failure> {
    match panic::caught(handler.start()).await {
        Ok(Ok(serving)) => Ok(serving),
        Ok(Err(error)) => Err(not_started(START_FAILED, with_causes(&*error))),
        Err(panic) => Err(not_started(START_FAILED, panic.to_string())),
    }
}

fn not_started(name: &str, message: String) -> Failure {
    Failure {
        name: name.into(),
        message,
        outcome: Outcome::NotDone,
    }
}
