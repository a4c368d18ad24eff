//! The package that an imported saga stands in.

use std::path::Path;

use saga_import::Imported;
use saga_import::stack::Report;

use super::super::new::Name;
use super::super::scaffold::{File, files, filled};
use super::report;

const FILES: &[File] = files! {
    ".github/workflows/ci.yml" = "package/ci.yml.in",
    ".gitignore" = "package/gitignore",
    "Cargo.toml" = "import/Cargo.toml.in",
    "README.md" = "import/README.md.in",
    "samconfig.toml" = "package/samconfig.toml.in",
    "src/main.rs" = "import/main.rs.in",
};

/// All its files.
pub(super) fn files_of(
    name: &Name,
    checkout: &str,
    file: &Path,
    imported: &Imported,
    around: Option<&(String, Report)>,
) -> impl Iterator<Item = File> + use<> {
    let holes = [
        ("{{target}}", ""),
        ("{{name}}", &name.to_string()),
        ("{{checkout}}", checkout),
        ("{{saga}}", &imported.saga),
        ("{{module}}", &imported.module),
        ("{{file}}", &shown(file)),
    ];
    let filled = filled(FILES.iter(), &holes);
    let mut gaps = report::markdown(&shown(file), imported);
    if let Some((template, around)) = around {
        gaps.push_str(&report::around_markdown(
            &shown(Path::new(template)),
            around,
        ));
    }
    let own = [
        File {
            path: format!("src/{}.rs", imported.module).into(),
            text: imported.source.clone().into(),
        },
        File {
            path: "GAPS.md".into(),
            text: gaps.into(),
        },
    ];
    filled.into_iter().chain(own)
}

/// A file as texts name it: without the folders of one machine.
fn shown(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
