//! Which state machine is imported, and what a template says around it.

use std::path::{Path, PathBuf};

use saga_asl::syntax::Format;
use saga_import::stack::{Context, Machine, Stack};

use super::super::run::definition::{machine_name, read};
use crate::exit::Failure;

/// A definition, with what is around it.
pub(super) struct Source {
    /// The file that holds it.
    pub(super) file: PathBuf,
    pub(super) text: String,
    pub(super) format: Format,
    /// What it is called where nobody says it.
    pub(super) name: String,
    pub(super) context: Context,
    /// The template, and the state machine in it.
    pub(super) around: Option<Around>,
}

/// The template that a definition stands in.
pub(super) struct Around {
    pub(super) file: PathBuf,
    pub(super) stack: Stack,
    pub(super) machine: Machine,
}

impl Source {
    /// The definition in a file, which may be the template itself, or stand in this one; of several, the one of this
    /// logical id.
    pub(super) fn find(
        file: &Path,
        template: Option<&Path>,
        machine: Option<&str>,
    ) -> Result<Self, Failure> {
        let text = read(file)?;
        let format = format_of(file, &text);
        let own = Stack::read(&text, format).filter(|stack| !stack.machines().is_empty());
        match (own, template) {
            (Some(stack), None) => in_template(file, text, format, stack, machine),
            (None, Some(template)) => {
                let around = beside(file, template, machine)?;
                let name = around.machine.id.clone();
                let context = around.stack.context(&around.machine).of_a_file();
                Ok(Self {
                    file: file.to_owned(),
                    text,
                    format,
                    name,
                    context,
                    around: Some(around),
                })
            }
            (Some(_), Some(_)) => Err(Failure::Usage {
                message: format!("`{}` is a template itself", file.display()),
                help: "leave out `--template`".into(),
            }),
            (None, None) => match machine {
                Some(machine) => Err(Failure::Usage {
                    message: format!(
                        "`{}` holds no template that has a state machine `{machine}`",
                        file.display()
                    ),
                    help: "name the template: `--template template.yaml`".into(),
                }),
                None => Ok(Self {
                    file: file.to_owned(),
                    text,
                    format,
                    name: machine_name(file),
                    context: Context::default(),
                    around: None,
                }),
            },
        }
    }
}

/// The definition of a state machine in a template, or in the file that it names.
fn in_template(
    file: &Path,
    text: String,
    format: Format,
    stack: Stack,
    wanted: Option<&str>,
) -> Result<Source, Failure> {
    let machine = chosen(file, &stack, wanted, |_| true)?;
    let context = stack.context(&machine);
    let (file, text, format, template) = match &machine.file {
        None => (file.to_owned(), text, format, file.to_owned()),
        Some(path) => {
            let folder = file.parent().unwrap_or(Path::new(""));
            let definition = folder.join(path);
            let text = read(&definition)?;
            let format = format_of(&definition, &text);
            (definition, text, format, file.to_owned())
        }
    };
    Ok(Source {
        file,
        text,
        format,
        name: machine.id.clone(),
        context,
        around: Some(Around {
            file: template,
            stack,
            machine,
        }),
    })
}

/// The template that a file's definition stands in: as that of the state machine that names the file, else of its only one.
fn beside(file: &Path, template: &Path, wanted: Option<&str>) -> Result<Around, Failure> {
    let text = read(template)?;
    let stack = Stack::read(&text, format_of(template, &text));
    let stack = stack.filter(|stack| !stack.machines().is_empty());
    let stack = stack.ok_or_else(|| Failure::Usage {
        message: format!("`{}` holds no state machine", template.display()),
        help: "name the SAM or CloudFormation template that deploys the definition".into(),
    })?;
    let names_file = |machine: &Machine| {
        let named = machine
            .file
            .as_ref()
            .map(Path::new)
            .and_then(Path::file_name);
        named.is_some() && named == file.file_name()
    };
    let machine = match stack.machines().iter().any(names_file) {
        true => chosen(template, &stack, wanted, names_file)?,
        false => chosen(template, &stack, wanted, |_| true)?,
    };
    Ok(Around {
        file: template.to_owned(),
        stack,
        machine,
    })
}

/// The one state machine that is meant.
fn chosen(
    file: &Path,
    stack: &Stack,
    wanted: Option<&str>,
    fits: impl Fn(&Machine) -> bool,
) -> Result<Machine, Failure> {
    let all = stack.machines();
    let found: Vec<&Machine> = match wanted {
        Some(id) => all.iter().filter(|machine| machine.id == id).collect(),
        None => all.iter().filter(|machine| fits(machine)).collect(),
    };
    if let [only] = found.as_slice() {
        return Ok((*only).clone());
    }
    let ids: Vec<String> = all
        .iter()
        .map(|machine| format!("`{}`", machine.id))
        .collect();
    let (file, ids) = (file.display(), ids.join(", "));
    Err(match wanted {
        Some(id) => Failure::Usage {
            message: format!("`{file}` has no state machine `{id}`"),
            help: format!("its state machines: {ids}"),
        },
        None => Failure::Usage {
            message: format!("`{file}` has {} state machines: {ids}", all.len()),
            help: "choose one: `--machine LOGICAL_ID`".into(),
        },
    })
}

fn format_of(path: &Path, text: &str) -> Format {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ => Format::guess(text),
    }
}
