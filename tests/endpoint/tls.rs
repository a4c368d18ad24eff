//! TLS in front of a server, with a certificate of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::tools::process;
use crate::tools::trial::Stop;

/// How long a program has to start, or to end.
const LIMIT: Duration = Duration::from_secs(30);

/// A listener that speaks TLS; it ends with the value.
pub struct Tls {
    forwarder: Child,
    port: String,
    /// The certificate, which nobody trusts unasked.
    pub certificate: PathBuf,
}

impl Tls {
    /// Listens for the server at `port`, with its files in `folder`.
    pub fn before(port: &str, folder: &Path) -> Result<Self, Stop> {
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        issue(&certificate, &key)?;
        let mut forwarder = Command::new("python3")
            .arg(crate::tools::script("tls.py"))
            .args([&certificate, &key])
            .arg(port)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Stop::Unavailable(format!("cannot run python3: {error}")))?;
        let mut port = String::new();
        if let Some(said) = forwarder.stdout.take() {
            let read = BufReader::new(said).read_line(&mut port);
            read.map_err(|error| error.to_string())?;
        }
        Ok(Self {
            forwarder,
            port: port.trim().to_owned(),
            certificate,
        })
    }

    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }
}

impl Drop for Tls {
    /// The end of its input tells the forwarder to stop.
    fn drop(&mut self) {
        drop(self.forwarder.stdin.take());
        // INVARIANT: `wait` kills what is still there; nothing is left to do if that fails.
        let _ = process::wait(&mut self.forwarder, LIMIT);
    }
}

/// A certificate for this machine that is valid for a day.
fn issue(certificate: &Path, key: &Path) -> Result<(), Stop> {
    let mut command = Command::new("openssl");
    command
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
        ])
        .args(["-subj", "/CN=127.0.0.1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(key)
        .arg("-out")
        .arg(certificate);
    if command.output().is_err() {
        return Err(Stop::Unavailable("openssl is not there".into()));
    }
    match certificate.is_file() {
        true => Ok(()),
        false => Err(format!("openssl wrote no certificate: {command:?}").into()),
    }
}
