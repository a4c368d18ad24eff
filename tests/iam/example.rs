//! An example, built and compiled.

use std::collections::BTreeMap;
use std::path::PathBuf;

use saga_asl::syntax::{Format, parse};
use saga_compiler::yaml::Yaml;
use saga_compiler::{Architecture, Definition, Definitions, Options};
use saga_local::saga::substitutions;
use saga_manifest::Manifest;
use serde_json::Value;

use crate::ask;
use crate::build;
use crate::granted::{inner, of_type, target};

/// A package of the workspace.
pub struct Example {
    pub package: String,
    pub executable: PathBuf,
    pub manifest: Manifest,
    pub definitions: Vec<Definition>,
    /// The template as it is made, and as JSON, tags in their long form.
    pub yaml: Yaml,
    pub template: Value,
    /// What `${…}` of definitions stand for: logical ids by name.
    names: BTreeMap<String, String>,
    /// The same by what stands for them on this machine.
    local: BTreeMap<String, String>,
}

impl Example {
    pub fn of(package: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let executable = build::executable(package, "");
        let manifest = ask::manifest(&executable, folder.path());
        let options = Options {
            package: package.into(),
            code_uri: ".".into(),
            binary: package.into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let output = saga_compiler::compile(&manifest, &options).unwrap();
        let text = output.template.to_text().unwrap();
        let tree = parse(&text, Format::Yaml);
        assert!(tree.errors.is_empty(), "{:?}", tree.errors);
        let template = serde_json::to_value(tree.root.to_value()).unwrap();
        let names = names(&template);
        let local = substitutions(&manifest);
        let local = local
            .into_iter()
            .filter_map(|(name, text)| Some((text, names.get(&name)?.clone())));
        Self {
            package: package.into(),
            executable,
            definitions: output.definitions,
            yaml: output.template,
            local: local.collect(),
            names,
            template,
            manifest,
        }
    }

    /// The role of a state machine, by its logical id or its saga's name.
    pub fn role_of(&self, machine: &str) -> String {
        let known = [machine.to_owned(), format!("{machine}StateMachine")];
        let mut machines = of_type(&self.template, "AWS::StepFunctions::StateMachine");
        let found = machines.find(|(id, _)| known.iter().any(|known| known == id));
        let (_, properties) = found.unwrap_or_else(|| panic!("no state machine `{machine}`"));
        target(&properties["RoleArn"])
    }

    /// The logical id of what a call names, in a definition's words or in this machine's; the text itself where
    /// it is neither.
    pub fn named(&self, text: &str) -> String {
        if let Some(name) = inner(text) {
            let id = self.names.get(name);
            return id
                .unwrap_or_else(|| panic!("`{text}` stands for nothing"))
                .clone();
        }
        if let Some(id) = self.local.get(text) {
            return id.clone();
        }
        // An execution's ARN holds its state machine's name before its own.
        let mut parts = text.split(':').skip_while(|part| *part != "execution");
        match parts.nth(1) {
            Some(machine) => self.machine(machine),
            None => text.to_owned(),
        }
    }

    fn machine(&self, name: &str) -> String {
        let machines = of_type(&self.template, "AWS::StepFunctions::StateMachine");
        let mut ids = machines.map(|(id, _)| id);
        let known = [name.to_owned(), format!("{name}StateMachine")];
        let found = ids.find(|id| known.iter().any(|known| known == id));
        found
            .unwrap_or_else(|| panic!("no state machine `{name}`"))
            .to_owned()
    }

    /// The events to try that fit the input of a saga, by file name.
    pub fn inputs(&self, saga: &saga_local::saga::Prepared) -> BTreeMap<String, Value> {
        let folder = format!(
            "{}/../examples/{}/events",
            env!("CARGO_MANIFEST_DIR"),
            self.package
        );
        let files = std::fs::read_dir(folder).unwrap();
        let events = files.map(|file| {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_str(&text).unwrap())
        });
        events
            .filter(|(_, event)| saga.check_input(event).is_ok())
            .collect()
    }
}

/// The substitutions of all definitions: a name stands for the same in each.
fn names(template: &Value) -> BTreeMap<String, String> {
    let machines = of_type(template, "AWS::StepFunctions::StateMachine");
    let all = machines.filter_map(|(_, machine)| machine["DefinitionSubstitutions"].as_object());
    let all = all.flatten();
    all.map(|(name, value)| (name.clone(), target(value)))
        .collect()
}
