//! `rename_all`: the JSON names that serde makes of Rust's.

use syn::LitStr;

use crate::attribute::keys::list;
use crate::attribute::near::nearest;
use crate::problem;

/// A rule of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `lowercase`
    Lower,
    /// `UPPERCASE`
    Upper,
    /// `PascalCase`
    Pascal,
    /// `camelCase`
    Camel,
    /// `snake_case`
    Snake,
    /// `SCREAMING_SNAKE_CASE`
    ScreamingSnake,
    /// `kebab-case`
    Kebab,
    /// `SCREAMING-KEBAB-CASE`
    ScreamingKebab,
}

/// The rules by their names in serde.
const RULES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The rule of this name.
    pub fn parse(text: &LitStr) -> syn::Result<Self> {
        let written = text.value();
        if let Some((_, case)) = RULES.iter().find(|(name, _)| *name == written) {
            return Ok(*case);
        }
        let names = RULES.map(|(name, _)| name);
        let help = match nearest(&written, &names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("serde knows {}", list(&names)),
        };
        let message = format!("`{written}` is not a rule of `rename_all`");
        Err(problem::at(text, message, help))
    }

    /// The name of a field, which is written in snake case.
    pub fn of_field(self, field: &str) -> String {
        match self {
            // Serde takes fields to be in lower case.
            Case::Lower | Case::Snake => field.to_owned(),
            Case::Upper | Case::ScreamingSnake => field.to_ascii_uppercase(),
            Case::Pascal => pascal(field),
            Case::Camel => uncapitalized(&pascal(field)),
            Case::Kebab => field.replace('_', "-"),
            Case::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// The name of a variant, which is written in Pascal case.
    pub fn of_variant(self, variant: &str) -> String {
        match self {
            Case::Pascal => variant.to_owned(),
            Case::Lower => variant.to_ascii_lowercase(),
            Case::Upper => variant.to_ascii_uppercase(),
            Case::Camel => uncapitalized(variant),
            Case::Snake => snake(variant),
            Case::ScreamingSnake => snake(variant).to_ascii_uppercase(),
            Case::Kebab => snake(variant).replace('_', "-"),
            Case::ScreamingKebab => snake(variant).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// A variant's name as a field's.
pub fn snake(variant: &str) -> String {
    let mut name = String::new();
    for (i, letter) in variant.chars().enumerate() {
        if i > 0 && letter.is_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn pascal(field: &str) -> String {
    field.split('_').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    first(word, |letter| letter.to_ascii_uppercase())
}

fn uncapitalized(word: &str) -> String {
    first(word, |letter| letter.to_ascii_lowercase())
}

fn first(word: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(change);
    first.into_iter().chain(letters).collect()
}
