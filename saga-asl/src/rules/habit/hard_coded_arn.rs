use crate::lint::{Context, Findings, rule};
use crate::outline::State;
use crate::syntax::{Node, Syntax};

rule! {
    /// An ARN with an account in it is written into the definition.
    ///
    /// The definition works in one account and region only, and a copy of it somewhere else calls
    /// into this one.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:charge", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "${ChargeFunctionArn}", "End": true } }
    /// ```
    pub static HARD_CODED_ARN = Note "ASL403" "hard-coded-arn" in Habit, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        check_state(state, out);
    }
}

/// Fields in which states of their own stand, which are looked at by themselves.
const INNER: [&str; 3] = ["Branches", "ItemProcessor", "Iterator"];

fn check_state(state: &State<'_>, out: &mut Findings<'_>) {
    let members = state.node.members().iter();
    for member in members.filter(|member| !INNER.contains(&member.name.text.as_ref())) {
        visit(&member.value, out);
    }
}

fn visit(node: &Node<'_>, out: &mut Findings<'_>) {
    if let Syntax::String(text) = &node.syntax
        && has_account(text)
    {
        out.report(node.span, "this ARN holds for one account only")
            .help("use a placeholder, `${Name}`, and fill it in with `DefinitionSubstitutions`");
    }
    node.members()
        .iter()
        .for_each(|member| visit(&member.value, out));
    node.items().iter().for_each(|item| visit(item, out));
}

/// Whether a text is an ARN with an account: twelve digits in the fifth place.
fn has_account(text: &str) -> bool {
    let account = text
        .strip_prefix("arn:")
        .and_then(|rest| rest.split(':').nth(3));
    account.is_some_and(|account| {
        account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
    })
}
