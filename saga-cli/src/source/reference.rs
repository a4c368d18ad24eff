//! The files that templates name as their state machines' definitions.

use std::fs;
use std::path::{Path, PathBuf};

use saga_asl::document::Reference;
use saga_asl::lint::check_reference;

use super::{Checked, format_of};

/// Checks every file that a template refers to, with what the template says of it. A file that was
/// checked already gets the better report.
pub fn follow(checked: &mut Vec<Checked>) {
    for index in 0..checked.len() {
        let Some(template) = checked.get_mut(index) else {
            continue;
        };
        let references = std::mem::take(&mut template.report.references);
        for reference in references {
            if let Some(file) = checked
                .get_mut(index)
                .and_then(|template| one(template, &reference))
            {
                replace(checked, file);
            }
        }
    }
}

/// Checks one file; what that says of the template goes to the template.
fn one(template: &mut Checked, reference: &Reference) -> Option<Checked> {
    let folder = template.path.as_deref().and_then(Path::parent)?;
    let path = folder.join(&reference.path);
    let content = fs::read_to_string(&path).ok();
    let file = content
        .as_deref()
        .map(|content| (content, format_of(Some(&path), content)));
    let referenced = check_reference(&template.content, reference, file);
    template.report.diagnostics.extend(referenced.template);
    template
        .report
        .diagnostics
        .sort_by_key(|diagnostic| diagnostic.span);
    let name = path.display().to_string();
    Some(Checked {
        name,
        path: Some(path),
        content: content?,
        report: referenced.report,
    })
}

fn replace(checked: &mut Vec<Checked>, file: Checked) {
    let real = |path: &Option<PathBuf>| path.as_ref().and_then(|path| path.canonicalize().ok());
    let same = real(&file.path);
    let known = checked
        .iter_mut()
        .find(|known| same.is_some() && real(&known.path) == same);
    match known {
        Some(known) => known.report = file.report,
        None => checked.push(file),
    }
}
