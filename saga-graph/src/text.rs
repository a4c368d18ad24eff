//! A drawing for a terminal, in boxes of Unicode. It fits 100 columns.

use crate::graph::{Edge, EdgeKind, Graph, Lane, Machine, Mark, Node, Shape};
use crate::history::{History, Ran};
use crate::wrap::short;

/// The columns of a terminal.
const COLUMNS: usize = 100;
/// The most columns of a box.
const BOX: usize = 52;
/// The least columns of a box: what is nested too deep is cut.
const LEAST: usize = 12;

/// Draws a graph for a terminal, without colours.
#[must_use]
pub fn text(graph: &Graph, history: Option<&History>) -> String {
    let mut lines = vec![short(&graph.title, COLUMNS), String::new()];
    lines.extend(machine(&graph.machine, history, COLUMNS));
    if history.is_some() {
        lines.push(String::new());
        lines.push(
            "✓ ran   ✗ failed   ↶ ran, and was compensated   ⏸ waits, or is parked   · never began"
                .to_owned(),
        );
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn machine(machine: &Machine, history: Option<&History>, columns: usize) -> Vec<String> {
    let drawing = Drawing {
        machine,
        history,
        columns,
        width: width(machine, history.is_some(), columns),
    };
    let mut lines = Vec::new();
    let nodes = machine.nodes.iter().enumerate();
    let forward: Vec<_> = nodes
        .clone()
        .filter(|(_, node)| node.lane == Lane::Forward)
        .collect();
    for (at, (place, node)) in forward.iter().enumerate() {
        let next = forward.get(at + 1).map(|(place, _)| *place);
        let before = at.checked_sub(1).and_then(|at| forward.get(at));
        let joined = before.is_some_and(|(before, _)| drawing.goes(*before, *place));
        lines.extend(drawing.state(*place, node, joined));
        lines.extend(drawing.ways(*place, next));
    }
    let mut back = nodes
        .filter(|(_, node)| node.lane != Lane::Forward)
        .peekable();
    if back.peek().is_some() {
        lines.push(String::new());
        lines.push("The way back".to_owned());
    }
    back.for_each(|(place, node)| lines.extend(drawing.back(place, node)));
    lines
}

/// The columns of the boxes of a machine.
fn width(machine: &Machine, painted: bool, columns: usize) -> usize {
    let names = machine
        .nodes
        .iter()
        .filter(|node| node.lane == Lane::Forward);
    let widest = names.map(|node| said(node).chars().count()).max();
    let around = if painted { 6 } else { 4 };
    let least = LEAST.min(columns);
    (widest.unwrap_or_default() + around).clamp(least, BOX.min(columns).max(least))
}

struct Drawing<'d> {
    machine: &'d Machine,
    history: Option<&'d History>,
    columns: usize,
    width: usize,
}

impl Drawing<'_> {
    /// A state on the way to success, and at its right where it goes when it fails.
    fn state(&self, place: usize, node: &Node, joined: bool) -> Vec<String> {
        let name = format!("{}{}", self.came(place), said(node));
        let ends = (joined, self.onward(place).next().is_some());
        let mut lines = match node.inner.is_empty() {
            true => boxed(&name, self.width, node, ends),
            false => self.frame(&name, node, ends),
        };
        let asides = self.asides(place);
        // From the line of the name on; what has more of them than lines gets some.
        for (at, aside) in asides.iter().enumerate() {
            if lines.len() < at + 3 {
                let bar = format!("{:>1$}", "", self.width);
                lines.insert(lines.len() - 1, bar);
            }
            if let Some(line) = lines.get_mut(at + 1).filter(|_| node.inner.is_empty()) {
                line.push_str(aside);
            }
        }
        if !node.inner.is_empty() {
            let asides = asides.iter().map(|aside| format!("    {aside}"));
            lines.extend(asides);
        }
        lines.iter().map(|line| short(line, self.columns)).collect()
    }

    /// Where a state goes when it fails, and what compensates it.
    fn asides(&self, place: usize) -> Vec<String> {
        let mut asides = Vec::new();
        let failures = self
            .machine
            .from(place)
            .filter(|edge| edge.kind == EdgeKind::Failed);
        let mut shown: Vec<usize> = Vec::new();
        for edge in failures {
            asides.push(format!(" ╌╌▶ {}", self.name(edge.to)));
            shown.push(edge.to);
        }
        for (undo, node) in self.machine.nodes.iter().enumerate() {
            if node.lane == Lane::Beside(place) && !shown.contains(&undo) {
                asides.push(format!("     {}", self.name(undo)));
            }
        }
        asides
    }

    /// The transitions after success.
    fn onward(&self, place: usize) -> impl Iterator<Item = &Edge> {
        let edges = self.machine.from(place);
        edges.filter(|edge| matches!(edge.kind, EdgeKind::Next | EdgeKind::Choice(_)))
    }

    fn goes(&self, from: usize, to: usize) -> bool {
        self.onward(from).any(|edge| edge.to == to)
    }

    /// What follows a state, where it is not just the next one below.
    fn ways(&self, place: usize, next: Option<usize>) -> Vec<String> {
        let ways: Vec<&Edge> = self.onward(place).collect();
        let middle = self.width / 2;
        let bar = |text: &str| format!("{:middle$}{text}", "");
        match ways.as_slice() {
            [] => vec![String::new()],
            [only] if Some(only.to) == next && only.kind == EdgeKind::Next => vec![bar("│")],
            several => {
                let goes_on = several.iter().any(|edge| Some(edge.to) == next);
                let lines = several.iter().map(|edge| {
                    let to = self.name(edge.to);
                    let label = match &edge.kind {
                        EdgeKind::Choice(label) => format!(" {label} ─"),
                        _ => String::new(),
                    };
                    let again = if edge.to <= place { "↑ " } else { "" };
                    short(&bar(&format!("├─{label}▶ {again}{to}")), self.columns)
                });
                let mut lines: Vec<_> = lines.collect();
                lines.push(bar(if goes_on { "│" } else { "" }));
                lines
            }
        }
    }

    /// A state of the way back, and what follows it.
    fn back(&self, place: usize, node: &Node) -> Vec<String> {
        let next = self.machine.from(place).map(|edge| self.name(edge.to));
        let next: Vec<_> = next.collect();
        let own = self.name(place);
        let line = match next.is_empty() {
            true => format!("  {own}"),
            false => format!("  {own} ─▶ {}", next.join(", ")),
        };
        let mut lines = vec![short(&line, self.columns)];
        for inner in &node.inner {
            let inner = machine(
                inner,
                self.history,
                self.columns.saturating_sub(6).max(LEAST),
            );
            lines.extend(inner.into_iter().map(|line| format!("      {line}")));
        }
        lines
    }

    /// The machines inside a state, in a frame.
    fn frame(&self, name: &str, node: &Node, ends: (bool, bool)) -> Vec<String> {
        let columns = self.columns.saturating_sub(4).max(LEAST);
        let inner: Vec<Vec<String>> = node
            .inner
            .iter()
            .map(|inner| machine(inner, self.history, columns))
            .collect();
        let name = short(name, columns);
        let lines = inner.iter().flatten();
        let widest = lines.map(|line| line.trim_end().chars().count()).max();
        let widest = widest
            .unwrap_or_default()
            .max(name.chars().count() + 2)
            .max(self.width.saturating_sub(4));
        let mut drawn = vec![format!(
            "┌ {name} {}┐",
            "─".repeat(widest - name.chars().count())
        )];
        for (number, lines) in inner.iter().enumerate() {
            if number > 0 {
                drawn.push(format!("├{}┤", "╌".repeat(widest + 2)));
            }
            let lines = lines.iter().map(|line| line.trim_end());
            drawn.extend(lines.map(|line| format!("│ {line:<widest$} │")));
        }
        let middle = (self.width / 2).saturating_sub(1);
        let rest = widest + 1 - middle.min(widest + 1);
        let (left, right) = ("─".repeat(middle), "─".repeat(rest));
        let below = if ends.1 { "┬" } else { "─" };
        drawn.push(format!("└{left}{below}{right}┘"));
        drawn
    }

    fn name(&self, place: usize) -> String {
        let node = self.machine.nodes.get(place);
        let name = node.map(said).unwrap_or_default();
        format!("{}{name}", self.came(place))
    }

    /// What became of a state.
    fn came(&self, place: usize) -> &'static str {
        let Some(history) = self.history else {
            return "";
        };
        match history.of_node(self.machine, place) {
            None => "· ",
            Some(Ran::Succeeded) => "✓ ",
            Some(Ran::Failed) => "✗ ",
            Some(Ran::Undone) => "↶ ",
            Some(Ran::Waiting) => "⏸ ",
        }
    }
}

/// A name with what is said of the state.
fn said(node: &Node) -> String {
    let sign = match (node.shape, node.mark) {
        (_, Some(Mark::Compensation)) => "↺ ",
        (Shape::Choice, _) => "◇ ",
        (Shape::Wait, _) => "◷ ",
        (Shape::Parallel, _) => "∥ ",
        (Shape::Map, _) => "≡ ",
        (Shape::Succeed, _) => "● ",
        (Shape::Fail, _) => "✗ ",
        _ => "",
    };
    let pivot = if node.mark == Some(Mark::Pivot) {
        " (pivot)"
    } else {
        ""
    };
    let parked = if node.parked.is_empty() {
        ""
    } else {
        " (else parked)"
    };
    let name: String = node
        .name
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    format!("{sign}{name}{pivot}{parked}")
}

/// `ends`: whether something leads here from above, and from here below.
fn boxed(name: &str, width: usize, node: &Node, ends: (bool, bool)) -> Vec<String> {
    let inside = width.saturating_sub(2);
    let (left, right) = (inside / 2, inside.saturating_sub(inside / 2 + 1));
    let [corners, line, up, down] = match node.mark {
        Some(Mark::Pivot) => ["╒╕╘╛", "═", "╧", "╤"],
        _ => ["┌┐└┘", "─", "┴", "┬"],
    };
    let mut corners = corners.chars();
    let mut edge = |middle: &str| {
        let (first, last) = (corners.next().unwrap_or(' '), corners.next().unwrap_or(' '));
        format!(
            "{first}{}{middle}{}{last}",
            line.repeat(left),
            line.repeat(right)
        )
    };
    let above = edge(if ends.0 { up } else { line });
    let below = edge(if ends.1 { down } else { line });
    let name = short(name, inside.saturating_sub(2));
    let room = inside.saturating_sub(2);
    vec![above, format!("│ {name:<room$} │"), below]
}
