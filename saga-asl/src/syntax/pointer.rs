//! JSON Pointers (RFC 6901) of places in a tree.

use super::{Node, Span, Syntax};

/// The pointer of the innermost value that covers a place. The name of a field belongs to its value.
#[must_use]
pub fn pointer_to(root: &Node<'_>, place: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    while let Some(inner) = step(node, place, &mut pointer) {
        node = inner;
    }
    pointer
}

/// The part of a value that covers the place; its name goes to the pointer.
fn step<'n, 's>(node: &'n Node<'s>, place: Span, pointer: &mut String) -> Option<&'n Node<'s>> {
    match &node.syntax {
        Syntax::Object(members) => {
            let index = members.partition_point(|member| member.name.span.start <= place.start);
            let member = members.get(index.checked_sub(1)?)?;
            let whole = member.name.span.to(member.value.span);
            let inside = whole.contains(place) && whole != place;
            let named = inside || member.name.span == place;
            if !named {
                return None;
            }
            pointer.push('/');
            pointer.push_str(&escape(&member.name.text));
            (!member.name.span.contains(place)).then_some(&member.value)
        }
        Syntax::Array(items) => {
            let index = items.partition_point(|item| item.span.start <= place.start);
            let index = index.checked_sub(1)?;
            let item = items.get(index).filter(|item| item.span.contains(place))?;
            pointer.push('/');
            pointer.push_str(&index.to_string());
            Some(item)
        }
        _ => None,
    }
}

/// A name as a part of a pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::super::{Format, parse};
    use super::*;

    #[test]
    fn places_have_pointers() {
        let text = r#"{"a": {"b/c": [1, 22]}, "d": true}"#;
        let tree = parse(text, Format::Json);
        let check = |part: &str, expected: &str| {
            let start = text.find(part).unwrap();
            let place = Span::new(start, start + part.len());
            assert_eq!(pointer_to(&tree.root, place), expected, "{part}");
        };
        check("22", "/a/b~1c/1");
        check("\"b/c\"", "/a/b~1c");
        check("true", "/d");
        check("{\"b", "/a");
    }
}
