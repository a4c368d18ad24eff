//! What was probably meant by a name that does not exist.

/// The known name that is at most a third of its letters away.
pub fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| distance * 3 <= candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.as_str())
}

/// The edit distance (Levenshtein) in characters.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        let known = ["fare-processing".to_owned(), "order".to_owned()];
        assert_eq!(nearest(name, &known), expected);
    }

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        check("fare-procesing", Some("fare-processing"));
        check("fareprocessing", Some("fare-processing"));
        check("odrer", None);
        check("ordre", None);
        check("ordr", Some("order"));
        check("", None);
        check("something-else", None);
    }
}
