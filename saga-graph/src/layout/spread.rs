//! Where the items of the layers are from left to right.

use std::collections::BTreeMap;

use super::GAP;
use super::layers::Item;

/// How often the layers are gone through, down and up in turn.
const SWEEPS: usize = 6;

/// The left edges: each item as near to the middle of its neighbours as its layer has room for.
pub(super) fn spread(
    layers: &[Vec<Item>],
    widths: &BTreeMap<Item, i32>,
    links: &[Vec<(Item, Item)>],
) -> Vec<Vec<i32>> {
    let width = |item: &Item| widths.get(item).copied().unwrap_or_default();
    let mut x: Vec<Vec<i32>> = layers
        .iter()
        .map(|layer| {
            let all: i32 = layer.iter().map(|item| width(item) + GAP).sum();
            let mut left = -all / 2;
            let mut edges = Vec::new();
            for item in layer {
                edges.push(left);
                left += width(item) + GAP;
            }
            edges
        })
        .collect();
    let count = layers.len();
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 1..count {
            let row = if down { step } else { count - 1 - step };
            let (beside, between) = if down {
                (row - 1, row - 1)
            } else {
                (row + 1, row)
            };
            let (Some(layer), Some(other)) = (layers.get(row), layers.get(beside)) else {
                continue;
            };
            let middles: BTreeMap<Item, i32> = x.get(beside).map_or_else(BTreeMap::new, |x| {
                let middles = other.iter().zip(x);
                middles
                    .map(|(item, x)| (*item, x + width(item) / 2))
                    .collect()
            });
            let wanted = layer.iter().enumerate().map(|(at, item)| {
                let links = links.get(between).into_iter().flatten();
                let near = links.filter_map(|(above, below)| {
                    let (own, far) = if down { (below, above) } else { (above, below) };
                    (own == item).then(|| middles.get(far).copied()).flatten()
                });
                let (sum, number) = near.fold((0, 0), |(sum, n), middle| (sum + middle, n + 1));
                match number {
                    0 => x
                        .get(row)
                        .and_then(|x| x.get(at))
                        .copied()
                        .unwrap_or_default(),
                    _ => sum / number - width(item) / 2,
                }
            });
            let wanted: Vec<i32> = wanted.collect();
            let widths: Vec<i32> = layer.iter().map(width).collect();
            if let Some(x) = x.get_mut(row) {
                *x = without_overlap(&wanted, &widths);
            }
        }
    }
    let least = x.iter().flatten().min().copied().unwrap_or_default();
    x.iter_mut().flatten().for_each(|x| *x -= least);
    x
}

/// The left edges nearest to those wanted of boxes that keep their order and do not touch: a monotone
/// regression, by pooling what is out of order.
fn without_overlap(wanted: &[i32], widths: &[i32]) -> Vec<i32> {
    let mut offset = 0;
    let mut offsets = Vec::new();
    // Of each pool the sum of what its boxes want, and how many they are.
    let mut pools: Vec<(i32, i32)> = Vec::new();
    for (wanted, width) in wanted.iter().zip(widths) {
        offsets.push(offset);
        pools.push((wanted - offset, 1));
        offset += width + GAP;
        while let [.., (before, number), (last, count)] = pools.as_mut_slice()
            && *before * *count > *last * *number
        {
            *before += *last;
            *number += *count;
            pools.pop();
        }
    }
    let pooled = pools.iter();
    let at = pooled.flat_map(|(sum, number)| (0..*number).map(move |_| sum / number));
    at.zip(offsets).map(|(at, offset)| at + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::{GAP, without_overlap};

    #[test]
    fn boxes_keep_their_order_and_distance() {
        let widths = [100, 50, 80];
        for wanted in [[0, 0, 0], [300, 200, 100], [-500, 0, 500]] {
            let placed = without_overlap(&wanted, &widths);
            for at in 1..placed.len() {
                assert!(
                    placed[at] >= placed[at - 1] + widths[at - 1] + GAP,
                    "{placed:?}"
                );
            }
        }
        assert_eq!(without_overlap(&[-500, 0, 500], &widths), [-500, 0, 500]);
    }
}
