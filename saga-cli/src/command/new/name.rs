//! The name of a new package: one that Cargo, CloudFormation and people can live with.

use std::fmt;
use std::path::Path;

use crate::exit::Failure;

/// Longer ones leave no room for the names that CloudFormation makes of them.
const LONGEST: usize = 64;

/// What Cargo takes for something else: keywords of Rust, its own folders, crates of every program.
const RESERVED: [&str; 50] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "test",
    "trait",
    "true",
    "type",
    "use",
    "where",
];

/// A package's name, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The last part of the folder's path, as a name.
    ///
    /// # Errors
    /// When it is no name of a package; the message proposes one that is, if there is one.
    pub fn of(folder: &Path) -> Result<Self, Failure> {
        let last = folder.file_name().unwrap_or_default().to_string_lossy();
        match problem(&last) {
            None => Ok(Self(last.into_owned())),
            Some(problem) => Err(Failure::Usage {
                message: format!("`{last}` cannot be the name of a package: {problem}"),
                help: match proposal(&last) {
                    Some(name) => format!("`{name}` can"),
                    None => "a name is a letter and then letters, digits, `-` and `_`".into(),
                },
            }),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn problem(name: &str) -> Option<String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if name.is_empty() {
        Some("it is empty".into())
    } else if let Some(other) = name.chars().find(|&character| !is_part(character)) {
        Some(format!("it has a `{other}`"))
    } else if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Some("it does not begin with a letter".into())
    } else if name.len() > LONGEST {
        Some(format!("it is longer than {LONGEST} characters"))
    } else if RESERVED.contains(&name) {
        Some("Cargo or Rust use it for something else".into())
    } else {
        None
    }
}

/// The nearest name that is one.
fn proposal(name: &str) -> Option<String> {
    let lower: String = name
        .trim()
        .to_lowercase()
        .chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || it == '_' {
                it
            } else {
                '-'
            }
        })
        .collect();
    let first = lower.find(|first: char| first.is_ascii_alphabetic())?;
    let mut name = lower.split_at(first).1.trim_end_matches('-').to_owned();
    name.truncate(LONGEST);
    if RESERVED.contains(&name.as_str()) {
        name.push_str("-saga");
    }
    problem(&name).is_none().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases = [
            ("orders", "orders"),
            ("shop/order_2-x", "order_2-x"),
            ("Orders", "Orders"),
            (
                "my orders",
                "`my orders` cannot be the name of a package: it has a ` `; `my-orders` can",
            ),
            (
                "2nd-order",
                "`2nd-order` cannot be the name of a package: it does not begin with a letter; `nd-order` can",
            ),
            (
                "test",
                "`test` cannot be the name of a package: Cargo or Rust use it for something else; `test-saga` can",
            ),
            (
                "Käufe",
                "`Käufe` cannot be the name of a package: it has a `ä`; `k-ufe` can",
            ),
            (
                "",
                "`` cannot be the name of a package: it is empty; a name is a letter and then letters, digits, `-` and `_`",
            ),
            (
                "a/..",
                "`` cannot be the name of a package: it is empty; a name is a letter and then letters, digits, `-` and `_`",
            ),
            (
                "42",
                "`42` cannot be the name of a package: it does not begin with a letter; a name is a letter and then letters, digits, `-` and `_`",
            ),
        ];
        for (folder, expected) in cases {
            let told = match Name::of(Path::new(folder)) {
                Ok(name) => name.to_string(),
                Err(Failure::Usage { message, help }) => format!("{message}; {help}"),
                Err(other) => other.to_string(),
            };
            assert_eq!(told, expected, "{folder}");
        }
        let long = "x".repeat(LONGEST + 1);
        assert!(Name::of(Path::new(&long)).is_err());
    }
}
