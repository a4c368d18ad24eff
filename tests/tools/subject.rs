//! A package of the workspace, and what `saga-cli generate` makes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tempfile::TempDir;

use super::aws;
use super::outer::outside;
use super::pins::{CARGO_LAMBDA, SAM};
use super::process::{self, Ran};
use super::trial::Stop;

/// A cold build of the user's crate, on a machine that does other things too.
const BUILD_LIMIT: Duration = Duration::from_secs(900);

/// The functions are to be there soon rather than to be fast.
const PROFILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// A package under test. What is made of it is made once, in a folder that goes
/// with the last of the tests that hold it.
pub struct Subject {
    /// The package's name.
    pub package: &'static str,
    /// What its sagas are compiled to.
    target: &'static str,
    scratch: TempDir,
    template: OnceLock<Result<PathBuf, String>>,
    build: OnceLock<Result<Built, Stop>>,
}

/// What `sam build` made.
#[derive(Clone, Debug)]
pub struct Built {
    /// The folder with a `template.yaml` and a folder a function.
    pub folder: PathBuf,
    /// What it said while it built.
    pub log: String,
}

impl Subject {
    /// The package of that name, compiled to Step Functions.
    pub fn new(package: &'static str) -> Result<Arc<Self>, String> {
        Self::of_target(package, "step-functions")
    }

    /// The package of that name, compiled to a target.
    pub fn of_target(package: &'static str, target: &'static str) -> Result<Arc<Self>, String> {
        let scratch = TempDir::with_prefix_in(format!("{package}-"), env!("CARGO_TARGET_TMPDIR"))
            .map_err(|error| format!("cannot make a folder for {package}: {error}"))?;
        Ok(Arc::new(Self {
            package,
            target,
            scratch,
            template: OnceLock::new(),
            build: OnceLock::new(),
        }))
    }

    /// A folder of its own for what a test writes.
    pub fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.scratch.path().join(name);
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {folder:?}: {error}"))?;
        Ok(folder)
    }

    /// The template that `saga-cli generate` prints at the workspace's root.
    pub fn template(&self) -> Result<&Path, Stop> {
        let template = self.template.get_or_init(|| {
            let path = self.scratch.path().join("template.yaml");
            let printed = generate(self.package, self.target)?.stdout;
            fs::write(&path, printed).map_err(|error| format!("cannot write {path:?}: {error}"))?;
            Ok(path)
        });
        match template {
            Ok(path) => Ok(path),
            Err(message) => Err(Stop::Failed(message.clone())),
        }
    }

    /// The template and its functions, built by `sam build`.
    pub fn built(&self) -> Result<&Built, Stop> {
        self.build
            .get_or_init(|| self.build())
            .as_ref()
            .map_err(Clone::clone)
    }

    fn build(&self) -> Result<Built, Stop> {
        let (sam, cargo_lambda) = (SAM.installed()?, CARGO_LAMBDA.installed()?);
        let template = self.template()?;
        let folder = self.folder("build")?;
        let mut command = sam.python_script("sam");
        outside(aws::pretend(&mut command))
            .args(["build", "--template"])
            .arg(template)
            .arg("--base-dir")
            .arg(super::workspace())
            .arg("--build-dir")
            .arg(&folder)
            .env("PATH", path_with(&cargo_lambda.bin()))
            .env("CARGO_LAMBDA_COMPILER", "cargo")
            .envs(PROFILE);
        let ran = process::run(&mut command, BUILD_LIMIT)?.success()?;
        let log = ran.stdout + &ran.stderr;
        Ok(Built { folder, log })
    }
}

/// Runs `saga-cli generate -p PACKAGE --target TARGET` at the workspace's root.
fn generate(package: &str, target: &str) -> Result<Ran, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
    command
        .args(["generate", "-p", package, "--target", target])
        .current_dir(super::workspace());
    process::run(&mut command, BUILD_LIMIT)?.success()
}

/// The search path with this folder first.
fn path_with(first: &Path) -> String {
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}:{rest}", first.display())
}
