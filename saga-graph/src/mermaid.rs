//! Mermaid: a flowchart, which GitHub and many editors draw.

use std::fmt::Write as _;

use crate::graph::{EdgeKind, Graph, Machine, Mark, Node, Shape};
use crate::history::{History, Ran};

/// Colours that can be read on light and on dark pages.
const CLASSES: &str = "  classDef undo fill:#fdba74,stroke:#b45309,color:#431407
  classDef pivot fill:#c4b5fd,stroke:#6d28d9,color:#2e1065,stroke-width:3px
  classDef good fill:#86efac,stroke:#15803d,color:#052e16
  classDef bad fill:#fca5a5,stroke:#b42318,color:#450a0a
  classDef idle opacity:0.4
  classDef failed stroke:#b42318,stroke-width:4px
  classDef undone stroke:#b45309,stroke-width:3px,stroke-dasharray:5 3
  classDef waiting stroke:#6d28d9,stroke-width:4px
";

/// Draws a graph as a Mermaid flowchart.
#[must_use]
pub fn mermaid(graph: &Graph, history: Option<&History>) -> String {
    let mut out = String::from("flowchart TD\n");
    let mut writer = Writer {
        history,
        classes: Vec::new(),
        next: 0,
    };
    writer.machine(&graph.machine, 1, &mut out);
    out.push_str(CLASSES);
    for (id, class) in &writer.classes {
        let _ = writeln!(out, "  class {id} {class}");
    }
    out
}

struct Writer<'h> {
    history: Option<&'h History>,
    classes: Vec<(String, &'static str)>,
    next: usize,
}

impl Writer<'_> {
    fn machine(&mut self, machine: &Machine, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        let mut ids = Vec::new();
        for (place, node) in machine.nodes.iter().enumerate() {
            let id = format!("s{}", self.next);
            self.next += 1;
            self.node(node, &id, &pad, depth, out);
            self.class(machine, place, node, &id);
            ids.push(id);
        }
        if let Some(start) = machine.start.and_then(|start| ids.get(start)) {
            let begin = format!("b{}", self.next);
            self.next += 1;
            let _ = writeln!(out, "{pad}{begin}(( )) --> {start}");
        }
        for edge in &machine.edges {
            let (Some(from), Some(to)) = (ids.get(edge.from), ids.get(edge.to)) else {
                continue;
            };
            let _ = match &edge.kind {
                EdgeKind::Next => writeln!(out, "{pad}{from} --> {to}"),
                EdgeKind::Choice(label) => writeln!(out, "{pad}{from} -->|{}| {to}", text(label)),
                EdgeKind::Failed => writeln!(out, "{pad}{from} -.-> {to}"),
                EdgeKind::Back => writeln!(out, "{pad}{from} ==> {to}"),
            };
        }
    }

    fn node(&mut self, node: &Node, id: &str, pad: &str, depth: usize, out: &mut String) {
        let mut said = node.name.clone();
        match node.mark {
            Some(Mark::Pivot) => said.push_str("\n(pivot)"),
            Some(Mark::Compensation) => said.insert_str(0, "↺ "),
            _ => {}
        }
        if !node.parked.is_empty() {
            said.push_str("\n(else parked)");
        }
        let said = text(&said);
        if node.inner.is_empty() {
            let _ = match node.shape {
                Shape::Choice => writeln!(out, "{pad}{id}{{{{{said}}}}}"),
                Shape::Succeed | Shape::Fail => writeln!(out, "{pad}{id}([{said}])"),
                Shape::Wait => writeln!(out, "{pad}{id}({said})"),
                _ => writeln!(out, "{pad}{id}[{said}]"),
            };
            return;
        }
        let _ = writeln!(out, "{pad}subgraph {id}[{said}]");
        for (number, inner) in node.inner.iter().enumerate() {
            let (branch, within) = (format!("{id}_{number}"), "  ".repeat(depth + 1));
            let _ = writeln!(out, "{within}subgraph {branch}[\" \"]");
            self.machine(inner, depth + 2, out);
            let _ = writeln!(out, "{within}end");
        }
        let _ = writeln!(out, "{pad}end");
    }

    fn class(&mut self, machine: &Machine, place: usize, node: &Node, id: &str) {
        let kind = match (node.shape, node.mark) {
            (_, Some(Mark::Pivot)) => Some("pivot"),
            (_, Some(Mark::Compensation)) => Some("undo"),
            (Shape::Succeed, _) => Some("good"),
            (Shape::Fail, _) => Some("bad"),
            _ => None,
        };
        let ran = self
            .history
            .and_then(|history| match history.of_node(machine, place) {
                None => Some("idle"),
                Some(Ran::Succeeded) => None,
                Some(Ran::Failed) => Some("failed"),
                Some(Ran::Undone) => Some("undone"),
                Some(Ran::Waiting) => Some("waiting"),
            });
        let classes = kind.into_iter().chain(ran);
        self.classes
            .extend(classes.map(|class| (id.to_owned(), class)));
    }
}

/// A text in quotes, as Mermaid has it: anything but letters and digits may mean something.
fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("<br/>"),
            ' ' | '_' | '.' | ',' | '…' | '(' | ')' | '↺' => quoted.push(character),
            letter if letter.is_alphanumeric() => quoted.push(letter),
            control if control.is_control() => quoted.push(' '),
            other => {
                let _ = write!(quoted, "#{};", other as u32);
            }
        }
    }
    quoted.push('"');
    quoted
}
