//! From the generated template to a running system, with AWS's own tools: `sam build`,
//! `sam deploy` to an emulator of AWS on this machine, executions started through the
//! AWS API and served by the real bootstrap, `sam delete`.

macro_rules! soak {
    ($($name:ident: $path:literal),*) => {$(
        #[allow(
            dead_code,
            clippy::unwrap_used,
            clippy::indexing_slicing,
            clippy::print_stdout,
            reason = "the soak's; here a part of it is used"
        )]
        #[path = $path]
        mod $name;
    )*};
}

soak! {
    books: "soak/books.rs",
    check: "soak/check.rs",
    orders: "soak/orders.rs",
    provider: "soak/provider.rs"
}

#[path = "deploy/breakages.rs"]
mod breakages;
#[path = "deploy/chaos.rs"]
mod chaos;
#[expect(clippy::indexing_slicing, reason = "what JSON does not have is null")]
#[path = "deploy/collection.rs"]
mod collection;
#[path = "deploy/fares.rs"]
mod fares;
#[path = "deploy/judge.rs"]
mod judge;
#[path = "deploy/processing.rs"]
mod processing;
#[path = "deploy/replay.rs"]
mod replay;
#[path = "deploy/run.rs"]
mod run;
#[expect(clippy::indexing_slicing, reason = "what JSON does not have is null")]
#[path = "deploy/shop.rs"]
mod shop;
#[path = "deploy/table.rs"]
mod table;
#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;
#[expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "it refuses what it does not know by panicking"
)]
#[expect(unused_imports, reason = "its own tests are another suite's")]
#[path = "suite/gateway/vtl.rs"]
mod vtl;

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};

use table::{DEPLOYMENTS, Deployment};
use tools::subject::Subject;
use tools::trial::trial;

fn main() -> Result<ExitCode, String> {
    // The provider is this binary, started again.
    if let Some(books) = env::var_os(provider::BOOKS) {
        provider::serve(books.as_ref());
        return Ok(ExitCode::SUCCESS);
    }
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for deployment in DEPLOYMENTS {
        let subject = Subject::of_target(deployment.package, deployment.target)?;
        trials.extend(trials_of(deployment, &subject));
        if deployment.package == fares::DEPLOYMENT.package {
            trials.extend(breakages::trials(&subject));
        }
    }
    let subject = Subject::new("soak-payments")?;
    let survives = move || chaos::survives(&subject);
    trials.push(trial("chaos::the_books_are_what_the_sagas_say", survives));
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn trials_of(deployment: &'static Deployment, subject: &Arc<Subject>) -> [Trial; 2] {
    let Deployment {
        package, target, ..
    } = deployment;
    let (built, subject) = (Arc::clone(subject), Arc::clone(subject));
    [
        trial(
            format!("{package}::{target}::sam_build_builds_one_bootstrap"),
            move || run::builds_one_bootstrap(deployment, &built),
        ),
        trial(
            format!("{package}::{target}::runs_where_sam_deploys_it"),
            move || run::runs(deployment, &subject),
        ),
    ]
}
