//! Objects and their fields.

use super::Shape;
use super::walk::Site;
use crate::model::QueryLanguage;

/// An object of the language.
#[derive(Debug)]
pub struct Record {
    /// What it is, with its article: `a Task state`.
    pub what: &'static str,
    /// The fields it may have.
    pub fields: &'static [Field],
    /// Groups of fields of which at most one may be there.
    pub exclusive: &'static [&'static [&'static str]],
    /// Groups of fields of which at least one must be there.
    pub one_of: &'static [&'static [&'static str]],
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The only query language that has it; none where both do.
    pub only: Option<QueryLanguage>,
    /// Whether it must be there.
    pub required: bool,
    /// What it may be.
    pub shape: Shape,
    /// When its expressions are evaluated.
    pub site: Site,
}

impl Record {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field that both query languages have.
pub(super) const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        only: None,
        required: false,
        shape,
        site: Site::Arguments,
    }
}

/// A field that only JSONPath has.
pub(super) const fn jsonpath(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(QueryLanguage::JsonPath),
        ..field(name, shape)
    }
}

/// A field that only JSONata has.
pub(super) const fn jsonata(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(QueryLanguage::JsonAta),
        ..field(name, shape)
    }
}

impl Field {
    /// The same field, which must be there.
    pub(super) const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same field, evaluated then.
    pub(super) const fn at(self, site: Site) -> Self {
        Self { site, ..self }
    }
}

/// Fields that every state has.
pub(super) const TYPE: Field = field("Type", Shape::Text).required();
pub(super) const COMMENT: Field = field("Comment", Shape::Text);
pub(super) const QUERY_LANGUAGE: Field =
    field("QueryLanguage", Shape::OneOf(&["JSONPath", "JSONata"]));
pub(super) const NEXT: Field = field("Next", Shape::StateName);
pub(super) const END: Field = field("End", Shape::Flag);
pub(super) const INPUT_PATH: Field = jsonpath("InputPath", Shape::NullablePath).at(Site::InputPath);
pub(super) const OUTPUT_PATH: Field =
    jsonpath("OutputPath", Shape::NullablePath).at(Site::OutputPath);
pub(super) const PARAMETERS: Field = jsonpath("Parameters", Shape::Template);
pub(super) const ARGUMENTS: Field = jsonata("Arguments", Shape::Template);
pub(super) const RESULT_SELECTOR: Field =
    jsonpath("ResultSelector", Shape::TemplateObject).at(Site::ResultSelector);
pub(super) const RESULT_PATH: Field =
    jsonpath("ResultPath", Shape::NullableReferencePath).at(Site::ResultPath);
pub(super) const ASSIGN: Field = field("Assign", Shape::Assign).at(Site::Output);
pub(super) const OUTPUT: Field = jsonata("Output", Shape::Template).at(Site::Output);
