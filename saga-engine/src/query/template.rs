use std::sync::Arc;

use saga_asl::data::{Data, Object};
use saga_asl::intrinsic::{Call, Failure};
use saga_asl::jsonpath::Path;

use super::Scope;
use crate::fault::Fault;
use crate::program::{Assign, Template};
use crate::random::Seeded;

impl Template {
    /// The value of the template.
    ///
    /// # Errors
    /// A path that leads nowhere, a function or an expression that fails.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
        match self {
            Template::Constant(data) => Ok(data.clone()),
            Template::Path(path, field) => select(path, field, scope),
            Template::Call(call, _) => call_intrinsic(call, scope, random),
            Template::Expression(expression) => expression.evaluate(scope, random),
            Template::Array(items) => {
                let items = items.iter().map(|item| item.evaluate(scope, random));
                Ok(Data::array(items.collect::<Result<_, _>>()?))
            }
            Template::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), value.evaluate(scope, random)?)));
                let object = members.collect::<Result<Object, Fault>>()?;
                Ok(Data::Object(Arc::new(object)))
            }
        }
    }
}

impl Assign {
    /// The variables with their values, as an object.
    ///
    /// # Errors
    /// As [`Template::evaluate`].
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
        self.0.evaluate(scope, random)
    }
}

fn select(path: &Path, field: &str, scope: &Scope<'_>) -> Result<Data, Fault> {
    path.select(scope).map_err(|_| {
        Fault::Runtime(format!(
            "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
            path.as_str(),
            scope.input
        ))
    })
}

pub(super) fn call_intrinsic(
    call: &Call,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Data, Fault> {
    call.evaluate(scope, random).map_err(|failure| match failure {
        Failure::Path { path, .. } => Fault::Runtime(format!(
            "The function '{}' had the following error: The JsonPath argument for the field '{}' could not be found in the input '{}'",
            call.as_str(),
            path.as_str(),
            scope.input
        )),
        Failure::Function { .. } => Fault::Named {
            error: "States.IntrinsicFailure",
            message: failure.to_string(),
        },
    })
}
