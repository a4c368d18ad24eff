//! An AWS on this machine, for as long as the value lives.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::aws;
use super::process;
use super::provision::Installed;

/// It is up in a second or two on an idle machine.
const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(10);
/// Retries wait a hundredth of their interval.
const WAIT_SCALE: &str = "0.01";
const POLL: Duration = Duration::from_millis(100);

/// A running emulator: its own port, its own state, gone with the value.
pub struct Emulator {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Emulator {
    /// Starts one that keeps its files in `folder`, and waits until it answers.
    pub fn start(ministack: &Installed, folder: &Path) -> Result<Self, String> {
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
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors);
        let process = command
            .spawn()
            .map_err(|error| format!("cannot run the emulator: {error}"))?;
        let mut emulator = Self { process, port, log };
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
        drop(self.process.stdin.take());
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
    health(port).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn health(port: u16) -> std::io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, POLL)?;
    stream.set_read_timeout(Some(START_LIMIT))?;
    let request = "GET /_ministack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
