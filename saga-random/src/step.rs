//! Random steps: what they call, and what undoes that.

use saga_manifest::expr::Expr;
use saga_manifest::flow::Node;
use saga_manifest::step::{Call, Kind, Step};

use crate::dice::Dice;
use crate::flow::{Around, Writer};
use crate::nested::Rows;
use crate::reads::{Known, some};
use crate::task;

/// The kind that a step is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Step,
    Pivot,
    Forward,
    Read,
}

/// What a step calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Handler,
    Unfenced,
    Put,
    Update,
    Delete,
    Get,
    Topic,
    Queue,
    Saga,
    Question,
    Sum,
    Locked,
}

/// How often each is called: by a step that is undone, a pivot, a step after it, a read.
const SHARES: [(Target, [u64; 4]); 12] = [
    (Target::Handler, [36, 36, 40, 60]),
    (Target::Unfenced, [8, 6, 8, 0]),
    (Target::Put, [16, 10, 8, 0]),
    (Target::Update, [8, 6, 12, 0]),
    (Target::Delete, [5, 4, 6, 0]),
    (Target::Get, [0, 0, 0, 20]),
    (Target::Topic, [6, 6, 8, 0]),
    (Target::Queue, [6, 6, 8, 0]),
    (Target::Saga, [11, 20, 6, 0]),
    (Target::Question, [4, 6, 4, 20]),
    (Target::Sum, [9, 5, 9, 0]),
    (Target::Locked, [8, 5, 6, 0]),
];

impl Writer {
    /// A step of this kind.
    pub(crate) fn step(&mut self, verb: Verb, around: &mut Around) -> Node {
        self.steps_left = self.steps_left.saturating_sub(1);
        let name = self.package.word();
        let target = self.target(verb, around);
        let call = self.call(target, verb, &name, around);
        let kind = match verb {
            Verb::Step => Kind::Compensatable {
                compensation: Box::new(match task::isolated::inverse(&call) {
                    Some(inverse) => inverse,
                    None => self.undo(target, &name, around),
                }),
            },
            Verb::Pivot => Kind::Pivot,
            Verb::Forward => Kind::Retriable,
            Verb::Read => Kind::ReadOnly,
        };
        around.known.extend(match target {
            Target::Handler | Target::Unfenced => Some(Known::step(&name)),
            Target::Saga | Target::Question => Some(Known::value(&name)),
            _ => None,
        });
        Node::Step(Box::new(Step {
            place: self.place(),
            name,
            description: None,
            kind,
            call,
        }))
    }

    fn target(&mut self, verb: Verb, around: &Around) -> Target {
        let has_rows = self.has_rows(around);
        let target = match self.services {
            true => drawn(verb, &mut self.dice),
            false => Target::Handler,
        };
        match target {
            Target::Put | Target::Update | Target::Delete | Target::Get if !has_rows => {
                Target::Handler
            }
            Target::Saga if !self.may_nest() => Target::Handler,
            Target::Locked if !self.holds(around) => Target::Handler,
            target => target,
        }
    }

    /// Whether a step here may write rows.
    pub(crate) fn has_rows(&self, around: &Around) -> bool {
        match self.rows {
            Rows::Anywhere => true,
            Rows::OutsideOfMaps => around.map.is_none(),
            Rows::Nowhere => false,
        }
    }

    fn call(&mut self, target: Target, verb: Verb, name: &str, around: &Around) -> Call {
        let reads = some(&around.known, &mut self.dice);
        match target {
            Target::Handler => self.handler(name, reads),
            Target::Unfenced => self.unfenced(name, reads),
            Target::Put => task::put(name, around.path(), reads, &mut self.dice),
            Target::Update => task::update(name, around.path(), reads, &mut self.dice),
            Target::Delete => task::delete(name, around.path(), &mut self.dice),
            Target::Get => task::get(name, around.path(), &mut self.dice),
            Target::Topic => task::publish(name, reads, &mut self.dice),
            Target::Queue => task::send(name, reads, &mut self.dice),
            Target::Saga => {
                let only_forward = verb == Verb::Forward || self.only_forward;
                let child = self.child(only_forward, around);
                task::saga(child, only_forward, &mut self.dice)
            }
            Target::Question => task::question(reads, &mut self.dice),
            Target::Sum => task::isolated::change(around.path(), &mut self.dice),
            Target::Locked => self.under_lock(name, around),
        }
    }

    /// A handler with a fence, whose refusals speak of all attempts, where the manifest says so.
    fn handler(&mut self, name: &str, reads: Expr) -> Call {
        let mut call = task::handler(name, reads, self.services, &mut self.dice);
        let settled = self.services && self.dice.chance(700);
        for error in &mut call.errors {
            error.settled = settled && [task::REFUSED, task::LATE].contains(&error.name.as_str());
        }
        call
    }

    fn unfenced(&mut self, name: &str, reads: Expr) -> Call {
        self.package.unfenced.insert(name.into());
        task::handler(name, reads, self.services, &mut self.dice)
    }

    /// What undoes a step.
    fn undo(&mut self, target: Target, name: &str, around: &Around) -> Call {
        let mut known = around.known.clone();
        if matches!(target, Target::Handler | Target::Unfenced) {
            known.push(Known::own(name));
        }
        let reads = some(&known, &mut self.dice);
        let handler = format!("Revert{name}");
        let call = match target {
            Target::Put if self.dice.chance(400) => {
                task::delete(name, around.path(), &mut self.dice)
            }
            Target::Put | Target::Update => {
                task::update(name, around.path(), reads, &mut self.dice)
            }
            Target::Delete => task::put(name, around.path(), reads, &mut self.dice),
            Target::Topic => task::publish(&handler, reads, &mut self.dice),
            Target::Queue => task::send(&handler, reads, &mut self.dice),
            _ if self.may_nest() && self.dice.chance(150) => {
                let child = self.child(true, around);
                task::saga(child, true, &mut self.dice)
            }
            Target::Unfenced => self.unfenced(&handler, reads),
            _ => self.handler(&handler, reads),
        };
        Call {
            retry_others: Some(task::policy(1)),
            ..call
        }
    }
}

fn drawn(verb: Verb, dice: &mut Dice) -> Target {
    let share = |shares: &[u64; 4]| {
        let [step, pivot, forward, read] = *shares;
        match verb {
            Verb::Step => step,
            Verb::Pivot => pivot,
            Verb::Forward => forward,
            Verb::Read => read,
        }
    };
    let all = SHARES.iter().map(|(_, shares)| share(shares)).sum();
    let mut drawn = dice.below(all);
    for (target, shares) in &SHARES {
        match drawn.checked_sub(share(shares)) {
            Some(rest) => drawn = rest,
            None => return *target,
        }
    }
    Target::Handler
}
