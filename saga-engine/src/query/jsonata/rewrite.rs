//! Changes to an expression's text before `jsonata-core` sees it.
//!
//! `$formatInteger` overflows the stack on numbers that are not finite, so its argument is
//! checked first; `$now(picture, zone)` is told the execution's time.

use saga_asl::jsonata::{Kind, Node};

/// A text to put in at a place, and how much of the old text it replaces.
struct Edit {
    at: usize,
    old: usize,
    new: &'static str,
}

/// `source` with every call changed that needs it.
pub(super) fn rewrite(source: &str, tree: &Node) -> String {
    let mut edits = Vec::new();
    collect(tree, &mut edits);
    edits.sort_by_key(|edit| edit.at);
    let mut text = String::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        text.push_str(source.get(done..edit.at).unwrap_or_default());
        text.push_str(edit.new);
        done = edit.at + edit.old;
    }
    text.push_str(source.get(done..).unwrap_or_default());
    text
}

fn collect(node: &Node, edits: &mut Vec<Edit>) {
    if let Kind::Call(function, arguments) = &node.kind
        && let Kind::Variable(name) = &function.kind
    {
        match (name.as_str(), arguments.as_slice()) {
            ("formatInteger", [number, _]) => {
                edits.push(insert(number.span.start, "$finite("));
                edits.push(insert(number.span.end, ")"));
            }
            ("now", [first, ..]) => {
                let (at, old) = (function.span.start, "$now".len());
                edits.push(Edit {
                    at,
                    old,
                    new: "$fromMillis",
                });
                edits.push(insert(first.span.start, "$millis(), "));
            }
            _ => {}
        }
    }
    node.children()
        .into_iter()
        .for_each(|child| collect(child, edits));
}

fn insert(at: usize, new: &'static str) -> Edit {
    Edit { at, old: 0, new }
}

#[cfg(test)]
mod tests {
    #[test]
    fn guards_what_needs_it() {
        for (text, expected) in [
            (
                "$formatInteger(a / b, 'w') & 'x'",
                "$formatInteger($finite(a / b), 'w') & 'x'",
            ),
            ("$now('[Y]')", "$fromMillis($millis(), '[Y]')"),
            ("$now()", "$now()"),
            (
                "[$formatInteger($formatInteger(1,'w'),'i')]",
                "[$formatInteger($finite($formatInteger($finite(1),'w')),'i')]",
            ),
        ] {
            let tree = saga_asl::jsonata::parse(text).unwrap();
            assert_eq!(super::rewrite(text, &tree), expected);
        }
    }
}
