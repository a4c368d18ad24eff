use crate::lint::{Context, Findings, did_you_mean, rule};
use crate::outline::{EdgeKind, Scope};
use crate::syntax::Node;

rule! {
    /// `StartAt`, `Next` or `Default` names a state that does not exist there.
    ///
    /// Names are case-sensitive, and a branch or an item processor sees only its own states.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Pass", "Next": "Shipp" }, "Ship": { "Type": "Succeed" } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Pass", "Next": "Ship" }, "Ship": { "Type": "Succeed" } }
    /// ```
    pub static DANGLING_TARGET = Error "ASL111" "dangling-target" in Structure, check;
}

/// Among more names than that nobody is helped by a suggestion, and each costs time.
const MAX_CANDIDATES: usize = 300;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for scope in cx.outline.scopes() {
        let start = scope.node.get("StartAt").filter(|_| scope.start.is_none());
        if let Some(node) = start {
            report(cx, scope, node, "StartAt", out);
        }
    }
    for edge in cx.outline.edges().iter().filter(|edge| edge.to.is_none()) {
        let field = if matches!(edge.kind, EdgeKind::Default) {
            "Default"
        } else {
            "Next"
        };
        report(cx, cx.outline.scope_of(edge.from), edge.target, field, out);
    }
}

fn report(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    node: &Node<'_>,
    field: &str,
    out: &mut Findings<'_>,
) {
    let Some(name) = node.as_str().filter(|_| !node.is_opaque()) else {
        return;
    };
    let is_object = scope
        .node
        .get("States")
        .and_then(|states| states.get(name))
        .is_some();
    if is_object {
        return;
    }
    let elsewhere = cx.outline.states().iter().any(|state| state.name() == name);
    let message = if elsewhere {
        format!(
            "`{field}` names `{name}`, which is a state of another machine, branch or item processor"
        )
    } else {
        format!("`{field}` names `{name}`, and there is no such state")
    };
    let few = scope.states.len() <= MAX_CANDIDATES;
    let near = did_you_mean(name, scope.names().filter(|_| few));
    let help = near.map_or_else(
        || "a transition stays within its machine, branch or item processor".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    out.report(node.span, message).help(help);
}
