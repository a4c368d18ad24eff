//! States that ask: a Choice state for each question that the plan has.

use saga_asl::json::{Value, object};
use saga_asl::model::{Choice, ChoiceRule, Condition, State};

use super::exits::{self, Source};
use super::{Writer, comment, fits, nested};
use crate::checked::flow;
use crate::jsonata::{Term, condition, delimited};
use crate::plan::{Exit, Node, Trigger, UndoFrom};

/// What a gate is for.
pub(super) const ABOUT: &str = "Undo begins where the forward way came to.";

/// What stands for all undo states of a branch, where nobody can tell what it did.
pub(crate) const EVERYTHING: &str = "*";

impl<'s> Writer<'s> {
    /// A question of the compiler's.
    pub(super) fn asks(&self, node: &Node<'s>, about: &str) -> State {
        self.question(node, Some(about.to_owned()), None)
    }

    /// A choice of the author's.
    pub(super) fn choice(&self, choice: &'s flow::Choice<'s>, node: &Node<'s>) -> State {
        let about = comment::first([choice.definition.description.as_deref(), None]);
        self.question(node, about, None)
    }

    /// The beginning of an item's undo: what travelled in the item is in variables from here on.
    pub(super) fn undo_item(&self, node: &Node<'s>) -> State {
        self.question(node, Some(ABOUT.to_owned()), Some(object::<&str>([])))
    }

    fn question(&self, node: &Node<'s>, about: Option<String>, output: Option<Value>) -> State {
        let rules = node.exits.iter().filter_map(|exit| {
            Some(ChoiceRule {
                condition: Condition::Expression(delimited(self.holds(&exit.trigger)?)),
                assign: self.assign(exit, Source::none()),
                output: output.clone(),
                next: exit.to.clone(),
                ..ChoiceRule::default()
            })
        });
        let choices = rules.collect();
        let mut exits = node.exits.iter();
        let default = exits.find(|exit| exit.trigger == Trigger::Otherwise);
        let assign = |exit: &Exit<'s>| self.assign(exit, Source::none());
        Choice {
            comment: about,
            choices,
            default: default.map(|exit| exit.to.clone()),
            assign: default.map(assign).unwrap_or_default(),
            output,
            ..Choice::default()
        }
        .into()
    }

    /// When a way out is taken, if that is a question.
    fn holds(&self, trigger: &Trigger<'s>) -> Option<Term> {
        let read = |variable| self.scope().variable(self.variable(variable));
        Some(match trigger {
            Trigger::Retried(attempts) => read(*attempts).operator(">", &Term::primary("0")),
            Trigger::Failed(failure) => read(*failure).is_present(),
            Trigger::Taken(taken, number) => {
                let taken = read(*taken);
                let is = taken.operator("=", &Term::primary(number.to_string()));
                let unknown = taken.operator("=", &Term::null());
                is.or_else(&unknown)
            }
            Trigger::Undone(Some(failure)) => {
                nested::is_compensated(&read(*failure).field("cause"))
            }
            Trigger::Undone(None) => {
                let undone = Term::path("$states.input").field(nested::UNDONE);
                undone.operator("=", &Term::primary("true"))
            }
            Trigger::Case(test) => condition::condition(test, self.scope()),
            Trigger::From(from) => self.begins(from),
            Trigger::DoesNotFit(map) => fits::does_not_fit(map, self.scope()),
            Trigger::Success | Trigger::Errors(_) | Trigger::Otherwise => return None,
        })
    }

    fn begins(&self, from: &UndoFrom<'s>) -> Term {
        let told = match from.told_by {
            Some(variable) => self.scope().variable(self.variable(variable)),
            None => exits::of_item("undoFrom"),
        };
        let is = |point: &str| told.operator("=", &Term::string(point));
        match from.is_last {
            true => is(&from.point).or_else(&is(EVERYTHING)),
            false => is(&from.point),
        }
    }
}
