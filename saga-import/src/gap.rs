//! What the definition leaves open, and what becomes of it here.

use std::fmt;

use saga_asl::lint::{self, Options, Severity};
use saga_asl::syntax::{Format, Position};

/// Something that goes wrong in the definition, or is otherwise in the saga than there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where in the text.
    pub position: Position,
    /// The JSON Pointer to it, from the definition on: to a state or a field of one, to the whole where it is empty.
    pub pointer: String,
    /// What it is, in a word or two: `not compensated`.
    pub kind: &'static str,
    /// What is so in the definition, in lower case.
    pub there: String,
    /// What becomes of it in the saga.
    pub here: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(
            f,
            "{line}:{column}: {}: {}\n    here: {}",
            self.kind, self.there, self.here
        )
    }
}

const NEVER_MATCHED: &str = "never matched";

/// Whether a finding is of the name behind the last one.
fn is_next(last: &Gap, found: &lint::Diagnostic) -> bool {
    last.kind == NEVER_MATCHED
        && found.position.line <= last.position.line + last.there.matches('`').count() / 2
}

/// What stands in backticks.
fn quoted(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or(message)
}

/// What a rule's finding is called for somebody who moves, and what the saga does.
fn moved(rule: &str) -> Option<(&'static str, &'static str)> {
    Some(match rule {
        "effect-not-compensated" | "compensation-skipped" => (
            "not compensated",
            "whatever fails, what was done before it is undone, in reverse",
        ),
        "compensation-out-of-order" => (
            "undone out of order",
            "compensations run in the reverse order of their steps",
        ),
        "compensation-without-retry" => (
            "undo not retried",
            "a compensation is retried on every error, and then the saga is parked for an operator",
        ),
        "compensation-failure-swallowed" => (
            "undo's failure swallowed",
            "a compensation that fails for good parks the saga, and is resumed by a redrive",
        ),
        "timeout-not-compensated" => (
            "unknown outcome not compensated",
            "a step that timed out may have happened: it is undone too",
        ),
        "success-after-failure" => (
            "false success",
            "a saga that was undone fails: its execution says so",
        ),
        "top-level-timeout" => (
            "stops halfway",
            "the timeout of the whole is left out: each step has one of its own",
        ),
        "unknown-error-name" => (
            NEVER_MATCHED,
            "a step's errors are declared once, and retried and caught by that declaration",
        ),
        "task-without-timeout" => (
            "not bounded",
            "each step states its time: see `timeout` in its `#[step(…)]`",
        ),
        "callback-without-timeout" | "heartbeat-not-below-timeout" => {
            ("not bounded", "each wait states its time")
        }
        "retry-not-idempotent" => (
            "retried blindly",
            "a fence makes do and undo idempotent; hand `cx.idempotency_key()` on to what the handler calls",
        ),
        "catch-clobbers-data" => (
            "data lost",
            "each step's answer is a value of its own, which no failure replaces",
        ),
        "discarded-result" | "undefined-path" | "undefined-variable" | "unset-variable" => (
            "reads what is not there",
            "what is read is a typed reference: see that its type has the field",
        ),
        "payload-limit" => (
            "may grow too large",
            "outcomes that are too large are kept with the fences",
        ),
        _ => return None,
    })
}

/// What the rules find, in a migrant's words; those that AWS refuses stay as they are.
/// Of a template, those in the definition at this pointer.
pub(crate) fn found(text: &str, format: Format, within: &str) -> (Vec<Gap>, Vec<lint::Diagnostic>) {
    let options = Options {
        format: Some(format),
        without_notes: true,
        ..Options::default()
    };
    let (mut gaps, mut errors) = (Vec::new(), Vec::new());
    for diagnostic in lint::check_with(text, options).diagnostics {
        if !diagnostic.pointer.starts_with(within) {
            continue;
        }
        if diagnostic.severity == Severity::Error {
            errors.push(diagnostic);
        } else if let Some((kind, here)) = moved(diagnostic.name) {
            // A retrier that nothing matches often has several such names.
            if let Some(last) = gaps
                .last_mut()
                .filter(|last| kind == NEVER_MATCHED && is_next(last, &diagnostic))
            {
                last.there = format!("{}, `{}`", last.there, quoted(&diagnostic.message));
                continue;
            }
            gaps.push(Gap {
                position: diagnostic.position,
                pointer: diagnostic.pointer,
                kind,
                there: diagnostic.message,
                here: here.to_owned(),
            });
        }
    }
    (gaps, errors)
}
