//! States that hold or choose ways: Choice, Parallel, Map.

use saga_asl::json::Value;
use saga_asl::model::{
    Catcher, Choice, DataPath, Dynamic, Map, Parallel, QueryLanguage, Retrier, State,
};

use super::{Reader, reads};
use crate::call;
use crate::condition::test;
use crate::data::Data;
use crate::flow::{Block, Closing, End, Node, WayBack, last_step};
use crate::plan::Remark;
use crate::refusal::Refused;
use crate::template::Env;

const OF_WAYS: Data = Data::Lost("what one of several ways left");
const OF_BRANCHES: Data = Data::Lost("what branches or items answered");

impl<'d> Reader<'d> {
    /// One of several ways, and where all of them that go on come together: a state, or the end.
    pub(super) fn choice(
        &mut self,
        name: &str,
        choice: &Choice,
        language: QueryLanguage,
        env: &Env,
        before: &mut [Node],
    ) -> Result<(Node, Option<String>, Env), Refused> {
        let mut tests = Vec::new();
        for (index, rule) in choice.choices.iter().enumerate() {
            let within = |refused: Refused| refused.within(&index.to_string()).within("Choices");
            if !rule.assign.is_empty() || rule.output.is_some() {
                let help = "assign it in a Pass state behind the choice";
                return Err(within(Refused::new(
                    "",
                    "a way changes the data as it is chosen",
                    help,
                )));
            }
            let seen = call::input_of(choice.input_path.as_ref(), "InputPath", env)?;
            let reads = reads(language, &seen, env);
            tests.push((
                test(&rule.condition, &reads).map_err(within)?,
                rule.next.clone(),
            ));
        }
        let targets: Vec<String> = tests
            .iter()
            .map(|(_, next)| next.clone())
            .chain(choice.default.clone())
            .collect();
        let back: Vec<Option<WayBack>> =
            targets.iter().map(|target| self.gives_up(target)).collect();
        let forward: Vec<&String> = targets
            .iter()
            .zip(&back)
            .filter(|(_, back)| back.is_none())
            .map(|(target, _)| target)
            .collect();
        if forward.is_empty() {
            let help = "a saga is completed on one way at least";
            return Err(Refused::new(
                "",
                format!("every way of `{name}` fails"),
                help,
            ));
        }
        let join = self.join(&forward);
        for way in back.iter().flatten() {
            if let Some(step) = last_step(before) {
                step.closing.push(Closing {
                    way: way.clone(),
                    env: env.clone(),
                });
            } else if let Some(undo) = way.undos.first() {
                let help =
                    "a saga undoes what its steps did: let the way that fails come behind the step";
                return Err(Refused::new(
                    "",
                    format!("`{undo}` undoes something before anything was done"),
                    help,
                ));
            }
        }
        self.depth += 1;
        let (mut blocks, mut envs) = (Vec::new(), Vec::new());
        for (target, back) in targets.iter().zip(&back) {
            let block = match back {
                Some(way) => Some(self.giving_up(way)),
                None => self
                    .block(target, env.clone(), join.as_deref())
                    .map(|(block, after)| {
                        envs.push(after);
                        block
                    }),
            };
            let Some(block) = block else {
                self.depth -= 1;
                return Err(Refused::new("", "", ""));
            };
            blocks.push(block);
        }
        self.depth -= 1;
        if join.is_none() {
            // All come together at the end.
            for block in &mut blocks {
                if let End::Completes(_) = block.end {
                    block.end = End::GoesOn;
                }
            }
        }
        if choice.default.is_none() {
            blocks.push(Block {
                nodes: Vec::new(),
                end: End::GivesUp {
                    error: "NoChoiceMatched".into(),
                },
            });
            self.remarks.push(Remark {
                state: name.to_owned(),
                kind: "not compensated",
                there: format!(
                    "where no rule of `{name}` holds, the execution fails, and nothing is undone"
                ),
                here: "the saga gives up, and is undone: see `GivenUp::NoChoiceMatched`".into(),
            });
        }
        let otherwise = blocks.pop().ok_or_else(|| Refused::new("", "", ""))?;
        let cases = tests
            .into_iter()
            .map(|(test, _)| test)
            .zip(blocks)
            .collect();
        let node = Node::Choice {
            name: name.to_owned(),
            cases,
            otherwise,
        };
        Ok((node, join, merged(&envs)))
    }

    /// The way back that begins at a target, where it leads to a failure and nowhere else.
    fn gives_up(&self, target: &str) -> Option<WayBack> {
        self.way_back(target).ok().filter(|way| !way.succeeds)
    }

    fn giving_up(&self, way: &WayBack) -> Block {
        let error = match self.state(&way.last) {
            Some(State::Fail(fail)) => fail.error.clone(),
            _ => None,
        };
        Block {
            nodes: Vec::new(),
            end: End::GivesUp {
                error: error
                    .filter(|error| !error.starts_with("{%"))
                    .unwrap_or_else(|| way.last.clone()),
            },
        }
    }

    /// The first state that most of the ways come to; two at least.
    fn join(&self, targets: &[&String]) -> Option<String> {
        let reaches: Vec<Vec<String>> = targets.iter().map(|target| self.reach(target)).collect();
        let shared = |state: &String| reaches.iter().filter(|reach| reach.contains(state)).count();
        let mut best: Option<(usize, &String)> = None;
        for state in reaches.iter().flatten() {
            let count = shared(state);
            if count > 1 && best.is_none_or(|(most, _)| count > most) {
                best = Some((count, state));
            }
        }
        match (best, targets) {
            (Some((_, state)), _) => Some(state.clone()),
            // One way goes on, and the others fail: it goes on at once.
            (None, [only]) => Some((*only).clone()),
            (None, _) => None,
        }
    }

    /// The states that are reached without a failure, the nearest first.
    fn reach(&self, start: &str) -> Vec<String> {
        let mut reached = vec![start.to_owned()];
        let mut next = 0;
        while let Some(name) = reached.get(next).cloned() {
            next += 1;
            let Some(state) = self.state(&name) else {
                continue;
            };
            let mut targets: Vec<&str> = state
                .transition()
                .and_then(|transition| transition.next())
                .into_iter()
                .collect();
            if let State::Choice(choice) = state {
                targets.extend(choice.choices.iter().map(|rule| rule.next.as_str()));
                targets.extend(choice.default.as_deref());
            }
            for target in targets {
                if !reached.iter().any(|known| known == target) {
                    reached.push(target.to_owned());
                }
            }
        }
        reached
    }

    /// Branches at the same time.
    pub(super) fn parallel(
        &mut self,
        name: &str,
        parallel: &Parallel,
        language: QueryLanguage,
        env: &Env,
    ) -> Result<(Vec<Node>, Env), Refused> {
        let input = call::input_of(parallel.input_path.as_ref(), "InputPath", env)?;
        let template = if language == QueryLanguage::JsonAta {
            &parallel.arguments
        } else {
            &parallel.parameters
        };
        let payload = match template {
            Some(template) => reads(language, &input, env).value(template)?,
            None => input,
        };
        let inner = Env {
            payload,
            variables: env.variables.clone(),
        };
        let mut branches = Vec::new();
        let is_alone = parallel.branches.len() == 1;
        self.depth += usize::from(!is_alone);
        for branch in &parallel.branches {
            branches.extend(
                self.block(&branch.start_at, inner.clone(), None)
                    .map(|(block, _)| block),
            );
        }
        self.depth -= usize::from(!is_alone);
        if branches.len() != parallel.branches.len() {
            return Err(Refused::new("", "", ""));
        }
        let mut nodes = match branches.pop() {
            // A single branch needs nothing around it, unless it ends on one of several ways.
            Some(alone) if is_alone && !alone.completes_early() => alone.nodes,
            Some(_) if is_alone => {
                let message = format!("`{name}` has a single branch, which ends on several ways");
                return Err(Refused::new(
                    "/Branches",
                    message,
                    "put its states where it stands",
                ));
            }
            last => {
                branches.extend(last);
                self.remarks.push(settled(name));
                vec![Node::Parallel {
                    name: name.to_owned(),
                    branches,
                }]
            }
        };
        self.around(
            name,
            &mut nodes,
            &parallel.retry,
            &parallel.catch,
            language,
            env,
        )?;
        let after = behind(env, parallel.result_path.as_ref(), language)?;
        Ok((nodes, after))
    }

    /// The same for each item.
    pub(super) fn map(
        &mut self,
        name: &str,
        map: &Map,
        language: QueryLanguage,
        env: &Env,
    ) -> Result<(Node, Env), Refused> {
        let processor = map.item_processor.as_ref().or(map.iterator.as_ref());
        let Some(processor) = processor else {
            return Err(Refused::new(
                "",
                format!("`{name}` says not what is done with its items"),
                "add `ItemProcessor`",
            ));
        };
        let distributed =
            map.item_reader.is_some() || map.result_writer.is_some() || map.item_batcher.is_some();
        if distributed {
            let help = "a saga's list is in its data, with a bound: let a handler read the items, or start a saga for each";
            return Err(Refused::new(
                "",
                format!("`{name}` reads its items from elsewhere, or in batches"),
                help,
            ));
        }
        let input = call::input_of(map.input_path.as_ref(), "InputPath", env)?;
        let list = match (&map.items_path, &map.items) {
            (Some(path), _) => reads(language, &input, env)
                .path(path)
                .map_err(|refused| refused.within("ItemsPath"))?,
            (None, Some(template)) => reads(language, &input, env)
                .value(template)
                .map_err(|refused| refused.within("Items"))?,
            (None, None) => input.clone(),
        };
        if let Some(constant) = list.constant() {
            is_listed(name, &constant)?;
        }
        let item = Data::Item(name.to_owned());
        let payload = match map.item_selector.as_ref().or(map.parameters.as_ref()) {
            Some(template) => selected(template, language, &input, env, &item)?,
            None => item,
        };
        let inner = Env {
            payload,
            variables: env.variables.clone(),
        };
        self.depth += 1;
        let block = self.block(&processor.start_at, inner, None);
        self.depth -= 1;
        let Some((block, _)) = block else {
            return Err(Refused::new("", "", ""));
        };
        let at_a_time = match &map.max_concurrency {
            Some(Dynamic::Value(most)) if *most > 0 => (*most).min(40),
            _ => 10,
        };
        let mut node = Node::Map {
            name: name.to_owned(),
            list,
            at_a_time,
            item: block,
        };
        self.remarks.push(Remark {
            state: name.to_owned(),
            kind: "not bounded",
            there: format!("`{name}` goes over a list of any length"),
            here: "a few items at most, and a longer list fails before anything is done with it: see `at_most`".into(),
        });
        self.remarks.push(settled(name));
        self.around(
            name,
            std::slice::from_mut(&mut node),
            &map.retry,
            &map.catch,
            language,
            env,
        )?;
        let after = behind(env, map.result_path.as_ref(), language)?;
        Ok((node, after))
    }

    /// What catches and retries around several Tasks.
    fn around(
        &mut self,
        name: &str,
        nodes: &mut [Node],
        retriers: &[Retrier],
        catchers: &[Catcher],
        language: QueryLanguage,
        env: &Env,
    ) -> Result<(), Refused> {
        if !retriers.is_empty() {
            self.remarks.push(Remark {
                state: name.to_owned(),
                kind: "not retried as a whole",
                there: format!("`{name}` begins anew when a part of it failed, and leaves what it had done"),
                here: "each step in it is retried by itself; `saga.savepoint(…)` undoes a part before it tries again".into(),
            });
        }
        let (mut ways, before) = (Vec::new(), env);
        for (index, catcher) in catchers.iter().enumerate() {
            let within = |refused: Refused| refused.within(&index.to_string()).within("Catch");
            let caught = self.caught(catcher, language, env).map_err(within)?;
            if caught.way.succeeds {
                self.remarks.push(Remark {
                    state: name.to_owned(),
                    kind: "false success",
                    there: format!(
                        "where a part of `{name}` fails, the execution ends in `{}` and succeeds",
                        caught.way.last
                    ),
                    here: "the saga is undone, and fails".into(),
                });
            }
            let mut env = caught.env;
            if let Data::Lost(_) = env.payload {
                env.payload = before.payload.clone();
            }
            ways.push(Closing {
                way: caught.way,
                env,
            });
        }
        match last_step(nodes) {
            Some(step) => step.closing.extend(ways),
            None => self.remarks.push(Remark {
                state: name.to_owned(),
                kind: "nothing in it",
                there: format!("nothing in `{name}` does anything"),
                here: "it stays as it is; take it out".into(),
            }),
        }
        Ok(())
    }
}

/// A branch or an item that fails cancels no other one.
fn settled(name: &str) -> Remark {
    Remark {
        state: name.to_owned(),
        kind: "siblings settled",
        there: format!(
            "where a part of `{name}` fails, what runs beside it is cancelled, done or not"
        ),
        here: "what was begun comes to its end, and is undone with the rest".into(),
    }
}

/// So many values a Map goes over that the definition states: each with its retries and its undo.
const MOST_STATED: usize = 20;

/// A constant that a Map goes over is a list of values without fields.
fn is_listed(name: &str, constant: &Value) -> Result<(), Refused> {
    let message = match constant {
        Value::Array(items) if items.len() > MOST_STATED => format!(
            "`{name}` goes over {} values, and a history holds what is done with {MOST_STATED}",
            items.len()
        ),
        Value::Array(items)
            if items
                .iter()
                .all(|item| !matches!(item, Value::Object(fields) if !fields.is_empty())) =>
        {
            return Ok(());
        }
        Value::Array(_) => format!("`{name}` goes over objects that are stated there"),
        _ => format!("`{name}` goes over a constant that is no list"),
    };
    let help = "let a handler answer the list, or call a function of Rust for each";
    Err(Refused::new("", message, help))
}

/// An item's payload: `$$.Map.Item.Value`, `$states.context.Map.Item.Value`.
fn selected(
    template: &Value,
    language: QueryLanguage,
    input: &Data,
    env: &Env,
    item: &Data,
) -> Result<Data, Refused> {
    let reads = reads(language, input, env);
    let reads = crate::template::Reads {
        item: Some(item),
        ..reads
    };
    reads
        .value(template)
        .map_err(|refused| refused.within("ItemSelector"))
}

/// The data behind branches or items.
fn behind(
    env: &Env,
    result_path: Option<&DataPath>,
    language: QueryLanguage,
) -> Result<Env, Refused> {
    let payload = match result_path {
        _ if language == QueryLanguage::JsonAta => OF_BRANCHES,
        None => OF_BRANCHES,
        Some(DataPath::Discard) => env.payload.clone(),
        Some(DataPath::Path(path)) => env
            .payload
            .with(&call::reference(path, "ResultPath")?, OF_BRANCHES),
    };
    Ok(Env {
        payload,
        variables: env.variables.clone(),
    })
}

/// The data behind several ways: what all of them left alike.
fn merged(envs: &[Env]) -> Env {
    let Some((first, rest)) = envs.split_first() else {
        return super::beginning();
    };
    let mut merged = first.clone();
    for env in rest {
        if env.payload != merged.payload {
            merged.payload = OF_WAYS;
        }
        for (name, value) in &mut merged.variables {
            if env.variables.get(name) != Some(value) {
                *value = OF_WAYS;
            }
        }
    }
    // What was done on one way alone cannot leave it but as a value.
    merged
}
