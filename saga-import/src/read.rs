//! Reads a machine: its way forward as a tree, and the ways back that its catchers lead to.

mod composite;

use std::collections::BTreeMap;

use saga_asl::model::{
    Catcher, DataPath, Dynamic, QueryLanguage, State, StateMachine, Task, Wait, WaitUntil,
};
use saga_asl::outline::Outline;
use saga_asl::recovery::is_notification;
use saga_asl::syntax::escape;

use crate::call;
use crate::data::Data;
use crate::flow::{Block, Caught, End, Node, Step, Time, WayBack};
use crate::plan::Remark;
use crate::refusal::{Places, Refusal, Refused};
use crate::template::{Env, Reads};

/// A definition while it is read.
pub(crate) struct Reader<'d> {
    machine: &'d StateMachine,
    outline: &'d Outline<'d>,
    places: &'d Places<'d>,
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
    ) -> Self {
        Self {
            machine,
            outline,
            places,
            states: all_states(machine),
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
                Ok((node, after)) => {
                    nodes.extend(node);
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
    ) -> Result<(Option<Node>, Env), Refused> {
        let language = self.language(state);
        match state {
            State::Task(task) => {
                let step = self.step(name, task, language, env)?;
                let after = step.after.clone();
                Ok((Some(Node::Task(Box::new(step))), after))
            }
            State::Pass(pass) => Ok((None, passed(pass, language, env)?)),
            State::Wait(wait) => Ok((Some(paused(name, wait, language, env)?), env.clone())),
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
                    None,
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
            State::Parallel(parallel) => {
                let (node, after) = self.parallel(name, parallel, language, env)?;
                Ok((Some(node), after))
            }
            State::Map(map) => {
                let (node, after) = self.map(name, map, language, env)?;
                Ok((Some(node), after))
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
        let (call, after) = call::call(name, task, language, env)?;
        let timeout = match &task.timeout_seconds {
            Some(Dynamic::Value(seconds)) => Some(*seconds),
            _ => None,
        };
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

    /// Where a catcher leads, and with which data.
    fn caught(
        &self,
        catcher: &Catcher,
        language: QueryLanguage,
        env: &Env,
    ) -> Result<Caught, Refused> {
        let mut after = env.clone();
        if language == QueryLanguage::JsonAta {
            let reads = reads(language, &env.payload, env);
            for (name, template) in &catcher.assign {
                let value = reads
                    .value(template)
                    .map_err(|refused| refused.within(name).within("Assign"))?;
                after.variables.insert(name.clone(), value);
            }
            after.payload = match &catcher.output {
                Some(template) => reads
                    .value(template)
                    .map_err(|refused| refused.within("Output"))?,
                None => ERROR,
            };
        } else {
            match &catcher.result_path {
                None => after.payload = ERROR,
                Some(DataPath::Discard) => {}
                Some(DataPath::Path(path)) => {
                    after.payload = after
                        .payload
                        .with(&call::reference(path, "ResultPath")?, ERROR);
                }
            }
        }
        Ok(Caught {
            catcher: catcher.clone(),
            way: self.way_back(&catcher.next)?,
            env: after,
        })
    }

    /// The data of a way back: what is assigned only on such ways is lost.
    pub(crate) fn on_the_way_back(&self, env: &Env) -> Env {
        let mut env = env.clone();
        let states = self.states.values().map(|(state, _)| *state);
        let assigned = states.flat_map(|state| {
            let caught = state.catchers().iter().map(|catcher| &catcher.assign);
            state
                .assign()
                .into_iter()
                .chain(caught)
                .flat_map(|assign| assign.keys())
        });
        for name in assigned {
            let name = name.strip_suffix(".$").unwrap_or(name);
            env.variables.entry(name.to_owned()).or_insert(ERROR);
        }
        env
    }

    /// The Tasks that tell somebody that this undo failed.
    pub(crate) fn told_of_failure(&self, undo: &str) -> Vec<String> {
        let catchers = self.state(undo).map_or(&[][..], State::catchers);
        let ways = catchers
            .iter()
            .filter_map(|catcher| self.way_back(&catcher.next).ok());
        ways.flat_map(|way| way.notices).collect()
    }

    /// The states from a catcher on, to the end.
    fn way_back(&self, start: &str) -> Result<WayBack, Refused> {
        let mut way = WayBack::default();
        let mut name = start;
        let mut met = Vec::new();
        loop {
            let Some(state) = self.state(name) else {
                return Err(Refused::new(
                    "/Next",
                    format!("there is no state `{name}`"),
                    "`saga-cli validate` finds such names",
                ));
            };
            if met.contains(&name) {
                let message = format!("what is caught here goes round in circles at `{name}`");
                return Err(Refused::new(
                    "/Next",
                    message,
                    "let it end in a Fail state: retries are the compensation's own",
                ));
            }
            met.push(name);
            match state {
                State::Task(_) if self.tells(name) => way.notices.push(name.to_owned()),
                State::Task(_) => way.undos.push(name.to_owned()),
                State::Pass(_) | State::Wait(_) => {}
                State::Fail(_) | State::Succeed(_) => {}
                State::Choice(_) | State::Parallel(_) | State::Map(_) => {
                    let message = format!(
                        "what is caught here is undone by `{name}`, a {}",
                        state.type_name()
                    );
                    let help = "a saga runs the compensations of what was done, in reverse, and needs no choice: \
                                give each step its own undo in a row of Tasks";
                    return Err(Refused::new("/Next", message, help));
                }
            }
            match state.transition().and_then(|transition| transition.next()) {
                Some(next) => name = next,
                None => {
                    name.clone_into(&mut way.last);
                    way.succeeds = !matches!(state, State::Fail(_));
                    return Ok(way);
                }
            }
        }
    }
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

/// The data after a Pass.
fn passed(
    pass: &saga_asl::model::Pass,
    language: QueryLanguage,
    env: &Env,
) -> Result<Env, Refused> {
    let mut variables = env.variables.clone();
    if language == QueryLanguage::JsonAta {
        let reads = reads(language, &env.payload, env);
        for (name, template) in &pass.assign {
            let value = reads
                .value(template)
                .map_err(|refused| refused.within(name).within("Assign"))?;
            variables.insert(name.clone(), value);
        }
        let payload = match &pass.output {
            Some(template) => reads
                .value(template)
                .map_err(|refused| refused.within("Output"))?,
            None => env.payload.clone(),
        };
        return Ok(Env { payload, variables });
    }
    let input = call::input_of(pass.input_path.as_ref(), "InputPath", env)?;
    let result = match (&pass.result, &pass.parameters) {
        (Some(result), _) => Data::Literal(result.clone()),
        (None, Some(template)) => reads(language, &input, env)
            .value(template)
            .map_err(|refused| refused.within("Parameters"))?,
        (None, None) => input,
    };
    let payload = match &pass.result_path {
        None => result,
        Some(DataPath::Discard) => env.payload.clone(),
        Some(DataPath::Path(path)) => env
            .payload
            .with(&call::reference(path, "ResultPath")?, result),
    };
    let whole = Env { payload, variables };
    let payload = call::input_of(pass.output_path.as_ref(), "OutputPath", &whole)?;
    Ok(Env { payload, ..whole })
}

fn paused(name: &str, wait: &Wait, language: QueryLanguage, env: &Env) -> Result<Node, Refused> {
    let input = call::input_of(wait.input_path.as_ref(), "InputPath", env)?;
    let reads = reads(language, &input, env);
    let time = match &wait.until {
        WaitUntil::Seconds(Dynamic::Value(seconds)) => Ok(Time::Seconds(*seconds)),
        WaitUntil::Seconds(Dynamic::Expression(text)) => {
            reads.value(&text.as_str().into()).map(Time::OfTheData)
        }
        WaitUntil::SecondsPath(path) => reads.path(path).map(Time::OfTheData),
        WaitUntil::TimestampPath(path) => reads.path(path).map(Time::Until),
        WaitUntil::Timestamp(text) if text.starts_with("{%") => {
            reads.value(&text.as_str().into()).map(Time::Until)
        }
        WaitUntil::Timestamp(_) => {
            let message = format!("`{name}` waits for a day of the calendar");
            Err(Refused::new(
                "/Timestamp",
                message,
                "hand the time in as data: `saga.wait_until(…)`",
            ))
        }
    };
    Ok(Node::Wait {
        name: name.to_owned(),
        time: time?,
    })
}

/// Every state with the pointer to it, those of inner machines too.
fn all_states(machine: &StateMachine) -> BTreeMap<&str, (&State, String)> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![(String::new(), &machine.states)];
    while let Some((pointer, states)) = waiting.pop() {
        for (name, state) in states {
            let own = format!("{pointer}/States/{}", escape(name));
            match state {
                State::Parallel(parallel) => {
                    let branches = parallel.branches.iter().enumerate();
                    waiting.extend(branches.map(|(index, branch)| {
                        (format!("{own}/Branches/{index}"), &branch.states)
                    }));
                }
                State::Map(map) => {
                    let processors = [
                        ("ItemProcessor", &map.item_processor),
                        ("Iterator", &map.iterator),
                    ];
                    let processors = processors
                        .into_iter()
                        .filter_map(|(field, of)| Some((field, of.as_ref()?)));
                    waiting.extend(
                        processors.map(|(field, of)| (format!("{own}/{field}"), &of.states)),
                    );
                }
                _ => {}
            }
            all.insert(name.as_str(), (state, own));
        }
    }
    all
}
