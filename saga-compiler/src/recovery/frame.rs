//! The machines of undo, in which each undo asks first whether there is anything to undo.
//!
//! They are written as a saga's own are. Here each undo state gets a question before it, to which all ways
//! lead that led to the undo; and the first state is followed by ones that seal the machine's fences and recall
//! what they tell.

use saga_asl::json::{Object, Value, array, object};

use super::fences::Answer;
use super::history::{self, History};
use super::question::question_name;
use super::sight::{Sight, live_at_start};
use super::state::{
    REASON, assign, at_depth, failing, failures, left, listed, next, nothing, reached, task,
};
use super::text::recovered;
use super::{States, fences, head};
use crate::checked::Step;
use crate::checked::variables::Fact;
use crate::fence;
use crate::jsonata::{delimited, literal};
use crate::plan::{Node, Plan, Role, Trigger};
use crate::states::EVERYTHING;

/// The variable that holds the stages of a machine's steps, by their instances.
const STAGES: &str = "recoveredStages";

/// The stages in which there is, or may be, something to undo.
pub(super) const UNSETTLED: [&str; 5] = ["done", "begun", "unsure", "undoing", "undo-failed"];

/// What a state says that leads back to where an item's undo begins.
const ROUND: &str =
    "Fails until this execution is redriven. saga-lint allow ASL314: an operator begins each round";

/// The variable that holds where an item said that its undo begins.
pub(super) const UNDO_FROM: &str = "recoveredUndoFrom";

/// A machine of undo.
pub(super) struct Frame<'a, 's> {
    pub(super) sight: &'a Sight<'s>,
    pub(super) history: &'a History<'s>,
    pub(super) plan: &'s Plan<'s>,
    /// How many machines it is in.
    pub(super) depth: usize,
}

impl<'s> Frame<'_, 's> {
    /// The states of the machine, from those that the compiler wrote for it.
    pub(super) fn states(&self, written: &Object) -> States {
        let mut states = States::new();
        for (name, state) in written {
            let state = self.asking_first(&recovered(state));
            let Some(node) = self.plan.nodes.get(name.as_str()) else {
                continue;
            };
            match &node.role {
                _ if *name == self.plan.start => self.start(name, state, node, &mut states),
                Role::Undo(step, undo) => {
                    self.question(name, node, step, undo, &mut states);
                    states.insert(name.clone(), state);
                }
                Role::UndoMap(map) => {
                    self.map_question(name, node, map, &mut states);
                    states.insert(name.clone(), self.undo_map(state, node));
                }
                Role::Failed => {
                    let comment = ("Comment", "What was done is undone.".into());
                    let state = [("Type", Value::from("Pass")), comment, next(head::ENDS)];
                    states.insert(name.clone(), object(state));
                }
                _ => {
                    states.insert(name.clone(), state);
                }
            }
        }
        states
    }

    /// The variable that holds the stages.
    pub(super) fn stages(&self) -> String {
        at_depth(STAGES, self.depth)
    }

    /// A state whose ways lead to the questions before undo states.
    fn asking_first(&self, state: &Value) -> Value {
        let Value::Object(fields) = state else {
            return state.clone();
        };
        let fields = fields.iter().map(|(name, value)| {
            let value = match (name.as_str(), value) {
                ("Next" | "Default", Value::String(to)) => self.entry(to).into(),
                ("Catch" | "Choices", Value::Array(ways)) => {
                    array(ways.iter().map(|way| self.asking_first(way)))
                }
                _ => value.clone(),
            };
            (name.clone(), value)
        });
        object(fields)
    }

    /// Where a way leads that led to this state.
    fn entry(&self, to: &str) -> String {
        match self.plan.nodes.get(to).map(|node| &node.role) {
            Some(Role::Undo(..) | Role::UndoMap(_)) => question_name(to),
            _ => to.to_owned(),
        }
    }

    /// What follows an undo state.
    pub(super) fn after(&self, node: &Node<'s>) -> String {
        let mut exits = node.exits.iter();
        let success = exits.find(|exit| exit.trigger == Trigger::Success);
        self.entry(success.map_or("", |exit| exit.to.as_str()))
    }

    /// The first state, and those that recall what is known.
    fn start(&self, name: &str, state: Value, node: &Node<'s>, states: &mut States) {
        let (mut known, first) = match node.role {
            Role::UndoItem => self.item(&state, node),
            _ => (assigned(&state), field(&state, "Next")),
        };
        if self.depth == 0 {
            // It was looked up already.
            known.shift_remove(super::text::FAILURE);
        }
        known.insert(self.stages(), Object::new().into());
        let steps = self.recalled();
        let mut names: Vec<String> = Vec::new();
        let restore = match self.depth {
            0 => self.history.restore(""),
            _ => None,
        };
        names.extend(restore.is_some().then(|| history::RESTORE.to_owned()));
        names.extend(steps.iter().map(|(undo, ..)| recall_name(undo)));
        names.push(first);
        let after = |position: usize| names.get(position).map_or("", String::as_str);
        states.insert(name.to_owned(), super::state::pass(known, after(0)));
        let restored = usize::from(restore.is_some());
        if restore.is_some()
            && let Some(restore) = self.history.restore(after(1))
        {
            states.insert(history::RESTORE.to_owned(), restore);
        }
        for (position, (undo, step, node)) in steps.iter().enumerate() {
            let position = position + restored;
            let recall = self.recall(name, step, node, after(position + 1));
            states.insert(recall_name(undo), recall);
        }
        if self.depth > 0 && !steps.is_empty() {
            let told = format!("Park{name}");
            let waits = format!("{name}Parked");
            let first = after(0);
            states.insert(told, self.message(&format!("${}", self.reason()), &waits));
            let why = "an operator was told what to do, and has not redriven this execution";
            let mut left = left(why, self.depth, first);
            if let Value::Object(fields) = &mut left {
                fields.insert("Comment".into(), ROUND.into());
            }
            states.insert(waits, left);
        }
    }

    /// What the first state of an item's undo assigns, and where undo begins: nothing is known of the item but
    /// its place in the list, and what it handed on if the map came to its end.
    fn item(&self, state: &Value, node: &Node<'s>) -> (Object, String) {
        let is_last =
            |trigger: &Trigger<'s>| matches!(trigger, Trigger::From(from) if from.is_last);
        let exits = node.exits.iter().enumerate();
        let mut last = exits.filter(|(_, exit)| is_last(&exit.trigger));
        let Some((position, exit)) = last.next() else {
            return (Object::new(), field(state, "Default"));
        };
        let choices = state.get("Choices").and_then(Value::as_array);
        let rule = choices.and_then(|rules| rules.get(position));
        let mut known = rule.map(assigned).unwrap_or_default();
        for assign in &exit.assigns {
            let unknown = match assign.variable.fact {
                Fact::UndoFrom(..) => EVERYTHING.into(),
                Fact::Taken(_) => Value::Null,
                Fact::Output(node) if self.sight.is_kept(node) => Value::Null,
                _ => continue,
            };
            let name = self.sight.saga.variables.name(assign.variable);
            known.insert(name.to_owned(), unknown);
        }
        if self.asks() {
            let told = format!(
                "$exists($states.input.undoFrom) ? $states.input.undoFrom : \"{EVERYTHING}\""
            );
            known.insert(at_depth(UNDO_FROM, self.depth), delimited(told));
        }
        let first = rule.map(|rule| field(rule, "Next")).unwrap_or_default();
        (known, first)
    }

    /// The undo states of steps with a fence, in the order of the steps.
    fn recalled(&self) -> Vec<(&'s str, &'s Step<'s>, &'s Node<'s>)> {
        let nodes = self.plan.nodes.iter().rev();
        let fenced = nodes.filter_map(|(name, node)| match node.role {
            Role::Undo(step, _) if fence::guards(&step.call) => Some((name.as_str(), step, node)),
            _ => None,
        });
        fenced.collect()
    }

    /// Seals a fence, and recalls what it tells.
    fn recall(&self, start: &str, step: &Step<'s>, node: &Node<'s>, after: &str) -> Value {
        let instance = node.instance.of(step.name);
        let fact = Fact::Output(step.name);
        let variable = self.sight.saga.variables.find(fact, &self.plan.level);
        let variable = live_at_start(self.plan)
            .contains(&fact)
            .then(|| self.sight.saga.variables.name(variable));
        let stage = "$states.result.Attributes.stage.S";
        let stages = format!(
            "$merge([${}, {{{}: {stage}}}])",
            self.stages(),
            literal::quoted(&instance)
        );
        let stages_name = self.stages();
        let mut found = vec![(stages_name.as_str(), delimited(stages))];
        let mut answer = Answer::Stage;
        if let Some(variable) = variable {
            answer = Answer::Record;
            // Another try's answer is kept where this one has none.
            let is_known = format!(
                "{stage} in {} and $exists($states.result.Attributes.answer.S)",
                listed(UNSETTLED)
            );
            let value =
                format!("{is_known} ? $parse($states.result.Attributes.answer.S) : ${variable}");
            found.push((variable, delimited(value)));
        }
        let key = recovered(&self.key(&instance));
        let request = fences::seal(key, answer);
        let catch = match self.depth {
            0 => failing(),
            _ => self.failing_inside(start),
        };
        let rest = [catch, assign(found), nothing(), next(after)];
        task("dynamodb:updateItem", request, rest)
    }

    /// What an item's undo does where it cannot go on itself: it waits for an operator in its place.
    fn failing_inside(&self, start: &str) -> (&'static str, Value) {
        let told = format!("Park{start}");
        let reason = self.reason();
        let ways = failures().into_iter().map(|way| {
            let Value::Object(mut fields) = way else {
                return way;
            };
            let why = fields
                .get("Assign")
                .and_then(|assign| assign.get(REASON))
                .cloned();
            let (name, assign) = assign([(reason.as_str(), why.unwrap_or_default())]);
            fields.insert(name.into(), assign);
            fields.insert("Next".into(), told.as_str().into());
            Value::Object(fields)
        });
        ("Catch", array(ways))
    }

    fn reason(&self) -> String {
        at_depth(REASON, self.depth)
    }

    /// A step's instance, where a state holds it.
    pub(super) fn key(&self, instance: &str) -> Value {
        match self.sight.saga.item_path(&self.plan.level) {
            None => self.sight.scope(self.plan).instance_value(instance),
            Some(_) => delimited(self.sight.instance(self.plan, instance)),
        }
    }

    /// The undo of a map's items, each of which asks in its turn.
    fn undo_map(&self, state: Value, node: &'s Node<'s>) -> Value {
        let Value::Object(mut fields) = state else {
            return state;
        };
        if let (Some(Value::Object(processor)), Some(plan)) =
            (fields.get_mut("ItemProcessor"), node.inner.first())
        {
            let frame = Frame {
                plan,
                depth: self.depth + 1,
                ..*self
            };
            if let Some(Value::Object(written)) = processor.get("States") {
                let mut states = frame.states(&written.clone());
                let reached = reached(&states, &plan.start);
                states.retain(|name, _| reached.contains(name));
                processor.insert("States".into(), object(states));
            }
        }
        Value::Object(fields)
    }
}

fn recall_name(undo: &str) -> String {
    format!("Recall{}", undo.strip_prefix("Undo").unwrap_or(undo))
}

fn assigned(state: &Value) -> Object {
    let assigned = state.get("Assign").and_then(Value::as_object);
    assigned.cloned().unwrap_or_default()
}

fn field(state: &Value, name: &str) -> String {
    let value = state.get(name).and_then(Value::as_str);
    value.unwrap_or_default().to_owned()
}
