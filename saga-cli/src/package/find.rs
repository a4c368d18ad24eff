//! Which package is meant: the one named, the one around the current directory, or the only one.

use std::path::Path;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package as Member, TargetKind};
use saga_asl::lint::did_you_mean;
use serde::Deserialize;

use super::Package;
use crate::exit::Failure;

/// The crate that every package of sagas links.
const RUNTIME: &str = "saga-lambda";

/// `[package.metadata.saga]`.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    /// The binary that holds the sagas, where the package has several.
    binary: Option<String>,
}

/// Finds the package named, or else the one that the current directory is in, or else the workspace's
/// only package of sagas.
///
/// # Errors
/// When cargo cannot read the workspace, no package or several are meant, or the package's binary is
/// not clear. The message lists what there is.
pub fn find(named: Option<&str>) -> Result<Package, Failure> {
    find_in(&std::env::current_dir().unwrap_or_default(), named)
}

/// The same, as if that folder were the current directory.
///
/// # Errors
/// As [`find`].
pub fn find_in(here: &Path, named: Option<&str>) -> Result<Package, Failure> {
    let here = std::path::absolute(here)?;
    let metadata = MetadataCommand::new()
        .current_dir(&here)
        .no_deps()
        .other_options(vec!["--offline".into()])
        .features(CargoOpt::SomeFeatures(Vec::new()))
        .exec()
        .map_err(|error| unread(&error))?;
    let member = choose(&metadata, named, &here)?;
    let folder = member
        .manifest_path
        .parent()
        .unwrap_or(&metadata.workspace_root);
    Ok(Package {
        name: member.name.to_string(),
        binary: binary(member)?,
        folder: folder.as_std_path().into(),
        workspace: metadata.workspace_root.as_std_path().into(),
    })
}

fn unread(error: &cargo_metadata::Error) -> Failure {
    match error {
        cargo_metadata::Error::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Failure::Failed {
                message: "there is no `cargo` on the search path".into(),
                help: "install Rust, from https://rustup.rs, or set PATH to where it is".into(),
            }
        }
        error => Failure::Failed {
            message: format!("cargo cannot read this workspace: {}", told_by_cargo(error)),
            help: unread_help(error),
        },
    }
}

fn unread_help(error: &cargo_metadata::Error) -> String {
    let told = told_by_cargo(error);
    let help = if told.contains("could not find `Cargo.toml`") {
        "run saga-cli in the folder of a Cargo package, or below it"
    } else if told.contains("multiple workspace roots") {
        "a package in a workspace is none itself: remove `[workspace]` from the Cargo.toml of each member"
    } else {
        "mend what cargo says: `cargo metadata` says it, too"
    };
    help.to_owned()
}

fn told_by_cargo(error: &cargo_metadata::Error) -> String {
    match error {
        cargo_metadata::Error::CargoMetadata { stderr } => {
            stderr.trim().trim_start_matches("error: ").to_owned()
        }
        error => error.to_string(),
    }
}

fn choose<'a>(
    metadata: &'a Metadata,
    named: Option<&str>,
    here: &Path,
) -> Result<&'a Member, Failure> {
    let members = metadata.workspace_packages();
    let of_sagas = || {
        members
            .iter()
            .copied()
            .filter(|member| links_runtime(member))
    };
    if let Some(name) = named {
        return members
            .iter()
            .copied()
            .find(|member| member.name.as_str() == name)
            .ok_or_else(|| unknown(name, &names(of_sagas())));
    }
    if let Some(member) = of_sagas()
        .filter(|member| surrounds(member, here))
        .max_by_key(|member| depth(member))
    {
        return Ok(member);
    }
    let mut found = of_sagas();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Failure::Usage {
            message: format!("no package of this workspace depends on `{RUNTIME}`"),
            help: "a package of sagas has `saga-dsl` and `saga-lambda` among its dependencies"
                .into(),
        }),
        (Some(_), Some(_)) => Err(Failure::Usage {
            message: format!("several packages hold sagas: {}", list(&names(of_sagas()))),
            help: "say which one: `-p NAME`".into(),
        }),
    }
}

fn links_runtime(member: &Member) -> bool {
    member
        .dependencies
        .iter()
        .any(|dependency| dependency.name == RUNTIME)
        && member.targets.iter().any(is_binary)
}

fn is_binary(target: &cargo_metadata::Target) -> bool {
    target.kind.contains(&TargetKind::Bin)
}

fn surrounds(member: &Member, here: &Path) -> bool {
    member
        .manifest_path
        .parent()
        .is_some_and(|folder| here.starts_with(folder))
}

fn depth(member: &Member) -> usize {
    member.manifest_path.components().count()
}

fn unknown(name: &str, known: &[String]) -> Failure {
    let help = match did_you_mean(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("no package of this workspace depends on `{RUNTIME}`"),
        None => format!("the packages with sagas are {}", list(known)),
    };
    Failure::Usage {
        message: format!("the workspace has no package `{name}`"),
        help,
    }
}

fn binary(member: &Member) -> Result<String, Failure> {
    let binaries: Vec<String> = member
        .targets
        .iter()
        .filter(|target| is_binary(target))
        .map(|target| target.name.clone())
        .collect();
    let settings = settings(member)?;
    match (settings.binary, binaries.as_slice()) {
        (Some(name), _) if binaries.contains(&name) => Ok(name),
        (Some(name), _) => Err(Failure::Usage {
            message: format!("`[package.metadata.saga]` of `{}` names a binary `{name}` that it does not have", member.name),
            help: format!("its binaries are {}", list(&binaries)),
        }),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Failure::Usage {
            message: format!("the package `{}` has no binary", member.name),
            help: "add a `src/main.rs` that ends with `saga_lambda::main!(YourSaga);`".into(),
        }),
        (None, _) => Err(Failure::Usage {
            message: format!("the package `{}` has several binaries: {}", member.name, list(&binaries)),
            help: "name the one with the sagas in its Cargo.toml: `[package.metadata.saga]`, `binary = \"…\"`".into(),
        }),
    }
}

fn settings(member: &Member) -> Result<Settings, Failure> {
    match member.metadata.get("saga") {
        None => Ok(Settings::default()),
        Some(value) => Settings::deserialize(value).map_err(|error| Failure::Usage {
            message: format!("`[package.metadata.saga]` of `{}`: {error}", member.name),
            help: "it holds `binary = \"…\"`, the binary with the sagas".into(),
        }),
    }
}

fn names<'a>(members: impl Iterator<Item = &'a Member>) -> Vec<String> {
    members.map(|member| member.name.to_string()).collect()
}

fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
