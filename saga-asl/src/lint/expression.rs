//! Expressions, parsed once for all rules.

use std::cell::OnceCell;

use crate::intrinsic::Call;
use crate::jsonata;
use crate::jsonpath::{Path, Root, Segment};
use crate::schema::{Language, Site, Slot};
use crate::syntax::Span;

/// An expression of a definition.
#[derive(Debug)]
pub struct Expression<'t> {
    /// Where it is.
    pub slot: Slot<'t>,
    /// What it is.
    pub parsed: Parsed,
    reads: OnceCell<Vec<Read>>,
}

/// What an expression is.
#[derive(Debug)]
pub enum Parsed {
    /// A path.
    Path(Path),
    /// An intrinsic function.
    Call(Call),
    /// JSONata: what it reads and calls. Places are offsets in the string's text.
    JsonAta(jsonata::References),
    /// Neither; the place is an offset in the string's text.
    Broken {
        /// What it looks like it was meant to be.
        meant: Language,
        /// Where it is wrong.
        at: usize,
        /// What is wrong there.
        message: String,
    },
}

/// Something that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Where from.
    pub source: Source,
    /// The fields taken of it, as far as they are plain names.
    pub fields: Vec<String>,
    /// Whether it names one place, so that it fails where nothing is there.
    pub definite: bool,
    /// Its place in the source.
    pub span: Span,
}

/// Where an expression reads from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// The state's input; in JSONPath what `InputPath` left of it, but in `InputPath` itself.
    Input,
    /// The work's result.
    Result,
    /// In `OutputPath`: the input with the result in it.
    Output,
    /// The error and its cause.
    ErrorOutput,
    /// The context object.
    Context,
    /// A variable.
    Variable(String),
    /// A field of JSONata's `$states` that is not there.
    Unknown(String),
}

impl<'t> Expression<'t> {
    /// Parses the string.
    #[must_use]
    pub fn new(slot: Slot<'t>) -> Self {
        let text = slot.node.as_str().unwrap_or_default();
        let parsed = match slot.language {
            Language::JsonAta => parse_jsonata(text),
            Language::PathOrCall if !text.starts_with('$') => parse_call(text),
            language => parse_path(text, language),
        };
        Self {
            slot,
            parsed,
            reads: OnceCell::new(),
        }
    }

    /// Everything it reads.
    #[must_use]
    pub fn reads(&self, source: &str) -> &[Read] {
        self.reads.get_or_init(|| self.find_reads(source))
    }

    fn find_reads(&self, source: &str) -> Vec<Read> {
        // `ResultPath` says where to write.
        if matches!(self.slot.site, Site::ResultPath | Site::CatchResultPath) {
            return Vec::new();
        }
        match &self.parsed {
            Parsed::Path(path) => vec![self.path_read(path, self.slot.node.span)],
            Parsed::Call(call) => self.call_reads(call, source),
            Parsed::JsonAta(references) => references
                .variables
                .iter()
                .map(|read| self.jsonata_read(read, source))
                .collect(),
            Parsed::Broken { .. } => Vec::new(),
        }
    }

    fn call_reads(&self, call: &Call, source: &str) -> Vec<Read> {
        let paths = call.paths().into_iter();
        paths
            .map(|path| {
                let text = self.slot.node.as_str().unwrap_or_default();
                let start = text.find(path.as_str()).unwrap_or_default();
                let span = self
                    .slot
                    .node
                    .span_within(source, start, start + path.as_str().len());
                self.path_read(path, span)
            })
            .collect()
    }

    fn path_read(&self, path: &Path, span: Span) -> Read {
        let source = match path.root() {
            Root::Context => Source::Context,
            Root::Variable(name) => Source::Variable(name.to_string()),
            Root::Input | Root::Item => self.default_source(),
        };
        let names: Vec<_> = path.segments().iter().map_while(single_name).collect();
        let definite = path.is_definite();
        Read {
            source,
            fields: names,
            definite,
            span,
        }
    }

    /// What `$` stands for there.
    fn default_source(&self) -> Source {
        match self.slot.site {
            Site::InputPath | Site::Arguments | Site::Item | Site::ResultPath => Source::Input,
            Site::ResultSelector => Source::Result,
            Site::OutputPath => Source::Output,
            Site::Output if matches!(self.slot.field, "Assign") => Source::Result,
            Site::Output => Source::Input,
            Site::CatchOutput | Site::CatchResultPath => Source::ErrorOutput,
        }
    }

    fn jsonata_read(&self, read: &jsonata::Reference, source: &str) -> Read {
        let span = self
            .slot
            .node
            .span_within(source, read.span.start, read.span.end);
        let mut fields = read.fields.clone();
        let source = if read.variable == "states" {
            let part = if fields.is_empty() {
                String::new()
            } else {
                fields.remove(0)
            };
            states_part(part)
        } else {
            Source::Variable(read.variable.clone())
        };
        Read {
            source,
            fields,
            definite: true,
            span,
        }
    }
}

/// A part of JSONata's reserved variable (developer guide, "Transforming data": `$states`).
fn states_part(part: String) -> Source {
    match part.as_str() {
        "" | "input" => Source::Input,
        "result" => Source::Result,
        "errorOutput" => Source::ErrorOutput,
        "context" => Source::Context,
        _ => Source::Unknown(part),
    }
}

fn single_name(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Names(names) => match names.as_slice() {
            [name] => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn parse_path(text: &str, meant: Language) -> Parsed {
    match Path::parse(text) {
        Ok(path) => Parsed::Path(path),
        Err(error) => Parsed::Broken {
            meant,
            at: error.at,
            message: error.to_string(),
        },
    }
}

fn parse_call(text: &str) -> Parsed {
    match Call::parse(text) {
        Ok(call) => Parsed::Call(call),
        Err(error) => Parsed::Broken {
            meant: Language::PathOrCall,
            at: error.at,
            message: error.to_string(),
        },
    }
}

fn parse_jsonata(text: &str) -> Parsed {
    let Some((offset, inner)) = jsonata::expression(text) else {
        return Parsed::JsonAta(jsonata::References::default());
    };
    match jsonata::parse(inner) {
        Ok(tree) => {
            let mut references = jsonata::references(&tree);
            let moved = |span: &mut std::ops::Range<usize>| {
                *span = span.start + offset..span.end + offset;
            };
            references
                .variables
                .iter_mut()
                .for_each(|read| moved(&mut read.span));
            references
                .calls
                .iter_mut()
                .for_each(|call| moved(&mut call.span));
            Parsed::JsonAta(references)
        }
        Err(error) => {
            let (at, message) = (error.at + offset, error.to_string());
            Parsed::Broken {
                meant: Language::JsonAta,
                at,
                message,
            }
        }
    }
}
