//! The imported sagas as one package: each is a module, and the binaries write their manifests.
//!
//! The package stands where the last run left it, so that what did not change is not built again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use saga_compiler::Options;
use serde_json::Value;

use crate::{Case, root};

/// How many binaries share the modules: so many are compiled at the same time.
const BINARIES: usize = 2;

/// By case: its state machine, or why there is none.
pub struct Package(BTreeMap<String, Result<Value, String>>);

impl Package {
    /// Builds all cases, and compiles their definitions.
    pub fn build(cases: &[Case]) -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("imported");
        write(&folder.join("Cargo.toml"), &manifest());
        write(
            &folder.join("Cargo.lock"),
            &fs::read_to_string(root().join("Cargo.lock")).unwrap(),
        );
        for case in cases {
            let file = folder.join(format!("src/{}.rs", module(case)));
            write(&file, &case.imported.source);
        }
        for number in 0..BINARIES {
            let own = cases.iter().skip(number).step_by(BINARIES);
            write(
                &folder.join(format!("src/bin/manifests{number}.rs")),
                &binary(own),
            );
        }
        run(Command::new("cargo")
            .args(["build", "--quiet", "--offline", "--bins"])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", root().join("target")))?;
        let manifests = folder.join("manifests");
        fs::create_dir_all(&manifests).unwrap();
        for number in 0..BINARIES {
            let binary = root().join(format!("target/debug/manifests{number}"));
            run(Command::new(binary).arg(&manifests))?;
        }
        let compiled = cases.iter().map(|case| {
            let machine = compiled(&manifests.join(module(case)), case);
            (case.name.clone(), machine)
        });
        Ok(Self(compiled.collect()))
    }

    /// What a case was compiled to.
    pub fn definition(&self, case: &Case) -> Result<&Value, &String> {
        self.0[&case.name].as_ref()
    }
}

/// Runs a program that has nothing to say, not even a warning.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.success() && said.is_empty() {
        true => Ok(()),
        false => Err(said),
    }
}

fn compiled(manifest: &Path, case: &Case) -> Result<Value, String> {
    let manifest = serde_json::from_str(&fs::read_to_string(manifest).unwrap()).unwrap();
    let options = Options {
        package: "imported".into(),
        binary: "imported".into(),
        code_uri: ".".into(),
        architecture: Default::default(),
        definitions: Default::default(),
    };
    let output = saga_compiler::compile(&manifest, &options).map_err(|diagnostics| {
        let said: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
        said.join("\n")
    })?;
    let own = |definition: &&saga_compiler::Definition| definition.saga == case.imported.saga;
    let definition = output.definitions.iter().find(own).unwrap();
    serde_json::from_str(&definition.machine.to_value().to_pretty())
        .map_err(|error| error.to_string())
}

/// Writes what is not there yet.
fn write(file: &PathBuf, text: &str) {
    if fs::read_to_string(file).is_ok_and(|there| there == text) {
        return;
    }
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// The module of a case.
fn module(case: &Case) -> String {
    let character = |it: char| {
        if it.is_ascii_alphanumeric() {
            it.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = case.name.chars().map(character).collect();
    let whose = if case.is_own { "own" } else { "corpus" };
    format!("{whose}_{name}")
}

/// A binary that writes the manifests of these cases into the folder that it is given.
fn binary<'c>(cases: impl Iterator<Item = &'c Case>) -> String {
    let (mut modules, mut keeps) = (String::new(), String::new());
    for case in cases {
        let (module, saga) = (module(case), &case.imported.saga);
        writeln!(modules, "#[path = \"../{module}.rs\"]\nmod {module};").unwrap();
        writeln!(keeps, "    keep::<{module}::{saga}>({module:?});").unwrap();
    }
    format!(
        "//! Writes manifests.\n\n{modules}\nfn main() {{\n{keeps}}}\n\n\
         fn keep<S: saga_dsl::Saga>(name: &str) {{\n    \
         let manifest = saga_dsl::Package::new().saga::<S>().manifest();\n    \
         let folder = std::env::args_os().nth(1).expect(\"a folder\");\n    \
         let file = std::path::Path::new(&folder).join(name);\n    \
         std::fs::write(file, serde_json::to_vec(&manifest).expect(\"JSON\")).expect(\"written\");\n}}\n"
    )
}

fn manifest() -> String {
    let root = root().display().to_string();
    format!(
        "[package]\nname = \"imported\"\nversion = \"0.1.0\"\nedition = \"2024\"\nautobins = true\n\n[dependencies]\n\
         saga-dsl = {{ path = \"{root}/saga-dsl\" }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\nthiserror = \"2\"\n\n\
         [profile.dev]\ndebug = false\n\n[workspace]\n"
    )
}
