//! The templates that `saga-cli generate` prints, put through AWS's own checks and
//! cfn-lint: none may find anything, not even a remark. Templates with one mistake
//! each show that every check would.

#[allow(dead_code, reason = "shared by suites that each use a part")]
mod tools;

#[path = "template/random.rs"]
mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;
use tempfile::TempDir;

use tools::pins::{CFN_LINT, CHECKOV, SAM, TOOLS};
use tools::process::{self, Ran};
use tools::subject::Subject;
use tools::trial::{Stop, trial};
use tools::{aws, script};

/// The packages whose templates are checked.
const PACKAGES: [&str; 4] = [
    "fare-collection",
    "fare-processing",
    "order-processing",
    "trip-booking",
];

/// The package whose sagas go by events.
const CHOREOGRAPHY: &str = "order-choreography";

/// A check of a template, with a folder for what it writes.
type Check = fn(template: &Path, folder: &Path) -> Result<(), Stop>;

const CHECKS: [(&str, Check); 7] = [
    ("checkov", checkov),
    ("cfn_lint", cfn_lint),
    ("cfn_lint_translated", cfn_lint_translated),
    ("cloudformation_validate", cloudformation_validate),
    (
        "cloudformation_validate_translated",
        cloudformation_validate_translated,
    ),
    ("sam_validate", sam_validate),
    ("sam_validate_lint", sam_validate_lint),
];

/// Most of it is spent on importing Python; a first run compiles that, too.
const LIMIT: Duration = Duration::from_secs(240);

fn main() -> Result<ExitCode, String> {
    let arguments = Arguments::from_args();
    let mut trials = vec![trial("every_pin_is_locked", every_pin_is_locked)];
    for package in PACKAGES {
        trials.extend(checks_of(&Subject::new(package)?));
    }
    let choreography = Subject::of_target(CHOREOGRAPHY, "choreography")?;
    trials.extend(checks_of(&choreography));
    trials.extend(random::trials());
    trials.extend(mistakes()?);
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn every_pin_is_locked() -> Result<(), Stop> {
    match TOOLS.iter().find(|tool| !tool.is_locked()) {
        Some(tool) => Err(format!("{}'s lock does not hold {}", tool.name, tool.pin).into()),
        None => Ok(()),
    }
}

fn checks_of(subject: &Arc<Subject>) -> Vec<Trial> {
    CHECKS
        .map(|(name, check)| {
            let subject = Arc::clone(subject);
            trial(format!("{}::{name}", subject.package), move || {
                check(subject.template()?, &subject.folder(name)?)
            })
        })
        .into()
}

/// No check fails: what does not hold is excepted in the template, with a reason.
fn checkov(template: &Path, _folder: &Path) -> Result<(), Stop> {
    let mut command = CHECKOV.installed()?.python_script("checkov");
    command.args(["--framework", "cloudformation", "--skip-download"]);
    command.args(["--compact", "--soft-fail", "--output", "json"]);
    let ran = run(command.arg("--file").arg(template))?.success()?;
    let report: Value = serde_json::from_str(&ran.stdout)
        .map_err(|error| ran.failure(&format!("answered no JSON: {error}")))?;
    let count = |what: &str| report.pointer(&format!("/summary/{what}"))?.as_u64();
    if count("parsing_errors") != Some(0) || count("resource_count").unwrap_or_default() == 0 {
        return Err(ran.failure("checked nothing").into());
    }
    let of = |what: &str| {
        let checks = report.pointer(&format!("/results/{what}"));
        checks
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let unexplained = of("skipped_checks");
    let unexplained = unexplained.into_iter().filter(|check| {
        let reason = check.pointer("/check_result/suppress_comment");
        let reason = reason.and_then(Value::as_str).unwrap_or_default();
        reason.trim().is_empty()
    });
    let told = |check: Value| {
        let field = |name: &str| check.get(name).cloned().unwrap_or_default();
        format!("{} {}", field("check_id"), field("resource"))
    };
    let wrong: Vec<_> = of("failed_checks")
        .into_iter()
        .chain(unexplained)
        .map(told)
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(wrong.join("\n").into())
}

fn cfn_lint(template: &Path, _folder: &Path) -> Result<(), Stop> {
    let mut command = CFN_LINT.installed()?.python_script("cfn-lint");
    command.args([
        "--format",
        "parseable",
        "--include-checks",
        "I",
        "--template",
    ]);
    Ok(run(command.arg(template))?.silent()?)
}

fn cfn_lint_translated(template: &Path, folder: &Path) -> Result<(), Stop> {
    cfn_lint(&translate(template, folder)?, folder)
}

fn cloudformation_validate(template: &Path, _folder: &Path) -> Result<(), Stop> {
    let mut command = CFN_LINT.installed()?.python();
    Ok(run(command.arg(script("validate.py")).arg(template))?.silent()?)
}

fn cloudformation_validate_translated(template: &Path, folder: &Path) -> Result<(), Stop> {
    let mut command = CFN_LINT.installed()?.python();
    let translated = translate(template, folder)?;
    let mut ran = run(command.arg(script("validate.py")).arg(translated))?;
    // SAM keeps versions when they are deleted, and says nothing of when they are replaced: they never are.
    let versions = |line: &str| line.starts_with("W3011 ") && line.contains("FunctionVersion");
    // It takes a parameter's default for what is written: a function's key is the parameter `KmsKeyArn`.
    let default = |line: &str| line.starts_with("W9002 ") && line.contains("'KmsKeyArn'");
    let own = |line: &&str| !versions(line) && !default(line);
    ran.stdout = ran
        .stdout
        .lines()
        .filter(own)
        .map(|line| format!("{line}\n"))
        .collect();
    Ok(ran.silent()?)
}

fn sam_validate(template: &Path, _folder: &Path) -> Result<(), Stop> {
    is_valid(run(sam()?.args(["validate", "--template"]).arg(template))?)
}

fn sam_validate_lint(template: &Path, _folder: &Path) -> Result<(), Stop> {
    is_valid(run(sam()?
        .args(["validate", "--lint", "--template"])
        .arg(template))?)
}

/// What the SAM translator makes of the template: plain CloudFormation.
fn translate(template: &Path, folder: &Path) -> Result<PathBuf, Stop> {
    let mut command = CFN_LINT.installed()?.python();
    let translated = run(command.arg(script("translate.py")).arg(template))?.success()?;
    let path = folder.join("translated.json");
    fs::write(&path, translated.stdout).map_err(|error| format!("{path:?}: {error}"))?;
    Ok(path)
}

fn sam() -> Result<Command, Stop> {
    Ok(SAM.installed()?.python_script("sam"))
}

fn run(command: &mut Command) -> Result<Ran, Stop> {
    run_within(command, LIMIT)
}

fn run_within(command: &mut Command, limit: Duration) -> Result<Ran, Stop> {
    Ok(process::run(aws::pretend(command), limit)?)
}

/// SAM says one line of praise and nothing else.
fn is_valid(ran: Ran) -> Result<(), Stop> {
    let ran = ran.success()?;
    let said = ran.stdout.trim();
    if said.contains("is a valid SAM Template") && said.lines().count() == 1 {
        return Ok(());
    }
    Err(ran.failure("has findings").into())
}

/// One test for each line `# CHECK: FINDING` at the head of each template with a
/// mistake: that check must end with that finding.
fn mistakes() -> Result<Vec<Trial>, String> {
    let folder = tools::workspace().join("tests/template/mistakes");
    let files = fs::read_dir(&folder).map_err(|error| format!("{folder:?}: {error}"))?;
    let mut trials = Vec::new();
    for file in files {
        let path = file.map_err(|error| error.to_string())?.path();
        let text = fs::read_to_string(&path).map_err(|error| format!("{path:?}: {error}"))?;
        for expected in text.lines().map_while(|line| line.strip_prefix("# ")) {
            trials.push(mistake(&path, expected)?);
        }
    }
    Ok(trials)
}

fn mistake(path: &Path, expected: &str) -> Result<Trial, String> {
    let (name, finding) = expected
        .split_once(": ")
        .ok_or_else(|| format!("{path:?}: `{expected}` is not `CHECK: FINDING`"))?;
    let (_, check) = CHECKS
        .into_iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("{path:?}: no check is named `{name}`"))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let (template, finding) = (path.to_owned(), finding.to_owned());
    Ok(trial(format!("mistake::{stem}::{name}"), move || {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))
            .map_err(|error| format!("cannot make a folder: {error}"))?;
        is_found(check(&template, folder.path()), &finding)
    }))
}

fn is_found(checked: Result<(), Stop>, finding: &str) -> Result<(), Stop> {
    match checked {
        Err(Stop::Failed(message)) if message.contains(finding) => Ok(()),
        Err(Stop::Failed(message)) => Err(format!("`{finding}` is not in\n{message}").into()),
        Err(unavailable) => Err(unavailable),
        Ok(()) => Err(format!("`{finding}` was not found").into()),
    }
}
