//! SVG: one file with its styles, for a page, a README or a browser; light or dark as the reader's system is.

mod canvas;
mod icon;
mod style;

use std::fmt::Write as _;

use crate::graph::{EdgeKind, Graph, Mark, Shape};
use crate::history::{History, Ran};
use crate::layout::{self, Placed, Route, Scene, size};
use crate::wrap::short;

pub use canvas::{Canvas, Painting};
pub use style::STYLE;

/// How boxes and transitions are inked.
#[derive(Clone, Copy)]
enum Ink<'h> {
    /// As the definition has them.
    Plain,
    /// With what an execution did.
    Painted(&'h History),
    /// To be painted by whoever shows it: every part says which it is, and has all signs.
    Live,
}

/// Around the picture.
const MARGIN: i32 = 24;
/// The title's height, and that of the line that explains the signs.
const TITLE: i32 = 34;
const LEGEND: i32 = 40;

/// Draws a graph, and on it what an execution did, where one is given.
#[must_use]
pub fn svg(graph: &Graph, history: Option<&History>) -> String {
    let scene = layout::machine(&graph.machine, 0);
    let ink = history.map_or(Ink::Plain, Ink::Painted);
    let mut out = String::new();
    picture(&graph.title, &scene, ink, &mut out);
    out
}

fn picture(title: &str, scene: &Scene<'_>, ink: Ink<'_>, out: &mut String) {
    let legend = legend(ink);
    let width = scene.width.max(legend_width(&legend)) + 2 * MARGIN;
    let height = scene.height + 2 * MARGIN + TITLE + LEGEND;
    let letters = usize::try_from((width - 2 * MARGIN) / 9).unwrap_or_default();
    let title = escape(&short(title, letters));
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{title}">"#
    );
    let _ = writeln!(out, "<title>{title}</title>");
    if !matches!(ink, Ink::Live) {
        let _ = writeln!(out, "<style>{}</style>", style::STYLE);
    }
    out.push_str(style::ARROWS);
    let _ = writeln!(
        out,
        r#"<rect class="page" width="{width}" height="{height}"/>"#
    );
    let _ = writeln!(
        out,
        r#"<text class="title" x="{MARGIN}" y="{}">{title}</text>"#,
        MARGIN + 14
    );
    let (x, y) = (
        MARGIN + (width - 2 * MARGIN - scene.width) / 2,
        MARGIN + TITLE,
    );
    let _ = writeln!(out, r#"<g transform="translate({x} {y})">"#);
    draw(scene, ink, out);
    out.push_str("</g>\n");
    let y = height - MARGIN;
    let mut x = MARGIN;
    for (class, icon, text) in legend {
        let _ = writeln!(
            out,
            r#"<g class="key {class}" transform="translate({x} {})">{}<text x="22" y="12">{text}</text></g>"#,
            y - 12,
            icon::sign(icon)
        );
        x += size::text_width(text, 62) + 46;
    }
    out.push_str("</svg>\n");
}

fn legend(ink: Ink<'_>) -> Vec<(&'static str, &'static str, &'static str)> {
    match ink {
        Ink::Plain => vec![
            ("", "arrow", "then"),
            ("failure", "dashes", "where it fails"),
            ("undo", "undo", "compensates"),
        ],
        Ink::Painted(_) | Ink::Live => vec![
            ("ran", "check", "ran"),
            ("failed", "cross", "failed"),
            ("undone", "undo", "ran, and was compensated"),
            ("waiting", "pause", "waits, or is parked"),
            ("idle", "task", "never began"),
        ],
    }
}

fn legend_width(legend: &[(&str, &str, &str)]) -> i32 {
    let widths = legend
        .iter()
        .map(|(_, _, text)| size::text_width(text, 62) + 46);
    widths.sum()
}

/// Boxes that hold others first, then transitions, then all other boxes.
fn draw(scene: &Scene<'_>, ink: Ink<'_>, out: &mut String) {
    let mut frames: Vec<_> = scene
        .boxes
        .iter()
        .filter(|placed| is_frame(placed))
        .collect();
    frames.sort_by_key(|placed| placed.depth);
    frames
        .into_iter()
        .for_each(|placed| draw_box(placed, ink, out));
    for (number, route) in scene.routes.iter().enumerate() {
        draw_route(number, route, ink, out);
    }
    let others = scene.boxes.iter().filter(|placed| !is_frame(placed));
    others.for_each(|placed| draw_box(placed, ink, out));
    scene.routes.iter().for_each(|route| draw_label(route, out));
}

fn is_frame(placed: &Placed<'_>) -> bool {
    !placed.node.inner.is_empty()
}

fn draw_box(placed: &Placed<'_>, ink: Ink<'_>, out: &mut String) {
    let node = placed.node;
    let ran = match ink {
        Ink::Painted(history) => history.of_node(placed.machine, placed.place),
        Ink::Plain | Ink::Live => None,
    };
    let paint = match ink {
        Ink::Plain => "",
        Ink::Painted(_) | Ink::Live => painted(ran),
    };
    let kind = kind(placed);
    let name = escape(&node.name);
    let state = match ink {
        Ink::Live => format!(r#" data-state="{name}""#),
        Ink::Plain | Ink::Painted(_) => String::new(),
    };
    let gap = if paint.is_empty() { "" } else { " " };
    let _ = write!(
        out,
        r#"<g class="{kind}{gap}{paint}"{state}><title>{name}</title>"#
    );
    draw_outline(placed, out);
    draw_words(placed, out);
    draw_signs(placed, ran, ink, out);
    out.push_str("</g>\n");
}

/// The box itself; a pivot's is drawn twice.
fn draw_outline(placed: &Placed<'_>, out: &mut String) {
    let Placed {
        node,
        x,
        y,
        width,
        height,
        ..
    } = placed;
    let round = if matches!(node.shape, Shape::Succeed | Shape::Fail) {
        height / 2
    } else {
        8
    };
    let _ = write!(
        out,
        r#"<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="{round}"/>"#
    );
    if node.mark == Some(Mark::Pivot) {
        let _ = write!(
            out,
            r#"<rect class="inset" x="{}" y="{}" width="{}" height="{}" rx="5"/>"#,
            x + 4,
            y + 4,
            width - 8,
            height - 8
        );
    }
}

/// The icon, the name's lines, and what is noted below it.
fn draw_words(placed: &Placed<'_>, out: &mut String) {
    let (x, y) = (placed.x, placed.y);
    let (icon_x, icon_y) = (x + 13, y + size::AROUND + 1);
    let sign = icon::sign(icon::of(placed.node));
    let _ = write!(
        out,
        r#"<g transform="translate({icon_x} {icon_y})">{sign}</g>"#
    );
    let mut baseline = y + size::AROUND + 13;
    for line in &placed.lines {
        let _ = write!(
            out,
            r#"<text x="{}" y="{baseline}">{}</text>"#,
            x + 36,
            escape(line)
        );
        baseline += size::LINE;
    }
    for badge in &placed.badges {
        let _ = write!(
            out,
            r#"<text class="badge" x="{}" y="{}">{badge}</text>"#,
            x + 36,
            baseline - 3
        );
        baseline += size::BADGE;
    }
}

/// How a state came out, in the box's corner; of a page that paints it, every way.
fn draw_signs(placed: &Placed<'_>, ran: Option<Ran>, ink: Ink<'_>, out: &mut String) {
    let (cx, cy) = (placed.x + placed.width - 9, placed.y - 7);
    let signs = match ink {
        Ink::Live => [Ran::Succeeded, Ran::Failed, Ran::Undone, Ran::Waiting]
            .map(|ran| {
                let (class, sign) = (painted(Some(ran)), icon::sign(sign_of(ran)));
                format!(r#"<g class="if-{class}">{sign}</g>"#)
            })
            .concat(),
        Ink::Plain | Ink::Painted(_) => ran.map(|ran| icon::sign(sign_of(ran))).unwrap_or_default(),
    };
    if !signs.is_empty() {
        let _ = write!(
            out,
            r#"<g class="came" transform="translate({cx} {cy})"><circle cx="7" cy="7" r="10"/>{signs}</g>"#
        );
    }
}

fn sign_of(ran: Ran) -> &'static str {
    match ran {
        Ran::Succeeded => "check",
        Ran::Failed => "cross",
        Ran::Undone => "undo",
        Ran::Waiting => "pause",
    }
}

fn kind(placed: &Placed<'_>) -> &'static str {
    match (placed.node.shape, placed.node.mark) {
        (_, Some(Mark::Pivot)) => "pivot",
        (_, Some(Mark::Compensation)) => "undo",
        (Shape::Succeed, _) => "good",
        (Shape::Fail, _) => "bad",
        (Shape::Task, _) => "task",
        (Shape::Parallel | Shape::Map, _) => "frame",
        _ => "control",
    }
}

/// The class of a box by what became of its state.
fn painted(ran: Option<Ran>) -> &'static str {
    match ran {
        None => "idle",
        Some(Ran::Succeeded) => "ran",
        Some(Ran::Failed) => "failed",
        Some(Ran::Undone) => "undone",
        Some(Ran::Waiting) => "waiting",
    }
}

/// Whether an execution took a transition.
fn is_taken(route: &Route, history: &History) -> bool {
    let Some((from, to)) = &route.joins else {
        return true;
    };
    let left = history.of(from);
    let failed = route.kind != EdgeKind::Failed || left == Some(Ran::Failed);
    left.is_some() && failed && history.of(to).is_some()
}

fn draw_route(number: usize, route: &Route, ink: Ink<'_>, out: &mut String) {
    let kind = match route.kind {
        EdgeKind::Next | EdgeKind::Choice(_) => "then",
        EdgeKind::Failed => "failure",
        EdgeKind::Back if route.after_undo => "back",
        EdgeKind::Back => "then",
    };
    let idle = match ink {
        Ink::Plain => "",
        Ink::Painted(history) if is_taken(route, history) => "",
        Ink::Live if route.joins.is_none() => "",
        Ink::Painted(_) | Ink::Live => " idle",
    };
    let place = match ink {
        Ink::Live => format!(r#" data-route="{number}""#),
        Ink::Plain | Ink::Painted(_) => String::new(),
    };
    let path = if route.soft {
        soft(&route.points)
    } else {
        cornered(&route.points)
    };
    let _ = writeln!(out, r#"<path class="{kind}{idle}"{place} d="{path}"/>"#);
    if let (None, Some((x, y))) = (&route.joins, route.points.first()) {
        let _ = writeln!(out, r#"<circle class="begin" cx="{x}" cy="{y}" r="5"/>"#);
    }
}

fn draw_label(route: &Route, out: &mut String) {
    let EdgeKind::Choice(label) = &route.kind else {
        return;
    };
    let [first, second, ..] = route.points.as_slice() else {
        return;
    };
    let rest = route.points.iter().skip(1);
    let (x, y, side) = match (route.soft, second.0 < first.0) {
        // Where it comes into the next row: there it has its own place.
        (true, _) => {
            let (x, y) = rest
                .clone()
                .find(|(_, y)| y - first.1 >= layout::ROW)
                .unwrap_or(second);
            (*x, y - 13, "middle")
        }
        (false, true) => (first.0 - 5, first.1 - 5, "end"),
        // Down first, past what stands beside.
        (false, false) if second.0 == first.0 => (second.0 + 8, second.1 - 4, "start"),
        (false, false) => (first.0 + 8, first.1 - 5, "start"),
    };
    let label = escape(label);
    let _ = writeln!(
        out,
        r#"<text class="label" x="{x}" y="{y}" text-anchor="{side}">{label}</text>"#
    );
}

/// Down from row to row: straight through a row, bent between two.
fn soft(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    let mut before: Option<(i32, i32)> = None;
    for (x, y) in points.iter().copied() {
        let _ = match before {
            None => write!(path, "M{x} {y}"),
            Some((bx, _)) if bx == x => write!(path, "V{y}"),
            Some((bx, by)) => {
                let bend = (y - by) / 2;
                write!(path, "C{bx} {} {x} {} {x} {y}", by + bend, y - bend)
            }
        };
        before = Some((x, y));
    }
    path
}

/// Along corners, rounded.
fn cornered(points: &[(i32, i32)]) -> String {
    const ROUND: i32 = 7;
    let toward = |from: (i32, i32), to: (i32, i32)| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let far = (dx.abs() + dy.abs()) / 2;
        let step = ROUND.min(far);
        (from.0 + dx.signum() * step, from.1 + dy.signum() * step)
    };
    let mut path = String::new();
    for (at, point) in points.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| points.get(at)).copied();
        let next = points.get(at + 1).copied();
        let _ = match (before, next) {
            (None, _) => write!(path, "M{} {}", point.0, point.1),
            (Some(_), None) => write!(path, "L{} {}", point.0, point.1),
            (Some(before), Some(next)) => {
                let (start, end) = (toward(point, before), toward(point, next));
                write!(
                    path,
                    "L{} {}Q{} {} {} {}",
                    start.0, start.1, point.0, point.1, end.0, end.1
                )
            }
        };
    }
    path
}

/// A text as XML has it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push(' '),
            // Characters that XML 1.0 has not.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
