//! The definitions in our templates, put through the public linters of the Amazon
//! States Language: each accepts them. Definitions with one mistake each show that
//! every linter would refuse one.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};

use tools::pins::{ASL_VALIDATOR, CFN_LINT, LANGUAGE_SERVICE, STATELINT};
use tools::process::{self, Ran};
use tools::script;
use tools::subject::Subject;
use tools::trial::{Stop, trial};

/// The packages whose definitions are linted, with how many they are: each saga has its recovery beside it, and what
/// starts it under its business key.
const PACKAGES: [(&str, usize); 4] = [
    ("fare-collection", 6),
    ("fare-processing", 2),
    ("order-processing", 2),
    ("trip-booking", 4),
];

/// A linter's verdict on a definition.
type Lint = fn(definition: &Path) -> Result<(), Stop>;

const LINTERS: [(&str, Lint); 3] = [
    ("statelint", statelint),
    ("asl_validator", asl_validator),
    ("language_service", language_service),
];

/// Definitions with a mistake, and what each linter says of it; the order is that
/// of [`LINTERS`].
const MISTAKES: [(&str, [&str; 3]); 2] = [
    (
        "dangling_next",
        [
            "No state found named \"Charge\"",
            "Missing 'StartAt'|'Next'|'Default' target: Charge",
            "must be the name of an existing state",
        ],
    ),
    (
        "unreachable_state",
        [
            "No transition found to state",
            "State Refund is not reachable",
            "The state cannot be reached",
        ],
    ),
];

const LIMIT: Duration = Duration::from_secs(120);

fn main() -> Result<ExitCode, String> {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for (package, count) in PACKAGES {
        trials.extend(lints_of(&Subject::new(package)?, count));
    }
    for (name, findings) in MISTAKES {
        trials.extend(lints_of_mistake(name, findings));
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn lints_of(subject: &Arc<Subject>, count: usize) -> Vec<Trial> {
    LINTERS
        .map(|(name, lint)| {
            let subject = Arc::clone(subject);
            trial(format!("{}::{name}", subject.package), move || {
                let definitions = definitions(&subject, &subject.folder(name)?)?;
                if definitions.len() != count {
                    return Err(format!("expected {count}, got {definitions:?}").into());
                }
                definitions.iter().try_for_each(|path| lint(path))
            })
        })
        .into()
}

fn lints_of_mistake(mistake: &'static str, findings: [&'static str; 3]) -> Vec<Trial> {
    let folder = tools::workspace().join("tests/linters/mistakes");
    let path = folder.join(format!("{mistake}.asl.json"));
    LINTERS
        .into_iter()
        .zip(findings)
        .map(|((name, lint), finding)| {
            let path = path.clone();
            trial(format!("mistake::{mistake}::{name}"), move || {
                match lint(&path) {
                    Err(Stop::Failed(message)) if message.contains(finding) => Ok(()),
                    Err(Stop::Failed(message)) => {
                        Err(format!("`{finding}` is not in\n{message}").into())
                    }
                    Err(unavailable) => Err(unavailable),
                    Ok(()) => Err(format!("`{finding}` was not found").into()),
                }
            })
        })
        .collect()
}

/// The definitions as they stand in the template.
fn definitions(subject: &Subject, folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut command = CFN_LINT.installed()?.python();
    command
        .arg(script("definitions.py"))
        .arg(subject.template()?)
        .arg(folder);
    let written = run(&mut command)?.success()?;
    Ok(written.stdout.lines().map(PathBuf::from).collect())
}

fn statelint(definition: &Path) -> Result<(), Stop> {
    let mut command = STATELINT.installed()?.python_script("statelint");
    let ran = run(command.arg(definition))?;
    let mut lines = ran.stdout.lines().chain(ran.stderr.lines());
    if lines.any(|line| !line.trim().is_empty() && !line.ends_with("errors:") && !is_excused(line))
    {
        return Err(ran.failure("has findings").into());
    }
    Ok(())
}

/// statelint knows no expressions in the `Seconds` of a Wait state, where the language has them (Amazon
/// States Language, "Wait State": `Seconds` may be a JSONata string).
fn is_excused(line: &str) -> bool {
    line == "One error:"
        || line.contains(".Seconds is \"{%") && line.ends_with("but should be an Integer")
}

fn asl_validator(definition: &Path) -> Result<(), Stop> {
    let linter = ASL_VALIDATOR.installed()?;
    let program = linter
        .packages()
        .join("asl-validator/dist/bin/asl-validator.js");
    let mut command = linter.node();
    run(command.arg(program).arg("--json-path").arg(definition))?.success()?;
    Ok(())
}

fn language_service(definition: &Path) -> Result<(), Stop> {
    let mut command = LANGUAGE_SERVICE.installed()?.node();
    Ok(run(command.arg(script("language_service.cjs")).arg(definition))?.silent()?)
}

fn run(command: &mut Command) -> Result<Ran, Stop> {
    Ok(process::run(command, LIMIT)?)
}
