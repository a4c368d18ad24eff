//! One of several ways: where they begin, where they come together, what they leave.

use saga_asl::model::{Choice, QueryLanguage, State};

use super::{Reader, reads};
use crate::call;
use crate::condition::test;
use crate::data::Data;
use crate::flow::{Block, Closing, End, Node, WayBack, last_step};
use crate::plan::Remark;
use crate::refusal::Refused;
use crate::template::Env;

const OF_WAYS: Data = Data::Lost("what one of several ways left");

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
