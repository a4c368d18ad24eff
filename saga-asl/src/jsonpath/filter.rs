use super::parse::{MAX_DEPTH, Parsed, fail, parse_path, parse_quoted};
use super::{Cursor, Path};
use crate::data::Data;

/// A condition on items, the inside of `[?(…)]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `a || b`
    Or(Vec<Filter>),
    /// `a && b`
    And(Vec<Filter>),
    /// `!a`
    Not(Box<Filter>),
    /// `@.a`: there is such a place
    Exists(Path),
    /// `@.a == 1`
    Compare(Operand, Comparison, Operand),
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A path from the item (`@`) or from a root.
    Path(Path),
    /// A JSON literal; strings may be in single quotes.
    Literal(Data),
}

/// How two operands are compared (Jayway's "Filter Operators").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`: the left is an item of the right
    In,
    /// `nin`: it is none
    NotIn,
    /// `subsetof`
    SubsetOf,
    /// `anyof`: both share an item
    AnyOf,
    /// `noneof`: they share none
    NoneOf,
    /// `contains`: the right is an item of, or within, the left
    Contains,
    /// `size`: the left has as many items as the right says
    Size,
    /// `empty`: the left is (or is not) empty
    Empty,
}

/// The operators as they are written; of two that start alike the longer stands first.
const OPERATORS: [(&str, Comparison); 14] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("in ", Comparison::In),
    ("nin ", Comparison::NotIn),
    ("subsetof ", Comparison::SubsetOf),
    ("anyof ", Comparison::AnyOf),
    ("noneof ", Comparison::NoneOf),
    ("contains ", Comparison::Contains),
    ("size ", Comparison::Size),
    ("empty ", Comparison::Empty),
];

/// Parses `(…)` after the question mark.
pub(super) fn parse_filter(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Filter> {
    cursor.skip_space();
    if !cursor.eat('(') {
        return fail(cursor.at(), "a filter stands in parentheses: `[?(…)]`");
    }
    let filter = parse_or(cursor, depth)?;
    close(cursor)?;
    Ok(filter)
}

fn close(cursor: &mut Cursor<'_>) -> Parsed<()> {
    cursor.skip_space();
    if cursor.eat(')') {
        return Ok(());
    }
    fail(cursor.at(), "expected `)`")
}

fn parse_or(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Filter> {
    let terms = parse_joined(cursor, "||", |cursor| parse_and(cursor, depth))?;
    Ok(joined(terms, Filter::Or))
}

fn parse_and(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Filter> {
    let terms = parse_joined(cursor, "&&", |cursor| parse_term(cursor, depth))?;
    Ok(joined(terms, Filter::And))
}

fn parse_joined(
    cursor: &mut Cursor<'_>,
    operator: &str,
    term: impl Fn(&mut Cursor<'_>) -> Parsed<Filter>,
) -> Parsed<Vec<Filter>> {
    let mut terms = vec![term(cursor)?];
    loop {
        cursor.skip_space();
        if !cursor.eat_str(operator) {
            return Ok(terms);
        }
        terms.push(term(cursor)?);
    }
}

fn joined(mut terms: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        Some(last) => {
            terms.push(last);
            join(terms)
        }
        None => join(terms),
    }
}

fn parse_term(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Filter> {
    if depth > MAX_DEPTH {
        return fail(cursor.at(), "too deeply nested");
    }
    cursor.skip_space();
    if cursor.eat('!') {
        return Ok(Filter::Not(Box::new(parse_term(cursor, depth + 1)?)));
    }
    if cursor.eat('(') {
        let filter = parse_or(cursor, depth + 1)?;
        close(cursor)?;
        return Ok(filter);
    }
    parse_comparison(cursor, depth)
}

fn parse_comparison(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Filter> {
    let at = cursor.at();
    let left = parse_operand(cursor, depth)?;
    cursor.skip_space();
    for (sign, comparison) in OPERATORS {
        if cursor.eat_str(sign) {
            cursor.skip_space();
            return Ok(Filter::Compare(
                left,
                comparison,
                parse_operand(cursor, depth)?,
            ));
        }
    }
    match left {
        Operand::Path(path) => Ok(Filter::Exists(path)),
        Operand::Literal(_) => fail(at, "a literal alone is no condition"),
    }
}

fn parse_operand(cursor: &mut Cursor<'_>, depth: usize) -> Parsed<Operand> {
    match cursor.peek() {
        Some('@' | '$') => parse_path(cursor, true, depth + 1).map(Operand::Path),
        Some('\'' | '"') => Ok(Operand::Literal(Data::from(parse_quoted(cursor)?))),
        _ => parse_literal(cursor),
    }
}

/// A number, a keyword, or an array or object in JSON.
fn parse_literal(cursor: &mut Cursor<'_>) -> Parsed<Operand> {
    let at = cursor.at();
    let (mut nested, mut quote) = (0usize, None);
    while let Some(next) = cursor.peek() {
        match (quote, next) {
            (Some(open), _) if open == next => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(next),
            (None, '[' | '{') => nested += 1,
            (None, ']' | '}') if nested > 0 => nested -= 1,
            (None, ')' | ']' | '&' | '|' | ' ' | '=' | '<' | '>' | '!') if nested == 0 => break,
            (None, _) => {}
        }
        cursor.bump();
    }
    let text = cursor.since(at);
    let json =
        serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace('\'', "\"")));
    match json {
        Ok(data) => Ok(Operand::Literal(data)),
        Err(_) => fail(at, format!("expected a path or a value, found `{text}`")),
    }
}
