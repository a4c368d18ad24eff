//! The steps: their inputs, errors and handlers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use saga_asl::model::{JitterStrategy, Retrier};

use super::{Input, Writer, name, pascal, text};
use crate::call::{Call, Request};
use crate::flow::Step;
use crate::plan::{Kind, Notice, Undo};
use crate::stack::Function;
use crate::types::Type;

/// What a handler answers until its code is here.
const NOT_MOVED: &str = "/// The handler has not its code yet: nothing was done.\n\
    #[derive(Debug, thiserror::Error, SagaError)]\n#[error(\"{0}\")]\npub struct NotMoved(&'static str);\n";

/// How long a step may take of which the definition does not say it.
const UNSTATED: u64 = 60;

/// The longest that a function runs.
const LONGEST: u64 = 900;

impl Writer<'_> {
    /// All steps, each with what undoes it behind it.
    pub(super) fn steps(&mut self) -> String {
        let plan = self.plan;
        let mut out = String::new();
        for step in plan.block.steps() {
            match plan.kinds.get(&step.name) {
                None | Some(Kind::Told) => {}
                Some(Kind::Compensatable(undo)) => {
                    self.step_type(step, Some(undo), &mut out);
                    self.undo_type(step, undo, &mut out);
                }
                Some(_) => self.step_type(step, None, &mut out),
            }
        }
        for notice in [&plan.completed, &plan.compensated, &plan.parked]
            .into_iter()
            .flatten()
        {
            self.notice_type(notice, &mut out);
        }
        let given_up = format!("{}{}", self.given_up_type(), self.undoes());
        match out.is_empty() {
            true => given_up,
            false => format!("{given_up}{NOT_MOVED}{out}"),
        }
    }

    /// The errors that the saga gives up with.
    fn given_up_type(&self) -> String {
        if self.given_up.is_empty() {
            return String::new();
        }
        let mut variants = String::new();
        for error in &self.given_up {
            let variant = pascal(error);
            let rename = match variant == *error {
                true => String::new(),
                false => format!("#[saga(rename = {error:?})]\n"),
            };
            write!(
                variants,
                "#[error({:?})]\n{rename}{variant},\n",
                error.replace(['{', '}'], "")
            )
            .unwrap_or_default();
        }
        format!(
            "/// Why the saga gives up.\n#[derive(Debug, thiserror::Error, SagaError)]\npub enum GivenUp {{\n{variants}}}\n"
        )
    }

    fn step_type(&mut self, step: &Step, undo: Option<&Undo>, out: &mut String) {
        let Call::Handler {
            replaces, request, ..
        } = &step.call
        else {
            return;
        };
        let handler = self.handlers.get(&step.name).cloned().unwrap_or_default();
        let error = self.errors(step, undo, &handler, out);
        let output = self.types.output_of(&step.name);
        let mut attributes = Vec::new();
        if output != Type::Unit {
            attributes.push(format!("output = {output}"));
        }
        attributes.push(format!("error = {error}"));
        if let Some(undo) = undo.filter(|undo| matches!(undo.call, Call::Handler { .. })) {
            attributes.push(format!("compensation = {}", self.undo_name(undo)));
        }
        let doc = step
            .comment
            .clone()
            .unwrap_or_else(|| format!("`{}`.", step.name));
        let (doc, says) = stands_for(doc, replaces, request.as_ref());
        self.handler(
            &step.name,
            &handler,
            &doc,
            &attributes,
            step.timeout,
            (&output, &error, &says),
            out,
        );
    }

    /// A handler that tells of the saga's end.
    fn notice_type(&mut self, notice: &Notice, out: &mut String) {
        let Call::Handler {
            replaces, request, ..
        } = &notice.call
        else {
            return;
        };
        let handler = self.handlers.get(&notice.name).cloned().unwrap_or_default();
        let doc = format!("`{}`.", notice.name);
        let (doc, says) = stands_for(doc, replaces, request.as_ref());
        let attributes = vec!["error = NotMoved".to_owned()];
        let answers = (&Type::Unit, "NotMoved", says.as_str());
        self.handler(
            &notice.name,
            &handler,
            &doc,
            &attributes,
            None,
            answers,
            out,
        );
    }

    pub(super) fn undo_name(&self, undo: &Undo) -> String {
        self.handlers
            .get(&undo.name)
            .cloned()
            .unwrap_or_else(|| pascal(&undo.name))
    }

    fn undo_type(&mut self, step: &Step, undo: &Undo, out: &mut String) {
        let Call::Handler {
            replaces, request, ..
        } = &undo.call
        else {
            return;
        };
        let handler = self.undo_name(undo);
        let doc = undo
            .comment
            .clone()
            .unwrap_or_else(|| format!("Undoes `{}`.", step.name));
        let (doc, says) = match undo.added {
            true => (doc, format!("write here what undoes `{}`", step.name)),
            false => stands_for(doc, replaces, request.as_ref()),
        };
        let attributes = vec!["error = NotMoved".to_owned()];
        let answers = (&Type::Unit, "NotMoved", says.as_str());
        self.handler(
            &undo.name,
            &handler,
            &doc,
            &attributes,
            undo.timeout,
            answers,
            out,
        );
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a handler is as much, and only `step_type`, `undo_type` and `notice_type` write one"
    )]
    fn handler(
        &self,
        name: &str,
        handler: &str,
        doc: &str,
        attributes: &[String],
        timeout: Option<u64>,
        (output, error, says): (&Type, &str, &str),
        out: &mut String,
    ) {
        let function = self.function_of(name);
        let stated = timeout.or(function.and_then(|function| function.timeout));
        let seconds = stated.unwrap_or(UNSTATED).clamp(1, LONGEST);
        let attributes = attributes.join(", ");
        let memory = function.and_then(|function| function.memory_mib);
        let memory = memory.map_or_else(String::new, |mib| format!(", memory = {mib}"));
        let (rename, body) = match self.inputs.get(name) {
            None | Some(Input::Nothing) => ("", ";".to_owned()),
            Some(Input::Whole(of)) => ("", format!("(pub {of});")),
            Some(Input::Fields(fields)) => {
                let (rename, fields) = name::fields(fields);
                (rename, format!("{{ {fields} }}"))
            }
        };
        let into = if error == "NotMoved" { "" } else { ".into()" };
        let doc = text::doc("#", doc);
        write!(
            out,
            "{doc}#[derive(Serialize, Deserialize, SagaStep)]\n{rename}\
             #[step({attributes}, timeout = \"{seconds}s\"{memory})]\npub struct {handler}{body}\n\
             impl Handler for {handler} {{\n\
             async fn handle(self, _app: &(), _cx: &Context) -> Result<{output}, {error}> {{\n\
             Err(NotMoved({says:?}){into})\n}}\n}}\n"
        )
        .unwrap_or_default();
    }

    /// The function that a Task calls, where a template says something of it.
    fn function_of(&self, task: &str) -> Option<&Function> {
        let calls = super::calls(self.plan);
        let own = calls.into_iter().find(|(name, ..)| *name == task);
        match own {
            Some((_, Call::Handler { replaces, .. }, _)) => self.plan.functions.get(replaces),
            _ => None,
        }
    }

    /// The errors of a step, and their type's name.
    fn errors(
        &mut self,
        step: &Step,
        undo: Option<&Undo>,
        handler: &str,
        out: &mut String,
    ) -> String {
        let names = step.declared();
        if names.is_empty() {
            return "NotMoved".into();
        }
        let error = self.types.name(&format!("{handler}Error"));
        let mut taken = BTreeSet::from(["NotMoved".to_owned()]);
        let mut variants = String::new();
        for name in names {
            let last = name.rsplit(['.', '#']).next().unwrap_or_default();
            let mut variant = pascal(last);
            while !taken.insert(variant.clone()) {
                variant.push('_');
            }
            let mut says = Vec::new();
            if is_undone(step, undo, name) {
                says.push("unknown".to_owned());
            }
            if variant != name {
                says.push(format!("rename = {name:?}"));
            }
            let retrier = step
                .retriers
                .iter()
                .find(|retrier| retrier.error_equals.iter().any(|other| other == name));
            says.extend(retrier.and_then(retry));
            let says = match says.is_empty() {
                true => String::new(),
                false => format!("#[saga({})]\n", says.join(", ")),
            };
            write!(
                variants,
                "#[error({:?})]\n{says}{variant},\n",
                last.replace(['{', '}'], "")
            )
            .unwrap_or_default();
        }
        let doc = format!(" Why `{}` fails.", step.name);
        write!(
            out,
            "#[doc = {doc:?}]\n#[derive(Debug, thiserror::Error, SagaError)]\npub enum {error} {{\n{variants}\
             #[error(transparent)]\n#[saga(transparent)]\nNotMoved(#[from] NotMoved),\n}}\n"
        )
        .unwrap_or_default();
        error
    }
}

/// The comment of a handler, and what it says until its code is there.
fn stands_for(doc: String, replaces: &str, request: Option<&Request>) -> (String, String) {
    match request {
        None => (doc, format!("move the code of {} here", shown(replaces))),
        Some(request) => {
            let asked = request.text.to_pretty();
            let doc = format!("{doc}\n\nIt asks this of the service:\n\n```json\n{asked}\n```");
            (doc, format!("make the request to {} here", shown(replaces)))
        }
    }
}

/// The function in a message.
fn shown(replaces: &str) -> String {
    format!("`{}`", replaces.replace(['{', '}', '$'], ""))
}

/// Whether the definition runs the step's own undo after this error.
fn is_undone(step: &Step, undo: Option<&Undo>, error: &str) -> bool {
    let caught = step.caught.iter().find(|caught| {
        let mut names = caught.catcher.error_equals.iter();
        names.any(|name| name == error || name == "States.ALL" || name == "States.TaskFailed")
    });
    match (caught, undo) {
        (Some(caught), Some(undo)) => caught.way.undos.contains(&undo.name),
        // Nobody says that it was not done.
        (None, Some(undo)) => !undo.added,
        _ => false,
    }
}

/// A retrier as the derive has it.
fn retry(retrier: &Retrier) -> Option<String> {
    if retrier.max_attempts == Some(0) {
        return None;
    }
    let mut parts = vec![format!(
        "interval = \"{}s\"",
        retrier.interval_seconds.unwrap_or(1)
    )];
    parts.push(format!(
        "max_attempts = {}",
        retrier.max_attempts.unwrap_or(3)
    ));
    if let Some(rate) = &retrier.backoff_rate {
        parts.push(format!("backoff = {:?}", rate.as_f64()));
    }
    if let Some(most) = retrier.max_delay_seconds {
        parts.push(format!("max_delay = \"{most}s\""));
    }
    if retrier.jitter_strategy == Some(JitterStrategy::Full) {
        parts.push("jitter".into());
    }
    Some(format!("retry({})", parts.join(", ")))
}
