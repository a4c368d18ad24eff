//! Templates that are deliberately broken: for each the run has to fail, and to name what is wrong.
//!
//! What is broken is the template that `sam build` made, for nobody writes by hand what `generate` prints; the
//! mistakes are those that people make who do.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::fares::DEPLOYMENT;
use crate::run;
use crate::tools::emulator::Emulator;
use crate::tools::subject::Subject;
use crate::tools::trial::{Stop, trial};

/// A mistake in the template of fare processing.
struct Breakage {
    /// Its name, and that of its stack.
    name: &'static str,
    /// The resource that has it.
    resource: &'static str,
    /// What stands there, once.
    from: &'static str,
    /// What stands there now.
    to: &'static str,
    /// The step of the run that fails.
    step: Step,
    /// What the run's error says.
    tells: &'static str,
}

/// A step of the run.
enum Step {
    /// IAM is asked about each call in the definitions.
    Policies,
    /// The case of this input is run.
    Case(&'static str),
    /// The stack is deleted.
    Deletion,
}

const BREAKAGES: [Breakage; 10] = [
    Breakage {
        name: "machine-without-permission",
        resource: "FareProcessingStateMachineRole",
        from: "            - dynamodb:UpdateItem\n",
        to: "",
        step: Step::Policies,
        tells: "dynamodb:UpdateItem on",
    },
    Breakage {
        name: "permission-on-another-table",
        resource: "FareProcessingStateMachineRole",
        from: "              - FaresTable\n",
        to: "              - FenceTable\n",
        step: Step::Policies,
        tells: "dynamodb:PutItem on",
    },
    Breakage {
        name: "function-without-permission",
        resource: "ChargeFareFunctionRole",
        from: "            - dynamodb:PutItem\n",
        to: "            - dynamodb:GetItem\n",
        step: Step::Case("3"),
        tells: "is not authorized to perform: dynamodb:PutItem",
    },
    Breakage {
        name: "wrong-handler",
        resource: "ChargeFareFunction",
        from: "Handler: ChargeFare\n",
        to: "Handler: ChargeFares\n",
        step: Step::Case("3"),
        tells: "SagaUnknownHandler",
    },
    Breakage {
        name: "swapped-substitutions",
        resource: "FareProcessingStateMachine",
        from: "Ref: RefundFareFunction.Alias",
        to: "Ref: UpdateAccountFunction.Alias",
        step: Step::Case("4_fail_credit"),
        tells: "expected Some(\"SagaCompensated\")",
    },
    Breakage {
        name: "missing-substitution",
        resource: "FareProcessingStateMachine",
        from: "        ParkedQueueUrl:\n          Ref: ParkedQueue\n",
        to: "",
        step: Step::Policies,
        tells: "${ParkedQueueUrl}",
    },
    Breakage {
        name: "wrong-filter",
        resource: "FailedTransactionsQueueSubscription",
        from: "'false'",
        to: "'true'",
        step: Step::Case("4_fail_auth"),
        tells: "one message, in Some(\"FailedTransactionsQueue\")",
    },
    Breakage {
        name: "filter-on-another-attribute",
        resource: "SuccessfulTransactionsQueueSubscription",
        from: "IsSuccessful:",
        to: "IsSuccess:",
        step: Step::Case("3"),
        tells: "one message, in Some(\"SuccessfulTransactionsQueue\")",
    },
    Breakage {
        name: "misspelled-error",
        resource: "FareProcessingStateMachine",
        from: "- AccountCreditException\n",
        to: "- AccountCreditError\n",
        step: Step::Case("4_fail_credit"),
        tells: "expected Some(\"SagaCompensated\")",
    },
    Breakage {
        name: "table-is-kept",
        resource: "FaresTable",
        from: "DeletionPolicy: Delete",
        to: "DeletionPolicy: Retain",
        step: Step::Deletion,
        tells: "the deleted stack left table-is-kept-FaresTable",
    },
];

/// A trial a breakage; all on one emulator.
pub fn trials(subject: &Arc<Subject>) -> impl Iterator<Item = Trial> {
    let emulator: Arc<OnceLock<Result<Emulator, Stop>>> = Arc::default();
    let subject = Arc::clone(subject);
    BREAKAGES.iter().map(move |breakage| {
        let (subject, emulator) = (Arc::clone(&subject), Arc::clone(&emulator));
        trial(format!("broken::{}", breakage.name), move || {
            let emulator = emulator.get_or_init(|| run::emulator(&subject.folder("broken")?));
            found(breakage, &subject, emulator.as_ref().map_err(Clone::clone)?)
        })
    })
}

/// Whether a run of the broken template fails as it has to.
fn found(breakage: &Breakage, subject: &Subject, emulator: &Emulator) -> Result<(), Stop> {
    let built = &subject.built()?.folder;
    let broken = broken(breakage, built)?;
    let stack = run::deploy(&DEPLOYMENT, emulator, breakage.name, broken.path())?;
    let wrong = match breakage.step {
        Step::Policies => run::denied(&stack)?,
        Step::Case(input) => {
            let cases = DEPLOYMENT.cases.iter().filter(|case| case.input == input);
            run::cases(&DEPLOYMENT, &stack, cases)?
        }
        Step::Deletion => run::remains(stack)?,
    };
    match wrong.iter().any(|wrong| wrong.contains(breakage.tells)) {
        true => Ok(()),
        false => Err(format!(
            "expected a run that fails with `{}`, got {wrong:?}",
            breakage.tells
        )
        .into()),
    }
}

/// The built folder with a broken template.
fn broken(breakage: &Breakage, built: &Path) -> Result<TempDir, String> {
    let read = fs::read_to_string(built.join("template.yaml"));
    let template = read.map_err(|error| format!("{built:?}: {error}"))?;
    let template = edited(breakage, &template)
        .ok_or_else(|| format!("{} is not to be found in the template", breakage.name))?;
    let in_place = || -> std::io::Result<TempDir> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        fs::write(folder.path().join("template.yaml"), template)?;
        for entry in fs::read_dir(built)? {
            let path: PathBuf = entry?.path();
            if let (true, Some(name)) = (path.is_dir(), path.file_name()) {
                std::os::unix::fs::symlink(&path, folder.path().join(name))?;
            }
        }
        Ok(folder)
    };
    in_place().map_err(|error| format!("{}: {error}", breakage.name))
}

/// The template with the mistake, where it can be made: in the resource, at the first place.
fn edited(breakage: &Breakage, template: &str) -> Option<String> {
    let head = format!("\n  {}:\n", breakage.resource);
    let start = template.find(&head)? + head.len();
    let (before, rest) = template.split_at_checked(start)?;
    let mut lines = rest.match_indices('\n');
    let is_next = |at: usize| {
        rest.get(at + 1..)
            .is_some_and(|rest| !rest.starts_with("   ") && !rest.is_empty())
    };
    let end = lines.find(|(at, _)| is_next(*at));
    let (resource, after) = rest.split_at_checked(end.map_or(rest.len(), |(at, _)| at))?;
    let broken = resource.replacen(breakage.from, breakage.to, 1);
    (broken != resource).then(|| format!("{before}{broken}{after}"))
}
