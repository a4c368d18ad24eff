//! What handlers print, each line at the attempt that printed it.

use saga_local::lambda::Log;
use serde_json::Value;

use crate::record::Line;

/// Lines of a run that are kept: a handler that prints for ever fills no memory.
const MOST: usize = 5_000;

/// Bytes of a line that are kept.
const LONGEST: usize = 4_096;

/// How much was kept.
#[derive(Default)]
pub(crate) struct Kept(usize);

impl Kept {
    /// The line of the record for what was printed; none where enough was.
    pub(crate) fn line(&mut self, log: &Log, saga: &str) -> Option<Line> {
        self.0 += 1;
        let said = match self.0 {
            ..=MOST => cut(&told(&log.line).unwrap_or_else(|| log.line.clone())),
            count if count == MOST + 1 => {
                format!("more than {MOST} lines were printed: the rest is not kept")
            }
            _ => return None,
        };
        let call = log.event.as_ref().and_then(|event| event.get("saga"));
        let text = |name: &str| call.and_then(|call| call.get(name)?.as_str());
        let step = text("step").map(|step| match text("phase") {
            Some("undo") => format!("Undo{step}"),
            _ => step.to_owned(),
        });
        let attempt = call.and_then(|call| call.get("attempt")?.as_u64());
        Some(Line {
            kind: "Printed".into(),
            state: step.or_else(|| Some(log.function.clone())),
            item: text("item").and_then(innermost),
            machine: text("id")
                .and_then(machine)
                .filter(|machine| *machine != saga)
                .map(str::to_owned),
            attempt: attempt.and_then(|attempt| u32::try_from(attempt).ok()),
            said: Some(said),
            ..Line::default()
        })
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().find(|(at, _)| *at >= LONGEST) {
        Some((at, _)) => format!(
            "{}… {} bytes",
            line.get(..at).unwrap_or_default(),
            line.len()
        ),
        None => line.to_owned(),
    }
}

/// The number in `Orders[1]`, the innermost one where there are several.
fn innermost(item: &str) -> Option<usize> {
    let (_, number) = item.strip_suffix(']')?.rsplit_once('[')?;
    number.parse().ok()
}

/// The state machine of an execution's ARN, or the saga of an id by events, `Saga/…`.
fn machine(id: &str) -> Option<&str> {
    match id.split_once(":execution:") {
        Some((_, rest)) => rest.split(':').next(),
        None => id.split('/').next(),
    }
}

/// What a line says, where it is one of the runtime's own log: its level, its message, its fields.
fn told(line: &str) -> Option<String> {
    let Value::Object(members) = serde_json::from_str(line).ok()? else {
        return None;
    };
    let message = members.get("message")?.as_str()?;
    let level = members.get("level")?.as_str()?;
    let ours = [
        "timestamp",
        "level",
        "message",
        "handler",
        "execution",
        "step",
        "phase",
        "attempt",
        "requestId",
        "target",
    ];
    let fields = members
        .iter()
        .filter(|(name, _)| !ours.contains(&name.as_str()));
    let fields: String = fields
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    Some(format!("{level} {message}{fields}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    fn log(event: Option<Value>) -> Log {
        Log {
            function: "ChargeFare".into(),
            line: "hello".into(),
            event: event.map(Arc::new),
        }
    }

    #[track_caller]
    fn check(event: Option<Value>, expected: (&str, Option<usize>, Option<&str>, Option<u32>)) {
        let line = Kept::default().line(&log(event), "Fares").unwrap();
        let found = (
            line.state.as_deref().unwrap(),
            line.item,
            line.machine.as_deref(),
            line.attempt,
        );
        assert_eq!(found, expected);
        assert_eq!(line.said.as_deref(), Some("hello"));
    }

    #[test]
    fn a_line_is_where_its_attempt_is() {
        let arn = "arn:aws:states:eu-west-1:123456789012:execution:Fares:e1";
        check(None, ("ChargeFare", None, None, None));
        check(
            Some(json!({ "saga": { "id": arn, "step": "Charge2", "phase": "do", "attempt": 1 } })),
            ("Charge2", None, None, Some(1)),
        );
        check(
            Some(
                json!({ "saga": { "id": "Fares/7", "step": "Charge2", "phase": "undo", "item": "Lines[3]", "attempt": 0 } }),
            ),
            ("UndoCharge2", Some(3), None, Some(0)),
        );
        check(
            Some(
                json!({ "saga": { "id": arn.replace("Fares", "Trips"), "step": "Book", "phase": "do", "attempt": 0 } }),
            ),
            ("Book", None, Some("Trips"), Some(0)),
        );
    }

    #[test]
    fn a_handler_that_prints_for_ever_fills_no_memory() {
        let mut kept = Kept::default();
        let lines = (0..3 * MOST).filter_map(|_| kept.line(&log(None), "Fares"));
        assert_eq!(lines.count(), MOST + 1);
        assert!(cut(&"ä".repeat(LONGEST)).len() < LONGEST + 30);
    }

    #[test]
    fn a_line_of_the_log_is_told_by_its_message() {
        let line =
            r#"{"timestamp":"t","level":"INFO","message":"charged","step":"Charge","amount":7}"#;
        assert_eq!(told(line).as_deref(), Some("INFO charged amount=7"));
        assert_eq!(told("plain"), None);
    }
}
