//! `--in-flight`: executions that were started before a deployment, and end after it.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use saga_compiler::diff::{Change, Deployed, Effect, diff};
use saga_compiler::yaml::Yaml;
use saga_local::saga::mismatches;
use saga_verify::model::manifest;
use saga_verify::model::newer::{self, Fits};
use serde_json::{Value, json};

use super::{Format, REPORT, Verify, unexpected};
use crate::command::diff::side;
use crate::command::run::package::{chosen, compile, options};
use crate::exit::{Exit, Failure};
use crate::package;

/// Explores the old definition, with the new code behind the aliases that it calls; what no exploration of it can
/// see, a role, a store, the recovery, is compared as `diff` does.
pub(super) fn verify(verify: &Verify, old: &str, out: &mut dyn Write) -> Result<Exit, Failure> {
    let package = package::find(verify.package.as_deref())?;
    let before = side::manifest(old, Some(&package.name))?;
    let new = package::ask(&package::build(&package)?)?;
    let name = chosen(&before, verify.saga.as_deref())?;
    let compiled = compile(&before, &package)?;
    let saga = before.sagas.iter().find(|saga| saga.name == name);
    let mut definitions = compiled.definitions.iter();
    let definition = definitions.find(|definition| definition.saga == name);
    let (Some(saga), Some(definition)) = (saga, definition) else {
        return Err(unexpected(&format!("`{name}` was not compiled")));
    };
    let mut model = manifest::model(&before, saga, &definition.machine);
    let fits: Arc<Fits> = Arc::new(|schema, input| {
        let found = mismatches(schema, input).into_iter();
        found.map(|mismatch| mismatch.to_string()).collect()
    });
    let aliases = through_alias(&compiled.template);
    newer::apply(&mut model, &definition.machine, &aliases, &new, &fits);
    let inputs = match verify.given()? {
        Some(input) => vec![input],
        None => manifest::inputs(saga),
    };
    let verdict = verify.explore(&definition.machine, &model, &inputs, REPORT)?;
    let deployed = |manifest| {
        Deployed::of_manifest(manifest, &options(&package.name, &package.binary))
            .map_err(|diagnostics| package::refused(&diagnostics, &package.workspace))
    };
    let mut changes = diff(&deployed(&before)?, &deployed(&new)?);
    changes.retain(|change| change.effect == Effect::Strands);
    let exit = match verify.format {
        Format::Human => {
            writeln!(
                out,
                "executions that `{old}` started, with what undoes them as it is now\n"
            )?;
            let exit = verify.show(&verdict, None, out)?;
            stranded(&changes, out)?;
            exit
        }
        Format::Json => {
            let both = json!({ "executionsInFlight": verdict, "strands": changes });
            serde_json::to_writer_pretty(&mut *out, &both).map_err(io::Error::from)?;
            writeln!(out)?;
            verify.show(&verdict, None, &mut io::sink())?
        }
    };
    Ok(match changes.is_empty() {
        true => exit,
        false => Exit::Failure,
    })
}

/// What `diff` finds that strands executions, whatever they come to.
fn stranded(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return writeln!(
            out,
            "\nand nothing around the state machine strands one: its role, what it names, what recovers it"
        );
    }
    writeln!(out, "\nwhat around the state machine strands them")?;
    for change in changes {
        writeln!(
            out,
            "  [{}] {}: {}",
            change.code, change.resource, change.message
        )?;
        if !change.help.is_empty() {
            writeln!(out, "    help: {}", change.help)?;
        }
    }
    Ok(())
}

/// The substitutions of a template's definitions that stand for aliases of functions: what they lead to is the code
/// that was deployed last.
fn through_alias(template: &Yaml) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Some(Yaml::Map(resources)) = template.get("Resources") else {
        return found;
    };
    for (_, resource) in resources {
        let properties = resource.get("Properties");
        let values = properties.and_then(|properties| properties.get("DefinitionSubstitutions"));
        let Some(Yaml::Map(values)) = values else {
            continue;
        };
        let aliases = values.iter().filter(|(_, value)| is_alias(value));
        found.extend(aliases.map(|(name, _)| name.clone()));
    }
    found
}

/// `!Ref Function.Alias`, as SAM has it.
fn is_alias(value: &Yaml) -> bool {
    let Yaml::Tagged(_, id) = value else {
        return false;
    };
    let id: Value = match &**id {
        Yaml::String(id) => id.as_str().into(),
        _ => return false,
    };
    id.as_str().is_some_and(|id| id.ends_with(".Alias"))
}
