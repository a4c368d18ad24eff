//! What a Choice tests, as a saga does.

use saga_asl::json::Value;
use saga_asl::jsonata::{self, Kind};
use saga_asl::model::{Comparison, Condition, Operator, QueryLanguage};

use crate::data::Data;
use crate::refusal::Refused;
use crate::template::Reads;
use crate::types::Type;

/// A condition on a saga's data.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// The value is there.
    Present(Data),
    /// The verb of a `Ref`, what it is asked of, and with what.
    Compare {
        verb: &'static str,
        left: Data,
        right: Data,
        of: Type,
    },
}

impl Test {
    /// All that it reads, with its type.
    pub(crate) fn reads(&self) -> Vec<(&Data, Option<&Type>)> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::reads).collect(),
            Self::Not(one) => one.reads(),
            Self::Present(data) => vec![(data, None)],
            Self::Compare {
                left, right, of, ..
            } => vec![(left, Some(of)), (right, Some(of))],
        }
    }

    /// The values that are compared.
    pub(crate) fn compared(&self) -> Vec<&Data> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::compared).collect(),
            Self::Not(one) => one.compared(),
            Self::Present(_) => Vec::new(),
            Self::Compare { left, right, .. } => vec![left, right],
        }
    }

    /// The values that are asked whether they are there.
    pub(crate) fn optional(&self) -> Vec<&Data> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::optional).collect(),
            Self::Not(one) => one.optional(),
            Self::Present(data) => vec![data],
            Self::Compare { .. } => Vec::new(),
        }
    }
}

const HELP: &str = "let a step's handler decide, and choose by what it answers";

/// A Choice rule's condition.
pub(crate) fn test(condition: &Condition, reads: &Reads<'_>) -> Result<Test, Refused> {
    match condition {
        Condition::And(all) => all
            .iter()
            .map(|one| test(&one.condition, reads))
            .collect::<Result<_, _>>()
            .map(Test::All),
        Condition::Or(any) => any
            .iter()
            .map(|one| test(&one.condition, reads))
            .collect::<Result<_, _>>()
            .map(Test::Any),
        Condition::Not(one) => Ok(Test::Not(Box::new(test(&one.condition, reads)?))),
        Condition::Comparison(comparison) => compared(comparison, reads),
        Condition::Expression(Value::String(text)) if reads.language == QueryLanguage::JsonAta => {
            let computes = || {
                Refused::new(
                    "/Condition",
                    format!("`{text}` is more than a comparison"),
                    HELP,
                )
            };
            let (_, expression) = jsonata::expression(text).ok_or_else(computes)?;
            let tree = jsonata::parse(expression).map_err(|_| computes())?;
            of_tree(&tree, reads).map_err(|refused| {
                if refused.message.is_empty() {
                    computes()
                } else {
                    refused
                }
            })
        }
        Condition::Expression(_) => Err(Refused::new(
            "/Condition",
            "a constant is no condition",
            HELP,
        )),
    }
}

fn compared(comparison: &Comparison, reads: &Reads<'_>) -> Result<Test, Refused> {
    let left = reads
        .path(&comparison.variable)
        .map_err(|refused| refused.within("Variable"))?;
    let name = comparison.operator.as_str();
    if comparison.operator == Operator::IsPresent {
        let present = Test::Present(left);
        return Ok(match comparison.operand {
            Value::Bool(false) => Test::Not(Box::new(present)),
            _ => present,
        });
    }
    if comparison.operator == Operator::StringMatches {
        return matching(left, comparison.operand.as_str().unwrap_or_default());
    }
    let (plain, by_path) = match name.strip_suffix("Path") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let right = match (by_path, comparison.operand.as_str()) {
        (true, Some(path)) => reads.path(path).map_err(|refused| refused.within(name))?,
        _ => Data::Literal(comparison.operand.clone()),
    };
    let kinds = [
        ("String", Type::Text),
        ("Numeric", Type::Number),
        ("Boolean", Type::Bool),
    ];
    let found = kinds
        .into_iter()
        .find_map(|(kind, of)| Some((plain.strip_prefix(kind)?, of)));
    let verb = found.as_ref().and_then(|(verb, _)| {
        Some(match *verb {
            "Equals" => "equals",
            "LessThan" => "is_less_than",
            "LessThanEquals" => "is_at_most",
            "GreaterThan" => "is_greater_than",
            "GreaterThanEquals" => "is_at_least",
            _ => return None,
        })
    });
    match (verb, found) {
        (Some(verb), Some((_, of))) => Ok(Test::Compare {
            verb,
            left,
            right,
            of,
        }),
        _ => Err(Refused::new(
            &format!("/{name}"),
            format!("a saga's conditions have no `{name}`"),
            HELP,
        )),
    }
}

/// `StringMatches`, where the wildcard stands at an end.
fn matching(left: Data, pattern: &str) -> Result<Test, Refused> {
    let inner = pattern.trim_matches('*');
    if inner.contains('*') || inner.contains('\\') {
        let message = format!("the pattern `{pattern}` has a wildcard in its middle");
        return Err(Refused::new("/StringMatches", message, HELP));
    }
    let verb = match (pattern.starts_with('*'), pattern.ends_with('*')) {
        (true, true) => "contains",
        (true, false) => "ends_with",
        (false, true) => "starts_with",
        (false, false) => "equals",
    };
    let right = Data::Literal(inner.into());
    Ok(Test::Compare {
        verb,
        left,
        right,
        of: Type::Text,
    })
}

fn of_tree(node: &jsonata::Node, reads: &Reads<'_>) -> Result<Test, Refused> {
    match &node.kind {
        Kind::Binary("and", left, right) => Ok(Test::All(vec![
            of_tree(left, reads)?,
            of_tree(right, reads)?,
        ])),
        Kind::Binary("or", left, right) => Ok(Test::Any(vec![
            of_tree(left, reads)?,
            of_tree(right, reads)?,
        ])),
        Kind::Binary(operator, left, right) => {
            let verb = match *operator {
                "=" => "equals",
                "!=" => "differs_from",
                "<" => "is_less_than",
                "<=" => "is_at_most",
                ">" => "is_greater_than",
                ">=" => "is_at_least",
                _ => return Err(Refused::new("", "", HELP)),
            };
            let (left, right) = (reads.node(left)?, reads.node(right)?);
            let of = [&left, &right].into_iter().find_map(|data| match data {
                Data::Literal(Value::String(_)) => Some(Type::Text),
                Data::Literal(Value::Number(_)) => Some(Type::Number),
                Data::Literal(Value::Bool(_)) => Some(Type::Bool),
                _ => None,
            });
            let of = of.ok_or_else(|| Refused::new("", "", HELP))?;
            Ok(Test::Compare {
                verb,
                left,
                right,
                of,
            })
        }
        Kind::Block(parts) => match parts.as_slice() {
            [only] => of_tree(only, reads),
            _ => Err(Refused::new("", "", HELP)),
        },
        Kind::Call(function, arguments) => match (&function.kind, arguments.as_slice()) {
            (Kind::Variable(name), [only]) if name == "not" => {
                Ok(Test::Not(Box::new(of_tree(only, reads)?)))
            }
            (Kind::Variable(name), [only]) if name == "exists" => {
                Ok(Test::Present(reads.node(only)?))
            }
            _ => Err(Refused::new("", "", HELP)),
        },
        Kind::Variable(_) | Kind::Path(..) => Ok(Test::Compare {
            verb: "equals",
            left: reads.node(node)?,
            right: Data::Literal(true.into()),
            of: Type::Bool,
        }),
        _ => Err(Refused::new("", "", HELP)),
    }
}
