use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use saga_asl::data::Data;
use saga_asl::jsonata::{self, FORBIDDEN};

use super::convert::{from_jsonata, to_jsonata};
use super::functions::{is_ours, register};
use super::needs::{Needs, needs, plain};
use super::rewrite::rewrite;
use crate::fault::Fault;
use crate::query::Scope;
use crate::random::Seeded;

/// An evaluation ends after so many milliseconds. A backstop for what the other two bounds
/// don't catch: no expression that people write comes near.
const MAX_MILLIS: u64 = 10_000;

/// An evaluation nests at most so deep; a call of a function that recurs takes about three.
const MAX_STACK: usize = 3_000;

/// A sequence has at most so many items.
const MAX_SEQUENCE: usize = 1_000_000;

/// A parsed expression, with the field of the state that it stands in.
pub struct Expression {
    source: Box<str>,
    field: Box<str>,
    /// `$variable.name.name`, if it is no more than that.
    plain: Option<(Box<str>, Vec<Box<str>>)>,
    general: General,
}

struct General {
    ast: AstNode,
    needs: Vec<(Box<str>, Needs)>,
    functions: Vec<Box<str>>,
}

impl Expression {
    /// Parses `source`, what stands between `{%` and `%}` in the field `field`.
    ///
    /// # Errors
    /// A message that says what no expression has there.
    pub fn compile(source: &str, field: &str) -> Result<Self, String> {
        let tree = jsonata::parse(source)
            .map_err(|error| format!("{error} (at character {})", error.at + 1))?;
        let plain = plain(&tree).filter(|(variable, _)| !matches!(*variable, "" | "$"));
        Ok(Expression {
            source: source.into(),
            field: field.into(),
            plain: plain.map(|(variable, names)| {
                (variable.into(), names.into_iter().map(Into::into).collect())
            }),
            general: General::compile(source, &tree)?,
        })
    }

    /// The expression as it was written, without its braces.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value of the expression.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` where it has none or fails.
    pub fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<Data, Fault> {
        // A plain path that meets an array, or nothing, means what JSONata says it means.
        let plain = self.plain.as_ref();
        match plain.and_then(|(variable, names)| read(variable, names, scope)) {
            Some(data) => Ok(data),
            None => self.finish(self.general.evaluate(scope, random)),
        }
    }

    fn finish(&self, value: Result<JValue, String>) -> Result<Data, Fault> {
        match value {
            Ok(value) if value.is_undefined() => {
                Err(self.fault(format!("{self} returned nothing (undefined).")))
            }
            Ok(value) => from_jsonata(&value)
                .map_err(|what| self.fault(format!("{self} returned a result that {what}."))),
            Err(message) => {
                Err(self.fault(format!("{self} threw an error during evaluation{message}")))
            }
        }
    }

    /// The fault of a result of another kind than the field needs.
    pub fn unexpected(&self, value: &Data, expected: &str) -> Fault {
        self.fault(format!(
            "{self} returned an unexpected result type. Expected '{expected}', but was '{}' for value: {value}",
            kind(value)
        ))
    }

    fn fault(&self, message: String) -> Fault {
        Fault::Query {
            location: self.field.to_string(),
            message,
        }
    }
}

/// The expression in a message, with the field that it stands in.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The JSONata expression '{}' specified for the field '{}'",
            self.source, self.field
        )
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{% {} %}}", self.source)
    }
}

/// The name of a value's kind in JSONata.
pub(super) fn kind(value: &Data) -> &'static str {
    match value {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Number(_) => "number",
        Data::String(_) => "string",
        Data::Array(_) => "array",
        Data::Object(_) => "object",
    }
}

/// Reads a plain path as long as all on the way are objects.
fn read(variable: &str, names: &[Box<str>], scope: &Scope<'_>) -> Option<Data> {
    let (start, names) = match (variable, names) {
        ("states", [first, rest @ ..]) => (scope.of_states(first)?, rest),
        ("states", []) => return None,
        _ => (scope.variables.get(variable)?.clone(), names),
    };
    let mut current = &start;
    for name in names {
        current = current.get(name)?;
    }
    Some(current.clone())
}

impl General {
    fn compile(source: &str, tree: &jsonata::Node) -> Result<Self, String> {
        let calls = jsonata::references(tree).calls;
        if let Some(call) = calls.iter().find(|call| FORBIDDEN.contains(&&*call.name)) {
            return Err(format!(
                "`${}` is not available in Step Functions",
                call.name
            ));
        }
        let text = rewrite(source, tree);
        let ast = caught(|| jsonata_core::parser::parse(&text).map_err(|error| error.to_string()))?;
        let mut functions: Vec<Box<str>> = calls.into_iter().map(|call| call.name.into()).collect();
        if text != source {
            functions.extend(["finite".into(), "millis".into()]);
        }
        functions.retain(|name| is_ours(name));
        Ok(General {
            ast,
            needs: needs(tree),
            functions,
        })
    }

    fn evaluate(&self, scope: &Scope<'_>, random: &mut Seeded) -> Result<JValue, String> {
        let state = Rc::new(Cell::new(*random));
        let value = caught(|| {
            let mut evaluator = Evaluator::with_options(self.bind(scope), options());
            register(&mut evaluator, &self.functions, &state, scope.now)
                .and_then(|()| evaluator.evaluate(&self.ast, &JValue::Undefined))
                .map_err(|error| described(&error))
        });
        *random = state.get();
        value
    }

    fn bind(&self, scope: &Scope<'_>) -> Context {
        let mut context = Context::new();
        for (name, needs) in &self.needs {
            let value = match &**name {
                "states" => states(scope, needs),
                _ => match scope.variables.get(name) {
                    Some(data) => to_jsonata(data, needs),
                    None => continue,
                },
            };
            context.bind(name.to_string(), value);
        }
        context
    }
}

/// `$states` with the members that are needed.
fn states(scope: &Scope<'_>, needs: &Needs) -> JValue {
    const MEMBERS: [&str; 4] = ["input", "context", "result", "errorOutput"];
    let all = Needs {
        whole: true,
        ..Needs::default()
    };
    let wanted = MEMBERS.into_iter().filter_map(|member| {
        let needs = match needs.whole {
            true => &all,
            false => &needs.members.iter().find(|(name, _)| **name == *member)?.1,
        };
        Some((
            member.to_owned(),
            to_jsonata(&scope.of_states(member)?, needs),
        ))
    });
    JValue::object(wanted.collect())
}

fn options() -> EvaluatorOptions {
    EvaluatorOptions {
        timeout_ms: Some(MAX_MILLIS),
        max_stack_depth: Some(MAX_STACK),
        max_sequence_length: Some(MAX_SEQUENCE),
        ..EvaluatorOptions::default()
    }
}

/// The end of AWS's sentence: a coded message stands alone, another follows a colon.
fn described(error: &EvaluatorError) -> String {
    match error.code() {
        Some(_) => format!(". {}", error.message()),
        None => format!(": {}", error.message()),
    }
}

/// Turns a panic of the evaluator into an error.
fn caught<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(": the expression could not be evaluated".to_owned()))
}
