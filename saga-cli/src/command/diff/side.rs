//! One of the two that are compared: a file, a package, or either at a git revision.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saga_compiler::diff::Deployed;
use saga_manifest::Manifest;

use crate::command::run::package::options;
use crate::exit::Failure;
use crate::files;
use crate::package::{self, Package};

/// What a side is.
enum Source {
    /// A package, by its manifest: its name, and the folder that its places are in.
    Package(Box<Manifest>, String, PathBuf),
    /// A template or a definition: what it is called, and what it says.
    Deployed(String, Deployed),
}

/// Reads a side.
pub(super) fn read(side: &str, package: Option<&str>) -> Result<Deployed, Failure> {
    match source(side, package)? {
        Source::Package(manifest, name, workspace) => {
            Deployed::of_manifest(&manifest, &options(&name, &name))
                .map_err(|diagnostics| package::refused(&diagnostics, &workspace))
        }
        Source::Deployed(_, deployed) => Ok(deployed),
    }
}

/// The manifest of a side, which has to be a package.
pub(in crate::command) fn manifest(side: &str, package: Option<&str>) -> Result<Manifest, Failure> {
    match source(side, package)? {
        Source::Package(manifest, ..) => Ok(*manifest),
        Source::Deployed(name, _) => Err(Failure::Usage {
            message: format!("`{name}` does not say what its states are for"),
            help: "name the package as it was: a git revision, a folder, or its manifest".into(),
        }),
    }
}

fn source(side: &str, package: Option<&str>) -> Result<Source, Failure> {
    let path = Path::new(side);
    if path.is_dir() {
        return built(&package::find_in(path, package)?, None);
    }
    if path.is_file() {
        return of_text(side, &read_file(side, path)?, |file| {
            read_file(file, &path.with_file_name(file))
        });
    }
    if let Some((revision, file)) = side.split_once(':') {
        let show = |path: &str| git(&["show", &format!("{revision}:{path}")], Path::new("."));
        let path = Path::new(file);
        return of_text(file, &show(file)?, |file| {
            show(&path.with_file_name(file).display().to_string())
        });
    }
    at_revision(side, package)
}

/// Reads a file, called `name` where it cannot be.
fn read_file(name: &str, path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| refused(name, &files::reason(&error)))
}

/// A manifest, a template or a definition. `beside` reads the definitions that are files beside a template.
fn of_text(
    name: &str,
    text: &str,
    beside: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Source, Failure> {
    if is_manifest(text) {
        let manifest = Manifest::read(text).map_err(|error| refused(name, &error.to_string()))?;
        return Ok(Source::Package(
            Box::new(manifest),
            name.to_owned(),
            ".".into(),
        ));
    }
    // Both sides of a definition are one state machine, whatever their files are called.
    let mut deployed =
        Deployed::of_text("definition", text).map_err(|error| refused(name, &error.to_string()))?;
    for (id, file) in deployed.files() {
        let defined = deployed.define(&id, &beside(&file)?);
        defined.map_err(|error| refused(&file, &error.to_string()))?;
    }
    Ok(Source::Deployed(name.to_owned(), deployed))
}

fn is_manifest(text: &str) -> bool {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value
        .get("version")
        .is_some_and(serde_json::Value::is_number)
        && value.get("sagas").is_some_and(serde_json::Value::is_array)
}

fn built(package: &Package, target: Option<&Path>) -> Result<Source, Failure> {
    let executable = package::build_into(package, target)?;
    let manifest = package::ask(&executable)?;
    let Package {
        name, workspace, ..
    } = package;
    Ok(Source::Package(
        Box::new(manifest),
        name.clone(),
        workspace.clone(),
    ))
}

/// The package as it was: built in a work tree of its own, which goes again, into a folder of the target directory,
/// which stays, so that the next time is quick.
fn at_revision(revision: &str, named: Option<&str>) -> Result<Source, Failure> {
    let here = package::find(named)?;
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"], &here.workspace)?.trim());
    let commit = format!("{revision}^{{commit}}");
    let commit =
        git(&["rev-parse", "--verify", "--quiet", &commit], &top).map_err(|_| Failure::Usage {
            message: format!("`{revision}` is neither a file nor a folder nor a git revision"),
            help:
                "name a template, a definition, a manifest, a folder with a package, or a revision"
                    .into(),
        })?;
    let folder = tempfile::tempdir()?;
    let tree = Tree::new(&top, &folder.path().join("tree"), commit.trim())?;
    let workspace = here.workspace.canonicalize()?;
    let inside = workspace
        .strip_prefix(top.canonicalize()?)
        .unwrap_or(Path::new(""));
    let then = package::find_in(&tree.folder.join(inside), Some(&here.name))?;
    built(&then, Some(&here.workspace.join("target/saga-diff")))
}

/// A work tree of git, removed with the value.
struct Tree<'t> {
    top: &'t Path,
    folder: PathBuf,
}

impl<'t> Tree<'t> {
    fn new(top: &'t Path, folder: &Path, commit: &str) -> Result<Self, Failure> {
        let path = folder.display().to_string();
        git(
            &["worktree", "add", "--detach", "--quiet", &path, commit],
            top,
        )?;
        Ok(Self {
            top,
            folder: folder.to_owned(),
        })
    }
}

impl Drop for Tree<'_> {
    fn drop(&mut self) {
        let path = self.folder.display().to_string();
        // INVARIANT: git forgets a work tree whose folder is gone by itself; nothing is left to do if this fails.
        let _ = git(&["worktree", "remove", "--force", &path], self.top);
    }
}

fn git(arguments: &[&str], folder: &Path) -> Result<String, Failure> {
    let failed = |why: &str| Failure::Failed {
        message: format!("`git {}` failed: {}", arguments.join(" "), why.trim()),
        help: String::new(),
    };
    let ran = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .output();
    let Output {
        status,
        stdout,
        stderr,
    } = ran.map_err(|error| failed(&error.to_string()))?;
    if !status.success() {
        return Err(failed(&String::from_utf8_lossy(&stderr)));
    }
    String::from_utf8(stdout).map_err(|_| failed("it is no UTF-8"))
}

fn refused(side: &str, why: &str) -> Failure {
    Failure::Usage {
        message: format!("cannot read `{side}`: {why}"),
        help: format!(
            "`saga-cli validate {side}` explains what is wrong with a definition or template"
        ),
    }
}
