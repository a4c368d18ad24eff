//! The grammar of updates: sections, each at most once, of actions.

use super::Parser;
use crate::Error;
use crate::expression::update::{Action, Source, Update};

/// `SET …, … REMOVE … ADD … DELETE …`
pub(super) fn sections(parser: &mut Parser<'_>) -> Result<Update, Error> {
    let mut update = Update::default();
    while let Some(section) = section(parser) {
        if update
            .actions
            .iter()
            .any(|action| action.section() == section)
        {
            let message =
                format!("The \"{section}\" section can only be used once in an update expression;");
            return Err(parser.wrong(&message));
        }
        loop {
            update.actions.push(action(parser, section)?);
            if !parser.takes(",") {
                break;
            }
        }
    }
    if update.actions.is_empty() {
        return Err(parser.unexpected());
    }
    distinct(parser, &update)?;
    Ok(update)
}

fn section(parser: &mut Parser<'_>) -> Option<&'static str> {
    ["SET", "REMOVE", "ADD", "DELETE"]
        .into_iter()
        .find(|section| parser.takes_keyword(section))
}

fn action(parser: &mut Parser<'_>, section: &str) -> Result<Action, Error> {
    let path = parser.path()?;
    match section {
        "SET" => {
            parser.expect("=")?;
            Ok(Action::Set(path, sum(parser)?))
        }
        "REMOVE" => Ok(Action::Remove(path)),
        section => {
            let Some(value) = parser.value()? else {
                return Err(parser.unexpected());
            };
            let fits = match value.kind() {
                "SS" | "NS" | "BS" => true,
                "N" => section == "ADD",
                _ => false,
            };
            match (fits, section) {
                (false, _) => Err(parser.wrong(&format!(
                    "Incorrect operand type for operator or function; operator: {section}, operand type: {}, \
                     typeSet: ALLOWED_FOR_{section}_OPERAND",
                    long_name(value.kind())
                ))),
                (true, "ADD") => Ok(Action::Add(path, value)),
                (true, _) => Ok(Action::Delete(path, value)),
            }
        }
    }
}

/// A type as the messages about ADD and DELETE name it.
fn long_name(kind: &str) -> &'static str {
    match kind {
        "S" => "STRING",
        "N" => "NUMBER",
        "B" => "BINARY",
        "BOOL" => "BOOLEAN",
        "NULL" => "NULL",
        "L" => "LIST",
        _ => "MAP",
    }
}

fn sum(parser: &mut Parser<'_>) -> Result<Source, Error> {
    let left = source(parser)?;
    if parser.takes("+") {
        parser.operator()?;
        Ok(Source::Plus(Box::new(left), Box::new(source(parser)?)))
    } else if parser.takes("-") {
        parser.operator()?;
        Ok(Source::Minus(Box::new(left), Box::new(source(parser)?)))
    } else {
        Ok(left)
    }
}

fn source(parser: &mut Parser<'_>) -> Result<Source, Error> {
    if parser.takes("(") {
        return parser.bracketed(sum);
    }
    if let Some(value) = parser.value()? {
        return Ok(Source::Value(value));
    }
    let Some(name) = parser.function() else {
        return parser.path().map(Source::Path);
    };
    parser.operator()?;
    parser.bracketed(|parser| function(parser, name))
}

fn function(parser: &mut Parser<'_>, name: &str) -> Result<Source, Error> {
    match name {
        "if_not_exists" => {
            let path = parser.path()?;
            parser.expect(",")?;
            Ok(Source::IfNotExists(path, Box::new(source(parser)?)))
        }
        "list_append" => {
            let first = source(parser)?;
            parser.expect(",")?;
            Ok(Source::ListAppend(
                Box::new(first),
                Box::new(source(parser)?),
            ))
        }
        unknown => Err(parser.wrong(&format!("Invalid function name; function: {unknown}"))),
    }
}

/// Refuses two actions on paths that lead through one another.
fn distinct(parser: &Parser<'_>, update: &Update) -> Result<(), Error> {
    let mut rest = update.actions.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if let Some(other) = others
            .iter()
            .find(|other| other.path().overlaps(first.path()))
        {
            return Err(parser.wrong(&format!(
                "Two document paths overlap with each other; must remove or rewrite one of these paths; \
                 path one: {}, path two: {}",
                first.path(),
                other.path()
            )));
        }
        rest = others;
    }
    Ok(())
}
