//! Anybody's definition, with annotations.

use std::io::Write;
use std::path::Path;

use saga_verify::model::annotations::{AnnotationError, Annotations};

use super::Verify;
use crate::command::run::definition::{machine, read};
use crate::exit::{Exit, Failure};

pub(super) fn verify(
    verify: &Verify,
    definition: &Path,
    annotations: &Path,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let machine = machine(definition)?;
    let refused = |errors: &[AnnotationError]| Failure::Usage {
        message: format!("`{}`: {}", annotations.display(), listed(errors)),
        help: "`saga-cli explain annotations` shows what such a file holds".into(),
    };
    let said = Annotations::read(&read(annotations)?).map_err(|error| refused(&[error]))?;
    let model = said.model(&machine).map_err(|errors| refused(&errors))?;
    let input = match verify.given()? {
        Some(input) => input,
        None => said.input.unwrap_or_else(|| serde_json::json!({})),
    };
    let help = "say it in the annotations: a step's own state, its `undo`, `parked` or `messages`";
    let verdict = verify.explore(&machine, &model, &[input], help)?;
    verify.show(&verdict, None, out)
}

fn listed(errors: &[AnnotationError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
