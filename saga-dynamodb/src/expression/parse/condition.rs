//! The grammar of conditions: OR, AND, NOT, comparisons and functions, in the order of precedence.

use super::Parser;
use crate::Error;
use crate::expression::Condition;
use crate::expression::condition::{Comparator, Operand};
use crate::expression::lex::Token;
use crate::value::AttributeValue;

/// `all OR all OR …`
pub(super) fn any(parser: &mut Parser<'_>) -> Result<Condition, Error> {
    let mut left = all(parser)?;
    while parser.takes_keyword("OR") {
        parser.operator()?;
        left = Condition::Or(Box::new(left), Box::new(all(parser)?));
    }
    Ok(left)
}

fn all(parser: &mut Parser<'_>) -> Result<Condition, Error> {
    let mut left = negated(parser)?;
    while parser.takes_keyword("AND") {
        parser.operator()?;
        left = Condition::And(Box::new(left), Box::new(negated(parser)?));
    }
    Ok(left)
}

fn negated(parser: &mut Parser<'_>) -> Result<Condition, Error> {
    let mut negations = 0;
    while parser.takes_keyword("NOT") {
        parser.operator()?;
        negations += 1;
    }
    let condition = if parser.takes("(") {
        parser.bracketed(any)?
    } else {
        function(parser)?.map_or_else(|| comparison(parser), Ok)?
    };
    // What is negated twice is as it was.
    Ok(if negations % 2 == 0 {
        condition
    } else {
        Condition::Not(Box::new(condition))
    })
}

/// A function that is a condition by itself.
fn function(parser: &mut Parser<'_>) -> Result<Option<Condition>, Error> {
    let before = parser.at;
    let Some(name) = parser.function() else {
        return Ok(None);
    };
    parser.operator()?;
    let condition = match name {
        "attribute_exists" => Condition::Exists(parser.path()?),
        "attribute_not_exists" => Condition::NotExists(parser.path()?),
        "attribute_type" => {
            let path = parser.path()?;
            parser.expect(",")?;
            Condition::Type(path, type_name(parser)?)
        }
        "begins_with" => {
            let (text, prefix) = pair(parser)?;
            for operand in [&text, &prefix] {
                begins(parser, operand)?;
            }
            Condition::BeginsWith(text, prefix)
        }
        "contains" => {
            let (holder, part) = pair(parser)?;
            Condition::Contains(holder, part)
        }
        "size" => {
            parser.at = before;
            return Ok(None);
        }
        unknown => {
            let message = format!("Invalid function name; function: {unknown}");
            return Err(parser.wrong(&message));
        }
    };
    parser.expect(")")?;
    Ok(Some(condition))
}

fn pair(parser: &mut Parser<'_>) -> Result<(Operand, Operand), Error> {
    let first = operand(parser)?;
    parser.expect(",")?;
    Ok((first, operand(parser)?))
}

/// Refuses a value of the request that has no beginning.
fn begins(parser: &Parser<'_>, operand: &Operand) -> Result<(), Error> {
    match operand {
        Operand::Value(value) if !matches!(value.kind(), "S" | "B") => Err(parser.wrong(&format!(
            "Incorrect operand type for operator or function; operator or function: begins_with, \
             operand type: {}",
            value.kind()
        ))),
        _ => Ok(()),
    }
}

/// The types that `attribute_type` knows.
const TYPES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"];

fn type_name(parser: &mut Parser<'_>) -> Result<String, Error> {
    match parser.value()? {
        Some(AttributeValue::String(kind)) if TYPES.contains(&kind.as_str()) => Ok(kind),
        Some(AttributeValue::String(kind)) => Err(parser.wrong(&format!(
            "Invalid attribute type name found; type: {kind}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
        ))),
        Some(value) => Err(parser.wrong(&format!(
            "Incorrect operand type for operator or function; operator or function: attribute_type, \
             operand type: {}",
            value.kind()
        ))),
        None => Err(parser.unexpected()),
    }
}

fn comparison(parser: &mut Parser<'_>) -> Result<Condition, Error> {
    let left = operand(parser)?;
    parser.operator()?;
    if parser.takes_keyword("BETWEEN") {
        let low = operand(parser)?;
        if !parser.takes_keyword("AND") {
            return Err(parser.unexpected());
        }
        return Ok(Condition::Between(left, low, operand(parser)?));
    }
    if parser.takes_keyword("IN") {
        return Ok(Condition::In(left, list(parser)?));
    }
    let symbol = parser.peek().map_or("", Token::text);
    let comparator = comparator(parser)?;
    let right = operand(parser)?;
    match (&left, &right) {
        (Operand::Path(path), Operand::Path(same)) if path == same => Err(parser.wrong(&format!(
            "The first operand must be distinct from the remaining operands for this operator or \
             function; operator: {symbol}, first operand: {path}"
        ))),
        _ => Ok(Condition::Compare(left, comparator, right)),
    }
}

fn list(parser: &mut Parser<'_>) -> Result<Vec<Operand>, Error> {
    parser.expect("(")?;
    let mut list = vec![operand(parser)?];
    while parser.takes(",") {
        list.push(operand(parser)?);
    }
    parser.expect(")")?;
    Ok(list)
}

fn comparator(parser: &mut Parser<'_>) -> Result<Comparator, Error> {
    let comparator = match parser.peek() {
        Some(Token::Symbol("=")) => Comparator::Equal,
        Some(Token::Symbol("<>")) => Comparator::NotEqual,
        Some(Token::Symbol("<")) => Comparator::Less,
        Some(Token::Symbol("<=")) => Comparator::LessOrEqual,
        Some(Token::Symbol(">")) => Comparator::Greater,
        Some(Token::Symbol(">=")) => Comparator::GreaterOrEqual,
        _ => return Err(parser.unexpected()),
    };
    parser.at += 1;
    Ok(comparator)
}

fn operand(parser: &mut Parser<'_>) -> Result<Operand, Error> {
    if let Some(value) = parser.value()? {
        return Ok(Operand::Value(value));
    }
    if parser
        .peek()
        .is_some_and(|token| *token == Token::Word("size"))
        && parser.function().is_some()
    {
        parser.operator()?;
        let path = parser.path()?;
        parser.expect(")")?;
        return Ok(Operand::Size(path));
    }
    parser.path().map(Operand::Path)
}
