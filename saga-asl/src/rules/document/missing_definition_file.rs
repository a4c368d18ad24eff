use crate::document::Reference;
use crate::lint::{Context, Finding, Findings, rule};

rule! {
    /// A template's `DefinitionUri` names a file that cannot be read.
    ///
    /// The path is relative to the template. A deployment stops there.
    ///
    /// The file system has no place in an example; a template that fails reads
    /// `DefinitionUri: orders.asl.json` beside which there is no such file.
    pub static MISSING_DEFINITION_FILE = Error "ASL023" "missing-definition-file" in Document, check;
}

/// Only who reads files can tell: see [`report`].
fn check(_: &Context<'_>, _: &mut Findings<'_>) {}

/// Says that the file is not there.
pub fn report(reference: &Reference) -> Finding {
    let message = format!("there is no file `{}` beside the template", reference.path);
    Finding {
        rule: &MISSING_DEFINITION_FILE,
        span: reference.place,
        message,
        help: "the path is relative to the template".to_owned(),
        fix: None,
    }
}
