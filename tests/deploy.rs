//! From the generated template to a running system, with AWS's own tools: `sam build`,
//! `sam deploy` to an emulator of AWS on this machine, executions started through the
//! AWS API and served by the real bootstrap, `sam delete`.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

#[path = "deploy/table.rs"]
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

use table::{Case, DEPLOYMENTS, Deployment, Row};
use tools::emulator::Emulator;
use tools::pins::MINISTACK;
use tools::stack::{Execution, Stack};
use tools::subject::Subject;
use tools::trial::{Stop, trial};

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
    let calls = built.log.matches("RustCargoLambdaBuilder:CargoLambdaBuild");
    let calls = calls.count();
    if calls != 1 {
        return Err(format!("expected one build, got {calls}\n{}", built.log).into());
    }
    let bootstraps = bootstraps(&built.folder)?;
    let functions = deployment.functions;
    if bootstraps.len() != functions {
        return Err(format!("expected {functions} functions, got {bootstraps:?}").into());
    }
    match bootstraps.iter().find(|file| !is_same(file, &bootstraps)) {
        Some(file) => Err(format!("{file:?} is not as the others").into()),
        None => Ok(()),
    }
}

/// Whether the file has the bytes of the first.
fn is_same(file: &Path, bootstraps: &[PathBuf]) -> bool {
    let first = bootstraps.first().map(fs::read);
    first.is_some_and(
        |first| matches!((first, fs::read(file)), (Ok(one), Ok(other)) if one == other),
    )
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

/// What the execution was expected to do and did not, and what it did instead.
fn judge(
    deployment: &Deployment,
    case: &Case,
    input: &Value,
    execution: &Execution,
) -> Option<String> {
    let expected = expectations(deployment, case, input, execution);
    let unmet = expected.iter().filter(|(_, is_met)| !is_met);
    let unmet: Vec<_> = unmet.map(|(what, _)| *what).collect();
    (!unmet.is_empty()).then(|| {
        let (case, unmet) = (case.input, unmet.join(", "));
        format!("{case}: expected {unmet}, got {execution}")
    })
}

fn expectations<'c>(
    deployment: &Deployment,
    case: &'c Case,
    input: &Value,
    execution: &Execution,
) -> [(&'c str, bool); 8] {
    let Execution {
        states, messages, ..
    } = execution;
    let mut told = execution.output.iter().chain(&execution.cause);
    let row = outcome(&deployment.row, input, execution);
    let due = |queue: &String| usize::from(queue == case.queue);
    let kept = kept(execution);
    [
        (case.status, execution.status == case.status),
        ("its error", execution.error.as_deref() == case.error),
        (case.tells, told.any(|text| text.contains(case.tells))),
        (case.passes, states.iter().any(|state| state == case.passes)),
        (case.outcome, row == Some(case.outcome)),
        (case.queue, messages.contains_key(case.queue)),
        (
            "one message in all",
            messages
                .iter()
                .all(|(queue, bodies)| bodies.len() == due(queue)),
        ),
        (
            "no secret kept",
            !deployment
                .secrets
                .iter()
                .any(|secret| kept.contains(secret)),
        ),
    ]
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
