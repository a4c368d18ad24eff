use std::ops::Range;

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its bytes in the expression's text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A string.
    String(String),
    /// A number.
    Number(f64),
    /// `true`, `false`, `null`, or a regular expression.
    Constant(String),
    /// A field's name.
    Name(String),
    /// `$name`; `$` is the empty name, `$$` the name `$`.
    Variable(String),
    /// `*`, `**` or `%` as a step.
    Step(&'static str),
    /// `?` as an argument: a partial application.
    Placeholder,
    /// `left.right`
    Path(Box<Node>, Box<Node>),
    /// `value[condition]`; without a condition `value[]`, which keeps an array.
    Filter(Box<Node>, Option<Box<Node>>),
    /// `value{key: value}`
    Group(Box<Node>, Vec<(Node, Node)>),
    /// `value^(terms)`
    Sort(Box<Node>, Vec<Node>),
    /// `value@$name` or `value#$name`
    Bind(Box<Node>, String),
    /// An infix operator.
    Binary(&'static str, Box<Node>, Box<Node>),
    /// `-value`
    Negate(Box<Node>),
    /// `condition ? value : otherwise`
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    /// `$name := value`
    Assign(String, Box<Node>),
    /// `function(arguments)`
    Call(Box<Node>, Vec<Node>),
    /// `function($a, $b){ body }`
    Lambda(Vec<String>, Box<Node>),
    /// `[items]`
    Array(Vec<Node>),
    /// `{key: value}`
    Object(Vec<(Node, Node)>),
    /// `(a; b)`
    Block(Vec<Node>),
    /// `|location|update, delete|`
    Transform(Vec<Node>),
}

impl Node {
    /// The direct parts, in the order in which they are written.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Path(a, b) | Kind::Binary(_, a, b) => vec![a, b],
            Kind::Filter(value, condition) => std::iter::once(value)
                .chain(condition)
                .map(|node| &**node)
                .collect(),
            Kind::Condition(condition, value, otherwise) => [condition, value]
                .into_iter()
                .chain(otherwise)
                .map(|node| &**node)
                .collect(),
            Kind::Group(value, pairs) => std::iter::once(&**value).chain(of_pairs(pairs)).collect(),
            Kind::Sort(value, rest) | Kind::Call(value, rest) => {
                std::iter::once(&**value).chain(rest).collect()
            }
            Kind::Bind(value, _)
            | Kind::Negate(value)
            | Kind::Assign(_, value)
            | Kind::Lambda(_, value) => vec![value],
            Kind::Array(nodes) | Kind::Block(nodes) | Kind::Transform(nodes) => {
                nodes.iter().collect()
            }
            Kind::Object(pairs) => of_pairs(pairs).collect(),
            Kind::String(_)
            | Kind::Number(_)
            | Kind::Constant(_)
            | Kind::Name(_)
            | Kind::Variable(_)
            | Kind::Step(_)
            | Kind::Placeholder => Vec::new(),
        }
    }
}

fn of_pairs(pairs: &[(Node, Node)]) -> impl Iterator<Item = &Node> {
    pairs.iter().flat_map(|(key, value)| [key, value])
}
