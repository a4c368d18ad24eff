//! An AWS on this machine, for as long as the value lives.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::aws;
use super::http::{self, Request, Response};
use super::process;
use super::provision::Installed;

/// It is up in a second or two on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// Retries wait a hundredth of their interval.
const WAIT_SCALE: &str = "0.01";
const POLL: Duration = Duration::from_millis(100);
/// What chaos begins with: any number.
const SEED: &str = "7";

/// A running emulator: its own port, its own state, gone with the value.
pub struct Emulator {
    process: Child,
    input: Mutex<Option<ChildStdin>>,
    port: u16,
    log: PathBuf,
}

/// Who may do what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody everything.
    Open,
    /// Functions what their roles grant, and whoever sends or receives what policies of queues do not deny.
    Granted,
    /// The same, on a Lambda that is as unreliable as it may be.
    Chaos,
}

impl Emulator {
    /// Starts one that keeps its files in `folder`, and waits until it answers.
    pub fn start(ministack: &Installed, folder: &Path, access: Access) -> Result<Self, String> {
        let port = free_port().map_err(|error| format!("no free port: {error}"))?;
        let log = folder.join("emulator.log");
        let output =
            File::create(&log).map_err(|error| format!("cannot write {log:?}: {error}"))?;
        let errors = output.try_clone().map_err(|error| error.to_string())?;
        let mut command = ministack.python();
        aws::pretend(&mut command)
            .arg(super::script("emulator.py"))
            .env("AWS_ENDPOINT_URL", endpoint(port))
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", Ipv4Addr::LOCALHOST.to_string())
            .env("SFN_WAIT_SCALE", WAIT_SCALE)
            .env("AUTH", (access != Access::Open).to_string())
            // The scripts' folder is part of the sources.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors);
        if access == Access::Chaos {
            command.env("SAGA_CHAOS", SEED);
        }
        let mut process = command
            .spawn()
            .map_err(|error| format!("cannot run the emulator: {error}"))?;
        let input = Mutex::new(process.stdin.take());
        let mut emulator = Self {
            process,
            input,
            port,
            log,
        };
        emulator.wait_until_up()?;
        Ok(emulator)
    }

    /// Points the command at this emulator.
    pub fn serve<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        aws::pretend(command).env("AWS_ENDPOINT_URL", endpoint(self.port))
    }

    /// Where it is.
    pub fn url(&self) -> String {
        endpoint(self.port)
    }

    /// Sends it a request.
    pub fn send(&self, request: &Request<'_>) -> Result<Response, String> {
        http::send(self.port, request)
    }

    /// Kills the process of the function that serves this request.
    pub fn kill(&self, request: &str) {
        let mut input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(input) = input.as_mut() {
            // If the emulator is gone, so is the process.
            let _ = writeln!(input, "{request}");
        }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn wait_until_up(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START_LIMIT;
        while Instant::now() < deadline {
            if is_healthy(self.port) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("the emulator ended ({status})\n{}", self.log()));
            }
            thread::sleep(POLL);
        }
        Err(format!("the emulator did not start\n{}", self.log()))
    }
}

impl Drop for Emulator {
    /// The end of its input tells the emulator to stop, and its functions with it.
    fn drop(&mut self) {
        let input = self.input.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop(input.take());
        // INVARIANT: `wait` kills what is still there; nothing is left to do if that fails.
        let _ = process::wait(&mut self.process, STOP_LIMIT);
    }
}

fn endpoint(port: u16) -> String {
    format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
}

fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn is_healthy(port: u16) -> bool {
    let request = Request {
        method: "GET",
        target: "/_ministack/health",
        headers: &[],
        body: "",
    };
    http::send(port, &request).is_ok_and(|response| response.status == 200)
}
