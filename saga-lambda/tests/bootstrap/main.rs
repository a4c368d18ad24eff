//! The runtime as a process: asked, refused, and serving over the Runtime API.
//!
//! The test binary is its own subject: a trial starts it again with [`AS_BOOTSTRAP`] set, and then it is
//! the bootstrap of the package in `fixture`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod api;
mod choreography;
mod cloud;
mod dynamodb;
mod fence;
mod fixture;
#[path = "../lambda/mod.rs"]
mod lambda;
mod log;
mod process;
mod replies;
mod server;

use std::process::{Command, ExitCode};

use libtest_mimic::Arguments;

/// The variable that makes this binary the bootstrap.
const AS_BOOTSTRAP: &str = "SAGA_LAMBDA_TEST_AS_BOOTSTRAP";

fn main() -> ExitCode {
    if std::env::var_os(AS_BOOTSTRAP).is_some() {
        return fixture::run();
    }
    let trials = replies::trials()
        .into_iter()
        .chain(log::trials())
        .chain(process::trials())
        .chain(fence::trials())
        .chain(choreography::trials())
        .chain(api::trials())
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The bootstrap, not yet started.
fn bootstrap() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env_clear().env(AS_BOOTSTRAP, "1");
    command
}
