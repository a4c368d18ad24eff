//! The machines of undo, in which each undo asks first whether there is anything to undo.
//!
//! They are written as a saga's own are. Here each undo state gets a question before it, to which all ways
//! lead that led to the undo; and the first state is followed by ones that seal the machine's fences and recall
//! what they tell.

use saga_asl::json::{Object, Value, array, object};

use super::fences::Answer;
use super::history::{self, History, entered, succeeded};
use super::sight::{Sight, Trace, live_at_start};
use super::state::{
    REASON, assign, at_depth, choice, failing, failures, left, message, next, nothing, reached,
    rule, task,
};
use super::text::recovered;
use super::{States, fences, head, nested};
use crate::checked::flow::Map;
use crate::checked::variables::Fact;
use crate::checked::{Call, Step};
use crate::fence;
use crate::jsonata::{delimited, literal, value};
use crate::plan::{Node, Plan, Role, Trigger};
use crate::states::EVERYTHING;

/// The variable that holds the stages of a machine's steps, by their instances.
const STAGES: &str = "recoveredStages";

/// The stages in which there is, or may be, something to undo.
pub(super) const UNSETTLED: [&str; 5] = ["done", "begun", "unsure", "undoing", "undo-failed"];

/// A machine of undo.
pub(super) struct Frame<'a, 's> {
    pub(super) sight: &'a Sight<'s>,
    pub(super) history: &'a History<'s>,
    pub(super) plan: &'s Plan<'s>,
    /// How many machines it is in.
    pub(super) depth: usize,
}

/// An undo state, and where its question leads.
pub(super) struct Way<'n> {
    /// The undo state.
    pub(super) undo: &'n str,
    /// What follows where there is nothing to undo.
    pub(super) after: &'n str,
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
    fn stages(&self) -> String {
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
    fn after(&self, node: &Node<'s>) -> String {
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
            states.insert(waits, left(why, self.depth, first));
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
                super::state::listed(UNSETTLED)
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

    /// The question whether there is something of a step to undo, and what depends on its answer.
    fn question(
        &self,
        name: &str,
        node: &Node<'s>,
        step: &Step<'s>,
        undo: &Call<'s>,
        states: &mut States,
    ) {
        let after = self.after(node);
        let way = Way {
            undo: name,
            after: &after,
        };
        let done_by = node.state_of(step.name);
        let undone = self.sight.undone_by(name);
        let undone = || undone.iter().map(String::as_str);
        let seen = self.reached(&done_by);
        let rules = match self.sight.trace(step, undo) {
            Trace::Fence => vec![rule(&self.is_unsettled(&node.instance.of(step.name)), name)],
            Trace::Item => vec![rule(&seen, name)],
            trace => {
                let mut rules = vec![rule(&succeeded(undone()), &after)];
                // In a map one history is told of all items.
                if self.depth == 0 {
                    let done = succeeded([done_by.as_str()]);
                    let begun = entered(undone());
                    rules.push(rule(&format!("{done} or {begun}"), name));
                } else {
                    rules.clear();
                }
                let unclear = match trace {
                    Trace::Nested => self.nested(&way, node, step, states),
                    _ => self.ask(&way, step, states),
                };
                rules.push(rule(&seen, &unclear));
                rules
            }
        };
        states.insert(question_name(name), choice(rules, &after));
    }

    /// Whether there is, or may be, something of a step with a fence to undo.
    fn is_unsettled(&self, instance: &str) -> String {
        format!(
            "$lookup(${}, {}) in {}",
            self.stages(),
            literal::quoted(instance),
            super::state::listed(UNSETTLED)
        )
    }

    /// Whether an execution came to a state: it was entered, and what must be done before is.
    fn reached(&self, state: &str) -> String {
        let entered = entered([state]);
        match self.sight.preceding.get(state) {
            Some(before) => format!(
                "$lookup(${}, {}) = \"done\" and {entered}",
                self.stages(),
                literal::quoted(before)
            ),
            None => entered,
        }
    }

    /// States that ask an operator about a step; gives the first.
    fn ask(&self, way: &Way<'_>, step: &Step<'s>, states: &mut States) -> String {
        let why = format!(
            "whether `{}` was done is not to be seen: it has no fence. See to it that it is undone, and redrive \
             this execution: the rest is undone then",
            step.name
        );
        self.ask_about(way, step.name, &why, states)
    }

    pub(super) fn ask_about(
        &self,
        way: &Way<'_>,
        name: &str,
        why: &str,
        states: &mut States,
    ) -> String {
        let subject = way.undo.strip_prefix("Undo").unwrap_or(way.undo);
        let asked = format!("AskAbout{subject}");
        let unseen = format!("{subject}Unseen");
        states.insert(asked.clone(), self.message(&literal::quoted(why), &unseen));
        let waits =
            format!("an operator was asked about {name}, and has not redriven this execution");
        states.insert(unseen, left(&waits, self.depth, way.after));
        asked
    }

    fn message(&self, why: &str, after: &str) -> Value {
        message(self.sight.name(), why, self.depth, after)
    }

    /// States that look what is left of a nested saga; gives the first.
    fn nested(
        &self,
        way: &Way<'_>,
        node: &Node<'s>,
        step: &Step<'s>,
        states: &mut States,
    ) -> String {
        let why = format!(
            "what is left of the saga that `{}` ran is not undone: see to it that it is, and redrive this \
             execution: the rest is undone then",
            step.name
        );
        let asks = self.ask_about(way, step.name, &why, states);
        let below = self.sight.instance(self.plan, &node.instance.of(step.name));
        nested::add(self.depth, way, &below, &asks, states)
    }

    /// The question whether a map was begun.
    fn map_question(&self, name: &str, node: &Node<'s>, map: &Map<'s>, states: &mut States) {
        let after = self.after(node);
        let definition = map.definition;
        let begun = self.reached(&node.state_of(&definition.name));
        let scope = self.sight.scope(self.plan);
        let outcomes = scope.known(Fact::Outcomes(&definition.name));
        let is_over = format!("$type({outcomes}) = \"array\"");
        let items = value::value(&definition.items, scope.guarded());
        let is_list = recovered(&delimited(format!("$type({items}) = \"array\"")));
        let is_list = is_list.as_str().map(undelimited).unwrap_or_default();
        let over = rule(&format!("{begun} and {is_over}"), name);
        let inner = node.inner.first();
        let unknown = inner.and_then(|inner| self.sight.unknown(inner).into_iter().next());
        let rules = match unknown.and_then(Fact::node) {
            None => vec![over, rule(&format!("{begun} and {is_list}"), name)],
            Some(read) => {
                let why = format!(
                    "`{}` did not come to its end, and the undo of its items reads the output of `{read}`, which no \
                     fence keeps. See to it that its items are undone, and redrive this execution: the rest is undone \
                     then",
                    definition.name
                );
                let way = Way {
                    undo: name,
                    after: &after,
                };
                let asks = self.ask_about(&way, &definition.name, &why, states);
                vec![over, rule(&begun, &asks)]
            }
        };
        states.insert(question_name(name), choice(rules, &after));
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

/// The question before an undo state.
fn question_name(undo: &str) -> String {
    format!("Was{}Done", undo.strip_prefix("Undo").unwrap_or(undo))
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

fn undelimited(text: &str) -> &str {
    let inner = text
        .strip_prefix("{%")
        .and_then(|text| text.strip_suffix("%}"));
    inner.map_or(text, str::trim)
}
