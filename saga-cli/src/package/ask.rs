//! Asking a binary for its manifest.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use saga_manifest::{ASK, Manifest};
use wait_timeout::ChildExt as _;

use crate::exit::Failure;

/// How long a binary may take. It answers in milliseconds: one that does not was not made for this.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the binary with the question, and reads its answer. Whatever it prints goes to stderr.
///
/// # Errors
/// When it cannot be run, fails, does not end, or writes no manifest of this version.
pub fn ask(executable: &Path) -> Result<Manifest, Failure> {
    let folder = tempfile::tempdir()
        .map_err(|error| failed(&format!("no temporary folder: {error}"), ""))?;
    let file = folder.path().join("manifest.json");
    let status = run(executable, &file)?;
    let text = match fs::read_to_string(&file) {
        Ok(text) if status.success() => text,
        Ok(_) => {
            return Err(failed(
                &format!("`{}` failed: {status}", executable.display()),
                "it says above why",
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(failed(
                &format!("`{}` wrote no manifest ({status})", executable.display()),
                "end its main.rs with `saga_lambda::main!(YourSaga);`, and have no other `fn main`",
            ));
        }
        Err(error) => return Err(failed(&format!("the manifest cannot be read: {error}"), "")),
    };
    Manifest::read(&text).map_err(|error| failed(&error.to_string(), error.help()))
}

fn run(executable: &Path, file: &Path) -> Result<ExitStatus, Failure> {
    let mut child = Command::new(executable)
        .env(ASK, file)
        .stdin(Stdio::null())
        .stdout(io::stderr())
        .spawn()
        .map_err(|error| {
            failed(
                &format!("`{}` cannot be run: {error}", executable.display()),
                "",
            )
        })?;
    let ended = child
        .wait_timeout(PATIENCE)
        .map_err(|error| failed(&error.to_string(), ""))?;
    ended.map_or_else(
        || {
            // INVARIANT: a child that has just ended by itself is what killing it would have made of it.
            let _ = child.kill();
            let _ = child.wait();
            Err(failed(
                &format!("`{}` did not write its manifest within {} s", executable.display(), PATIENCE.as_secs()),
                "end its main.rs with `saga_lambda::main!(YourSaga);`: nothing of yours may run before it",
            ))
        },
        Ok,
    )
}

fn failed(message: &str, help: &str) -> Failure {
    Failure::Failed {
        message: message.into(),
        help: help.into(),
    }
}
