//! Which parts of which variables an expression can look at, so that no more is converted.

use saga_asl::jsonata::{Kind, Node};

/// A part of a value that an expression needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    /// The value itself, with all that is in it.
    pub(super) whole: bool,
    /// Only these members.
    pub(super) members: Vec<(Box<str>, Needs)>,
}

impl Needs {
    fn add(&mut self, path: &[&str]) {
        let Some((first, rest)) = path.split_first() else {
            self.whole = true;
            return;
        };
        self.member(first).add(rest);
    }

    fn member(&mut self, name: &str) -> &mut Needs {
        let found = self.members.iter().position(|(known, _)| **known == *name);
        let index = found.unwrap_or_else(|| {
            self.members.push((name.into(), Needs::default()));
            self.members.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "INVARIANT: found or just pushed")]
        &mut self.members[index].1
    }
}

/// The variables that `expression` mentions, each with what is needed of it.
pub(super) fn needs(expression: &Node) -> Vec<(Box<str>, Needs)> {
    let mut all = Needs::default();
    // A parent step can look at anything that a path has passed.
    collect(expression, uses_parent(expression), &mut all);
    all.members
}

fn collect(node: &Node, whole: bool, all: &mut Needs) {
    if let Some((variable, path)) = plain(node) {
        let path = if whole { Vec::new() } else { path };
        all.member(variable).add(&path);
        return;
    }
    if let Kind::Path(left, right) = &node.kind
        && let (Some((variable, mut path)), Some(name)) = (plain(left), filtered_name(right))
        && !whole
    {
        path.push(name);
        all.member(variable).add(&path);
        return collect(right, whole, all);
    }
    for child in node.children() {
        collect(child, whole, all);
    }
}

/// The name of `name[condition]`: all of that member is needed, and what the condition mentions.
fn filtered_name(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Name(name) => Some(name),
        Kind::Filter(value, _) => filtered_name(value),
        _ => None,
    }
}

/// `$variable.name.name`: a variable and plain names after it.
pub(super) fn plain(node: &Node) -> Option<(&str, Vec<&str>)> {
    match &node.kind {
        Kind::Variable(name) => Some((name, Vec::new())),
        Kind::Path(left, right) => {
            let (variable, mut path) = plain(left)?;
            match &right.kind {
                Kind::Name(name) => path.push(name),
                _ => return None,
            }
            Some((variable, path))
        }
        _ => None,
    }
}

fn uses_parent(node: &Node) -> bool {
    matches!(node.kind, Kind::Step("%")) || node.children().into_iter().any(uses_parent)
}

#[cfg(test)]
mod tests {
    use super::{Needs, needs};

    fn shown(needs: &Needs) -> String {
        let members = needs.members.iter();
        let members: Vec<_> = members
            .map(|(name, n)| format!("{name}{}", shown(n)))
            .collect();
        match (needs.whole, members.is_empty()) {
            (true, _) => "!".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("({})", members.join(" ")),
        }
    }

    #[test]
    fn needs_no_more_than_an_expression_can_see() {
        for (text, expected) in [
            ("$states.input.a.b", "states(input(a(b!)))"),
            ("$states.input.a[x = 1].b", "states(input(a!))"),
            ("$states.input.a.(b & c)", "states(input(a!))"),
            ("$states.input.items.{'x': %.id}", "states!"),
            ("$x + $states.result", "x! states(result!)"),
            ("$states.input.a & $states", "states!"),
        ] {
            let tree = saga_asl::jsonata::parse(text).unwrap();
            let found: Vec<_> = needs(&tree)
                .iter()
                .map(|(name, needs)| format!("{name}{}", shown(needs)))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
