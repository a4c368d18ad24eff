//! A package's saga, run with its real handlers.

mod events;
mod input;
mod options;
mod play;
mod report;
pub(in crate::command) mod rows;
mod services;
mod session;

use std::io::Write;
use std::time::Instant;

use saga_asl::lint::did_you_mean;
use saga_compiler::Output;
use saga_local::saga::{PrepareError, Prepared};
use saga_manifest::Manifest;

pub(super) use options::PackageArguments;
pub(in crate::command) use options::{Pair, parameters};
pub(in crate::command) use services::Services;
pub(in crate::command) use session::{LAST_LINES, block_on, interrupts, print};

use super::Run;
use crate::command::generate::Target;
use crate::exit::{Exit, Failure};
use crate::package::{self, Package};
use crate::show::Tone;

pub(super) fn run(run: &Run, out: &mut dyn Write) -> Result<Exit, Failure> {
    let arguments = &run.of_package;
    let package = package::find(arguments.package.as_deref())?;
    let executable = package::build(&package)?;
    let started = Instant::now();
    let manifest = package::ask(&executable)?;
    let name = chosen(&manifest, arguments.saga.as_deref())?;
    let compiled = compile(&manifest, &package)?;
    let saga = prepare(&manifest, &name, &compiled, arguments)?;
    let faults = arguments.faults(&saga)?;
    for note in arguments.undeclared(&manifest) {
        eprintln!("{} {note}", Tone::Warning.paint("note:"));
    }
    let answers = arguments.answers(&saga)?;
    let input = input::read(run.input.as_deref(), &saga)?;
    let rows = rows::read(arguments.rows.as_deref(), &manifest)?;
    if arguments.target == Target::Choreography {
        arguments.needs_no_execution()?;
        let session = events::Session {
            run,
            manifest: &manifest,
            choreography: events::choreography(&manifest, &name, &package)?,
            saga,
            executable,
            rows,
            faults,
            started,
        };
        return session.run(&input, out);
    }
    let session = session::Session {
        run,
        manifest: &manifest,
        saga,
        executable,
        faults,
        answers,
        rows,
        started,
    };
    session.run(input, out)
}

/// The saga that was asked for, or the only one.
pub(in crate::command) fn chosen(
    manifest: &Manifest,
    asked: Option<&str>,
) -> Result<String, Failure> {
    let known: Vec<String> = manifest
        .sagas
        .iter()
        .map(|saga| saga.name.clone())
        .collect();
    let listed = || known.join(", ");
    match (asked, known.as_slice()) {
        (Some(name), known) if known.iter().any(|saga| saga == name) => Ok(name.to_owned()),
        (Some(name), known) => Err(Failure::Usage {
            message: format!("the package has no saga `{name}`"),
            help: match did_you_mean(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its sagas are {}", listed()),
            },
        }),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Failure::Usage {
            message: "the package has no sagas".into(),
            help: "name them in its main.rs: `saga_lambda::main!(YourSaga);`".into(),
        }),
        (None, _) => Err(Failure::Usage {
            message: format!("the package has several sagas: {}", listed()),
            help: "say which one: `--saga NAME`".into(),
        }),
    }
}

/// What a package compiles to.
pub(in crate::command) fn compile(
    manifest: &Manifest,
    package: &Package,
) -> Result<Output, Failure> {
    saga_compiler::compile(manifest, &options(&package.name, &package.binary))
        .map_err(|diagnostics| package::refused(&diagnostics, &package.workspace))
}

/// How a package is compiled that is run or compared here, and never written.
pub(in crate::command) fn options(package: &str, binary: &str) -> saga_compiler::Options {
    saga_compiler::Options {
        package: package.to_owned(),
        binary: binary.to_owned(),
        code_uri: ".".into(),
        architecture: saga_compiler::Architecture::default(),
        definitions: saga_compiler::Definitions::default(),
    }
}

fn prepare(
    manifest: &Manifest,
    name: &str,
    compiled: &Output,
    arguments: &PackageArguments,
) -> Result<Prepared, Failure> {
    let definitions = &compiled.definitions;
    let parameters = arguments.parameters(manifest)?;
    let prepared = Prepared::of(manifest, name, definitions, &parameters);
    prepared.map_err(|error| match &error {
        PrepareError::NoParameter { parameter, .. } => Failure::Usage {
            message: error.to_string(),
            help: format!("give it: `--parameter {parameter}=VALUE`"),
        },
        _ => Failure::Failed {
            message: error.to_string(),
            help: "this is a mistake of saga-cli: please report it".into(),
        },
    })
}
