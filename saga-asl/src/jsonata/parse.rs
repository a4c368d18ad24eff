use std::ops::Range;

use super::lex::{self, Parsed, SyntaxError, Token, fail};
use super::operator::binding_power;
use super::tree::{Kind, Node};
use crate::jsonpath::Cursor;

/// Expressions nest at most this deep: a bound on the parser's own stack.
const MAX_DEPTH: usize = 200;

/// Parses a whole text as one expression.
///
/// # Errors
/// The first thing in `text` that no expression has there.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut parser = Parser {
        cursor: Cursor::new(text),
        token: Token::End,
        span: 0..0,
        depth: 0,
    };
    parser.advance(true)?;
    let node = parser.expression(0)?;
    match &parser.token {
        Token::End => Ok(node),
        found => fail(
            parser.span.start,
            "S0201",
            format!("unexpected {}", found.shown()),
        ),
    }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    token: Token,
    span: Range<usize>,
    depth: usize,
}

impl Parser<'_> {
    fn advance(&mut self, prefix: bool) -> Parsed<Token> {
        let (next, span) = lex::next(&mut self.cursor, prefix)?;
        self.span = span;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.token, Token::Operator(found) if found == operator)
    }

    /// Passes `operator` if it is next; a value is expected after it.
    fn eat(&mut self, operator: &str) -> Parsed<bool> {
        let found = self.is(operator);
        if found {
            self.advance(true)?;
        }
        Ok(found)
    }

    fn expect(&mut self, operator: &str, prefix: bool) -> Parsed<()> {
        if self.is(operator) {
            self.advance(prefix)?;
            return Ok(());
        }
        let code = if self.token == Token::End {
            "S0203"
        } else {
            "S0202"
        };
        let found = self.token.shown();
        fail(
            self.span.start,
            code,
            format!("expected `{operator}`, found {found}"),
        )
    }

    /// The expression that starts here, with all operators that bind stronger than `power`.
    fn expression(&mut self, power: u8) -> Parsed<Node> {
        if self.depth >= MAX_DEPTH {
            return fail(self.span.start, "U1001", "too deeply nested");
        }
        self.depth += 1;
        let mut left = self.prefix()?;
        while let Token::Operator(operator) = self.token {
            if binding_power(operator) <= power {
                break;
            }
            left = self.infix(left, operator)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Parsed<Node> {
        let start = self.span.start;
        let at_end = self.span.clone();
        let token = self.advance(false)?;
        let kind = match token {
            Token::Name(name) => Kind::Name(name),
            Token::Variable(name) => Kind::Variable(name),
            Token::String(text) => Kind::String(text),
            Token::Number(number) => Kind::Number(number),
            Token::Constant(text) | Token::Regex(text) => Kind::Constant(text),
            Token::Operator(operator) => return self.prefix_operator(operator, at_end),
            Token::End => {
                return fail(
                    start,
                    "S0207",
                    "a value is missing at the end of the expression",
                );
            }
        };
        Ok(Node { span: at_end, kind })
    }

    /// What follows was read as if it were an operator; it is read again as a value, since a
    /// `/` means something else there.
    fn value_follows(&mut self, after: &Range<usize>) -> Parsed<()> {
        self.cursor = self.cursor.at_offset(after.end);
        self.advance(true)?;
        Ok(())
    }

    fn prefix_operator(&mut self, operator: &'static str, at: Range<usize>) -> Parsed<Node> {
        if matches!(operator, "-" | "(" | "[" | "{" | "|") {
            self.value_follows(&at)?;
        }
        let kind = match operator {
            "-" => Kind::Negate(Box::new(self.expression(70)?)),
            "*" => Kind::Step("*"),
            "**" => Kind::Step("**"),
            "%" => Kind::Step("%"),
            // Words are names where a value is expected.
            "and" | "or" | "in" => Kind::Name(operator.to_owned()),
            "(" => Kind::Block(self.block()?),
            "[" => Kind::Array(self.items()?),
            "{" => Kind::Object(self.pairs()?),
            "|" => Kind::Transform(self.transform()?),
            _ => {
                return fail(
                    at.start,
                    "S0211",
                    format!("`{operator}` cannot stand where a value is expected"),
                );
            }
        };
        Ok(self.node(at.start, kind))
    }

    fn node(&self, start: usize, kind: Kind) -> Node {
        let end = self.cursor.trimmed_before(self.span.start);
        Node {
            span: start..end.max(start),
            kind,
        }
    }

    fn block(&mut self) -> Parsed<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.is(")") {
            nodes.push(self.expression(0)?);
            if !self.eat(";")? {
                break;
            }
        }
        self.expect(")", false)?;
        Ok(nodes)
    }

    fn items(&mut self) -> Parsed<Vec<Node>> {
        let mut nodes = Vec::new();
        while !self.is("]") {
            let start = self.span.start;
            let first = self.expression(20)?;
            let item = if self.eat("..")? {
                let last = self.expression(20)?;
                let range = Kind::Binary("..", Box::new(first), Box::new(last));
                self.node(start, range)
            } else {
                self.continued(first)?
            };
            nodes.push(item);
            if !self.is(",") {
                break;
            }
            self.advance(true)?;
        }
        self.expect("]", false)?;
        Ok(nodes)
    }

    /// Goes on with operators that bind weaker than a range: `?` and `:=`.
    fn continued(&mut self, mut left: Node) -> Parsed<Node> {
        while let Token::Operator(operator) = self.token {
            if operator == ".." || binding_power(operator) == 0 {
                break;
            }
            left = self.infix(left, operator)?;
        }
        Ok(left)
    }

    fn pairs(&mut self) -> Parsed<Vec<(Node, Node)>> {
        let mut pairs = Vec::new();
        while !self.is("}") {
            let key = self.expression(0)?;
            self.expect(":", true)?;
            pairs.push((key, self.expression(0)?));
            if !self.eat(",")? {
                break;
            }
        }
        self.expect("}", false)?;
        Ok(pairs)
    }

    fn transform(&mut self) -> Parsed<Vec<Node>> {
        let mut nodes = vec![self.expression(0)?];
        self.expect("|", true)?;
        nodes.push(self.expression(0)?);
        if self.eat(",")? {
            nodes.push(self.expression(0)?);
        }
        self.expect("|", false)?;
        Ok(nodes)
    }

    fn infix(&mut self, left: Node, operator: &'static str) -> Parsed<Node> {
        let (start, at) = (left.span.start, self.span.start);
        self.advance(true)?;
        let left = Box::new(left);
        let kind = match operator {
            "." => Kind::Path(left, Box::new(self.expression(75)?)),
            "(" => self.call(left)?,
            "[" => self.filter(left)?,
            "{" => Kind::Group(left, self.pairs()?),
            "^" => Kind::Sort(left, self.sort_terms()?),
            "@" | "#" => Kind::Bind(left, self.bound_name()?),
            "?" => self.condition(left)?,
            ":=" => self.assign(*left, at)?,
            ".." => return fail(at, "S0201", "a range stands in brackets: `[1..3]`"),
            _ => Kind::Binary(
                operator,
                left,
                Box::new(self.expression(binding_power(operator))?),
            ),
        };
        Ok(self.node(start, kind))
    }

    fn filter(&mut self, left: Box<Node>) -> Parsed<Kind> {
        if self.is("]") {
            self.advance(false)?;
            return Ok(Kind::Filter(left, None));
        }
        let condition = self.expression(0)?;
        self.expect("]", false)?;
        Ok(Kind::Filter(left, Some(Box::new(condition))))
    }

    fn condition(&mut self, condition: Box<Node>) -> Parsed<Kind> {
        let value = Box::new(self.expression(0)?);
        let otherwise = match self.eat(":")? {
            true => Some(Box::new(self.expression(0)?)),
            false => None,
        };
        Ok(Kind::Condition(condition, value, otherwise))
    }

    fn assign(&mut self, left: Node, at: usize) -> Parsed<Kind> {
        match left.kind {
            Kind::Variable(name) => Ok(Kind::Assign(name, Box::new(self.expression(9)?))),
            _ => fail(at, "S0212", "what stands left of `:=` is a variable"),
        }
    }

    fn bound_name(&mut self) -> Parsed<String> {
        let at = self.span.start;
        match self.advance(false)? {
            Token::Variable(name) => Ok(name),
            found => fail(
                at,
                "S0214",
                format!("expected a variable, found {}", found.shown()),
            ),
        }
    }

    fn sort_terms(&mut self) -> Parsed<Vec<Node>> {
        self.expect("(", true)?;
        let mut terms = Vec::new();
        loop {
            let _direction = self.eat("<")? || self.eat(">")?;
            terms.push(self.expression(0)?);
            if !self.eat(",")? {
                break;
            }
        }
        self.expect(")", false)?;
        Ok(terms)
    }

    fn call(&mut self, function: Box<Node>) -> Parsed<Kind> {
        let mut arguments = Vec::new();
        while !self.is(")") {
            arguments.push(self.argument()?);
            if !self.eat(",")? {
                break;
            }
        }
        self.expect(")", false)?;
        match &function.kind {
            Kind::Name(name) if name == "function" || name == "λ" => self.lambda(arguments),
            _ => Ok(Kind::Call(function, arguments)),
        }
    }

    fn argument(&mut self) -> Parsed<Node> {
        let at = self.span.clone();
        if self.is("?") {
            self.advance(false)?;
            return Ok(Node {
                span: at,
                kind: Kind::Placeholder,
            });
        }
        self.expression(0)
    }

    fn lambda(&mut self, arguments: Vec<Node>) -> Parsed<Kind> {
        let mut parameters = Vec::new();
        for argument in arguments {
            match argument.kind {
                Kind::Variable(name) => parameters.push(name),
                _ => return fail(argument.span.start, "S0208", "a parameter is a variable"),
            }
        }
        self.signature()?;
        self.expect("{", true)?;
        let body = self.expression(0)?;
        self.expect("}", false)?;
        Ok(Kind::Lambda(parameters, Box::new(body)))
    }

    /// `<n-n:n>` between parameters and body: skipped over, brackets balanced.
    fn signature(&mut self) -> Parsed<()> {
        let mut nested = 0usize;
        loop {
            match &self.token {
                Token::Operator("<") => nested += 1,
                Token::Operator(">") => nested = nested.saturating_sub(1),
                Token::End => return fail(self.span.start, "S0203", "expected `{`"),
                _ if nested == 0 => return Ok(()),
                _ => {}
            }
            self.advance(false)?;
        }
    }
}
