//! Offsets to lines and columns.

/// A place for people: both numbers start at 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
    /// How many characters there are before every so many bytes, and in all: a definition may be one
    /// long line.
    characters: Vec<usize>,
}

/// Bytes between two counts of characters.
const STEP: usize = 1024;

impl<'s> Lines<'s> {
    /// Finds the lines of a text.
    #[must_use]
    pub fn new(source: &'s str) -> Self {
        let breaks = source
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(offset, _)| offset + 1))
            .collect();
        let counts = source.as_bytes().chunks(STEP).scan(0, |count, chunk| {
            *count += characters(chunk);
            Some(*count)
        });
        Self {
            source,
            starts,
            characters: std::iter::once(0).chain(counts).collect(),
        }
    }

    /// The place of an offset; offsets behind the end are at the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.source.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        Position {
            line,
            column: self.before(offset) - self.before(start) + 1,
        }
    }

    /// The first place from an offset on where a character ends.
    #[must_use]
    pub fn boundary(&self, offset: usize) -> usize {
        let last = self.source.len();
        let mut ends = offset..=last;
        ends.find(|at| self.source.is_char_boundary(*at))
            .unwrap_or(last)
    }

    /// How many characters begin before an offset.
    fn before(&self, offset: usize) -> usize {
        let chunk = offset / STEP;
        let rest = self
            .source
            .as_bytes()
            .get(chunk * STEP..offset)
            .unwrap_or_default();
        let counted = self.characters.get(chunk).copied();
        counted.unwrap_or_default() + characters(rest)
    }
}

/// How many characters begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let long_line = "ü".repeat(1_000) + "x";
        let lines = Lines::new("ab\nü x\n");
        let place = |offset| {
            let at = lines.position(offset);
            (at.line, at.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (2, 1));
        assert_eq!(place(6), (2, 3));
        assert_eq!(place(8), (3, 1));
        assert_eq!(place(99), (3, 1));
        let ends = [0, 1, 3, 4, 5, 99].map(|offset| Lines::new("ab\nü").boundary(offset));
        assert_eq!(ends, [0, 1, 3, 5, 5, 5]);
        let long = Lines::new(&long_line).position(2_000);
        assert_eq!((long.line, long.column), (1, 1_001));
        // The end of a text that is as long as two steps.
        let full = format!("{}\n{}", "x".repeat(2 * STEP - 3), "ab");
        let end = Lines::new(&full).position(full.len());
        assert_eq!((end.line, end.column), (2, 3));
    }
}
