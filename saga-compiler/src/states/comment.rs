//! Comments, from what the author wrote to document the code.

use saga_manifest::error::Outcome;

use crate::checked::Call;

/// The text as a comment. A `${` would start a substitution of CloudFormation.
pub(super) fn plain(text: &str) -> String {
    text.trim().replace("${", "$ {")
}

/// What a call is for, and what its author says of its errors.
pub(super) fn of_call(texts: [Option<&str>; 2], call: &Call<'_>) -> Option<String> {
    let reasons = call.errors.iter().filter_map(|error| {
        let counts = match error.outcome {
            Outcome::NotDone => "not done",
            Outcome::Unknown => "perhaps done",
        };
        let reason = plain(error.reason.as_deref()?);
        Some(format!("`{}` counts as {counts}: {reason}", error.name))
    });
    let sentences: Vec<_> = first(texts).into_iter().chain(reasons).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// The first of these that is there.
pub(super) fn first(texts: [Option<&str>; 2]) -> Option<String> {
    texts.into_iter().flatten().next().map(plain)
}
