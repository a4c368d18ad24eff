use std::sync::Arc;

use saga_asl::data::{Data, Number};
use saga_asl::intrinsic::Call;
use saga_asl::json::Value;
use saga_asl::jsonata;
use saga_asl::jsonpath::Path;
use saga_asl::model::QueryLanguage;

use super::compile::Errors;
use crate::query::Expression;

/// A value with parts that are computed when the state runs.
#[derive(Debug)]
pub enum Template {
    /// Nothing is computed.
    Constant(Data),
    /// JSONPath: a path, with the field that it stands in.
    Path(Box<Path>, Arc<str>),
    /// JSONPath: an intrinsic function, with the field that it stands in.
    Call(Box<Call>, Arc<str>),
    /// JSONata: an expression.
    Expression(Box<Expression>),
    /// An array with computed items.
    Array(Vec<Template>),
    /// An object with computed members.
    Object(Vec<(Arc<str>, Template)>),
}

impl Template {
    /// Reads the value of the field `place` in the given language.
    pub(super) fn compile(
        value: &Value,
        language: QueryLanguage,
        place: &str,
        errors: &mut Errors,
    ) -> Self {
        match (value, language) {
            (Value::String(text), QueryLanguage::JsonAta) => expression(text, place, errors),
            (Value::Array(items), _) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    Template::compile(item, language, &format!("{place}[{index}]"), errors)
                });
                array(items.collect())
            }
            (Value::Object(members), _) => {
                let members = members
                    .iter()
                    .map(|(key, value)| member(key, value, language, place, errors));
                object(members.collect())
            }
            _ => Template::Constant(constant(value)),
        }
    }
}

/// A member of an object; in JSONPath a key that ends in `.$` has a computed value.
fn member(
    key: &str,
    value: &Value,
    language: QueryLanguage,
    place: &str,
    errors: &mut Errors,
) -> (Arc<str>, Template) {
    match (language, key.strip_suffix(".$"), value) {
        (QueryLanguage::JsonPath, Some(name), Value::String(text)) => {
            (name.into(), computed(text, key, place, errors))
        }
        (QueryLanguage::JsonPath, Some(name), _) => {
            errors.add(
                place,
                format!("the value of `{key}` must be a path or an intrinsic function"),
            );
            (name.into(), Template::Constant(Data::Null))
        }
        _ => {
            let place = format!("{place}/{key}");
            (
                key.into(),
                Template::compile(value, language, &place, errors),
            )
        }
    }
}

/// A path or an intrinsic function, by its first character.
fn computed(text: &str, key: &str, place: &str, errors: &mut Errors) -> Template {
    if text.starts_with('$') {
        return match Path::parse(text) {
            Ok(path) => Template::Path(Box::new(path), key.into()),
            Err(error) => errors.refuse(place, format!("`{text}` is no path: {error}")),
        };
    }
    match Call::parse(text) {
        Ok(call) => Template::Call(Box::new(call), key.into()),
        Err(error) => errors.refuse(place, format!("`{text}`: {error}")),
    }
}

fn expression(text: &str, place: &str, errors: &mut Errors) -> Template {
    let Some((_, source)) = jsonata::expression(text) else {
        return Template::Constant(Data::from(text));
    };
    match Expression::compile(source, place) {
        Ok(expression) => Template::Expression(Box::new(expression)),
        Err(message) => errors.refuse(place, format!("`{source}`: {message}")),
    }
}

fn array(items: Vec<Template>) -> Template {
    let constant = items.iter().map(Template::as_constant).collect();
    match constant {
        Some(items) => Template::Constant(Data::array(items)),
        None => Template::Array(items),
    }
}

fn object(members: Vec<(Arc<str>, Template)>) -> Template {
    let constant: Option<Vec<_>> = members
        .iter()
        .map(|(key, value)| Some((Arc::clone(key), value.as_constant()?)))
        .collect();
    match constant {
        Some(members) => Template::Constant(Data::object(members)),
        None => Template::Object(members),
    }
}

impl Template {
    fn as_constant(&self) -> Option<Data> {
        match self {
            Template::Constant(data) => Some(data.clone()),
            _ => None,
        }
    }
}

/// A value of the definition as the data of an execution.
pub(super) fn constant(value: &Value) -> Data {
    match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(number) => number
            .as_i64()
            .map(Data::from)
            .or_else(|| number.as_u64().map(|number| Data::Number(number.into())))
            .or_else(|| Number::from_f64(number.as_f64()).map(Data::Number))
            .unwrap_or_default(),
        Value::String(text) => Data::from(&**text),
        Value::Array(items) => Data::array(items.iter().map(constant).collect()),
        Value::Object(members) => {
            Data::object(members.iter().map(|(key, value)| (&**key, constant(value))))
        }
    }
}
