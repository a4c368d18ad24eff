//! From tokens to trees, placeholders resolved on the way.

mod condition;
mod update;

use super::lex::{Token, tokens};
use super::path::{Element, Path};
use super::reserved::is_reserved;
use super::{Condition, Placeholders, Projection, Update};
use crate::Error;
use crate::value::AttributeValue;

/// The longest expression (quotas of DynamoDB: 4 KB).
const LONGEST: usize = 4096;

/// Operators and functions in one expression at most (quotas of DynamoDB).
const OPERATORS: usize = 300;

/// How deep brackets may be nested: the parser's own stack is bounded by it.
const DEEPEST: usize = 50;

impl Condition {
    /// Parses the condition in this parameter of a request.
    ///
    /// # Errors
    /// `ValidationException`, which names the parameter and what is wrong.
    pub fn parse(parameter: &str, text: &str, names: &Placeholders) -> Result<Self, Error> {
        Parser::of(parameter, text, names)?.whole(condition::any)
    }
}

impl Update {
    /// Parses an `UpdateExpression`.
    ///
    /// # Errors
    /// `ValidationException`: its syntax, a section that comes twice, paths that overlap.
    pub fn parse(text: &str, names: &Placeholders) -> Result<Self, Error> {
        let parser = Parser::of("UpdateExpression", text, names)?;
        parser.whole(update::sections)
    }
}

impl Projection {
    /// Parses a `ProjectionExpression`.
    ///
    /// # Errors
    /// `ValidationException`: its syntax.
    pub fn parse(text: &str, names: &Placeholders) -> Result<Self, Error> {
        let parser = Parser::of("ProjectionExpression", text, names)?;
        parser.whole(|parser| {
            let mut paths = vec![parser.path()?];
            while parser.takes(",") {
                paths.push(parser.path()?);
            }
            Ok(Self(paths))
        })
    }
}

/// A place in the tokens of one parameter's text.
struct Parser<'t> {
    parameter: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    operators: usize,
    depth: usize,
    names: &'t Placeholders,
}

impl<'t> Parser<'t> {
    fn of(parameter: &'t str, text: &'t str, names: &'t Placeholders) -> Result<Self, Error> {
        let wrong = |message: &str| Error::Validation(format!("Invalid {parameter}: {message}"));
        if text.trim().is_empty() {
            return Err(wrong("The expression can not be empty;"));
        }
        if text.len() > LONGEST {
            return Err(wrong(&format!(
                "Expression size has exceeded the maximum allowed size; expression size: {}",
                text.len()
            )));
        }
        let tokens = tokens(text).map_err(|rest| {
            let token: String = rest.chars().take(1).collect();
            wrong(&format!(
                "Syntax error; token: \"{token}\", near: \"{}\"",
                shortened(rest)
            ))
        })?;
        Ok(Self {
            parameter,
            tokens,
            at: 0,
            operators: 0,
            depth: 0,
            names,
        })
    }

    /// The result of a rule that uses up the whole text.
    fn whole<T>(mut self, rule: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let tree = rule(&mut self)?;
        if self.at < self.tokens.len() {
            Err(self.unexpected())
        } else {
            Ok(tree)
        }
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    /// Whether the next token is this symbol; takes it then.
    fn takes(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(found)) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn takes_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is_keyword(keyword));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), Error> {
        if self.takes(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// The name of the function whose call begins here.
    fn function(&mut self) -> Option<&'t str> {
        let (Some(Token::Word(name)), Some(Token::Symbol("("))) =
            (self.peek().cloned(), self.tokens.get(self.at + 1))
        else {
            return None;
        };
        self.at += 2;
        Some(name)
    }

    /// Counts an operator.
    fn operator(&mut self) -> Result<(), Error> {
        self.operators += 1;
        if self.operators > OPERATORS {
            let message =
                "The expression contains more than the maximum number of operators allowed (300);";
            return Err(self.wrong(&format!("{message} operator count: {}", self.operators)));
        }
        Ok(())
    }

    /// The result of a rule between brackets, of which the first is taken already.
    fn bracketed<T>(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong("The expression is nested too deeply"));
        }
        let tree = rule(self)?;
        self.expect(")")?;
        self.depth -= 1;
        Ok(tree)
    }

    fn path(&mut self) -> Result<Path, Error> {
        let attribute = self.name()?;
        let mut below = Vec::new();
        loop {
            if self.takes(".") {
                below.push(Element::Field(self.name()?));
            } else if self.takes("[") {
                below.push(Element::Index(self.index()?));
                self.expect("]")?;
            } else {
                return Ok(Path { attribute, below });
            }
        }
    }

    fn name(&mut self) -> Result<String, Error> {
        match self.peek().cloned() {
            Some(Token::Word(word)) if is_reserved(word) => Err(self.wrong(&format!(
                "Attribute name is a reserved keyword; reserved keyword: {word}"
            ))),
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.into())
            }
            Some(Token::NamePlaceholder(placeholder)) => {
                self.at += 1;
                self.names
                    .name(placeholder)
                    .map(str::to_owned)
                    .ok_or_else(|| {
                        self.wrong(&format!(
                        "An expression attribute name used in the document path is not defined; \
                         attribute name: {placeholder}"
                    ))
                    })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn index(&mut self) -> Result<usize, Error> {
        match self.next() {
            Some(Token::Digits(digits)) => digits.parse().map_err(|_| {
                self.wrong(&format!(
                    "List index is not within the allowable range; index: [{digits}]"
                ))
            }),
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    /// The value of the placeholder that stands here, if one does.
    fn value(&mut self) -> Result<Option<AttributeValue>, Error> {
        let Some(Token::ValuePlaceholder(placeholder)) = self.peek().cloned() else {
            return Ok(None);
        };
        self.at += 1;
        match self.names.value(placeholder) {
            Some(value) => Ok(Some(value.clone())),
            None => Err(self.wrong(&format!(
                "An expression attribute value used in expression is not defined; \
                 attribute value: {placeholder}"
            ))),
        }
    }

    fn wrong(&self, message: &str) -> Error {
        Error::Validation(format!("Invalid {}: {message}", self.parameter))
    }

    fn unexpected(&self) -> Error {
        let token = self.peek().map_or("<EOF>", Token::text);
        let (from, to) = (self.at.saturating_sub(1), self.at + 2);
        let near: Vec<&str> = self
            .tokens
            .iter()
            .take(to)
            .skip(from)
            .map(Token::text)
            .collect();
        self.wrong(&format!(
            "Syntax error; token: \"{token}\", near: \"{}\"",
            near.join(" ")
        ))
    }
}

/// The beginning of a text, for a message.
fn shortened(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests;
