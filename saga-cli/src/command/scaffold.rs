//! Folders of new packages: written whole, or not at all.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use crate::exit::Failure;

/// The checkout that this program was built from.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A file of a new package.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Where it stands in the package.
    pub(super) path: Cow<'static, str>,
    /// What it holds; in a template with holes such as `{{name}}`.
    pub(super) text: Cow<'static, str>,
}

macro_rules! files {
    ($($path:literal = $from:literal,)*) => {
        &[$($crate::command::scaffold::File {
            path: std::borrow::Cow::Borrowed($path),
            text: std::borrow::Cow::Borrowed(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $from))),
        },)*]
    };
}

pub(super) use files;

/// The files with their holes filled, each with its text.
pub(super) fn filled(
    files: impl Iterator<Item = &'static File>,
    holes: &[(&str, &str)],
) -> Vec<File> {
    let fill = |text: String, (hole, with): &(&str, &str)| text.replace(hole, with);
    let file = |file: &File| File {
        path: file.path.clone(),
        text: holes.iter().fold(file.text.to_string(), fill).into(),
    };
    files.map(file).collect()
}

/// The versions that the checkout was tested with.
pub(super) fn locked(checkout: &str) -> Option<File> {
    let text = fs::read_to_string(Path::new(checkout).join("Cargo.lock")).ok()?;
    Some(File {
        path: "Cargo.lock".into(),
        text: text.into(),
    })
}

/// The folder of saga's crates, as Cargo.toml can name it.
pub(super) fn checkout(stated: Option<&Path>) -> Result<String, Failure> {
    let folder = stated.unwrap_or(Path::new(CHECKOUT));
    let found = folder
        .canonicalize()
        .ok()
        .filter(|folder| folder.join("saga-dsl/Cargo.toml").is_file());
    let Some(found) = found else {
        return Err(Failure::Failed {
            message: format!("`{}` holds no crates of saga", folder.display()),
            help: "`--checkout DIR` says where a clone of saga lies".into(),
        });
    };
    match found.to_str() {
        Some(path) if !path.contains(['"', '\\', '\n']) => Ok(path.to_owned()),
        _ => Err(Failure::Failed {
            message: format!("Cargo.toml cannot name the path `{}`", found.display()),
            help: "move the checkout to a folder with another name".into(),
        }),
    }
}

/// Writes all files beside the folder first: it appears with all of them, or not at all.
pub(super) fn write(folder: &Path, files: impl Iterator<Item = File>) -> Result<(), Failure> {
    if is_taken(folder) {
        return Err(Failure::Failed {
            message: format!("`{}` is there already", folder.display()),
            help: "choose another name, or empty the folder first".into(),
        });
    }
    stage(folder, files).map_err(|error| Failure::Failed {
        message: format!("`{}` cannot be made: {error}", folder.display()),
        help: String::new(),
    })
}

/// Whether something would be lost if the folder were made.
fn is_taken(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.symlink_metadata().is_ok(),
    }
}

fn stage(folder: &Path, files: impl Iterator<Item = File>) -> io::Result<()> {
    let absolute = std::path::absolute(folder)?;
    let parent = absolute.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent)?;
    let staged = tempfile::Builder::new()
        .prefix(".saga-new-")
        .tempdir_in(parent)?;
    let root = staged.path().join("package");
    for file in files {
        let path = root.join(file.path.as_ref());
        fs::create_dir_all(path.parent().unwrap_or(&root))?;
        fs::write(path, file.text.as_bytes())?;
    }
    fs::rename(root, absolute)
}
