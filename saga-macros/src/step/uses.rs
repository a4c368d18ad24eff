//! `uses(Fares(get, put), Events(publish), Refunds(start))`: the resources that a handler uses itself.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token};

use crate::attribute::keys::list;
use crate::attribute::near::nearest;
use crate::problem;

/// A resource that a handler uses.
pub struct Use {
    /// Its type.
    pub resource: Path,
    /// What kind of resource it is, by what is done with it.
    pub access: Access,
}

/// What is done with a resource.
pub enum Access {
    /// A table: the variants of the manifest's `Access`.
    Table(Vec<Ident>),
    /// A topic, which is published to.
    Topic,
    /// A queue, which is sent to.
    Queue,
    /// A saga: the variants of the manifest's `Access`.
    Saga(Vec<Ident>),
}

/// What is done with a table, and the manifest's name for it.
const TABLE: [(&str, &str); 6] = [
    ("get", "Get"),
    ("put", "Put"),
    ("update", "Update"),
    ("delete", "Delete"),
    ("query", "Query"),
    ("scan", "Scan"),
];

/// What is done with a saga.
const SAGA: [(&str, &str); 2] = [("start", "Start"), ("view", "View")];

impl Use {
    /// Reads the list.
    pub fn list(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        let content;
        syn::parenthesized!(content in input);
        let uses = Punctuated::<Self, Token![,]>::parse_terminated_with(&content, Self::parse)?;
        Ok(uses.into_iter().collect())
    }

    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let resource: Path = input.parse()?;
        let content;
        syn::parenthesized!(content in input);
        let verbs = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
        let verbs: Vec<_> = verbs.into_iter().collect();
        let access = match verbs.as_slice() {
            [] => {
                let help = "state it: `Fares(get, put)`, `Events(publish)`, `Jobs(send)`";
                return Err(problem::at(&resource, "nothing is done with this", help));
            }
            [verb] if verb == "publish" => Access::Topic,
            [verb] if verb == "send" => Access::Queue,
            [verb, ..] if on_saga(verb).is_some() => {
                let access = verbs
                    .iter()
                    .map(|verb| on_saga(verb).ok_or_else(|| alone(verb)));
                Access::Saga(access.collect::<syn::Result<_>>()?)
            }
            verbs => Access::Table(verbs.iter().map(on_table).collect::<syn::Result<_>>()?),
        };
        Ok(Self { resource, access })
    }
}

fn on_saga(verb: &Ident) -> Option<Ident> {
    let known = SAGA.iter().find(|(name, _)| verb == name);
    known.map(|(_, access)| Ident::new(access, verb.span()))
}

fn alone(verb: &Ident) -> syn::Error {
    let message = format!("nobody can `{verb}` a saga");
    problem::at(verb, message, "a saga is used by `start` and `view`")
}

fn on_table(verb: &Ident) -> syn::Result<Ident> {
    if let Some((_, access)) = TABLE.iter().find(|(name, _)| verb == name) {
        return Ok(Ident::new(access, verb.span()));
    }
    if on_saga(verb).is_some() {
        let message = format!("nobody can `{verb}` a table");
        return Err(problem::at(
            verb,
            message,
            "only a saga is started and viewed",
        ));
    }
    if verb == "publish" || verb == "send" {
        let message = format!("`{verb}` stands alone");
        let help =
            "a topic is published to, a queue is sent to, and nothing else is done with them";
        return Err(problem::at(verb, message, help));
    }
    let names = [
        "get", "put", "update", "delete", "query", "scan", "publish", "send",
    ];
    let help = match nearest(&verb.to_string(), &names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("a handler can {}", list(&names)),
    };
    Err(problem::at(
        verb,
        format!("a handler cannot `{verb}`"),
        help,
    ))
}
