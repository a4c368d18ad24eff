//! DOT, the language of Graphviz.

use std::fmt::Write as _;

use crate::graph::{EdgeKind, Graph, Lane, Machine, Mark, Node, Shape};
use crate::history::{History, Ran};

/// Draws a graph in DOT.
#[must_use]
pub fn dot(graph: &Graph, history: Option<&History>) -> String {
    let mut out = String::from("digraph saga {\n");
    let _ = writeln!(
        out,
        "  graph [label={}, labelloc=t, fontname=\"Helvetica\", newrank=true, compound=true];",
        quoted(&graph.title)
    );
    out.push_str("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f8fafc\", fontname=\"Helvetica\"];\n");
    out.push_str("  edge [fontname=\"Helvetica\", fontsize=10];\n");
    let mut writer = Writer { history, next: 0 };
    writer.machine(&graph.machine, 1, &mut out);
    out.push_str("}\n");
    out
}

struct Writer<'h> {
    history: Option<&'h History>,
    next: usize,
}

/// What transitions are tied to: a node, and the cluster around it where it holds others.
struct Tied {
    node: String,
    cluster: Option<String>,
}

impl Writer<'_> {
    fn machine(&mut self, machine: &Machine, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        let mut all = Vec::new();
        for (place, node) in machine.nodes.iter().enumerate() {
            all.push(self.node(machine, place, node, depth, out));
        }
        for (place, node) in machine.nodes.iter().enumerate() {
            let step = match node.lane {
                Lane::Beside(step) => all.get(step),
                _ => None,
            };
            if let (Some(undo), Some(step)) = (all.get(place), step)
                && undo.cluster.is_none()
                && step.cluster.is_none()
            {
                let _ = writeln!(out, "{pad}{{ rank=same; {}; {}; }}", step.node, undo.node);
            }
        }
        for edge in &machine.edges {
            let (Some(from), Some(to)) = (all.get(edge.from), all.get(edge.to)) else {
                continue;
            };
            let mut said = match &edge.kind {
                EdgeKind::Next => Vec::new(),
                EdgeKind::Choice(label) => vec![format!("label={}", quoted(label))],
                EdgeKind::Failed => vec!["style=dashed, color=\"#b42318\"".to_owned()],
                EdgeKind::Back => vec!["color=\"#b45309\", constraint=false".to_owned()],
            };
            said.extend(
                from.cluster
                    .iter()
                    .map(|cluster| format!("ltail={cluster}")),
            );
            said.extend(to.cluster.iter().map(|cluster| format!("lhead={cluster}")));
            let _ = writeln!(
                out,
                "{pad}{} -> {} [{}];",
                from.node,
                to.node,
                said.join(", ")
            );
        }
    }

    fn node(
        &mut self,
        machine: &Machine,
        place: usize,
        node: &Node,
        depth: usize,
        out: &mut String,
    ) -> Tied {
        let pad = "  ".repeat(depth);
        let id = format!("s{}", self.next);
        self.next += 1;
        let mut said = vec![format!("label={}", quoted(&label(node)))];
        said.extend(look(node).map(str::to_owned));
        let ran = self.history.map(|history| history.of_node(machine, place));
        said.extend(ran.and_then(painted).map(str::to_owned));
        if node.inner.is_empty() {
            let _ = writeln!(out, "{pad}{id} [{}];", said.join(", "));
            return Tied {
                node: id,
                cluster: None,
            };
        }
        let cluster = format!("cluster_{id}");
        let _ = writeln!(out, "{pad}subgraph {cluster} {{");
        let _ = writeln!(
            out,
            "{pad}  label={}; style=\"rounded,dashed\"; color=\"#8a94a6\";",
            quoted(&label(node))
        );
        let _ = writeln!(out, "{pad}  {id} [shape=point, style=invis, width=0.02];");
        for (number, inner) in node.inner.iter().enumerate() {
            let _ = writeln!(
                out,
                "{pad}  subgraph {cluster}_{number} {{\n{pad}    label=\"\"; style=rounded;"
            );
            self.machine(inner, depth + 2, out);
            let _ = writeln!(out, "{pad}  }}");
        }
        let _ = writeln!(out, "{pad}}}");
        Tied {
            node: id,
            cluster: Some(cluster),
        }
    }
}

fn label(node: &Node) -> String {
    let mut label = node.name.clone();
    if node.mark == Some(Mark::Pivot) {
        label.push_str("\n(pivot)");
    }
    if !node.parked.is_empty() {
        label.push_str("\n(else parked)");
    }
    label
}

fn look(node: &Node) -> Option<&'static str> {
    match (node.shape, node.mark) {
        (_, Some(Mark::Pivot)) => Some("fillcolor=\"#ede9fe\", color=\"#7c3aed\", peripheries=2"),
        (_, Some(Mark::Compensation)) => Some("fillcolor=\"#ffedd5\", color=\"#b45309\""),
        (Shape::Succeed, _) => Some("shape=oval, fillcolor=\"#dcfce7\", color=\"#15803d\""),
        (Shape::Fail, _) => Some("shape=oval, fillcolor=\"#fee2e2\", color=\"#b42318\""),
        (Shape::Choice, _) => Some("shape=diamond"),
        _ => None,
    }
}

fn painted(ran: Option<Ran>) -> Option<&'static str> {
    match ran {
        None => Some("fontcolor=\"#a0a8b8\", color=\"#c9d0db\""),
        Some(Ran::Succeeded) => Some("penwidth=2"),
        Some(Ran::Failed) => Some("penwidth=3, color=\"#b42318\""),
        Some(Ran::Undone) => Some("penwidth=2, color=\"#b45309\", style=\"rounded,filled,dashed\""),
        Some(Ran::Waiting) => Some("penwidth=3, color=\"#7c3aed\""),
    }
}

/// A text in quotes, as DOT has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
