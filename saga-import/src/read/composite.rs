//! States that hold others: Parallel, Map.

use saga_asl::json::Value;
use saga_asl::model::{Catcher, DataPath, Dynamic, Map, Parallel, QueryLanguage, Retrier};

use super::{Reader, reads};
use crate::call;
use crate::data::Data;
use crate::flow::{Closing, Node, last_step};
use crate::plan::Remark;
use crate::refusal::Refused;
use crate::template::Env;

const OF_BRANCHES: Data = Data::Lost("what branches or items answered");

impl<'d> Reader<'d> {
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
