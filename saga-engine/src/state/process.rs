//! Input and output processing (States Language specification, "Input and Output Processing").

use saga_asl::data::Data;
use saga_asl::model::QueryLanguage;

use crate::fault::Fault;
use crate::program::{Assign, Processing, ResultTarget, Selector, State, Template};
use crate::query::Scope;
use crate::random::Seeded;

/// What a state leaves behind.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its output.
    pub output: Data,
    /// The variables that it sets, as an object.
    pub assigned: Option<Data>,
}

impl Selector {
    /// The selected part of `scope`'s input.
    pub(crate) fn select(&self, scope: &Scope<'_>) -> Result<Data, Fault> {
        match self {
            Selector::All => Ok(scope.input.clone()),
            Selector::Nothing => Ok(Data::empty_object()),
            Selector::Path(path) => path.select(scope).map_err(|not_found| {
                Fault::Runtime(format!("Invalid path '{}' : {not_found}", path.as_str()))
            }),
        }
    }
}

impl ResultTarget {
    /// `result` put in its place in `input`.
    pub(crate) fn apply(&self, input: &Data, result: Data) -> Result<Data, Fault> {
        match self {
            ResultTarget::Replace => Ok(result),
            ResultTarget::Discard => Ok(input.clone()),
            ResultTarget::Path(path) => path.insert(input, result).map_err(|_| Fault::Named {
                error: "States.ResultPathMatchFailure",
                message: format!(
                    "Unable to apply ReferencePath {} to input {input}",
                    path.as_str()
                ),
            }),
        }
    }
}

/// What the state works on: its input after `InputPath`.
///
/// # Errors
/// A path that leads nowhere.
pub fn effective_input(state: &State, scope: &Scope<'_>) -> Result<Data, Fault> {
    state.processing.input.select(scope)
}

/// What the state asks for: `Parameters` or `Arguments`, else its effective input.
///
/// # Errors
/// As [`Template::evaluate`].
pub fn arguments(state: &State, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
    match &state.processing.arguments {
        Some(template) => template.evaluate(scope, random),
        None => Ok(scope.input.clone()),
    }
}

/// The result of a Pass state.
///
/// # Errors
/// As [`Template::evaluate`].
pub fn pass(
    state: &State,
    result: Option<&Data>,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Data, Fault> {
    match result {
        Some(result) => Ok(result.clone()),
        None => arguments(state, scope, random),
    }
}

/// The output and the variables of a state that succeeded with `result`. `scope` has the
/// state's own input; both see the variables as they were.
///
/// # Errors
/// A path or expression that fails, or a result that fits nowhere in the input.
pub fn finish(
    state: &State,
    result: Data,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Finished, Fault> {
    match state.language {
        QueryLanguage::JsonPath => finish_jsonpath(state, result, scope, random),
        QueryLanguage::JsonAta => {
            let scope = Scope {
                result: scope.result.or(Some(&result)),
                ..*scope
            };
            let (output, assign) = (state.processing.output.as_ref(), state.assign.as_ref());
            finish_jsonata(output, assign, &result, &scope, random)
        }
    }
}

fn finish_jsonpath(
    state: &State,
    result: Data,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Finished, Fault> {
    let Processing {
        result: selector,
        target,
        path,
        ..
    } = &state.processing;
    let selected = match selector {
        Some(template) => template.evaluate(&scope.with_input(&result), random)?,
        None => result,
    };
    let assigned = assigned(state.assign.as_ref(), &scope.with_input(&selected), random)?;
    let combined = target.apply(scope.input, selected)?;
    let output = match path {
        Selector::All => combined,
        part => part.select(&scope.with_input(&combined))?,
    };
    Ok(Finished { output, assigned })
}

/// JSONata: `Output`, else `default`; and `Assign`.
pub(super) fn finish_jsonata(
    output: Option<&Template>,
    assign: Option<&Assign>,
    default: &Data,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Finished, Fault> {
    Ok(Finished {
        output: match output {
            Some(template) => template.evaluate(scope, random)?,
            None => default.clone(),
        },
        assigned: assigned(assign, scope, random)?,
    })
}

pub(super) fn assigned(
    assign: Option<&Assign>,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Option<Data>, Fault> {
    assign
        .map(|assign| assign.evaluate(scope, random))
        .transpose()
}
