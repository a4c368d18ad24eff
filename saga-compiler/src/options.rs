//! What the caller decides about a template.

/// How a package is built and deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The package's name: a tag, and in descriptions.
    pub package: String,
    /// The path of the functions' source, relative to where the template will be.
    pub code_uri: String,
    /// The package's binary: the `bootstrap` of all functions.
    pub binary: String,
    /// What the functions run on.
    pub architecture: Architecture,
    /// Where the definitions of the state machines are.
    pub definitions: Definitions,
}

/// The processors of Lambda.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Architecture {
    /// Graviton: cheaper for the same work.
    #[default]
    Arm64,
    /// Intel and AMD.
    X86_64,
}

impl Architecture {
    /// The name as a template has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}

/// Where the definitions of the state machines are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// In the template.
    #[default]
    Inline,
    /// In files beside it, named as [`crate::Definition::files`] says; but in the template where
    /// a customer's key encrypts the history.
    Files,
}
