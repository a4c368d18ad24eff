//! The package that is run: built, asked for its manifest, compiled.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use saga_compiler::{Architecture, Definitions, Options};
use saga_local::saga::Prepared;
use saga_manifest::Manifest;
use tempfile::TempDir;

use crate::{ask, build};

/// One build at a time: those of other features write the same file.
static BUILDING: Mutex<()> = Mutex::new(());

/// A package with one saga.
pub struct Package {
    pub executable: PathBuf,
    pub manifest: Manifest,
    /// Where a copy of the executable is.
    _folder: TempDir,
}

impl Package {
    pub fn build(name: &str, features: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let executable = folder.path().join("bootstrap");
        let building = BUILDING.lock().unwrap();
        std::fs::copy(build::executable(name, features), &executable).unwrap();
        drop(building);
        Self {
            manifest: ask::manifest(&executable, folder.path()),
            executable,
            _folder: folder,
        }
    }

    /// Its saga, whose handlers find the provider at an address.
    pub fn prepared(&self, provider: &str) -> Prepared {
        let options = Options {
            package: "soak".into(),
            code_uri: ".".into(),
            binary: "soak".into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let output = saga_compiler::compile(&self.manifest, &options).unwrap();
        let parameters = BTreeMap::from([("Provider".to_owned(), provider.to_owned())]);
        let [definition] = &output.definitions[..] else {
            panic!("one saga");
        };
        Prepared::new(
            &self.manifest,
            &definition.saga,
            &definition.machine,
            &parameters,
        )
        .unwrap()
    }
}
