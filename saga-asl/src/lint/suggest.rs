//! "Did you mean …?"

/// The candidate that is so close to a name that it was probably meant: one slip away, and another
/// for each five letters. A slip is a letter more, less, other or swapped with the next; case is none.
#[must_use]
pub fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    nearest(name, candidates, 1 + name.chars().count() / 5)
}

/// The candidate that is nearest to a name, and not further than so many slips.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    slips: usize,
) -> Option<&'c str> {
    let others = candidates
        .into_iter()
        .filter(|candidate| *candidate != name);
    others
        .map(|candidate| (distance(name, candidate, slips), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of characters to insert, remove, replace or swap with the next (optimal string
/// alignment), case aside. Anything above the limit is just above it.
fn distance(one: &str, other: &str, limit: usize) -> usize {
    let one: Vec<char> = one.chars().flat_map(char::to_lowercase).collect();
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    if one.len().abs_diff(other.len()) > limit {
        return limit + 1;
    }
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let row = next_row(&rows, i, *a, &one, &other);
        rows.push(row);
    }
    rows.last()
        .and_then(|row| row.last())
        .copied()
        .unwrap_or(limit + 1)
}

fn next_row(rows: &[Vec<usize>], i: usize, a: char, one: &[char], other: &[char]) -> Vec<usize> {
    let at = |row: usize, column: usize| {
        rows.get(row)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(usize::MAX - 1)
    };
    let mut row = vec![i + 1];
    for (j, b) in other.iter().enumerate() {
        let left = row.last().copied().unwrap_or(usize::MAX - 1);
        let replaced = at(i, j) + usize::from(a != *b);
        let mut best = replaced.min(at(i, j + 1) + 1).min(left + 1);
        let before = (i.checked_sub(1), j.checked_sub(1));
        if let (Some(x), Some(y)) = before {
            let swapped = one.get(x) == Some(b) && other.get(y) == Some(&a);
            if swapped {
                best = best.min(at(x, y) + 1);
            }
        }
        row.push(best);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let names = ["ChargeCard", "RefundCard", "End"];
        assert_eq!(did_you_mean("ChargeCrad", names), Some("ChargeCard"));
        assert_eq!(did_you_mean("chargecard", names), Some("ChargeCard"));
        assert_eq!(did_you_mean("ReleaseStock", names), None);
        assert_eq!(did_you_mean("Edn", names), Some("End"));
        let sagas = ["fare-processing", "order"];
        assert_eq!(
            did_you_mean("fare-procesing", sagas),
            Some("fare-processing")
        );
        assert_eq!(did_you_mean("odrer", sagas), Some("order"));
        assert_eq!(did_you_mean("", sagas), None);
    }
}
