//! A package's saga.

use std::io::Write;

use saga_verify::Verdict;
use saga_verify::model::manifest;

use super::progress::Progress;
use super::{Verify, impossible, unexpected};
use crate::command::run::package::{chosen, compile};
use crate::exit::{Exit, Failure};
use crate::package;

pub(super) fn verify(verify: &Verify, out: &mut dyn Write) -> Result<Exit, Failure> {
    let package = package::find(verify.package.as_deref())?;
    let executable = package::build(&package)?;
    let described = package::ask(&executable)?;
    let name = chosen(&described, verify.saga.as_deref())?;
    let compiled = compile(&described, &package)?;
    let saga = described.sagas.iter().find(|saga| saga.name == name);
    let definition = compiled
        .definitions
        .iter()
        .find(|definition| definition.saga == name);
    let (Some(saga), Some(definition)) = (saga, definition) else {
        return Err(unexpected(&format!("`{name}` was not compiled")));
    };
    let model = manifest::model(&described, saga, &definition.machine);
    let inputs = match verify.given()? {
        Some(input) => vec![input],
        None => manifest::inputs(saga),
    };
    let mut progress = Progress::default();
    let verdict = saga_verify::verify(
        &definition.machine,
        &model,
        &inputs,
        verify.options(),
        &mut |steps, states| progress.tell(steps, states),
    );
    progress.end();
    let verdict = verdict
        .map_err(|error| impossible(&error, "this is a mistake of saga-cli: please report it"))?;
    let test = match &verdict {
        Verdict::Broken(counterexample) => counterexample.test.clone(),
        Verdict::Holds(_) => None,
    };
    verify.show(&verdict, test.as_deref(), out)
}
