//! How large a state is.

use super::{Cell, GAP, Scene};
use crate::graph::{Mark, Node, Shape};
use crate::wrap::wrap;

/// The most characters of a line of a name.
const WIDTH: usize = 24;
/// The height of a line of a name, and of what is said under it.
pub(crate) const LINE: i32 = 18;
pub(crate) const BADGE: i32 = 15;
/// Around a name, above and below.
pub(crate) const AROUND: i32 = 11;
/// Around what is inside a state.
const PADDING: i32 = 16;

/// A state, and how large it is.
pub(super) struct Size<'g> {
    pub(super) node: &'g Node,
    pub(super) lines: Vec<String>,
    pub(super) badges: Vec<&'static str>,
    pub(super) inner: Vec<(i32, i32, Scene<'g>)>,
    width: i32,
    height: i32,
}

impl Size<'_> {
    pub(super) fn cell(&self) -> Cell {
        Cell {
            x: 0,
            y: 0,
            width: self.width,
            height: self.height,
        }
    }
}

pub(super) fn of(node: &Node, depth: usize) -> Size<'_> {
    let lines = wrap(&node.name, WIDTH);
    let badges = badges(node);
    let text = lines.iter().map(|line| text_width(line, 78)).max();
    let said = badges.iter().map(|badge| text_width(badge, 62)).max();
    let width = text.max(said).unwrap_or_default() + 52;
    let above = 2 * AROUND + LINE * count(lines.len()) + BADGE * count(badges.len());
    let mut size = Size {
        node,
        lines,
        badges,
        inner: Vec::new(),
        width: width.max(128),
        height: above,
    };
    let inner: Vec<_> = node
        .inner
        .iter()
        .map(|inner| super::machine(inner, depth + 1))
        .collect();
    if inner.is_empty() {
        return size;
    }
    let highest = inner.iter().map(|scene| scene.height).max();
    let widths: i32 = inner.iter().map(|scene| scene.width + GAP).sum();
    let inside = widths - GAP + 2 * PADDING;
    let mut x = PADDING + (size.width - inside).max(0) / 2;
    size.width = size.width.max(inside);
    size.height += highest.unwrap_or_default() + PADDING;
    for scene in inner {
        let width = scene.width;
        size.inner.push((x, above, scene));
        x += width + GAP;
    }
    size
}

fn badges(node: &Node) -> Vec<&'static str> {
    let mark = match node.mark {
        Some(Mark::Pivot) => Some("pivot: no way back"),
        Some(Mark::ReadOnly) => Some("reads only"),
        Some(Mark::Retriable) if node.parked.is_empty() => Some("until it succeeds"),
        Some(Mark::Retriable | Mark::Compensation) | None => None,
    };
    let shape = match node.shape {
        Shape::Map => Some("for each item"),
        Shape::Parallel => Some("at the same time"),
        _ => None,
    };
    let parked = (!node.parked.is_empty()).then_some("else parked");
    mark.into_iter().chain(shape).chain(parked).collect()
}

/// About how wide a text is: in tenths of a pixel, what a letter takes on average.
pub(crate) fn text_width(text: &str, letter: i32) -> i32 {
    let tenths: i32 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | '\'' | '|' | ' ' => letter * 6 / 10,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => letter * 14 / 10,
            'A'..='Z' | '0'..='9' => letter * 11 / 10,
            wide if wide as u32 > 0x2e7f => letter * 17 / 10,
            _ => letter,
        })
        .sum();
    tenths / 10
}

pub(crate) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
