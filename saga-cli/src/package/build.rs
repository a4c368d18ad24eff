//! Building a package's binary with cargo, whose progress and errors go to stderr as they are.

use std::ffi::OsString;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use cargo_metadata::Message;

use super::Package;
use crate::exit::Failure;

/// The cargo that all commands start: the one that started this program, else the one on the PATH.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The names of variables in which cargo tells a program that it runs of that program's package begin so.
const OF_PACKAGE: [&str; 3] = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_CRATE_NAME"];

/// Builds the package's binary, as `cargo build` does, and gives its path.
///
/// # Errors
/// When the package does not build: rustc's own errors are on stderr by then.
pub fn build(package: &Package) -> Result<PathBuf, Failure> {
    build_into(package, None)
}

/// The same, into another target directory.
///
/// # Errors
/// As [`build`].
pub fn build_into(package: &Package, target: Option<&Path>) -> Result<PathBuf, Failure> {
    let mut cargo = command(package);
    if let Some(target) = target {
        cargo.env("CARGO_TARGET_DIR", target);
    }
    let child = cargo.spawn().map_err(|error| not_started(&error))?;
    built(child, package)
}

/// A build, and what cargo and rustc said on stderr.
pub struct Said {
    pub built: Result<PathBuf, Failure>,
    pub stderr: String,
}

/// The same as [`build`], for whoever shows elsewhere what is said.
pub fn build_telling(package: &Package) -> Said {
    let mut cargo = command(package);
    match cargo.stderr(Stdio::piped()).spawn() {
        Err(error) => Said {
            built: Err(not_started(&error)),
            stderr: String::new(),
        },
        Ok(mut child) => {
            let pipe = child.stderr.take();
            let reading = thread::spawn(move || {
                let mut bytes = Vec::new();
                // What was read before an error is still worth showing.
                let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
                String::from_utf8_lossy(&bytes).into_owned()
            });
            Said {
                built: built(child, package),
                stderr: reading.join().unwrap_or_default(),
            }
        }
    }
}

fn command(package: &Package) -> Command {
    let mut command = Command::new(cargo());
    // Where `cargo run` or `cargo test` started us, they are of another package than the one that is built. Build
    // scripts that read them (`ring`'s) would run again, and all that depends on them would be built anew.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if OF_PACKAGE.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(["--package", &package.name, "--bin", &package.binary])
        .current_dir(&package.workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

fn not_started(error: &std::io::Error) -> Failure {
    Failure::Failed {
        message: format!("cargo cannot be started: {error}"),
        help: "install Rust with rustup, and see that `cargo` is on the PATH".into(),
    }
}

fn built(mut child: Child, package: &Package) -> Result<PathBuf, Failure> {
    let output = child.stdout.take().map(BufReader::new);
    let executable = output.and_then(|output| executable(output, &package.binary));
    let built = child.wait().is_ok_and(|status| status.success());
    match (built, executable) {
        (true, Some(path)) => Ok(path),
        (true, None) => Err(Failure::Failed {
            message: format!("cargo built no binary `{}`", package.binary),
            help: String::new(),
        }),
        (false, _) => Err(Failure::Failed {
            message: format!("the package `{}` does not build", package.name),
            help: "rustc says above what is wrong; nothing was written".into(),
        }),
    }
}

/// The path of the binary, from cargo's messages. Reads all of them, so that cargo never waits for us.
fn executable(messages: impl std::io::BufRead, binary: &str) -> Option<PathBuf> {
    Message::parse_stream(messages)
        .filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) if artifact.target.name == binary => {
                artifact.executable
            }
            _ => None,
        })
        .last()
        .map(cargo_metadata::camino::Utf8PathBuf::into_std_path_buf)
}
