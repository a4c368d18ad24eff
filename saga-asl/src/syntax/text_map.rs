//! From the text inside a string back to the file it is in.

use super::Span;

/// Maps offsets of a string's text to offsets of the source, for definitions inside strings.
#[derive(Debug, Clone, Default)]
pub struct TextMap {
    /// Where runs of equal text begin: in the text, and in the source. In order.
    runs: Vec<(usize, usize)>,
    /// The place of the whole string.
    whole: Span,
}

impl TextMap {
    /// Finds where the characters of a string's text stand in the source. Works for quoted strings
    /// and for YAML's blocks: what differs is indentation and escapes, and after both the text goes
    /// on as before. Where it cannot tell, places are those of the nearest text before.
    #[must_use]
    pub fn new(text: &str, source: &str, whole: Span) -> Self {
        let outer = whole.text(source);
        let mut runs = Vec::new();
        let mut behind = None;
        let mut cursor = Cursor { outer, at: 0 };
        for (offset, character) in text.char_indices() {
            let Some(found) = cursor.find(character) else {
                continue;
            };
            if behind != Some(found) {
                runs.push((offset, whole.start + found));
            }
            behind = Some(cursor.at);
        }
        Self { runs, whole }
    }

    /// The place in the source of a place in the text.
    #[must_use]
    pub fn span(&self, place: Span) -> Span {
        let start = self.offset(place.start);
        let last = self.offset(place.end.saturating_sub(1));
        Span::new(
            start,
            if place.end > place.start {
                last + 1
            } else {
                start
            },
        )
    }

    fn offset(&self, offset: usize) -> usize {
        let index = self.runs.partition_point(|(start, _)| *start <= offset);
        let run = index.checked_sub(1).and_then(|index| self.runs.get(index));
        let Some((text, source)) = run else {
            return self.whole.start;
        };
        (source + offset - text).min(self.whole.end)
    }
}

/// A place in the source that moves on with the text.
struct Cursor<'s> {
    outer: &'s str,
    at: usize,
}

impl Cursor<'_> {
    /// Moves behind the next occurrence of a character, and says where that was. Blank text may
    /// be skipped freely; of anything else only an escape's few characters.
    fn find(&mut self, wanted: char) -> Option<usize> {
        const LONGEST_ESCAPE: usize = 6;
        let rest = self.outer.get(self.at..)?;
        let mut skipped = 0;
        for (offset, character) in rest.char_indices() {
            if character == wanted {
                self.at += offset + character.len_utf8();
                return Some(self.at - character.len_utf8());
            }
            if !character.is_whitespace() {
                skipped += 1;
            }
            if skipped > LONGEST_ESCAPE || (wanted.is_whitespace() && skipped > 0) {
                return self.escape(wanted);
            }
        }
        None
    }

    /// A line break that is written `\n`.
    fn escape(&mut self, wanted: char) -> Option<usize> {
        let written = match wanted {
            '\n' => "\\n",
            '\t' => "\\t",
            '\r' => "\\r",
            _ => return None,
        };
        let at = self.at;
        self.outer.get(at..)?.strip_prefix(written)?;
        self.at += written.len();
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Node, parse};
    use super::*;

    fn check(source: &str, format: Format, part: &str) {
        let tree = parse(source, format);
        let node: &Node<'_> = tree.root.get("a").unwrap();
        let text = node.as_str().unwrap();
        let start = text.find(part).unwrap();
        let map = TextMap::new(text, source, node.span);
        let place = map.span(Span::new(start, start + part.len()));
        assert_eq!(place.text(source), part, "{source}");
    }

    #[test]
    fn parts_of_strings_are_found_in_the_source() {
        check(r#"{"a": "one two"}"#, Format::Json, "two");
        check(
            r#"{"a": "{\n  \"x\": 1,\n  \"yy\": 2}"}"#,
            Format::Json,
            "yy",
        );
        check(
            "a: |\n  {\n    \"x\": 1,\n    \"yy\": 2\n  }\n",
            Format::Yaml,
            "yy",
        );
        check("a: >-\n  one\n  two\n", Format::Yaml, "two");
    }
}
