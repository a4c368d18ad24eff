//! The files that a command line names, and those of the folders that it names.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Place;
use crate::exit::Failure;
use crate::files::unreadable;

/// Every text that the paths name, once, in their order and that of the names in folders.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Place>, Failure> {
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            places.push(Place::Stdin);
        } else if path.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files)?;
            let new = files.into_iter().filter(|file| seen.insert(file.clone()));
            places.extend(new.map(Place::Found));
        } else if seen.insert(path.clone()) {
            places.push(Place::Named(path.clone()));
        }
    }
    Ok(places)
}

/// Folders that hold what others made.
const SKIPPED: [&str; 5] = [".git", ".aws-sam", "node_modules", "target", "cdk.out"];

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| unreadable(folder, &error))?;
        paths.push((entry.path(), kind.is_dir()));
    }
    paths.sort();
    for (path, is_folder) in paths {
        let skipped = path
            .file_name()
            .is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped));
        if is_folder && !skipped {
            walk(&path, files)?;
        } else if !is_folder && has_known_ending(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    ["asl", "json", "yaml", "yml", "template"].contains(&ending.as_ref())
}
