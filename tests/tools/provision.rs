//! Installs a tool, once for all suites and runs, into `<target>/tools/`.
//!
//! A tool is built beside its place and renamed into it, under a lock that other
//! processes honour: a folder that is there is whole. Each keeps its lock's text,
//! so that a changed lock file installs it anew.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::pins::{Lock, Tool};
use super::process::{self, Ran};
use super::trial::Stop;

/// Downloads included; the slowest takes half a minute on a home connection.
const INSTALL_LIMIT: Duration = Duration::from_secs(600);
/// Where an installed tool keeps the text of its lock.
const STAMP: &str = "installed-from.lock";

/// A tool that is there, or the reason why it is not.
pub type Provisioned = Result<Installed, String>;

/// A tool on this machine.
#[derive(Clone, Debug)]
pub struct Installed {
    root: PathBuf,
}

impl Installed {
    /// A script of the virtual environment, run by the environment's Python
    /// (its `#!` line still names the folder where it was built).
    pub fn python_script(&self, name: &str) -> Command {
        let mut command = self.python();
        command.arg(self.bin().join(name));
        command
    }

    /// The environment's Python.
    pub fn python(&self) -> Command {
        Command::new(self.bin().join("python"))
    }

    /// The folder of the environment's programs.
    pub fn bin(&self) -> PathBuf {
        self.root.join("bin")
    }

    /// Node, with the tool's packages as the ones that `require` finds.
    pub fn node(&self) -> Command {
        let mut command = Command::new("node");
        command.env("NODE_PATH", self.packages());
        command
    }

    /// A program of the tool's own.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.bin().join(name))
    }

    /// The folder of the tool's Node packages.
    pub fn packages(&self) -> PathBuf {
        self.root.join("node_modules")
    }
}

/// The tool, from the first call on; further calls and further runs find it.
pub fn provision(tool: &'static Tool) -> Result<&'static Installed, Stop> {
    tool.provisioned
        .get_or_init(|| install(tool))
        .as_ref()
        .map_err(|reason| {
            Stop::Unavailable(format!("{} {} is missing: {reason}", tool.name, tool.pin))
        })
}

fn install(tool: &Tool) -> Provisioned {
    let tools = super::target().join("tools");
    let name = format!("{}-{}", tool.name.replace('/', "-"), tool.pin);
    let root = tools.join(&name);
    let lock = tool.lock.text();
    let _held = hold(&tools, &name).map_err(|error| format!("cannot lock {tools:?}: {error}"))?;
    let stamped = fs::read_to_string(root.join(STAMP)).is_ok_and(|text| text == lock);
    if stamped && tool.runs(&root) {
        return Ok(Installed { root });
    }
    let began = Instant::now();
    eprintln!("installing {} {} into {root:?}", tool.name, tool.pin);
    let building = tools.join(format!("{name}.building"));
    fresh(&building)?;
    tool.install(&building)
        .inspect_err(|_| drop(remove(&building)))?;
    settle(&building, &root, &lock).map_err(|error| format!("cannot write {root:?}: {error}"))?;
    let seconds = began.elapsed().as_secs();
    eprintln!("installed {} {} in {seconds} s", tool.name, tool.pin);
    Ok(Installed { root })
}

/// Waits until no other process installs the same tool.
fn hold(tools: &Path, name: &str) -> io::Result<File> {
    fs::create_dir_all(tools)?;
    let file = File::create(tools.join(format!("{name}.lock")))?;
    file.lock()?;
    Ok(file)
}

/// An empty folder, whatever a run that was killed left there.
fn fresh(folder: &Path) -> Result<(), String> {
    remove(folder)
        .and_then(|()| fs::create_dir_all(folder))
        .map_err(|error| format!("cannot make {folder:?}: {error}"))
}

fn settle(building: &Path, root: &Path, lock: &str) -> io::Result<()> {
    fs::write(building.join(STAMP), lock)?;
    remove(root)?;
    fs::rename(building, root)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Lock {
    fn text(&self) -> String {
        match self {
            Self::Python(requirements) => (*requirements).to_owned(),
            Self::Node { manifest, lock } => format!("{manifest}{lock}"),
            Self::Cargo => String::new(),
        }
    }
}

impl Tool {
    /// Whether what runs the tool is still there: a virtual environment refers to the
    /// Python that made it.
    fn runs(&self, root: &Path) -> bool {
        let program = match self.lock {
            Lock::Python(_) => root.join("bin/python"),
            Lock::Node { .. } => PathBuf::from("node"),
            Lock::Cargo => root.join("bin").join(self.name),
        };
        step(Command::new(program).arg("--version")).is_ok()
    }

    fn install(&self, folder: &Path) -> Result<(), String> {
        match &self.lock {
            Lock::Python(requirements) => virtual_environment(folder, requirements),
            Lock::Node { manifest, lock } => node_modules(folder, manifest, lock),
            Lock::Cargo => program(folder, self.name, self.pin),
        }
    }
}

/// Builds a program without its default features, and keeps nothing but the program.
fn program(folder: &Path, name: &str, pin: &str) -> Result<(), String> {
    let built = folder.join("target");
    step(
        Command::new("cargo")
            .args(["install", name, "--version", pin, "--locked", "--quiet"])
            .args(["--no-default-features", "--root"])
            .arg(folder)
            .env("CARGO_TARGET_DIR", &built)
            // It is to be there soon rather than to be fast.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    )?;
    remove(&built).map_err(|error| format!("cannot remove {built:?}: {error}"))
}

fn virtual_environment(folder: &Path, requirements: &str) -> Result<(), String> {
    let list = folder.join("requirements.txt");
    write(&list, requirements)?;
    step(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    step(
        Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(list),
    )
}

fn node_modules(folder: &Path, manifest: &str, lock: &str) -> Result<(), String> {
    write(&folder.join("package.json"), manifest)?;
    write(&folder.join("package-lock.json"), lock)?;
    step(Command::new("node").arg("--version"))?;
    step(
        Command::new("npm")
            .args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"])
            .current_dir(folder),
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {path:?}: {error}"))
}

fn step(command: &mut Command) -> Result<(), String> {
    process::run(command, INSTALL_LIMIT)
        .and_then(Ran::success)
        .map(drop)
}
