//! Files that cannot be read, and output files: each of these is there whole, or as it was before.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use saga_asl::lint::did_you_mean;

use crate::exit::Failure;

/// Why a file that the command line names cannot be read, and which one may have been meant.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let missing = error.kind() == ErrorKind::NotFound;
    let near = missing.then(|| near(path)).flatten();
    Failure::Usage {
        message: format!("cannot read `{}`: {}", path.display(), reason(error)),
        help: near.map_or_else(String::new, |near| format!("did you mean `{near}`?")),
    }
}

/// What an error says, without the operating system's number.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// The path beside this one whose name is nearest to it.
fn near(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let here = Path::new(".");
    let entries = fs::read_dir(if folder.as_os_str().is_empty() {
        here
    } else {
        folder
    })
    .ok()?;
    let names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let near = did_you_mean(name, names.iter().map(String::as_str))?;
    Some(folder.join(near).display().to_string())
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Writes the files into a folder, which is made if it is not there. All of them are on the disk before
/// the first takes its name, so that whatever fails before leaves the folder as it was.
///
/// # Errors
/// When the folder or a file cannot be written; the message names it.
pub fn write(folder: &Path, files: &[File]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => no_folder(folder),
        _ => failed(folder, &error),
    })?;
    let mut staged = Vec::new();
    for file in files {
        let path = folder.join(&file.name);
        staged.push((
            stage(folder, file).map_err(|error| failed(&path, &error))?,
            path,
        ));
    }
    for (file, path) in staged {
        file.persist(&path)
            .map_err(|error| failed(&path, &error.error))?;
    }
    Ok(())
}

fn stage(folder: &Path, file: &File) -> io::Result<tempfile::NamedTempFile> {
    let mut staged = tempfile::Builder::new()
        .permissions(readable())
        .tempfile_in(folder)?;
    staged.write_all(file.text.as_bytes())?;
    staged.as_file().sync_all()?;
    Ok(staged)
}

/// As a shell's `>` would create the file; the umask still applies.
fn readable() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::Permissions::from_mode(0o666)
}

fn no_folder(path: &Path) -> Failure {
    Failure::Failed {
        message: format!("`{}` is no folder that could be written to", path.display()),
        help: "a file is there, or on the way there: name another folder".into(),
    }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed {
        message: format!("`{}` cannot be written: {error}", path.display()),
        help: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File {
            name: name.into(),
            text: text.into(),
        }
    }

    #[test]
    fn what_cannot_be_staged_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[file("a", "old")]).unwrap();
        let failure = write(
            folder.path(),
            &[file("a", "new"), file("no/such/folder", "x")],
        );
        // A name with a folder in it is staged, and cannot take its name.
        assert!(failure.unwrap_err().to_string().contains("no/such/folder"));
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["a"]);
    }

    #[test]
    fn a_folder_that_is_a_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::write(&path, "").unwrap();
        assert!(write(&path, &[]).unwrap_err().to_string().contains("taken"));
    }
}
