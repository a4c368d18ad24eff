//! Reading patterns.

use serde_json::{Map, Value};

use super::rule::{Comparison, Rule};
use super::{Field, Pattern};

/// Why a pattern is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} {problem}")]
pub struct PatternError {
    place: String,
    problem: String,
}

impl PatternError {
    fn at(path: &[&str], problem: impl Into<String>) -> Self {
        let place = if path.is_empty() {
            "the pattern".into()
        } else {
            format!("`{}`", path.join("."))
        };
        Self {
            place,
            problem: problem.into(),
        }
    }
}

pub(super) fn pattern(json: &Value) -> Result<Pattern, PatternError> {
    match json {
        Value::Object(fields) => object(fields, &[]),
        _ => Err(PatternError::at(&[], "is no object")),
    }
}

fn object(fields: &Map<String, Value>, path: &[&str]) -> Result<Pattern, PatternError> {
    let mut pattern = Pattern::default();
    for (name, value) in fields {
        let path = [path, &[name]].concat();
        match value {
            Value::Array(values) if name == "$or" => {
                pattern.alternatives.push(alternatives(values, &path)?);
            }
            Value::Array(values) => pattern.fields.push((name.clone(), rules(values, &path)?)),
            Value::Object(fields) => {
                pattern
                    .fields
                    .push((name.clone(), Field::Nested(object(fields, &path)?)));
            }
            _ => {
                return Err(PatternError::at(
                    &path,
                    "is neither a list of rules nor an object",
                ));
            }
        }
    }
    Ok(pattern)
}

fn alternatives(values: &[Value], path: &[&str]) -> Result<Vec<Pattern>, PatternError> {
    if values.len() < 2 {
        return Err(PatternError::at(path, "needs two alternatives or more"));
    }
    let one = |value: &Value| match value {
        Value::Object(fields) => object(fields, path),
        _ => Err(PatternError::at(
            path,
            "has an alternative that is no object",
        )),
    };
    values.iter().map(one).collect()
}

fn rules(values: &[Value], path: &[&str]) -> Result<Field, PatternError> {
    if values.is_empty() {
        return Err(PatternError::at(path, "has no rules"));
    }
    values
        .iter()
        .map(|value| rule(value, path))
        .collect::<Result<_, _>>()
        .map(Field::Rules)
}

fn rule(value: &Value, path: &[&str]) -> Result<Rule, PatternError> {
    let Value::Object(fields) = value else {
        return Ok(Rule::Equal(value.clone()));
    };
    let mut entries = fields.iter();
    let (Some((name, operand)), None) = (entries.next(), entries.next()) else {
        return Err(PatternError::at(
            path,
            "has a rule that is not one operator and its operand",
        ));
    };
    let wrong = |what: &str| PatternError::at(path, format!("has a rule `{name}` that is {what}"));
    let text = || {
        operand
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong("no text"))
    };
    let folded = || {
        operand
            .get("equals-ignore-case")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    match name.as_str() {
        "prefix" => folded().map_or_else(
            || text().map(Rule::Prefix),
            |it| Ok(Rule::PrefixIgnoreCase(it)),
        ),
        "suffix" => folded().map_or_else(
            || text().map(Rule::Suffix),
            |it| Ok(Rule::SuffixIgnoreCase(it)),
        ),
        "equals-ignore-case" => text().map(Rule::EqualsIgnoreCase),
        "wildcard" => text().map(Rule::Wildcard),
        "exists" => operand
            .as_bool()
            .map(Rule::Exists)
            .ok_or_else(|| wrong("neither true nor false")),
        "numeric" => numeric(operand)
            .map(Rule::Numeric)
            .ok_or_else(|| wrong("not pairs of operator and number")),
        "anything-but" => anything_but(operand, path),
        _ => Err(PatternError::at(
            path,
            format!("has an unknown rule `{name}`"),
        )),
    }
}

fn anything_but(operand: &Value, path: &[&str]) -> Result<Rule, PatternError> {
    let values = match operand {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    values
        .iter()
        .map(|value| rule(value, path))
        .collect::<Result<_, _>>()
        .map(Rule::AnythingBut)
}

fn numeric(operand: &Value) -> Option<Vec<(Comparison, f64)>> {
    let parts = operand.as_array()?;
    if parts.is_empty() || parts.len() > 4 {
        return None;
    }
    parts
        .chunks(2)
        .map(|pair| match pair {
            [operator, bound] => Some((comparison(operator.as_str()?)?, bound.as_f64()?)),
            _ => None,
        })
        .collect()
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "=" => Comparison::Equal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
