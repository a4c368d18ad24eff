//! Comments, from what the author wrote to document the code.

/// The text as a comment. A `${` would start a substitution of CloudFormation.
pub(super) fn plain(text: &str) -> String {
    text.trim().replace("${", "$ {")
}

/// The first of these that is there.
pub(super) fn first(texts: [Option<&str>; 2]) -> Option<String> {
    texts.into_iter().flatten().next().map(plain)
}
