//! The soak: thousands of sagas at a time on real handler processes, which are killed while they work, against
//! a provider in a process of its own that keeps books. In the end the books are compared with how the sagas
//! ended, to the cent.
//!
//! `SAGA_SOAK=10000 cargo test -p saga-cli --test soak` runs the whole of it; without the variable a
//! small part is run.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it measured"
)]

#[path = "tools/ask.rs"]
mod ask;
#[path = "soak/books.rs"]
mod books;
#[path = "tools/build.rs"]
mod build;
#[path = "soak/check.rs"]
mod check;
#[path = "soak/handlers.rs"]
mod handlers;
#[path = "soak/killer.rs"]
mod killer;
#[path = "soak/orders.rs"]
mod orders;
#[path = "soak/package.rs"]
mod package;
#[path = "soak/provider.rs"]
mod provider;
#[path = "soak/report.rs"]
mod report;
#[path = "soak/run.rs"]
mod run;
#[path = "soak/stage.rs"]
mod stage;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

/// How many sagas are run without being asked to run more.
const FEW: usize = 200;

fn main() -> ExitCode {
    // The provider is this binary, started again.
    if let Some(books) = std::env::var_os(provider::BOOKS) {
        provider::serve(books.as_ref());
        return ExitCode::SUCCESS;
    }
    let sagas = std::env::var("SAGA_SOAK").map_or(FEW, |sagas| sagas.parse().expect("a number"));
    let trials = vec![
        Trial::test("the provider's books are what the sagas say", move || {
            fenced(sagas)
        }),
        Trial::test("without fences the books are wrong", unfenced),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn fenced(sagas: usize) -> Result<(), Failed> {
    let wrong = run::soak("", sagas, 7);
    match wrong.len() {
        0 => Ok(()),
        count => Err(format!("{count} differences:\n{}", wrong.join("\n")).into()),
    }
}

/// The check finds something where there is something to be found.
fn unfenced() -> Result<(), Failed> {
    let wrong = run::soak("unfenced", FEW, 7);
    eprintln!("{}", wrong.join("\n"));
    match wrong
        .iter()
        .any(|difference| difference.contains("charges"))
    {
        true => Ok(()),
        false => Err("handlers without fences made no mistake".into()),
    }
}
