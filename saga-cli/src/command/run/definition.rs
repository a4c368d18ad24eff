//! A definition, run with mocks.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use saga_asl::document;
use saga_asl::model::StateMachine;
use saga_asl::syntax::{self, Format};
use saga_engine::execution::{Identity, Settings};
use saga_engine::program::Program;
use saga_local::drive::{Buckets, Clock, RealClock, VirtualClock, drive};
use saga_local::mock::{MockConfig, Mocks, TestCase};

use super::progress::Progress;
use super::verdict::Verdict;
use super::{Run, input};
use crate::exit::{Exit, Failure};

pub(in crate::command) use super::input::text as read;

pub(super) fn run(definition: &Path, run: &Run, out: &mut dyn Write) -> Result<Exit, Failure> {
    let name = machine_name(definition);
    let program = Arc::new(compile(definition)?);
    let input = input::read(run.input.as_deref())?;
    let mut mocks = Mocks::new(test_case(run, &name)?, buckets(run));
    let identity = Identity {
        machine: name.as_str().into(),
        ..Identity::default()
    };
    let settings = Settings {
        execution_type: run.execution_type.into(),
        seed: run.seed,
        identity,
        ..Settings::default()
    };
    let mut clock: Box<dyn Clock> = match run.real_time {
        true => Box::new(RealClock),
        false => Box::new(VirtualClock(RealClock.now())),
    };
    let quiet = run.presentation.json || run.presentation.history;
    let mut progress = Progress::new(out, quiet);
    let watch = &mut |events: &[_]| progress.show(events);
    let (execution, outcome) = drive(program, settings, input, &mut mocks, &mut *clock, watch)
        .map_err(|error| Failure::Failed {
            help: match run.mock {
                Some(_) => error.help,
                None => "give the answers of services with `--mock FILE`".to_owned(),
            },
            message: error.message,
        })?;
    progress.written()?;
    let verdict = Verdict {
        outcome: &outcome,
        execution: &execution,
    };
    verdict.write(run.presentation, out)?;
    Ok(verdict.exit())
}

/// The file's name without its endings.
pub(in crate::command) fn machine_name(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".asl").unwrap_or(&name);
    if name == "-" {
        "stdin".to_owned()
    } else {
        name.to_owned()
    }
}

fn compile(path: &Path) -> Result<Program, Failure> {
    let machine = machine(path)?;
    Program::compile(&machine).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        refused(path, &errors)
    })
}

/// The one state machine that a file holds.
pub(in crate::command) fn machine(path: &Path) -> Result<StateMachine, Failure> {
    let text = input::text(path)?;
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ => Format::guess(&text),
    };
    let tree = syntax::parse(&text, format);
    if let Some(error) = tree.errors.first() {
        return Err(refused(path, std::slice::from_ref(&error.message)));
    }
    let document = document::read(&text, &tree);
    let [definition] = document.definitions.as_slice() else {
        let count = document.definitions.len();
        return Err(refused(
            path,
            &[format!("it holds {count} state machines, not one")],
        ));
    };
    StateMachine::from_value(&definition.root.to_value()).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        refused(path, &errors)
    })
}

fn refused(path: &Path, errors: &[String]) -> Failure {
    let path = path.display();
    Failure::Failed {
        message: format!("`{path}` cannot run: {}", errors.join("; ")),
        help: format!("`saga-cli validate {path}` explains all that is wrong with it"),
    }
}

fn test_case(run: &Run, machine: &str) -> Result<TestCase, Failure> {
    let Some(mock) = &run.mock else {
        return Ok(TestCase::default());
    };
    let file = mock.file.display();
    let config = MockConfig::parse(&input::text(&mock.file)?);
    let case = config.and_then(|config| config.test_case(machine, mock.test_case.as_deref()));
    case.map_err(|error| Failure::Usage {
        message: format!("in `{file}`, {error}"),
        help: format!("name a test case: `--mock {file}#TESTCASE`"),
    })
}

fn buckets(run: &Run) -> Buckets {
    let mut buckets = Buckets::default();
    for bucket in &run.buckets {
        buckets.add(&bucket.name, &bucket.folder);
    }
    buckets
}
