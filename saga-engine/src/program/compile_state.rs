//! Each type of state from its model.

use std::collections::HashMap;
use std::sync::Arc;

use saga_asl::intrinsic::Call;
use saga_asl::json::{Object, Value};
use saga_asl::jsonata;
use saga_asl::jsonpath::Path;
use saga_asl::model::{self, DataPath, Dynamic, JitterStrategy, QueryLanguage};

use super::compile::Builder;
use super::condition::{Condition, Family, Operand, Test};
use super::template::constant;
use super::{
    Assign, Catcher, Choice, Kind, Processing, Resource, ResultTarget, Retrier, Rule, Selector,
    Setting, Source, State, StateId, Task, Template, Until,
};
use crate::query::Expression;

pub(super) type Names = HashMap<Arc<str>, StateId>;

/// A state's fields in one language, being compiled.
pub(super) struct Fields<'b, 'n> {
    pub(super) builder: &'b mut Builder,
    pub(super) names: &'n Names,
    pub(super) language: QueryLanguage,
}

pub(super) fn compile_state(
    builder: &mut Builder,
    name: &str,
    model: &model::State,
    names: &Names,
) -> State {
    let language = model.query_language().unwrap_or(builder.language);
    let mut fields = Fields {
        builder,
        names,
        language,
    };
    let processing = fields.processing(model);
    let kind = fields.kind(model);
    fields.builder.errors.state = name.into();
    State {
        name: name.into(),
        language,
        kind,
        processing,
        assign: model
            .assign()
            .and_then(|assign| fields.assign(assign, "Assign")),
        retry: model.retriers().iter().map(retrier).collect(),
        catch: fields.catchers(model.catchers()),
        next: model
            .transition()
            .and_then(model::Transition::next)
            .map(|next| fields.target(next, "Next")),
    }
}

impl Fields<'_, '_> {
    pub(super) fn target(&mut self, name: &str, field: &str) -> StateId {
        self.builder.target(name, field, self.names)
    }

    pub(super) fn template(&mut self, value: &Value, place: &str) -> Template {
        Template::compile(value, self.language, place, &mut self.builder.errors)
    }

    pub(super) fn optional(&mut self, value: Option<&Value>, place: &str) -> Option<Template> {
        value.map(|value| self.template(value, place))
    }

    fn assign(&mut self, assign: &Object, place: &str) -> Option<Assign> {
        let value = Value::Object(assign.clone());
        (!assign.is_empty()).then(|| Assign(self.template(&value, place)))
    }

    pub(super) fn path(&mut self, text: &str, field: &str) -> Path {
        Path::parse(text).unwrap_or_else(|error| {
            let message = format!("`{text}` is no path: {error}");
            self.builder.errors.add(field, message);
            Path::default()
        })
    }

    fn selector(&mut self, path: Option<&DataPath>, field: &str) -> Selector {
        match path {
            None => Selector::All,
            Some(DataPath::Discard) => Selector::Nothing,
            Some(DataPath::Path(text)) if text == "$" => Selector::All,
            Some(DataPath::Path(text)) => Selector::Path(self.path(text, field)),
        }
    }

    fn result_target(&mut self, path: Option<&DataPath>) -> ResultTarget {
        match path {
            None => ResultTarget::Replace,
            Some(DataPath::Discard) => ResultTarget::Discard,
            Some(DataPath::Path(text)) if text == "$" => ResultTarget::Replace,
            Some(DataPath::Path(text)) => ResultTarget::Path(self.path(text, "ResultPath")),
        }
    }

    fn processing(&mut self, model: &model::State) -> Processing {
        let parts = Parts::of(model);
        let (arguments, field) = match parts.arguments {
            Some(arguments) => (Some(arguments), "Arguments"),
            None => (parts.parameters, "Parameters"),
        };
        Processing {
            input: self.selector(parts.input_path, "InputPath"),
            arguments: self.optional(arguments, field),
            result: self.optional(parts.result_selector, "ResultSelector"),
            target: self.result_target(parts.result_path),
            path: self.selector(parts.output_path, "OutputPath"),
            output: self.optional(parts.output, "Output"),
        }
    }

    fn kind(&mut self, model: &model::State) -> Kind {
        match model {
            model::State::Task(task) => Kind::Task(Box::new(self.task(task))),
            model::State::Parallel(parallel) => Kind::Parallel(
                parallel
                    .branches
                    .iter()
                    .map(|branch| self.builder.graph(&branch.start_at, &branch.states))
                    .collect(),
            ),
            model::State::Map(map) => Kind::Map(Box::new(self.map(map))),
            model::State::Choice(choice) => Kind::Choice(Box::new(self.choice(choice))),
            model::State::Wait(wait) => Kind::Wait(self.until(&wait.until)),
            model::State::Pass(pass) => Kind::Pass(pass.result.as_ref().map(constant)),
            model::State::Succeed(_) => Kind::Succeed,
            model::State::Fail(fail) => Kind::Fail(
                self.text(
                    fail.error.as_deref(),
                    fail.error_path.as_deref(),
                    "Error",
                    "ErrorPath",
                ),
                self.text(
                    fail.cause.as_deref(),
                    fail.cause_path.as_deref(),
                    "Cause",
                    "CausePath",
                ),
            ),
        }
    }

    fn task(&mut self, task: &model::Task) -> Task {
        Task {
            resource: Resource::parse(&task.resource),
            credentials: self.optional(task.credentials.as_ref(), "Credentials"),
            timeout: self.setting(
                ("TimeoutSeconds", task.timeout_seconds.as_ref()),
                ("TimeoutSecondsPath", task.timeout_seconds_path.as_deref()),
            ),
            heartbeat: self.setting(
                ("HeartbeatSeconds", task.heartbeat_seconds.as_ref()),
                (
                    "HeartbeatSecondsPath",
                    task.heartbeat_seconds_path.as_deref(),
                ),
            ),
        }
    }

    /// A field that has a value, an expression, or a path under another name.
    pub(super) fn setting<T: Into<Value> + Clone>(
        &mut self,
        (field, value): (&'static str, Option<&Dynamic<T>>),
        (path_field, path): (&'static str, Option<&str>),
    ) -> Option<Setting> {
        if let Some(path) = path {
            let source = Source::Path(self.path(path, path_field));
            return Some(Setting {
                field: path_field,
                source,
            });
        }
        let source = match value? {
            Dynamic::Value(value) => Source::Given(constant(&value.clone().into())),
            Dynamic::Expression(text) => self.source(text, field),
        };
        Some(Setting { field, source })
    }

    /// A string that may be an expression.
    pub(super) fn source(&mut self, text: &str, field: &str) -> Source {
        let expression = match (self.language, jsonata::expression(text)) {
            (QueryLanguage::JsonAta, Some((_, source))) => source,
            _ => return Source::Given(text.into()),
        };
        match Expression::compile(expression, field) {
            Ok(expression) => Source::Expression(Box::new(expression)),
            Err(message) => {
                let message = format!("`{expression}`: {message}");
                self.builder.errors.add(field, message);
                Source::Given(text.into())
            }
        }
    }

    fn text(
        &mut self,
        text: Option<&str>,
        path: Option<&str>,
        field: &str,
        path_field: &str,
    ) -> Option<Source> {
        match path {
            Some(path) if path.starts_with('$') => Some(Source::Path(self.path(path, path_field))),
            Some(call) => match Call::parse(call) {
                Ok(call) => Some(Source::Call(Box::new(call))),
                Err(error) => {
                    self.builder
                        .errors
                        .add(path_field, format!("`{call}`: {error}"));
                    None
                }
            },
            None => text.map(|text| self.source(text, field)),
        }
    }

    fn until(&mut self, until: &model::WaitUntil) -> Until {
        use model::WaitUntil;
        match until {
            WaitUntil::Seconds(seconds) => {
                let setting = self.setting(("Seconds", Some(seconds)), ("SecondsPath", None));
                Until::Seconds(setting.unwrap_or(Setting {
                    field: "Seconds",
                    source: Source::Given(0_i64.into()),
                }))
            }
            WaitUntil::SecondsPath(path) => Until::Seconds(Setting {
                field: "SecondsPath",
                source: Source::Path(self.path(path, "SecondsPath")),
            }),
            WaitUntil::Timestamp(text) => Until::Timestamp(Setting {
                field: "Timestamp",
                source: self.source(text, "Timestamp"),
            }),
            WaitUntil::TimestampPath(path) => Until::Timestamp(Setting {
                field: "TimestampPath",
                source: Source::Path(self.path(path, "TimestampPath")),
            }),
        }
    }

    fn choice(&mut self, choice: &model::Choice) -> Choice {
        let rules = choice.choices.iter().enumerate().map(|(index, rule)| {
            let place = format!("Choices[{index}]");
            Rule {
                condition: self.condition(&rule.condition, &place),
                assign: self.assign(&rule.assign, &format!("{place}/Assign")),
                output: self.optional(rule.output.as_ref(), &format!("{place}/Output")),
                next: self.target(&rule.next, &format!("{place}/Next")),
            }
        });
        Choice {
            rules: rules.collect(),
            default: choice
                .default
                .as_deref()
                .map(|next| self.target(next, "Default")),
        }
    }

    fn condition(&mut self, condition: &model::Condition, place: &str) -> Condition {
        let mut all = |terms: &[model::Nested]| {
            terms
                .iter()
                .map(|term| self.condition(&term.condition, place))
                .collect()
        };
        match condition {
            model::Condition::And(terms) => Condition::And(all(terms)),
            model::Condition::Or(terms) => Condition::Or(all(terms)),
            model::Condition::Not(term) => {
                Condition::Not(Box::new(self.condition(&term.condition, place)))
            }
            model::Condition::Comparison(comparison) => {
                Condition::Test(Box::new(self.test(comparison, place)))
            }
            model::Condition::Expression(Value::String(text)) => {
                match self.source(text, &format!("{place}/Condition")) {
                    Source::Expression(expression) => Condition::Expression(expression),
                    _ => Condition::Constant(false),
                }
            }
            model::Condition::Expression(value) => Condition::Constant(*value == Value::Bool(true)),
        }
    }

    fn test(&mut self, comparison: &model::Comparison, place: &str) -> Test {
        let (family, relation) = Family::of(comparison.operator);
        let operand = match &comparison.operand {
            Value::String(path) if comparison.operator.takes_path() => {
                Operand::Path(self.path(path, place))
            }
            value => Operand::Value(constant(value)),
        };
        Test {
            variable: self.path(&comparison.variable, place),
            family,
            relation,
            operand,
        }
    }

    fn catchers(&mut self, catchers: &[model::Catcher]) -> Vec<Catcher> {
        let compiled = catchers.iter().enumerate().map(|(index, catcher)| {
            let place = format!("Catch[{index}]");
            Catcher {
                errors: catcher
                    .error_equals
                    .iter()
                    .map(|name| Arc::from(&**name))
                    .collect(),
                target: self.result_target(catcher.result_path.as_ref()),
                output: self.optional(catcher.output.as_ref(), &format!("{place}/Output")),
                assign: self.assign(&catcher.assign, &format!("{place}/Assign")),
                next: self.target(&catcher.next, &format!("{place}/Next")),
            }
        });
        compiled.collect()
    }
}

/// A retrier with AWS's defaults: 1 second, 3 retries, rate 2.0, no bound on the delay.
#[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
fn retrier(retrier: &model::Retrier) -> Retrier {
    let attempts = retrier.max_attempts.unwrap_or(3);
    Retrier {
        errors: retrier
            .error_equals
            .iter()
            .map(|name| Arc::from(&**name))
            .collect(),
        interval: retrier.interval_seconds.unwrap_or(1) as f64,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        rate: retrier
            .backoff_rate
            .as_ref()
            .map_or(2.0, saga_asl::json::Number::as_f64),
        most: retrier
            .max_delay_seconds
            .map_or(f64::INFINITY, |most| most as f64),
        jitter: retrier.jitter_strategy == Some(JitterStrategy::Full),
    }
}

/// The fields that shape data, of whatever type of state.
#[derive(Default)]
struct Parts<'m> {
    input_path: Option<&'m DataPath>,
    parameters: Option<&'m Value>,
    arguments: Option<&'m Value>,
    result_selector: Option<&'m Value>,
    result_path: Option<&'m DataPath>,
    output_path: Option<&'m DataPath>,
    output: Option<&'m Value>,
}

macro_rules! parts {
    ($state:expr; $($field:ident),*) => {
        {
            let mut parts = Parts::default();
            $(parts.$field = $state.$field.as_ref();)*
            parts
        }
    };
}

impl<'m> Parts<'m> {
    fn of(model: &'m model::State) -> Self {
        use model::State;
        match model {
            State::Task(s) => {
                parts!(s; input_path, parameters, arguments, result_selector, result_path, output_path, output)
            }
            State::Parallel(s) => {
                parts!(s; input_path, parameters, arguments, result_selector, result_path, output_path, output)
            }
            // What a Map calls `Parameters` shapes its items, not its input.
            State::Map(s) => {
                parts!(s; input_path, result_selector, result_path, output_path, output)
            }
            State::Pass(s) => parts!(s; input_path, parameters, result_path, output_path, output),
            State::Wait(s) => parts!(s; input_path, output_path, output),
            State::Choice(s) => parts!(s; input_path, output_path, output),
            State::Succeed(s) => parts!(s; input_path, output_path, output),
            State::Fail(_) => Parts::default(),
        }
    }
}
