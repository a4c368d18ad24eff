//! The answer to `saga-cli`: the manifest, in the file that it named.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use saga_manifest::Manifest;

/// Why there is no manifest.
#[derive(Debug, thiserror::Error)]
#[error("the manifest could not be written to `{}`: {problem}", file.display())]
pub(crate) struct NotWritten {
    file: PathBuf,
    problem: io::Error,
}

/// Writes the manifest whole or not at all: to a file beside the one asked for, which then takes its name.
pub(crate) fn write(manifest: &Manifest, file: &Path) -> Result<(), NotWritten> {
    write_beside(manifest, file).map_err(|problem| NotWritten {
        file: file.to_owned(),
        problem,
    })
}

fn write_beside(manifest: &Manifest, file: &Path) -> io::Result<()> {
    let mut name = file
        .file_name()
        .ok_or(io::ErrorKind::InvalidFilename)?
        .to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let partial = file.with_file_name(name);
    let written =
        fs::write(&partial, manifest.to_json()?).and_then(|()| fs::rename(&partial, file));
    if written.is_err() {
        // What is left of it is in nobody's way: the error that is reported is the one that matters.
        let _ = fs::remove_file(&partial);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        saga_dsl::Package::new().manifest()
    }

    #[test]
    fn what_is_written_reads_back_and_nothing_else_is_left() {
        let folder =
            std::env::temp_dir().join(format!("saga-lambda-manifest-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        write(&manifest(), &folder.join("manifest.json")).unwrap();
        let names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(names, ["manifest.json"]);
        assert_eq!(Manifest::read(&text).unwrap(), manifest());
    }

    #[test]
    fn an_error_names_the_file() {
        let message = write(&manifest(), Path::new("/nowhere/manifest.json"))
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("could not be written to `/nowhere/manifest.json`"),
            "{message}"
        );
    }
}
