//! The bootstrap of each example answers real invocations over the Lambda Runtime API, for every handler:
//! a table of events and the replies they are to have. (Panics and undeclared errors, which the examples
//! do not have, are in saga-lambda's own suite, with a package that has.)

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "tools/build.rs"]
mod build;
#[path = "runtime/fare_processing.rs"]
mod fare_processing;
#[path = "../saga-lambda/tests/lambda/mod.rs"]
mod lambda;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::LazyLock;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use lambda::process::{Bootstrap, event};
use lambda::server::Request;
use lambda::{Reply, compare};

/// One invocation of a handler: what is sent as which step's input, and what is to come back.
struct Case {
    name: &'static str,
    handler: &'static str,
    event: String,
    reply: Reply,
}

impl Case {
    /// An invocation as the state machine makes it.
    fn new(
        name: &'static str,
        handler: &'static str,
        step: &str,
        input: &Value,
        reply: Reply,
    ) -> Self {
        let event = event(step, input);
        Self {
            name,
            handler,
            event,
            reply,
        }
    }
}

fn main() -> ExitCode {
    let trials = fare_processing::trials();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A process per handler serves all of its cases.
fn table(package: &'static LazyLock<PathBuf>, cases: Vec<Case>) -> Vec<Trial> {
    let mut handlers: Vec<_> = cases.iter().map(|case| case.handler).collect();
    handlers.sort_unstable();
    handlers.dedup();
    let mut cases = cases;
    let trial = |handler: &'static str| {
        let of_handler: Vec<_> = cases
            .extract_if(.., |case| case.handler == handler)
            .collect();
        Trial::test(format!("replies of {handler}"), move || {
            serve(package, handler, &of_handler)
        })
    };
    handlers.into_iter().map(trial).collect()
}

fn serve(package: &Path, handler: &str, cases: &[Case]) -> Result<(), Failed> {
    let bootstrap = start(package, handler, &[]);
    for case in cases {
        compare(&bootstrap.invoke(&case.event), &case.reply)
            .map_err(|problem| format!("{}: {problem}", case.name))?;
    }
    bootstrap.log();
    Ok(())
}

/// The bootstrap, serving a handler.
fn start(package: &Path, handler: &str, variables: &[(&str, &str)]) -> Bootstrap {
    let mut command = Command::new(package);
    command.env_clear();
    Bootstrap::start(command, handler, variables)
}

/// What a process that cannot serve reports.
fn refusal(package: &Path, handler: &str) -> Request {
    let bootstrap = start(package, handler, &[]);
    let request = bootstrap.lambda().reply();
    assert_eq!(bootstrap.end().0.code(), Some(1));
    request
}
