//! What the history of an execution tells that no fence does: which states were entered and which tasks
//! succeeded, and the values that no step with a fence answered.
//!
//! It is read page by page, only where something depends on it.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::json::{Object, Value, object};

use super::States;
use super::sight::{Sight, Trace, live_at_start};
use super::state::{Pages, assign, choice, failing, listed, next, nothing, pass, rule, task};
use super::text::EXECUTION;
use crate::checked::variables::Fact;
use crate::jsonata::{delimited, literal};
use crate::plan::{Plan, Role};

/// The first state that reads the history.
pub(super) const READ: &str = "ReadHistory";

const MORE: &str = "IsThereMoreHistory";
const READ_MORE: &str = "ReadMoreHistory";

/// Where the values are given to the variables that held them.
pub(super) const RESTORE: &str = "RecallFromHistory";

/// The variable that holds the names of states that were entered.
const ENTERED: &str = "recoveredEntered";

/// The variable that holds the names of states whose task succeeded.
const SUCCEEDED: &str = "recoveredSucceeded";

/// The variable that holds which events of the last page told of a task that succeeded: the state is left in
/// the event after that.
const TASKS: &str = "recoveredTasks";

/// The variable that holds the values found, as JSON texts.
const VALUES: &str = "recoveredValues";

const NEXT_PAGE: &str = "recoveredNextPage";

/// The pages of a history, of at most 25,000 events. An answer may have fewer of them than were asked for.
const PAGES: Pages = Pages {
    variable: "recoveredPages",
    most: 2_000,
    why: "the execution's history has more pages than are read here: it is not to be seen what was done. Undo the \
          saga by hand",
};

/// How many events a page has: without what states were given, which is left out.
const PAGE: u32 = 200;

/// The same with what they were given: an answer of Step Functions' API may not exceed 256 KiB.
const PAGE_WITH_DATA: u32 = 20;

/// What is looked for in a history.
pub(super) struct History<'s> {
    /// The states.
    names: BTreeSet<String>,
    /// The variables of the frame, each with all that hold the same in one machine or another.
    values: BTreeMap<&'s str, Vec<&'s str>>,
}

impl<'s> History<'s> {
    pub(super) fn of(sight: &Sight<'s>) -> Self {
        let mut names = BTreeSet::new();
        collect(sight, sight.undo, &mut names);
        let variables = &sight.saga.variables;
        let facts = live_at_start(sight.undo).into_iter();
        let unknown = facts.filter(|fact| match fact {
            Fact::Output(node) => !sight.is_kept(node),
            Fact::Outcomes(_) => true,
            _ => false,
        });
        let values = unknown.map(|fact| {
            let own = variables.name(variables.find(fact, &sight.undo.level));
            (own, variables.names_of(fact).collect())
        });
        Self {
            names,
            values: values.collect(),
        }
    }

    /// Whether nothing is looked for.
    pub(super) fn is_idle(&self) -> bool {
        self.names.is_empty() && self.values.is_empty()
    }

    /// What is assigned before a history is read.
    pub(super) fn nothing_yet(&self) -> Vec<(&'static str, Value)> {
        match self.is_idle() {
            true => Vec::new(),
            false => vec![
                (ENTERED, Value::Array(Vec::new())),
                (SUCCEEDED, Value::Array(Vec::new())),
                (TASKS, Value::Array(Vec::new())),
                (VALUES, Object::new().into()),
                PAGES.none_yet(),
            ],
        }
    }

    /// The states that read it.
    pub(super) fn add(&self, after: &str, states: &mut States) {
        states.insert(READ.to_owned(), self.read(None));
        let more = format!("$type(${NEXT_PAGE}) = \"string\"");
        let rules = [PAGES.too_many(&more), rule(&more, READ_MORE)];
        states.insert(MORE.to_owned(), choice(rules, after));
        states.insert(READ_MORE.to_owned(), self.read(Some(NEXT_PAGE)));
    }

    fn read(&self, page: Option<&str>) -> Value {
        let with_data = !self.values.is_empty();
        let size = if with_data { PAGE_WITH_DATA } else { PAGE };
        let request = [
            ("ExecutionArn", delimited(format!("${EXECUTION}"))),
            ("MaxResults", size.into()),
            ("IncludeExecutionData", with_data.into()),
        ];
        let page = page.map(|page| ("NextToken", delimited(format!("${page}"))));
        let request = object(request.into_iter().chain(page));
        let found = assign(self.found());
        task(
            "aws-sdk:sfn:getExecutionHistory",
            request,
            [failing(), found, nothing(), next(MORE)],
        )
    }

    fn found(&self) -> Vec<(&'static str, Value)> {
        let names = listed(self.names.iter().map(String::as_str));
        let events = "$states.result.Events";
        let entered = format!(
            "[$distinct($append(${ENTERED}, {events}.StateEnteredEventDetails.Name[$ in {names}]))]"
        );
        let tasks = format!("{events}[Type = \"TaskSucceeded\"].Id");
        let succeeded = format!(
            "($tasks := $append(${TASKS}, {tasks}); [$distinct($append(${SUCCEEDED}, \
             {events}[PreviousEventId in $tasks].StateExitedEventDetails.Name[$ in {names}]))])"
        );
        let more = "$exists($states.result.NextToken) ? $states.result.NextToken : null";
        let mut found = vec![
            (ENTERED, delimited(entered)),
            (SUCCEEDED, delimited(succeeded)),
            (TASKS, delimited(format!("[{tasks}]"))),
            (NEXT_PAGE, delimited(more)),
            PAGES.one_more(),
        ];
        if !self.values.is_empty() {
            found.push((VALUES, delimited(self.values(events))));
        }
        found
    }

    /// The values known so far and those of a page, whose variables have the names that they have in the frame:
    /// what is assigned later counts.
    fn values(&self, events: &str) -> String {
        let held = self.values.iter().flat_map(|(own, names)| {
            let pair = |name: &&str| format!("{}: {}", literal::quoted(name), literal::quoted(own));
            names.iter().map(pair)
        });
        let held = held.collect::<Vec<_>>().join(", ");
        format!(
            "($held := {{{held}}}; $merge([${VALUES}, $map({events}.StateExitedEventDetails.AssignedVariables, \
             function($set) {{ $merge([{{}}, $each($set, function($value, $name) {{ \
             $exists($lookup($held, $name)) ? {{$lookup($held, $name): $value}} }})]) }})]))"
        )
    }

    /// The state that gives the values to the variables that held them, null where there is none.
    pub(super) fn restore(&self, after: &str) -> Option<Value> {
        if self.values.is_empty() {
            return None;
        }
        let values = self.values.keys().map(|own| {
            let found = format!("$lookup(${VALUES}, {})", literal::quoted(own));
            let value = delimited(format!("$exists({found}) ? $parse({found}) : null"));
            ((*own).to_owned(), value)
        });
        Some(pass(values.collect(), after))
    }
}

/// The states that a machine of undo, and those inside it, ask about.
fn collect(sight: &Sight<'_>, plan: &Plan<'_>, names: &mut BTreeSet<String>) {
    for (name, node) in &plan.nodes {
        match node.role {
            Role::Undo(step, undo) => {
                let trace = sight.trace(step, undo);
                if trace != Trace::Fence {
                    names.insert(node.state_of(step.name));
                }
                if matches!(trace, Trace::Nested | Trace::History) {
                    names.extend(sight.undone_by(name));
                }
            }
            Role::UndoMap(map) => {
                names.insert(node.state_of(&map.definition.name));
            }
            _ => {}
        }
    }
    for inner in plan.inner() {
        collect(sight, inner, names);
    }
}

/// Whether a state was entered.
pub(super) fn entered<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    some_of(names, ENTERED)
}

/// Whether the task of a state succeeded.
pub(super) fn succeeded<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    some_of(names, SUCCEEDED)
}

fn some_of<'n>(names: impl IntoIterator<Item = &'n str>, found: &str) -> String {
    format!("$exists({}[$ in ${found}])", listed(names))
}
