//! A run: a package is deployed, its executions are judged, its stack is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use crate::judge::judge;
use crate::replay;
use crate::table::{Case, Deployment};
use crate::tools::emulator::{Access, Emulator};
use crate::tools::pins::MINISTACK;
use crate::tools::stack::Stack;
use crate::tools::subject::Subject;
use crate::tools::trial::Stop;

/// Deploys the package, runs every case, deletes the stack: all that went wrong.
pub fn runs(deployment: &Deployment, subject: &Subject) -> Result<(), Stop> {
    let built = subject.built()?;
    let emulator = emulator(&subject.folder("emulator")?)?;
    let stack = deploy(deployment, &emulator, deployment.package, &built.folder)?;
    let mut wrong = denied(&stack)?;
    wrong.extend(cases(deployment, &stack, deployment.cases.iter())?);
    wrong.extend((deployment.more)(&emulator, &stack)?);
    wrong.extend(remains(stack)?);
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

/// An emulator that enforces what functions and queues may do.
pub fn emulator(folder: &Path) -> Result<Emulator, Stop> {
    let emulator = Emulator::start(MINISTACK.installed()?, folder, Access::Granted);
    Ok(emulator?)
}

/// Deploys what was built, under a name.
pub fn deploy<'e>(
    deployment: &Deployment,
    emulator: &'e Emulator,
    name: &'static str,
    built: &Path,
) -> Result<Stack<'e>, Stop> {
    let parameters = deployment.parameters.iter();
    let parameters: Vec<_> = parameters.map(|&parameter| parameter.to_owned()).collect();
    Stack::deploy(emulator, name, built, &parameters)
}

/// What its state machines may not do, and do.
pub fn denied(stack: &Stack<'_>) -> Result<Vec<String>, Stop> {
    Ok(all("a role denies", &stack.denied()?))
}

/// What is left of it when it is deleted.
pub fn remains(stack: Stack<'_>) -> Result<Vec<String>, Stop> {
    Ok(all("the deleted stack left", &stack.delete()?))
}

fn all(what: &str, names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("{what} {name}")).collect()
}

/// Runs these cases: what went wrong.
pub fn cases<'c>(
    deployment: &Deployment,
    stack: &Stack<'_>,
    cases: impl Iterator<Item = &'c Case>,
) -> Result<Vec<String>, Stop> {
    let cases: Vec<_> = cases.collect();
    let starts = cases
        .iter()
        .map(|case| (case.machine, (deployment.input)(case.input)));
    let starts: Vec<_> = starts.collect();
    if starts.is_empty() {
        return Ok(Vec::new());
    }
    let executions = stack.execute(&starts)?;
    let definitions = stack.definitions()?;
    let mut wrong = Vec::new();
    for ((case, (machine, input)), execution) in cases.iter().zip(&starts).zip(&executions) {
        wrong.extend(judge(deployment, case, input, execution));
        let definition = definitions.get(*machine);
        let definition = definition.ok_or_else(|| format!("no {machine} was deployed"))?;
        let difference = replay::difference(definition, input, execution)?;
        wrong.extend(difference.map(|difference| format!("{}: {difference}", case.input)));
    }
    Ok(wrong)
}

/// As many calls of the compiler as there have to be; their one executable in every function's folder.
pub fn builds_one_bootstrap(deployment: &Deployment, subject: &Subject) -> Result<(), Stop> {
    let built = subject.built()?;
    let calls = built.log.matches("RustCargoLambdaBuilder:CargoLambdaBuild");
    let calls = calls.count();
    let builds = deployment.builds;
    if calls != builds {
        return Err(format!("expected {builds} builds, got {calls}\n{}", built.log).into());
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
