//! A package's saga.

use std::io::Write;

use saga_local::saga::{Prepared, mismatches};
use saga_local::verify::Trials;
use saga_verify::model::manifest;
use saga_verify::{Oracle, Verdict};

use super::handlers::RealHandlers;
use super::{Format, REPORT, Verify, unexpected};
use crate::command::run::input::fits;
use crate::command::run::package::{chosen, compile, parameters};
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
        Some(input) => {
            fits(
                &saga.name,
                &mismatches(&saga.input.schema, &input),
                verify.input.as_deref(),
            )?;
            vec![input]
        }
        None => manifest::inputs(saga),
    };
    let verdict = verify.explore(&definition.machine, &model, &inputs, REPORT)?;
    let test = match &verdict {
        Verdict::Broken(counterexample) => counterexample.test.clone(),
        Verdict::Holds(_) => None,
    };
    let exit = verify.show(&verdict, test.as_deref(), out)?;
    let input = match inputs.first() {
        Some(input) if verify.handlers && exit == Exit::Success => input,
        _ => return Ok(exit),
    };
    let parameters = parameters(&verify.parameters, &described)?;
    let prepared = Prepared::of(&described, &name, &compiled.definitions, &parameters);
    let prepared = prepared.map_err(|error| Failure::Usage {
        message: error.to_string(),
        help: "a parameter is given with `--parameter NAME=VALUE`".into(),
    })?;
    let oracle = Oracle::new(&definition.machine, &model, input)
        .map_err(|error| unexpected(&error.to_string()))?;
    let real = RealHandlers {
        manifest: &described,
        executable: &executable,
        trials: Trials {
            saga: &prepared,
            oracle: &oracle,
            input,
        },
    };
    real.run(verify.format == Format::Json, out)
}
