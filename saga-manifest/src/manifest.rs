//! The manifest as a whole: its version, and how it is read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Access, Api};
use crate::deployment::Deployment;
use crate::handler::{Handler, ResourceKind};
use crate::place::Place;
use crate::resource::{Queue, Table, Topic};
use crate::saga::Saga;

/// The version of the manifest's format that this crate reads and writes.
pub const VERSION: u32 = 4;

/// The environment variable that names the file a binary writes its manifest to, and exits.
pub const ASK: &str = "SAGA_MANIFEST";

/// All that a package's binary declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Manifest {
    /// The format's version: [`VERSION`].
    pub version: u32,
    /// The sagas, in the order they are given to `saga_lambda::main!`.
    pub sagas: Vec<Saga>,
    /// The handlers that the sagas' steps and compensations invoke, by name.
    pub handlers: Vec<Handler>,
    /// The tables that sagas or handlers use, by name.
    pub tables: Vec<Table>,
    /// The topics that sagas or handlers use, by name.
    pub topics: Vec<Topic>,
    /// The queues that sagas or handlers use, by name.
    pub queues: Vec<Queue>,
    /// How they are deployed.
    #[serde(default, skip_serializing_if = "Deployment::is_default")]
    pub deployment: Deployment,
    /// The APIs beside the sagas, in the order they are given to `saga_lambda::main!`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apis: Vec<Api>,
    /// The functions that say who may send requests to them, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorizers: Vec<Handler>,
    /// What the definitions themselves found wrong, with the author's place: nothing is compiled then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// A mistake that was found while a saga was defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where.
    pub place: Place,
}

/// Why a manifest could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The text is no JSON, or not this format.
    #[error("the manifest is not readable: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The text has no version.
    #[error("the manifest states no `version`")]
    Unversioned,
    /// The text is of another version of the format.
    #[error(
        "the package writes manifest version {found}, and this saga-cli reads version {VERSION}"
    )]
    Version {
        /// The version found.
        found: u64,
    },
}

impl ReadError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Unversioned => {
                "rebuild the package, with saga-dsl and saga-lambda of the same version as saga-cli"
            }
            Self::Version { found } if *found > u64::from(VERSION) => {
                "update saga-cli to the version of saga-dsl in the package's Cargo.lock"
            }
            Self::Version { .. } => {
                "update saga-dsl and saga-lambda in the package's Cargo.toml to the version of saga-cli"
            }
        }
    }
}

impl Manifest {
    /// Reads a manifest from JSON.
    ///
    /// # Errors
    /// When the text is no manifest, or one of another [`VERSION`]: the version is looked at first,
    /// so that a format of another time is named as such and not by the first field that differs.
    pub fn read(json: &str) -> Result<Self, ReadError> {
        let value: Value = serde_json::from_str(json)?;
        match value.get("version").and_then(Value::as_u64) {
            None => Err(ReadError::Unversioned),
            Some(found) if found != u64::from(VERSION) => Err(ReadError::Version { found }),
            Some(_) => Ok(serde_json::from_value(value)?),
        }
    }

    /// Leaves out the sagas but that of this name and those that it runs, whatever way, and the APIs of others.
    pub fn retain_sagas(&mut self, name: &str) {
        let mut kept = BTreeSet::from([name.to_owned()]);
        loop {
            let of_kept = self.sagas.iter().filter(|saga| kept.contains(&saga.name));
            let runs: Vec<_> = of_kept.flat_map(Saga::runs).map(str::to_owned).collect();
            let before = kept.len();
            kept.extend(runs);
            if kept.len() == before {
                break;
            }
        }
        self.sagas.retain(|saga| kept.contains(&saga.name));
        self.apis.retain(|api| {
            let mut used = api.function.uses.iter();
            used.all(|used| used.kind != ResourceKind::Saga || kept.contains(&used.resource))
        });
        let apis = &self.apis;
        self.authorizers.retain(|authorizer| {
            let named = Access::Authorizer(authorizer.name.clone());
            apis.iter().any(|api| api.access == named)
        });
    }

    /// The manifest as JSON: the same bytes for the same sagas, whatever features `serde_json` is
    /// built with.
    ///
    /// # Errors
    /// None in practice: every key of a manifest is a string.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut value = serde_json::to_value(self)?;
        value.sort_all_objects();
        let mut text = serde_json::to_string_pretty(&value)?;
        text.push('\n');
        Ok(text)
    }

    /// The JSON Schema (2020-12) of the format. Behind the feature `schema`: a user's binary, which only
    /// writes a manifest, builds without it.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(Manifest).to_value();
        schema.sort_all_objects();
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = r#"{"sagas":[],"handlers":[],"tables":[],"topics":[],"queues":[]"#;

    #[track_caller]
    fn check(json: &str, message: &str, help: &str) {
        let error = Manifest::read(json).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.help().contains(help), "{}", error.help());
    }

    #[test]
    fn another_version_says_which_crate_to_update() {
        check(
            &format!("{EMPTY},\"version\":0}}"),
            "version 0",
            "update saga-dsl and saga-lambda",
        );
        check(
            &format!("{EMPTY},\"version\":5}}"),
            "version 5",
            "update saga-cli",
        );
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        check("", "not readable", "rebuild");
        check("{}", "no `version`", "rebuild");
        check(r#"{"version":4}"#, "missing field `sagas`", "rebuild");
    }

    #[test]
    fn a_manifest_reads_back_as_written() {
        let manifest = Manifest::read(&format!("{EMPTY},\"version\":4}}")).unwrap();
        let text = manifest.to_json().unwrap();
        assert_eq!(Manifest::read(&text).unwrap(), manifest);
        assert!(text.ends_with("}\n"));
    }

    /// Rewritten with `UPDATE_EXPECT=1 cargo test -p saga-manifest`.
    #[test]
    fn the_schema_is_the_one_kept() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/manifest.schema.json");
        let schema = format!(
            "{}\n",
            serde_json::to_string_pretty(&Manifest::schema()).unwrap()
        );
        #[expect(clippy::disallowed_methods, reason = "a test may read its golden")]
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path, &schema).unwrap();
        }
        #[expect(clippy::disallowed_methods, reason = "a test may read its golden")]
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        pretty_assertions::assert_eq!(kept, schema, "stale: UPDATE_EXPECT=1 rewrites it");
    }
}
