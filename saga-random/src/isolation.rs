//! What keeps a random saga apart from others: locks that it takes at its beginning and gives back on every way on
//! which it is completed, changes from a version that it has read, values that it reads again.

use saga_manifest::expr::{Expr, Test};
use saga_manifest::flow::{Block, Case, Choice, Node};
use saga_manifest::step::{Call, Kind, Step};

use crate::flow::{Around, Writer, ending};
use crate::step::Verb;
use crate::task::{isolated, policy};

/// A lock that a saga holds.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    /// The step that takes it, and its item's name.
    step: String,
    creates: bool,
}

impl Writer {
    /// Locks, and what comes before them.
    pub(crate) fn locked(&mut self, around: &mut Around) -> Vec<Node> {
        if !self.services || !self.has_rows(around) || !self.dice.chance(350) {
            return Vec::new();
        }
        let before = self.dice.below(2);
        let mut nodes = self.nodes(before, around);
        for _ in 0..self.dice.between(1, 2) {
            let lock = Lock {
                step: self.package.word(),
                creates: self.dice.chance(500),
            };
            let Lock { step, creates } = &lock;
            let call = isolated::lock(step, around.path(), *creates, &mut self.dice);
            let undo = isolated::release(step, around.path(), *creates, &mut self.dice);
            let kind = compensatable(undo);
            nodes.push(self.isolated(step.clone(), kind, call));
            self.locks.push(lock);
        }
        nodes
    }

    /// What gives all locks back before the saga is completed. Where it has not come to its pivot, the first of them
    /// is.
    pub(crate) fn releases(&mut self) -> Vec<Node> {
        let mut kind = match self.after_pivot {
            true => Kind::Retriable,
            false => Kind::Pivot,
        };
        let mut nodes = Vec::new();
        for Lock { step, creates } in self.locks.clone() {
            let path = crate::reads::field(Expr::Input, crate::input::PATH);
            let call = isolated::release(&step, path, creates, &mut self.dice);
            let name = self.package.word();
            let kind = std::mem::replace(&mut kind, Kind::Retriable);
            nodes.push(self.isolated(name, kind, call));
        }
        nodes
    }

    /// Whether a step here may change what is locked: its name is its instance.
    pub(crate) fn holds(&self, around: &Around) -> bool {
        !self.locks.is_empty() && around.map.is_none() && around.savepoints == 0
    }

    /// Changes what is locked.
    pub(crate) fn under_lock(&mut self, name: &str, around: &Around) -> Call {
        let lock = self.dice.one_of(&self.locks).cloned();
        let lock = lock.map(|lock| lock.step).unwrap_or_default();
        isolated::update(&lock, around.path(), name, &mut self.dice)
    }

    /// Now and then: an item that is read, and changed from that version, or read again.
    pub(crate) fn checked(&mut self, around: &mut Around) -> Option<Vec<Node>> {
        let fits = self.services && self.steps_left > 2 && self.has_rows(around);
        if !fits || !self.dice.chance(90) {
            return None;
        }
        self.steps_left -= 2;
        let read = self.package.word();
        Some(match self.after_pivot || self.dice.chance(500) {
            true => self.versioned(read, around),
            false => self.reread(read, around),
        })
    }

    fn versioned(&mut self, read: String, around: &mut Around) -> Vec<Node> {
        let call = isolated::read_version(&read, around.path(), &mut self.dice);
        let mut nodes = vec![self.isolated(read.clone(), Kind::ReadOnly, call)];
        nodes.extend(self.between(around));
        let name = self.package.word();
        let to = Expr::Literal(name.clone().into());
        let call = isolated::update_from(&read, around.path(), to, &mut self.dice);
        let kind = match self.after_pivot {
            true => Kind::Retriable,
            false => {
                let old = isolated::value(&read);
                compensatable(isolated::update_from(
                    &read,
                    around.path(),
                    old,
                    &mut self.dice,
                ))
            }
        };
        nodes.push(self.isolated(name, kind, call));
        nodes
    }

    fn reread(&mut self, read: String, around: &mut Around) -> Vec<Node> {
        let call = isolated::read_price(&read, around.path(), None, &mut self.dice);
        let mut nodes = vec![self.isolated(read.clone(), Kind::ReadOnly, call)];
        nodes.extend(self.between(around));
        let again = self.package.word();
        let call = isolated::read_price(&read, around.path(), Some(&read), &mut self.dice);
        nodes.push(self.isolated(again.clone(), Kind::ReadOnly, call));
        let same = Test::Same(Expr::Output(read), Expr::Output(again));
        let gives_up = Block {
            nodes: Vec::new(),
            end: self.abort(around),
        };
        nodes.push(Node::Choice(Choice {
            name: self.name("Same"),
            description: None,
            place: self.place(),
            cases: vec![Case {
                when: Test::Not(Box::new(same)),
                then: gives_up,
            }],
            otherwise: ending(Vec::new(), Expr::Object(Vec::new())),
        }));
        nodes
    }

    /// What may happen between a read and what relies on it.
    fn between(&mut self, around: &mut Around) -> Option<Node> {
        let happens = self.dice.chance(500);
        happens.then(|| {
            let verb = self.verb();
            let verb = if verb == Verb::Pivot {
                Verb::Read
            } else {
                verb
            };
            self.step(verb, around)
        })
    }

    fn isolated(&mut self, name: String, kind: Kind, call: Call) -> Node {
        Node::Step(Box::new(Step {
            place: self.place(),
            name,
            description: None,
            kind,
            call,
        }))
    }
}

fn compensatable(undo: Call) -> Kind {
    let compensation = Box::new(Call {
        retry_others: Some(policy(1)),
        ..undo
    });
    Kind::Compensatable { compensation }
}
