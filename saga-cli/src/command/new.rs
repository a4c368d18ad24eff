//! `saga-cli new`: a package that builds, runs, verifies and generates as it is.

mod name;
mod template;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use self::name::Name;
use self::template::{File, Template};
use crate::exit::{Exit, Failure};

/// The checkout that this program was built from.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Make a new package with a saga in it.
///
/// It builds, runs, verifies and generates as it is; nothing in it has to be deleted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  saga-cli new orders          the folder `orders`, with the package `orders`
  saga-cli new shop/orders     the same in another folder
  saga-cli new orders --template http")]
pub struct New {
    /// The new package: its name, or a folder whose last part is its name.
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// What it begins with.
    #[arg(long, value_enum, default_value_t = Template::Minimal)]
    template: Template,
    /// The checkout of saga whose crates it uses; this program's own, if not stated.
    #[arg(long, value_name = "DIR")]
    checkout: Option<PathBuf>,
}

impl New {
    /// Makes the folder, whole or not at all, and says what can be done with it.
    ///
    /// # Errors
    /// When the name is no package's, the folder is taken or cannot be written, or there is no checkout.
    pub fn run(self, out: &mut dyn Write) -> Result<Exit, Failure> {
        let name = Name::of(&self.folder)?;
        let checkout = checkout(self.checkout.as_deref())?;
        let filled = self.template.fill(&name, &checkout);
        let lock = fs::read_to_string(Path::new(&checkout).join("Cargo.lock")).ok();
        write(&self.folder, filled.chain(lock.map(locked)))?;
        let (folder, target) = (self.folder.display(), self.template.target());
        write!(
            out,
            "Made `{folder}`, on the crates of saga in `{checkout}`: they are not published yet.

  cd {folder}
  saga-cli run --input events/completed.json
  saga-cli verify
  saga-cli generate{target} > template.yaml
  cargo test
"
        )?;
        Ok(Exit::Success)
    }
}

/// The versions that the checkout was tested with.
fn locked(text: String) -> File {
    File {
        path: "Cargo.lock",
        text: text.into(),
    }
}

/// The folder of saga's crates, as Cargo.toml can name it.
fn checkout(stated: Option<&Path>) -> Result<String, Failure> {
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
fn write(folder: &Path, files: impl Iterator<Item = File>) -> Result<(), Failure> {
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
        let path = root.join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(&root))?;
        fs::write(path, file.text.as_bytes())?;
    }
    fs::rename(root, absolute)
}
