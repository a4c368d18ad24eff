//! The saga's definition: its way, call by call.

use std::fmt::Write as _;

use saga_asl::model::{JitterStrategy, Retrier};

use super::{Writer, snake};
use crate::call::Call;
use crate::data::Data;
use crate::flow::{Block, Step};
use crate::plan::{Kind, Undo};
use crate::types::Type;

impl Writer<'_> {
    /// The function `define`, and the type of the saga's output.
    pub(super) fn define(&mut self) -> (String, Type) {
        let plan = self.plan;
        let mut text = String::new();
        self.notices("on_compensated", &plan.compensated, &mut text);
        self.notices("on_parked", &plan.parked, &mut text);
        self.row(&plan.block.nodes, &mut text);
        self.notices("on_completed", &plan.completed, &mut text);
        let output = self.complete(&mut text);
        let input = self.types.input();
        let name = if super::text::reads(&text, "input") {
            "input"
        } else {
            "_"
        };
        let define = format!(
            "fn define<'s>(mut saga: Flow<'s, '_>, {name}: Ref<'s, {input}>) -> Completed<'s, {output}> {{ {text} }}"
        );
        (super::block::with_mut_where_needed(&define), output)
    }

    fn complete(&mut self, text: &mut String) -> Type {
        let output = match self.plan.block.completes_early() {
            true => None,
            false => self.plan.output.settled().0,
        };
        let name = format!("{}Output", self.saga);
        let (of, value) = match output {
            None => (Type::Unit, "()".to_owned()),
            Some(data) if data.constant().is_some() => {
                let constant = data.constant().unwrap_or_default().to_pretty();
                (
                    Type::Any,
                    format!("saga.value(&serde_json::json!({constant}))"),
                )
            }
            Some(Data::Object(fields)) => {
                let data = Data::Object(fields.clone());
                let of = self.typed(&data, &name, "What the saga answers.", None);
                let literal = self.object(&of, &fields, None, text);
                (of, literal)
            }
            Some(Data::List(items)) => {
                let of = self.typed(&Data::List(items.clone()), &name, "", None);
                let value = self.list(&items, &of, None, text);
                (of, value)
            }
            Some(data) => {
                let of = self.typed(&data, &name, "What the saga answers.", None);
                (of, self.value(&data, None, text))
            }
        };
        let value = if value.starts_with("saga.") {
            self.bound("output", &value, text)
        } else {
            value
        };
        writeln!(text, "saga.complete({value})").unwrap_or_default();
        of
    }

    pub(super) fn step(&mut self, step: &Step, text: &mut String) {
        let plan = self.plan;
        let Some(kind) = plan.kinds.get(&step.name) else {
            return;
        };
        if matches!(kind, Kind::Told) {
            return;
        }
        let call = self.written(&step.name, &step.call, None, text);
        let policies = format!(
            "{}{}",
            time(&step.call, step.timeout),
            policies(&step.call, &step.retriers)
        );
        let variable = self.is_read(&step.name).then(|| snake(&step.name));
        let line = match kind {
            Kind::Compensatable(undo) => {
                let (parameter, undo) = self.undo(step, undo, text);
                format!("saga.step({call}{policies}.compensate(|{parameter}| {undo}))")
            }
            Kind::Pivot => format!("saga.pivot({call}{policies})"),
            Kind::Forward => format!("saga.forward({call}{policies})"),
            Kind::ReadOnly => format!("saga.read({call}{policies})"),
            Kind::Told => return,
        };
        match (kind, variable) {
            (Kind::Pivot, variable) => {
                let variable = variable.unwrap_or_else(|| "_".to_owned());
                writeln!(text, "let (mut saga, {variable}) = {line};")
            }
            (_, Some(variable)) => writeln!(text, "let {variable} = {line};"),
            (_, None) => writeln!(text, "{line};"),
        }
        .unwrap_or_default();
    }

    /// The closure's parameter, and the call that undoes a step.
    fn undo(&mut self, step: &Step, undo: &Undo, text: &mut String) -> (String, String) {
        let call = self.written(&undo.name, &undo.call, Some(&step.name), text);
        let policies = format!(
            "{}{}",
            time(&undo.call, undo.timeout),
            policies(&undo.call, &undo.retriers)
        );
        let reads = undo.call.data().iter().any(|data| data.reads(&step.name));
        let parameter = if reads {
            snake(&step.name)
        } else {
            "_".to_owned()
        };
        (parameter, format!("{call}{policies}"))
    }

    /// Whether something later reads what a step answers.
    fn is_read(&self, step: &str) -> bool {
        let own = |undo: &Undo, of: &str| of != step && reads(&undo.call, step);
        let mut others = self.plan.block.steps().into_iter();
        let by_steps = others.any(|other| {
            let kind = self.plan.kinds.get(&other.name);
            match kind {
                Some(Kind::Told) | None => false,
                Some(Kind::Compensatable(undo)) => {
                    reads(&other.call, step) || own(undo, &other.name)
                }
                Some(_) => reads(&other.call, step),
            }
        });
        let by_notices = self
            .plan
            .completed
            .iter()
            .any(|notice| reads(&notice.call, step));
        let by_output = self
            .plan
            .output
            .settled()
            .0
            .is_some_and(|output| output.reads(step));
        by_steps || by_notices || by_output || read_by_nodes(&self.plan.block, step)
    }
}

fn reads(call: &Call, step: &str) -> bool {
    call.data()
        .iter()
        .any(|data| data.settled().0.is_some_and(|data| data.reads(step)))
}

/// Whether a node that is no call reads what a step answers.
fn read_by_nodes(block: &Block, step: &str) -> bool {
    block.nodes.iter().any(|node| {
        let own = node.reads().iter().any(|(data, _)| data.reads(step));
        own || node
            .blocks()
            .into_iter()
            .any(|block| read_by_nodes(block, step))
    })
}

/// How long a service's own call may take, where the definition says it; a handler's type does.
fn time(call: &Call, timeout: Option<u64>) -> String {
    match (call, timeout) {
        (Call::Handler { .. }, _) | (_, None) => String::new(),
        (_, Some(seconds)) => format!(".timeout(Duration::from_secs({}))", seconds.max(1)),
    }
}

/// What a call says of its retries: those of a service's errors, and of all that is not declared.
fn policies(call: &Call, retriers: &[Retrier]) -> String {
    let mut text = String::new();
    let named = |retrier: &&Retrier, any: &dyn Fn(&str) -> bool| {
        retrier.error_equals.iter().any(|name| any(name))
    };
    let service = retriers
        .iter()
        .find(|retrier| named(retrier, &|name| name.starts_with("Lambda.")));
    if let (Some(retrier), Call::Handler { .. }) = (service, call) {
        write!(text, ".retry_service({})", policy(retrier)).unwrap_or_default();
    }
    let others = |name: &str| name == "States.ALL" || name == "States.TaskFailed";
    if let Some(retrier) = retriers.iter().find(|retrier| named(retrier, &others)) {
        write!(text, ".retry_others({})", policy(retrier)).unwrap_or_default();
    }
    text
}

/// A retrier as a policy.
fn policy(retrier: &Retrier) -> String {
    if retrier.max_attempts == Some(0) {
        return "Retry::NEVER".into();
    }
    let mut text = format!(
        "Retry::after(Duration::from_secs({}))",
        retrier.interval_seconds.unwrap_or(1)
    );
    if let Some(times) = retrier.max_attempts.filter(|times| *times != 3) {
        write!(text, ".times({times})").unwrap_or_default();
    }
    let rate = retrier
        .backoff_rate
        .as_ref()
        .map_or(2.0, saga_asl::json::Number::as_f64);
    if (rate - 2.0).abs() > f64::EPSILON {
        write!(text, ".backoff({rate:?})").unwrap_or_default();
    }
    if let Some(most) = retrier.max_delay_seconds {
        write!(text, ".at_most(Duration::from_secs({most}))").unwrap_or_default();
    }
    if retrier.jitter_strategy == Some(JitterStrategy::Full) {
        text.push_str(".jitter()");
    }
    text
}
