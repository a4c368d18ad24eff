//! What a new package is made of: the files of `templates/`, with holes to fill.

use clap::ValueEnum;

use super::super::scaffold::{File, files, filled};
use super::name::Name;

/// What a package begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// A saga of two steps: what is charged is shipped, or refunded.
    Minimal,
    /// The same saga, started by requests: API Gateway in front of it.
    Http,
    /// The same saga by events, without an orchestrator.
    Choreography,
}

/// What every package has.
const EVERY: &[File] = files! {
    ".github/workflows/ci.yml" = "package/ci.yml.in",
    ".gitignore" = "package/gitignore",
    "Cargo.toml" = "package/Cargo.toml.in",
    "events/card-refused.json" = "package/events/card-refused.json",
    "events/completed.json" = "package/events/completed.json",
    "events/sold-out.json" = "package/events/sold-out.json",
    "samconfig.toml" = "package/samconfig.toml.in",
    "src/main.rs" = "package/src/main.rs",
    "src/ordering/tests.rs" = "package/src/ordering/tests.rs",
    "src/steps.rs" = "package/src/steps.rs",
};

const MINIMAL: &[File] = files! {
    "README.md" = "minimal/README.md.in",
    "src/ordering.rs" = "package/src/ordering.rs.in",
};

const HTTP: &[File] = files! {
    "README.md" = "http/README.md.in",
    "src/ordering.rs" = "package/src/ordering.rs.in",
};

const CHOREOGRAPHY: &[File] = files! {
    "README.md" = "choreography/README.md.in",
    "events/publish.json" = "choreography/publish.json",
    "src/ordering.rs" = "choreography/ordering.rs",
};

/// What starts the saga of [`Template::Http`].
const REQUESTS: &str = "
    fn triggers(on: &mut Triggers<'_, Order>) {
        // Signed requests; a repeated one starts nothing, and is answered in the same way.
        on.http(\"/orders\", |order| order.order_id).throttle(20, 40);
    }
";

impl Template {
    /// What `generate` is told, from the blank before it on.
    pub fn target(self) -> &'static str {
        match self {
            Self::Minimal | Self::Http => "",
            Self::Choreography => " --target choreography",
        }
    }

    /// The files with their holes filled.
    pub(super) fn fill(self, name: &Name, checkout: &str) -> impl Iterator<Item = File> + use<> {
        let (own, triggers) = match self {
            Self::Minimal => (MINIMAL, ""),
            Self::Http => (HTTP, REQUESTS),
            Self::Choreography => (CHOREOGRAPHY, ""),
        };
        let holes = [
            ("{{triggers}}", triggers),
            ("{{target}}", self.target()),
            ("{{name}}", &name.to_string()),
            ("{{checkout}}", checkout),
        ];
        filled(EVERY.iter().chain(own), &holes).into_iter()
    }
}
