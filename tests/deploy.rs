//! From the generated template to a running system, with AWS's own tools: `sam build`,
//! `sam deploy` to an emulator of AWS on this machine, executions started through the
//! AWS API and served by the real bootstrap, `sam delete`.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};

use tools::emulator::Emulator;
use tools::pins::MINISTACK;
use tools::stack::{Execution, Stack};
use tools::subject::Subject;
use tools::trial::{Stop, trial};

/// A package that is deployed, and what is expected of it.
struct Deployment {
    package: &'static str,
    /// The number of functions; all are the one bootstrap.
    functions: usize,
    /// The logical id of the saga's state machine.
    machine: &'static str,
    /// The input of a case, from the value that decides how it ends.
    input: fn(&str) -> Value,
    /// Where the outcome is read: in the row whose key is this field of the input.
    row: Row,
    /// What must be found nowhere but in the execution's history.
    secrets: &'static [&'static str],
    cases: &'static [Case],
}

/// A saga's row.
struct Row {
    /// The logical id of its table.
    table: &'static str,
    /// The key, of the same name in the input.
    key: &'static str,
    /// The attribute that tells how the saga ended.
    outcome: &'static str,
}

/// An execution.
struct Case {
    /// The value that decides how the saga ends.
    input: &'static str,
    status: &'static str,
    /// The execution's error.
    error: Option<&'static str>,
    /// What its output tells, or the cause of its failure.
    tells: &'static str,
    /// The outcome in the saga's row.
    outcome: &'static str,
    /// The logical id of the queue that gets a message; every other one gets none.
    queue: &'static str,
    /// A state that is entered only if the saga took the expected path.
    passes: &'static str,
}

const DEPLOYMENTS: [Deployment; 1] = [Deployment {
    package: "fare-processing",
    functions: 3,
    machine: "FareProcessingStateMachine",
    input: fare,
    row: Row {
        table: "FaresTable",
        key: "fareId",
        outcome: "fareStatus",
    },
    secrets: &CARD,
    cases: &[
        Case {
            input: "3",
            status: "SUCCEEDED",
            error: None,
            tells: "ch_",
            outcome: "completed",
            queue: "SuccessfulTransactionsQueue",
            passes: "SetFareStatusCompleted",
        },
        Case {
            input: "4_fail_auth",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "PaymentAuthException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoRegisterFare",
        },
        Case {
            input: "4_fail_charge",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "PaymentChargeException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoRegisterFare",
        },
        Case {
            input: "4_fail_credit",
            status: "FAILED",
            error: Some("SagaCompensated"),
            tells: "AccountCreditException",
            outcome: "failed",
            queue: "FailedTransactionsQueue",
            passes: "UndoChargeFare",
        },
        Case {
            input: "4_fail_credit_fail_refund",
            status: "FAILED",
            error: Some("PaymentRefundException"),
            tells: "refund",
            outcome: "registered",
            queue: "ParkedQueue",
            passes: "UndoChargeFareParked",
        },
    ],
}];

/// A card that exists nowhere: its number, expiry date and code.
const CARD: [&str; 3] = ["4242424242424242", "11/79", "8675309"];

fn fare(customer: &str) -> Value {
    let [number, expiry, code] = CARD;
    json!({
        "customerId": customer,
        "fareId": format!("fare-of-{customer}"),
        "fareAmount": "$20.00",
        "cc": number,
        "expiryDate": expiry,
        "cvv": code,
    })
}

fn main() -> Result<ExitCode, String> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for deployment in &DEPLOYMENTS {
        trials.extend(trials_of(deployment)?);
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn trials_of(deployment: &'static Deployment) -> Result<[Trial; 2], String> {
    let package = deployment.package;
    let subject = Subject::new(package)?;
    let built = Arc::clone(&subject);
    Ok([
        trial(
            format!("{package}::sam_build_builds_one_bootstrap"),
            move || builds_one_bootstrap(deployment, &built),
        ),
        trial(format!("{package}::runs_where_sam_deploys_it"), move || {
            runs(deployment, &subject)
        }),
    ])
}

/// One call of the compiler; its one executable in every function's folder.
fn builds_one_bootstrap(deployment: &Deployment, subject: &Subject) -> Result<(), Stop> {
    let built = subject.built()?;
    let calls = built
        .log
        .matches("RustCargoLambdaBuilder:CargoLambdaBuild")
        .count();
    if calls != 1 {
        return Err(format!("expected one build, got {calls}\n{}", built.log).into());
    }
    let bootstraps = bootstraps(&built.folder)?;
    let executables: Vec<_> = bootstraps
        .iter()
        .map(fs::read)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("cannot read a bootstrap: {error}"))?;
    if executables.len() != deployment.functions {
        return Err(format!(
            "expected {} functions, got {bootstraps:?}",
            deployment.functions
        )
        .into());
    }
    if executables
        .windows(2)
        .any(|pair| pair.first() != pair.last())
    {
        return Err(format!("the functions differ: {bootstraps:?}").into());
    }
    Ok(())
}

fn bootstraps(build: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(build).map_err(|error| format!("{build:?}: {error}"))?;
    let folders = entries.collect::<Result<Vec<_>, _>>();
    let folders = folders.map_err(|error| format!("{build:?}: {error}"))?;
    let files = folders.iter().map(|folder| folder.path().join("bootstrap"));
    Ok(files.filter(|file| file.exists()).collect())
}

/// Deploys the package, runs every case, deletes the stack: all that went wrong.
fn runs(deployment: &Deployment, subject: &Subject) -> Result<(), Stop> {
    let ministack = MINISTACK.installed()?;
    let built = subject.built()?;
    let emulator = Emulator::start(ministack, &subject.folder("emulator")?)?;
    let stack = Stack::deploy(&emulator, deployment.package, &built.folder)?;
    let denied = stack.denied(deployment.machine)?;
    let mut wrong = left("its role denies", &denied);
    for case in deployment.cases {
        let input = (deployment.input)(case.input);
        let execution = stack.execute(deployment.machine, &input)?;
        wrong.extend(judge(deployment, case, &input, &execution));
    }
    wrong.extend(left("the deleted stack left", &stack.delete()?));
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

fn left(what: &str, names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("{what} {name}")).collect()
}

/// The expectations that the execution does not meet, and what it did instead.
fn judge(
    deployment: &Deployment,
    case: &Case,
    input: &Value,
    execution: &Execution,
) -> Option<String> {
    let passed = |name| execution.states.iter().any(|state| state == name);
    let told = execution.output.iter().chain(&execution.cause);
    let row = outcome(&deployment.row, input, execution);
    let kept = kept(execution);
    let messages = execution.messages.iter();
    let checks = [
        (case.status, execution.status == case.status),
        ("its error", execution.error.as_deref() == case.error),
        (
            case.tells,
            told.into_iter().any(|text| text.contains(case.tells)),
        ),
        (case.passes, passed(case.passes)),
        (case.outcome, row == Some(case.outcome)),
        (case.queue, execution.messages.contains_key(case.queue)),
        (
            "one message, in its queue",
            messages
                .into_iter()
                .all(|(queue, bodies)| bodies.len() == usize::from(queue == case.queue)),
        ),
        (
            "no secret kept",
            !deployment
                .secrets
                .iter()
                .any(|secret| kept.contains(secret)),
        ),
    ];
    let unmet = checks.iter().filter(|(_, holds)| !holds);
    let unmet: Vec<_> = unmet.map(|(expected, _)| *expected).collect();
    let said = || {
        format!(
            "{}: expected {}, got {execution}",
            case.input,
            unmet.join(", ")
        )
    };
    (!unmet.is_empty()).then(said)
}

/// The outcome that the saga's own row tells.
fn outcome<'e>(row: &Row, input: &Value, execution: &'e Execution) -> Option<&'e str> {
    let mut rows = execution.items.get(row.table)?.iter();
    let key = input.get(row.key);
    let mine = rows.find(|item| item.pointer(&format!("/{}/S", row.key)) == key)?;
    mine.pointer(&format!("/{}/S", row.outcome))?.as_str()
}

/// Everything that stays: rows, messages, logs, and what the execution tells.
fn kept(execution: &Execution) -> String {
    let Execution {
        items,
        messages,
        logs,
        output,
        cause,
        ..
    } = execution;
    format!("{items:?}{messages:?}{logs:?}{output:?}{cause:?}")
}
