//! What an author may have meant.

/// The candidate that is nearest to what was written, if any is near.
pub fn nearest<'a>(written: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let (distance, candidate) = candidates
        .iter()
        .map(|candidate| (distance(written, candidate), *candidate))
        .min()?;
    (distance <= (written.chars().count() / 3).max(1)).then_some(candidate)
}

/// How many insertions, deletions and replacements of a character make `a` into `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, of_a) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((of_b, replaced), inserted) in b.chars().zip(&row).zip(row.iter().skip(1)) {
            let replaced = replaced + usize::from(of_a != of_b);
            let deleted = next.last().map_or(usize::MAX, |cell| cell + 1);
            next.push(replaced.min(inserted + 1).min(deleted));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(written: &str, expected: Option<&str>) {
        let candidates = ["timeout", "memory", "output", "error"];
        assert_eq!(nearest(written, &candidates), expected);
    }

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        check("timeuot", Some("timeout"));
        check("ouput", Some("output"));
        check("errors", Some("error"));
        check("heartbeat", None);
        check("x", None);
    }
}
