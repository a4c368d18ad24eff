use std::collections::HashSet;

use crate::lint::{Context, Findings, rule};
use crate::syntax::{Member, Node};

rule! {
    /// An object has two fields of the same name.
    ///
    /// Readers keep one of them and drop the other without a word; which one differs. In `States`
    /// that is a whole state lost.
    ///
    /// ```json bad
    /// { "Wait": { "Type": "Wait", "Seconds": 1, "Seconds": 5, "End": true } }
    /// ```
    ///
    /// Keep the one you mean:
    ///
    /// ```json good
    /// { "Wait": { "Type": "Wait", "Seconds": 5, "End": true } }
    /// ```
    pub static DUPLICATE_KEY = Error "ASL002" "duplicate-key" in Document, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    visit(cx.outline.root, out);
}

/// Of so few fields each is compared with those before it, which is quicker than a set.
const FEW: usize = 16;

fn visit(node: &Node<'_>, out: &mut Findings<'_>) {
    let members = node.members();
    if members.len() <= FEW {
        let mut seen = 0_u64;
        for (index, member) in members.iter().enumerate() {
            let name = &member.name.text;
            let mark = mark(name.as_bytes());
            let earlier = || members.iter().take(index);
            if seen & mark != 0 && earlier().any(|other| other.name.text == *name) {
                report(member, out);
            }
            seen |= mark;
        }
    } else {
        let mut seen = HashSet::with_capacity(members.len());
        for member in members {
            if !seen.insert(member.name.text.as_ref()) {
                report(member, out);
            }
        }
    }
    members.iter().for_each(|member| visit(&member.value, out));
    node.items().iter().for_each(|item| visit(item, out));
}

/// One bit of 64; the same name has the same.
fn mark(name: &[u8]) -> u64 {
    let byte = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let number = name.len() * 7 + byte(name.first()) * 5 + byte(name.last());
    1 << (number % 64)
}

fn report(member: &Member<'_>, out: &mut Findings<'_>) {
    let message = format!("the field `{}` is there twice", member.name.text);
    out.report(member.name.span, message)
        .help("keep one of them");
}
