//! State machines among the resources of a template.

use super::embed::{self, Embedded};
use super::{Definition, Document, Root, place_of};
use crate::lint::Embedding;
use crate::model::ExecutionType;
use crate::syntax::{Member, Node, Span, Syntax, escape};

/// A definition in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The file as the template names it, relative to the template.
    pub path: String,
    /// Where the template names it.
    pub place: Span,
    /// The pointer to the resource's properties.
    pub pointer: String,
    /// The type of its executions, where the resource says it.
    pub execution_type: Option<ExecutionType>,
    /// The names of the resource's substitutions and their places.
    pub substitutions: Vec<(String, Span)>,
}

/// The resources that hold state machines, and what they call the type of executions.
const KINDS: [(&str, &str); 2] = [
    ("AWS::Serverless::StateMachine", "Type"),
    ("AWS::StepFunctions::StateMachine", "StateMachineType"),
];

/// Whether a value is a template: it has resources with types.
pub(super) fn is_template(root: &Node<'_>) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    let typed = resources
        .iter()
        .any(|resource| resource.value.text("Type").is_some());
    let declared =
        root.get("AWSTemplateFormatVersion").is_some() || root.get("Transform").is_some();
    root.get("States").is_none() && (typed || declared)
}

/// Whether a value is a template with a state machine.
pub(super) fn has_state_machine(root: &Node<'_>) -> bool {
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    resources
        .iter()
        .any(|resource| kind_of(&resource.value).is_some())
}

fn kind_of(resource: &Node<'_>) -> Option<&'static str> {
    let stated = resource.text("Type")?;
    KINDS
        .into_iter()
        .find(|(kind, _)| *kind == stated)
        .map(|(_, field)| field)
}

/// Finds the definitions of a template.
pub(super) fn read<'s>(source: &'s str, root: &Node<'s>) -> Document<'s> {
    let mut document = Document::default();
    let resources = root.get("Resources").map_or(&[][..], Node::members);
    for resource in resources {
        let Some(type_field) = kind_of(&resource.value) else {
            continue;
        };
        let Some(properties) = resource.value.get("Properties") else {
            continue;
        };
        let machine = Machine {
            source,
            resource,
            properties,
            type_field,
        };
        machine.add_to(&mut document);
    }
    document
}

/// A resource that is a state machine.
struct Machine<'n, 's> {
    source: &'s str,
    resource: &'n Member<'s>,
    properties: &'n Node<'s>,
    type_field: &'static str,
}

impl<'s> Machine<'_, 's> {
    fn add_to(&self, document: &mut Document<'s>) {
        let embedding = self.embedding();
        for field in ["Definition", "DefinitionString"] {
            let Some(node) = self.properties.get(field) else {
                continue;
            };
            let Some(embedded) = embed::definition(self.source, node) else {
                continue;
            };
            document
                .definitions
                .push(self.definition(field, embedded, &embedding));
        }
        for field in ["DefinitionUri", "DefinitionS3Location"] {
            let local = self
                .properties
                .member(field)
                .filter(|member| is_local(&member.value));
            let Some(member) = local else { continue };
            document.references.push(Reference {
                path: member.value.as_str().unwrap_or_default().to_owned(),
                place: member.value.span,
                pointer: format!("{}/{field}", self.pointer()),
                execution_type: self.execution_type(),
                substitutions: embedding.substitutions.clone(),
            });
        }
    }

    fn definition(
        &self,
        field: &str,
        embedded: Embedded<'s>,
        embedding: &Embedding,
    ) -> Definition<'s> {
        let placeholders = embedded.placeholders;
        Definition {
            root: Root::Made(embedded.root),
            pointer: format!("{}/{field}", self.pointer()),
            execution_type: self.execution_type(),
            embedding: Some(Embedding {
                placeholders,
                ..embedding.clone()
            }),
        }
    }

    fn pointer(&self) -> String {
        format!("/Resources/{}/Properties", escape(&self.resource.name.text))
    }

    fn execution_type(&self) -> Option<ExecutionType> {
        match self.properties.text(self.type_field) {
            Some("EXPRESS") => Some(ExecutionType::Express),
            Some("STANDARD") | None => Some(ExecutionType::Standard),
            Some(_) => None,
        }
    }

    fn embedding(&self) -> Embedding {
        let substitutions = self.properties.get("DefinitionSubstitutions");
        let substitutions = substitutions.map_or(&[][..], Node::members).iter();
        let names = substitutions.map(|member| (member.name.text.to_string(), member.name.span));
        Embedding {
            substitutions: names.collect(),
            placeholders: Vec::new(),
            resource: self.resource.name.span,
            elsewhere: false,
            conflicts: self.conflicts(),
        }
    }

    /// Properties that exclude each other.
    fn conflicts(&self) -> Vec<(String, String, Span)> {
        const WAYS: [&str; 4] = [
            "Definition",
            "DefinitionString",
            "DefinitionUri",
            "DefinitionS3Location",
        ];
        let given: Vec<_> = WAYS
            .into_iter()
            .filter(|way| self.properties.get(way).is_some())
            .collect();
        let message = match given.as_slice() {
            [_] => return Vec::new(),
            [] => "the state machine has no definition".to_owned(),
            [first, second, ..] => format!("`{first}` and `{second}` exclude each other"),
        };
        let place = given.get(1).map_or(self.resource.name.span, |way| {
            place_of(self.properties, way)
        });
        vec![(
            message,
            "give exactly one of `Definition`, `DefinitionUri` and `DefinitionString`".to_owned(),
            place,
        )]
    }
}

/// Whether a value names a file beside the template, and not one in S3.
fn is_local(node: &Node<'_>) -> bool {
    matches!(&node.syntax, Syntax::String(path) if !path.starts_with("s3://") && !node.is_placeholder())
}
