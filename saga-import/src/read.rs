//! Reads a machine: its way forward as a tree, and the ways back that its catchers lead to.

mod back;
mod between;
mod choice;
mod composite;
mod states;

use std::collections::BTreeMap;

use saga_asl::model::{Dynamic, QueryLanguage, State, StateMachine, Task, Wait, WaitUntil};
use saga_asl::outline::Outline;
use saga_asl::recovery::is_notification;

use self::between::{passed, paused, waited};
use self::states::all_states;
pub(crate) use self::states::pointer;
use crate::call;
use crate::data::Data;
use crate::flow::{Block, End, Node, Step};
use crate::plan::Remark;
use crate::refusal::{Places, Refusal, Refused};
use crate::service::Services;
use crate::stack::Context;
use crate::template::{Env, Reads};

/// A definition while it is read.
pub(crate) struct Reader<'d> {
    machine: &'d StateMachine,
    outline: &'d Outline<'d>,
    places: &'d Places<'d>,
    pub(crate) services: Services,
    /// Every state of every machine, with the pointer to it.
    states: BTreeMap<&'d str, (&'d State, String)>,
    /// The states of the way forward, in their order.
    pub(crate) forward: Vec<String>,
    /// How many branches, items and ways are around.
    depth: usize,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) remarks: Vec<Remark>,
}

const ERROR: Data = Data::Lost("the error that was caught");

impl<'d> Reader<'d> {
    pub(crate) fn new(
        machine: &'d StateMachine,
        outline: &'d Outline<'d>,
        places: &'d Places<'d>,
        context: &Context,
        handlers: &BTreeMap<String, &'static str>,
    ) -> Self {
        let states = all_states(machine);
        let tasks = states.iter().filter_map(|(name, (state, _))| match state {
            State::Task(task) => Some((*name, task.as_ref(), machine.language_of(state))),
            _ => None,
        });
        let services = Services::of(tasks, context, handlers);
        Self {
            machine,
            outline,
            places,
            services,
            states,
            forward: Vec::new(),
            depth: 0,
            refusals: Vec::new(),
            remarks: Vec::new(),
        }
    }

    pub(crate) fn language(&self, state: &State) -> QueryLanguage {
        self.machine.language_of(state)
    }

    pub(crate) fn state(&self, name: &str) -> Option<&'d State> {
        self.states.get(name).map(|(state, _)| *state)
    }

    /// The Task of that name.
    pub(crate) fn task(&self, name: &str) -> Option<&'d Task> {
        match self.state(name) {
            Some(State::Task(task)) => Some(task),
            _ => None,
        }
    }

    /// Whether a Task only tells somebody something.
    pub(crate) fn tells(&self, name: &str) -> bool {
        let mut states = self.outline.states().iter();
        let state = states.find(|state| state.name.text == name);
        state.is_some_and(is_notification)
    }

    pub(crate) fn refuse(&mut self, state: &str, refused: Refused) {
        // What was refused inside has been said there.
        if refused.message.is_empty() {
            return;
        }
        let pointer = format!("{}{}", self.pointer(state), refused.field);
        self.refusals.push(Refusal {
            position: self.places.position(&pointer),
            pointer,
            message: refused.message,
            help: refused.help,
        });
    }

    /// The pointer to a state; to the whole for none.
    pub(crate) fn pointer(&self, state: &str) -> String {
        let found = self.states.get(state);
        found.map_or_else(String::new, |(_, pointer)| pointer.clone())
    }

    /// The way from a state to where others come to, or to the end, and the data there.
    pub(crate) fn block(
        &mut self,
        start: &str,
        env: Env,
        stop: Option<&str>,
    ) -> Option<(Block, Env)> {
        let mut nodes = Vec::new();
        let (mut name, mut env) = (start.to_owned(), env);
        loop {
            if stop == Some(name.as_str()) {
                let end = End::GoesOn;
                return Some((Block { nodes, end }, env));
            }
            if self.forward.contains(&name) {
                let message = format!("the way comes to `{name}` again");
                let help = "a saga is undone in reverse, and what is repeated without bound is not: `saga.savepoint(…)` tries a part again, \
                            and a handler repeats what has no effect";
                self.refuse(&name, Refused::new("", message, help));
                return None;
            }
            let Some(state) = self.state(&name) else {
                self.refuse(
                    "",
                    Refused::new(
                        "/StartAt",
                        format!("there is no state `{name}`"),
                        "`saga-cli validate` finds such names",
                    ),
                );
                return None;
            };
            self.forward.push(name.clone());
            if let State::Choice(choice) = state {
                let language = self.language(state);
                match self.choice(&name, choice, language, &env, &mut nodes) {
                    Ok((node, join, after)) => {
                        nodes.push(node);
                        env = after;
                        match join {
                            Some(join) => name = join,
                            None => {
                                let end = End::Completes(env.payload.clone());
                                return Some((Block { nodes, end }, env));
                            }
                        }
                        continue;
                    }
                    Err(refused) => {
                        self.refuse(&name, refused);
                        return None;
                    }
                }
            }
            match self.node(&name, state, &env) {
                Ok((more, after)) => {
                    nodes.extend(more);
                    env = after;
                }
                Err(refused) => self.refuse(&name, refused),
            }
            match state.transition().and_then(|transition| transition.next()) {
                Some(next) => name = next.to_owned(),
                None => {
                    let end = End::Completes(env.payload.clone());
                    return Some((Block { nodes, end }, env));
                }
            }
        }
    }

    /// A state of the way forward, and the data after it.
    fn node(
        &mut self,
        name: &str,
        state: &'d State,
        env: &Env,
    ) -> Result<(Vec<Node>, Env), Refused> {
        let language = self.language(state);
        match state {
            State::Task(task) => {
                let step = self.step(name, task, language, env)?;
                let after = step.after.clone();
                Ok((vec![Node::Task(Box::new(step))], after))
            }
            State::Pass(pass) => Ok((Vec::new(), passed(pass, language, env)?)),
            State::Wait(wait) => {
                let pause = match is_none(wait) {
                    true => Vec::new(),
                    false => vec![paused(name, wait, language, env)?],
                };
                Ok((pause, waited(wait, language, env)?))
            }
            State::Succeed(end) => {
                let payload = match &end.output {
                    Some(template) if language == QueryLanguage::JsonAta => {
                        reads(language, &env.payload, env)
                            .value(template)
                            .map_err(|refused| refused.within("Output"))?
                    }
                    _ => {
                        let seen = call::input_of(end.input_path.as_ref(), "InputPath", env)?;
                        let seen = Env {
                            payload: seen,
                            ..env.clone()
                        };
                        call::input_of(end.output_path.as_ref(), "OutputPath", &seen)?
                    }
                };
                Ok((
                    Vec::new(),
                    Env {
                        payload,
                        ..env.clone()
                    },
                ))
            }
            State::Fail(_) => Err(Refused::new(
                "",
                format!("the way to success ends in `{name}`, which fails"),
                "a saga is completed at its end: let its last state succeed, and lead to the failure by `Catch`",
            )),
            State::Parallel(parallel) => self.parallel(name, parallel, language, env),
            State::Map(map) => {
                let (node, after) = self.map(name, map, language, env)?;
                Ok((vec![node], after))
            }
            State::Choice(_) => Err(Refused::new("", "", "")),
        }
    }

    fn step(
        &mut self,
        name: &str,
        task: &'d Task,
        language: QueryLanguage,
        env: &Env,
    ) -> Result<Step, Refused> {
        let (call, after) = call::call(name, task, language, env, &self.services)?;
        let timeout = match &task.timeout_seconds {
            Some(Dynamic::Value(seconds)) => Some(*seconds),
            _ => None,
        };
        let by_the_data = matches!(task.timeout_seconds, Some(Dynamic::Expression(_)))
            || task.timeout_seconds_path.is_some();
        if by_the_data {
            self.remarks.push(Remark {
                state: name.to_owned(),
                kind: "other timeout",
                there: format!("the data say how long `{name}` may take"),
                here: "each step states its time: see `timeout` in its `#[step(…)]`".into(),
            });
        }
        let mut caught = Vec::new();
        for (index, catcher) in task.catch.iter().enumerate() {
            match self.caught(catcher, language, env) {
                Ok(one) => caught.push(one),
                Err(refused) => {
                    let refused = refused.within(&index.to_string()).within("Catch");
                    self.refuse(name, refused);
                }
            }
        }
        Ok(Step {
            name: name.to_owned(),
            comment: task.comment.clone(),
            call,
            timeout,
            retriers: task.retry.clone(),
            caught,
            closing: Vec::new(),
            is_within: self.depth > 0,
            before: env.clone(),
            after,
        })
    }
}

/// Whether a pause is none.
fn is_none(wait: &Wait) -> bool {
    matches!(wait.until, WaitUntil::Seconds(Dynamic::Value(0)))
}

pub(crate) fn reads<'e>(language: QueryLanguage, input: &'e Data, env: &'e Env) -> Reads<'e> {
    Reads {
        language,
        input,
        result: None,
        item: None,
        variables: &env.variables,
    }
}

/// The data that an execution begins with.
pub(crate) fn beginning() -> Env {
    Env {
        payload: Data::Input,
        variables: BTreeMap::new(),
    }
}
