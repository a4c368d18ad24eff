//! Child processes that end: their output is read, their time is bounded.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wait_timeout::ChildExt as _;

/// What a process left behind.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
    shown: String,
}

impl Ran {
    /// An error with the whole output unless the process ended with 0.
    pub fn success(self) -> Result<Self, String> {
        if self.status.success() {
            return Ok(self);
        }
        Err(self.failure("failed"))
    }

    /// An error with the whole output unless the process ended with 0 and its
    /// standard output is blank.
    pub fn silent(self) -> Result<(), String> {
        let ran = self.success()?;
        if ran.stdout.trim().is_empty() {
            return Ok(());
        }
        Err(ran.failure("has findings"))
    }

    /// The process, what is wrong with it, and all it said.
    pub fn failure(&self, what: &str) -> String {
        let Self {
            status,
            stdout,
            stderr,
            shown,
        } = self;
        format!("`{shown}` {what} ({status})\n{stdout}{stderr}")
    }
}

/// Runs a process to its end, for at most `limit`; then it is killed and the
/// error says so.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ran, String> {
    let shown = shown(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run `{shown}`: {error}"))?;
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let ended = wait(&mut child, limit).map_err(|error| format!("`{shown}`: {error}"))?;
    let (stdout, stderr) = (collect(stdout), collect(stderr));
    match ended {
        Some(status) => Ok(Ran {
            status,
            stdout,
            stderr,
            shown,
        }),
        None => Err(format!(
            "`{shown}` did not end within {} s\n{stdout}{stderr}",
            limit.as_secs()
        )),
    }
}

/// Waits for the process; after `limit` kills it and answers `None`.
pub fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let ended = child.wait_timeout(limit)?;
    if ended.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(ended)
}

fn drain<R: Read + Send + 'static>(pipe: Option<R>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is still worth showing.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

fn collect(reader: JoinHandle<Vec<u8>>) -> String {
    let bytes = reader.join().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = command.get_args().map(|word| word.to_string_lossy());
    [name.to_string_lossy()]
        .into_iter()
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}
