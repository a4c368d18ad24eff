//! The handler's real process, on embedded services.

use saga_asl::lint::did_you_mean;
use saga_local::lambda::{Answer, Functions};
use saga_local::saga::{Callbacks, function};
use serde_json::Value;

use super::{Answered, Invoke, failed};
use crate::command::run::package::{Services, block_on, parameters, rows};
use crate::exit::Failure;
use crate::package;

pub(super) fn call(invoke: &Invoke, payload: &Value) -> Result<Answered, Failure> {
    if invoke.account.endpoint().is_some() {
        return Err(Failure::Usage {
            message: "`--endpoint-url` leads to a stack, and none is named".into(),
            help: "name it with `--stack NAME`; without one the handler runs here, on embedded services".into(),
        });
    }
    let package = package::find(invoke.package.as_deref())?;
    let executable = package::build(&package)?;
    let manifest = package::ask(&executable)?;
    let rows = rows::read(invoke.rows.as_deref(), &manifest)?;
    let parameters = parameters(&invoke.parameters, &manifest)?;
    let apis = manifest.apis.iter().map(|api| &api.function);
    let all = manifest
        .handlers
        .iter()
        .chain(&manifest.authorizers)
        .chain(apis);
    let Some(handler) = all.clone().find(|handler| handler.name == invoke.step) else {
        let names: Vec<&str> = all.map(|handler| handler.name.as_str()).collect();
        return Err(Failure::Usage {
            message: format!(
                "the package `{}` has no step `{}`",
                package.name, invoke.step
            ),
            help: match did_you_mean(&invoke.step, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", names.join(", ")),
            },
        });
    };
    let own = function(handler, &parameters).map_err(|error| Failure::Usage {
        message: error.to_string(),
        help: "a parameter is given with `--parameter NAME=VALUE`".into(),
    })?;
    block_on(async {
        let services = Services::start(&manifest, None, &rows, &Callbacks::default()).await?;
        let (functions, logs) = Functions::new(executable, services.known_to(&[own]));
        let printing = tokio::spawn(crate::command::run::package::print(logs, true));
        let answered = functions
            .invoke(&invoke.step, payload, Answer::Returned)
            .await;
        functions.stop().await;
        drop(functions);
        // What the handler printed last.
        let _ = tokio::time::timeout(crate::command::run::package::LAST_LINES, printing).await;
        Ok(match answered {
            Ok(output) => Answered::Output(output),
            Err(error) => {
                failed(&serde_json::from_str(&error.cause).unwrap_or(Value::String(error.cause)))
            }
        })
    })
}
