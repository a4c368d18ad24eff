//! `saga-cli run --endpoint-url`, through the AWS SDK, on an emulator of AWS: over HTTP, and over HTTPS.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

#[path = "endpoint/tls.rs"]
mod tls;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::Arguments;
use serde_json::{Value, json};

use tls::Tls;
use tools::emulator::{Access, Emulator};
use tools::pins::MINISTACK;
use tools::trial::{Stop, trial};

fn main() -> ExitCode {
    let trials = vec![
        trial("a_saga_runs_on_services_over_http", over_http),
        trial("a_saga_runs_on_services_over_https", over_https),
        trial("a_certificate_that_nobody_trusts_is_refused", untrusted),
        trial("services_that_are_not_there_are_told", unreachable),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What a run ended with.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a fare of this customer on the services at a URL, trusting one certificate.
fn run(url: &str, customer: &str, certificate: Option<&Path>) -> Result<Ran, Stop> {
    let fare = json!({
        "customerId": customer, "fareId": format!("fare-{customer}"), "fareAmount": "$20.00",
        "cc": "tok_card", "expiryDate": "tok_expiry", "cvv": "tok_cvv",
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
    tools::aws::pretend(&mut command)
        .args(["run", "-p", "fare-processing", "--input", "-", "--json"])
        .args(["--endpoint-url", url])
        .current_dir(tools::workspace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(certificate) = certificate {
        command.env("SSL_CERT_FILE", certificate);
    }
    let told = |error: std::io::Error| Stop::Failed(error.to_string());
    let mut child = command.spawn().map_err(told)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(fare.to_string().as_bytes()).map_err(told)?;
    }
    let output = child.wait_with_output().map_err(told)?;
    Ok(Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Two fares on services where nothing was: one is completed, one compensated. Each leaves its row and its
/// message.
fn check(url: &str, certificate: Option<&Path>) -> Result<(), Stop> {
    for (customer, code, outcome, status, queue) in [
        ("3", 0, "completed", "completed", "SuccessfulTransactions"),
        (
            "3_fail_credit",
            3,
            "compensated",
            "failed",
            "FailedTransactions",
        ),
    ] {
        let ran = run(url, customer, certificate)?;
        let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        let at = |pointer: &str| report.pointer(pointer).cloned().unwrap_or_default();
        let rows = at("/tables/Fares");
        let mut rows = rows.as_array().into_iter().flatten();
        let row = rows.find(|row| row.get("fareId") == Some(&json!(format!("fare-{customer}"))));
        let found = json!([
            ran.code,
            at("/outcome"),
            row.and_then(|row| row.get("fareStatus")),
            at(&format!("/queues/{queue}")).as_array().map(Vec::len),
        ]);
        let expected = json!([code, outcome, status, 1]);
        if found != expected {
            let Ran { stdout, stderr, .. } = ran;
            return Err(format!("{customer}: {found}, not {expected}\n{stdout}\n{stderr}").into());
        }
    }
    Ok(())
}

fn emulator(folder: &Path) -> Result<Emulator, Stop> {
    Ok(Emulator::start(
        MINISTACK.installed()?,
        folder,
        Access::Open,
    )?)
}

fn folder() -> Result<tempfile::TempDir, Stop> {
    tempfile::tempdir().map_err(|error| Stop::Failed(error.to_string()))
}

fn over_http() -> Result<(), Stop> {
    let folder = folder()?;
    check(&emulator(folder.path())?.url(), None)
}

fn over_https() -> Result<(), Stop> {
    let folder = folder()?;
    let emulator = emulator(folder.path())?;
    let tls = Tls::before(port(&emulator.url()), folder.path())?;
    check(&tls.url(), Some(&tls.certificate))
}

fn untrusted() -> Result<(), Stop> {
    let folder = folder()?;
    // Nobody needs to be behind a certificate that is refused.
    let tls = Tls::before("1", folder.path())?;
    refused(
        &tls.url(),
        &["cannot be reached", "certificate", "`SSL_CERT_FILE` names"],
    )
}

fn unreachable() -> Result<(), Stop> {
    refused(
        "http://127.0.0.1:1",
        &[
            "`http://127.0.0.1:1` cannot be reached",
            "Connection refused",
        ],
    )
}

fn port(url: &str) -> &str {
    url.rsplit(':').next().unwrap_or_default()
}

/// The run ends with 1 before anything is printed, and says these words.
fn refused(url: &str, words: &[&str]) -> Result<(), Stop> {
    let ran = run(url, "3", None)?;
    let said = words.iter().all(|word| ran.stderr.contains(word));
    match (ran.code, ran.stdout.as_str(), said) {
        (Some(1), "", true) => Ok(()),
        _ => Err(format!("{:?}\n{}\n{}", ran.code, ran.stdout, ran.stderr).into()),
    }
}
