//! JSONata text that knows how strongly it binds.

use std::fmt;

use super::literal;

/// A piece of JSONata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    text: String,
    binding: Binding,
}

/// How strongly a term's outermost operator binds, from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    /// `a ? b : c`
    Conditional,
    /// `a != b`, `a & b`
    Operator,
    /// A call, a constructor or a constant.
    Primary,
    /// A variable or a path from one.
    Path,
}

impl Term {
    fn new(text: String, binding: Binding) -> Self {
        Self { text, binding }
    }

    /// A call, a constructor or a constant.
    pub(crate) fn primary(text: impl Into<String>) -> Self {
        Self::new(text.into(), Binding::Primary)
    }

    /// A variable, or a path that starts with one.
    pub(crate) fn path(text: impl Into<String>) -> Self {
        Self::new(text.into(), Binding::Path)
    }

    /// `null`
    pub(crate) fn null() -> Self {
        Self::primary("null")
    }

    /// A string constant.
    pub(crate) fn string(text: &str) -> Self {
        Self::primary(literal::quoted(text))
    }

    /// `function(argument)`
    pub(crate) fn call(function: &str, argument: &Self) -> Self {
        Self::primary(format!("{function}({argument})"))
    }

    /// A function of these parameters.
    pub(crate) fn function<const N: usize>(parameters: [&str; N], body: &Self) -> Self {
        let parameters = parameters.join(", ");
        Self::primary(format!("function({parameters}) {{ {body} }}"))
    }

    /// The value of a function for these arguments, which do not see its parameters.
    pub(crate) fn applied<const N: usize>(&self, arguments: [Self; N]) -> Self {
        let arguments = arguments.map(|argument| argument.text).join(", ");
        Self::primary(format!("{self}({arguments})"))
    }

    /// An object of named terms.
    pub(crate) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let fields = fields
            .into_iter()
            .map(|(name, value)| format!("{}: {value}", literal::quoted(name)));
        Self::primary(format!("{{{}}}", fields.collect::<Vec<_>>().join(", ")))
    }

    /// The field of an object: undefined where either is not there.
    pub(crate) fn field(&self, name: &str) -> Self {
        if name.contains('`') {
            // A quoted name cannot hold its own quote.
            return Self::primary(format!("$lookup({self}, {})", literal::quoted(name)));
        }
        let name = literal::name(name);
        match self.binding {
            Binding::Path => Self::path(format!("{}.{name}", self.text)),
            _ => Self::path(format!("({}).{name}", self.text)),
        }
    }

    /// An item of a list by its index, from 0: undefined where it is not there.
    pub(crate) fn element(&self, index: u32) -> Self {
        match self.binding {
            Binding::Path => Self::path(format!("{}[{index}]", self.text)),
            _ => Self::path(format!("({})[{index}]", self.text)),
        }
    }

    /// Whether it is a variable or a path from one, which costs nothing to write twice.
    pub(crate) fn is_path(&self) -> bool {
        self.binding == Binding::Path
    }

    /// `condition ? then : otherwise`
    pub(crate) fn conditional(condition: &Self, then: &Self, otherwise: &Self) -> Self {
        let condition = condition.at_least(Binding::Operator);
        let then = then.at_least(Binding::Operator);
        Self::new(
            format!("{condition} ? {then} : {otherwise}"),
            Binding::Conditional,
        )
    }

    /// `condition ? then`: undefined where the condition does not hold.
    pub(crate) fn only_if(condition: &Self, then: &Self) -> Self {
        let condition = condition.at_least(Binding::Operator);
        let then = then.at_least(Binding::Operator);
        Self::new(format!("{condition} ? {then}"), Binding::Conditional)
    }

    /// Whether it is neither null nor undefined: a comparison with undefined is false.
    pub(crate) fn is_present(&self) -> Self {
        self.operator("!=", &Self::null())
    }

    /// The term where it is there, else another.
    pub(crate) fn or(&self, otherwise: &Self) -> Self {
        Self::conditional(&Self::call("$exists", self), self, otherwise)
    }

    /// Whether one of two terms holds.
    pub(crate) fn or_else(&self, other: &Self) -> Self {
        let [left, right] = [self, other].map(|term| term.at_least(Binding::Operator));
        Self::new(format!("{left} or {right}"), Binding::Conditional)
    }

    /// Two terms joined by an operator that binds more strongly than a conditional.
    pub(crate) fn operator(&self, operator: &str, right: &Self) -> Self {
        let left = self.at_least(Binding::Primary);
        let right = right.at_least(Binding::Primary);
        Self::new(format!("{left} {operator} {right}"), Binding::Operator)
    }

    /// The body as a function of the term: `($value := term; body)`, or simply the body where the
    /// term is a path, which costs nothing to write twice.
    pub(crate) fn bind(&self, body: impl FnOnce(&Self) -> Self) -> Self {
        if self.is_path() {
            return body(self);
        }
        let body = body(&Self::path("$value"));
        Self::primary(format!("($value := {self}; {body})"))
    }

    /// The text, in parentheses where it binds more weakly than that.
    fn at_least(&self, binding: Binding) -> String {
        if self.binding < binding {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
