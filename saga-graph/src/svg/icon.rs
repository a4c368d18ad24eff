//! Small signs, 14 pixels wide and high.

use crate::graph::{Mark, Node, Shape};

/// The sign of a state.
pub(super) fn of(node: &Node) -> &'static str {
    match (node.shape, node.mark) {
        (_, Some(Mark::Compensation)) => "undo",
        (_, Some(Mark::Pivot)) => "pivot",
        (Shape::Task, _) => "task",
        (Shape::Pass, _) => "pass",
        (Shape::Wait, _) => "wait",
        (Shape::Choice, _) => "choice",
        (Shape::Parallel, _) => "parallel",
        (Shape::Map, _) => "map",
        (Shape::Succeed, _) => "check",
        (Shape::Fail, _) => "cross",
    }
}

/// The path of a sign.
pub(super) fn sign(name: &str) -> String {
    let path = match name {
        "undo" => "M4 2L1.5 5L4.5 7.5M1.5 5H8.5A4 4 0 1 1 8.5 13H5",
        "pivot" => "M7 1L13 7L7 13L1 7ZM7 4.5V9.5",
        "task" => "M2 4A2 2 0 0 1 4 2H10A2 2 0 0 1 12 4V10A2 2 0 0 1 10 12H4A2 2 0 0 1 2 10Z",
        "pass" => "M3 2L8 7L3 12M8 2L13 7L8 12",
        "wait" => "M13 7A6 6 0 1 1 1 7A6 6 0 1 1 13 7M7 3.5V7L9.5 9",
        "choice" => "M7 1L13 7L7 13L1 7Z",
        "parallel" => "M4 1V13M10 1V13",
        "map" => "M1 4H9V12H1ZM4 4V1H13V9H9",
        "check" => "M1.5 7.5L5.5 11.5L12.5 3",
        "cross" => "M2.5 2.5L11.5 11.5M11.5 2.5L2.5 11.5",
        "pause" => "M4.5 2.5V11.5M9.5 2.5V11.5",
        "arrow" => "M0 7H13M9 3L13 7L9 11",
        "dashes" => "M0 7H3M5 7H8M10 7H13",
        _ => "",
    };
    format!(r#"<path class="sign" d="{path}"/>"#)
}
