//! What a new package is made of: the files of `templates/`, with two holes to fill.

use std::borrow::Cow;

use super::name::Name;

/// A file of the new package.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it stands in the package.
    pub path: &'static str,
    /// What it holds; in a template with `{{name}}` and `{{checkout}}` in the place of the package's name and
    /// the folder of saga's crates.
    pub text: Cow<'static, str>,
}

macro_rules! files {
    ($folder:literal: $($path:literal = $from:literal,)*) => {
        &[$(File {
            path: $path,
            text: Cow::Borrowed(include_str!(concat!("../../../templates/", $folder, "/", $from))),
        },)*]
    };
}

/// A saga of two steps.
pub const MINIMAL: &[File] = files! { "minimal":
    ".github/workflows/ci.yml" = "ci.yml.in",
    ".gitignore" = "gitignore",
    "Cargo.toml" = "Cargo.toml.in",
    "README.md" = "README.md.in",
    "events/card-refused.json" = "events/card-refused.json",
    "events/completed.json" = "events/completed.json",
    "events/sold-out.json" = "events/sold-out.json",
    "samconfig.toml" = "samconfig.toml.in",
    "src/main.rs" = "src/main.rs",
    "src/ordering.rs" = "src/ordering.rs",
    "src/ordering/tests.rs" = "src/ordering/tests.rs",
    "src/steps.rs" = "src/steps.rs",
};

/// The files with their holes filled.
pub fn fill<'f>(
    files: &'f [File],
    name: &Name,
    checkout: &str,
) -> impl Iterator<Item = File> + use<'f> {
    let (name, checkout) = (name.to_string(), checkout.to_owned());
    files.iter().map(move |file| File {
        path: file.path,
        text: file
            .text
            .replace("{{name}}", &name)
            .replace("{{checkout}}", &checkout)
            .into(),
    })
}
