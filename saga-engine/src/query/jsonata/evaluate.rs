use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use saga_asl::data::Data;
use saga_asl::jsonata::{self, FORBIDDEN};

use super::convert::{from_jsonata, to_jsonata};
use super::functions::{is_ours, register};
use super::needs::{Needs, needs};
use super::rewrite::rewrite;
use crate::query::Scope;
use crate::random::Seeded;

/// An evaluation ends after so many milliseconds. A backstop for what the other two bounds
/// don't catch: no expression that people write comes near.
const MAX_MILLIS: u64 = 10_000;

/// An evaluation nests at most so deep; a call of a function that recurs takes about three.
const MAX_STACK: usize = 3_000;

/// A sequence has at most so many items.
const MAX_SEQUENCE: usize = 1_000_000;

/// A parsed JSONata expression, ready to be evaluated any number of times.
pub struct Jsonata {
    ast: AstNode,
    needs: Vec<(Box<str>, Needs)>,
    functions: Vec<Box<str>>,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unevaluated {
    /// It is undefined.
    #[error("undefined")]
    Nothing,
    /// It is no JSON, such as a function: what it is instead.
    #[error("the result {0}")]
    NoData(&'static str),
    /// An error of the language, which starts with its code.
    #[error("{0}")]
    Coded(String),
    /// A bound on time, depth or size was met.
    #[error("{0}")]
    Bounded(String),
}

impl Jsonata {
    /// Parses an expression.
    ///
    /// # Errors
    /// A message that says what no expression has there.
    pub fn compile(source: &str) -> Result<Self, String> {
        let tree = jsonata::parse(source)
            .map_err(|error| format!("{}: {error} (at character {})", error.code, error.at + 1))?;
        Jsonata::from_tree(source, &tree)
    }

    pub(super) fn from_tree(source: &str, tree: &jsonata::Node) -> Result<Self, String> {
        let calls = jsonata::references(tree).calls;
        if let Some(call) = calls.iter().find(|call| FORBIDDEN.contains(&&*call.name)) {
            return Err(format!(
                "`${}` is not available in Step Functions",
                call.name
            ));
        }
        let text = rewrite(source, tree);
        let parsed = caught(|| Ok(jsonata_core::parser::parse(&text)));
        let ast = match parsed {
            Ok(Ok(ast)) => ast,
            Ok(Err(error)) => return Err(coded(&error.to_string())),
            Err(error) => return Err(error.to_string()),
        };
        let mut functions: Vec<Box<str>> = calls.into_iter().map(|call| call.name.into()).collect();
        if text != source {
            functions.extend(["finite".into(), "millis".into()]);
        }
        functions.retain(|name| is_ours(name));
        Ok(Jsonata {
            ast,
            needs: needs(tree),
            functions,
        })
    }

    /// The value of the expression, where `root` is what `$` stands for outside of any path.
    ///
    /// # Errors
    /// [`Unevaluated`]
    pub fn evaluate(
        &self,
        root: Option<&Data>,
        scope: &Scope<'_>,
        random: &mut Seeded,
    ) -> Result<Data, Unevaluated> {
        let state = Rc::new(Cell::new(*random));
        let everything = Needs {
            whole: true,
            ..Needs::default()
        };
        let root = root.map_or(JValue::Undefined, |root| to_jsonata(root, &everything));
        let value = caught(|| {
            let mut evaluator = Evaluator::with_options(self.bind(scope), options());
            register(&mut evaluator, &self.functions, &state, scope.now)
                .and_then(|()| evaluator.evaluate(&self.ast, &root))
                .map_err(|error| described(&error))
        });
        *random = state.get();
        match value? {
            value if value.is_undefined() => Err(Unevaluated::Nothing),
            value => from_jsonata(&value).map_err(Unevaluated::NoData),
        }
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

fn described(error: &EvaluatorError) -> Unevaluated {
    let message = error.message().to_owned();
    match error.code() {
        Some(_) => Unevaluated::Coded(message),
        None => Unevaluated::Bounded(message),
    }
}

/// A parser's message from its code on.
fn coded(message: &str) -> String {
    message.trim_start_matches("Invalid syntax: ").to_owned()
}

/// Turns a panic of the evaluator into an error.
fn caught<T>(run: impl FnOnce() -> Result<T, Unevaluated>) -> Result<T, Unevaluated> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(Unevaluated::Bounded(
            "the expression could not be evaluated".to_owned(),
        ))
    })
}
