//! Random blocks.

use saga_manifest::error::{DeclaredError, Outcome, RetryPolicy};
use saga_manifest::expr::{Comparable, Expr, Test};
use saga_manifest::flow::{
    Abort, Block, Case, Choice, End, Map, Node, Parallel, Savepoint, Until, Wait,
};
use saga_manifest::place::Place;
use saga_manifest::step::{Call, Kind, Step};
use saga_manifest::task::{Comparison, Task};

use crate::dice::Dice;
use crate::input;
use crate::reads::{Known, field, some};

/// A known failure that every step declares.
pub const REFUSED: &str = "Refused";

/// An unknown outcome that every step declares.
pub const LOST: &str = "Lost";

/// What limits a random saga.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Steps at most.
    pub steps: u64,
    /// How deep blocks are nested at most.
    pub depth: u64,
}

/// A saga in the making.
#[derive(Debug)]
pub struct Writer {
    dice: Dice,
    steps_left: u64,
    number: u64,
    /// Whether the pivot has been passed.
    after_pivot: bool,
}

/// Where a block stands.
#[derive(Clone, Debug)]
struct Around {
    known: Vec<Known>,
    depth_left: u64,
    /// Whether it is in a branch, an item or a savepoint.
    inside: bool,
    /// How many savepoints are around it.
    savepoints: u32,
}

impl Writer {
    /// A writer of one saga.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            steps_left: dice.between(size.steps / 2, size.steps).max(1),
            dice,
            number: 0,
            after_pivot: false,
        }
    }

    /// A saga's body.
    pub fn body(&mut self, size: Size) -> Block {
        let mut around = Around {
            known: Vec::new(),
            depth_left: size.depth,
            inside: false,
            savepoints: 0,
        };
        let has_pivot = self.dice.chance(600);
        let before = self.dice.between(1, 5);
        let mut nodes = self.nodes(before, &mut around);
        if has_pivot && self.dice.chance(300) && around.depth_left > 0 {
            nodes.push(self.pivots(&mut around));
        } else if has_pivot {
            nodes.push(self.step(Kind::Pivot, &mut around));
            self.after_pivot = true;
        }
        if has_pivot {
            let after = self.dice.below(4);
            nodes.extend(self.nodes(after, &mut around));
        }
        let end = match self.dice.chance(40) && !self.after_pivot {
            true => self.abort(&around),
            false => End::Complete(some(&around.known, &mut self.dice)),
        };
        Block { nodes, end }
    }

    fn nodes(&mut self, count: u64, around: &mut Around) -> Vec<Node> {
        let mut nodes = Vec::new();
        for _ in 0..count {
            if self.steps_left == 0 {
                break;
            }
            nodes.push(self.node(around));
        }
        nodes
    }

    fn node(&mut self, around: &mut Around) -> Node {
        let nests = around.depth_left > 0 && self.steps_left > 1;
        match self.dice.below(if nests { 20 } else { 11 }) {
            0 => self.wait(),
            11..14 => self.parallel(around),
            14..16 => self.choice(around),
            16..18 => self.map(around),
            18..20 if !self.after_pivot && around.savepoints < 2 => self.savepoint(around),
            _ => {
                let kind = self.kind();
                self.step(kind, around)
            }
        }
    }

    fn kind(&mut self) -> Kind {
        match (self.after_pivot, self.dice.below(4)) {
            (_, 0) => Kind::ReadOnly,
            (true, _) => Kind::Retriable,
            (false, _) => Kind::Compensatable {
                compensation: Box::new(self.call("Nothing", Expr::Input)),
            },
        }
    }

    fn step(&mut self, kind: Kind, around: &mut Around) -> Node {
        self.steps_left = self.steps_left.saturating_sub(1);
        let name = capitalized(&word(self.next_number()));
        let input = some(&around.known, &mut self.dice);
        let call = self.call(&name, input);
        let kind = match kind {
            Kind::Compensatable { .. } => {
                let mut known = around.known.clone();
                known.push(Known::own(&name));
                let input = some(&known, &mut self.dice);
                let compensation = Call {
                    retry_others: Some(policy(1)),
                    ..self.call(&format!("Revert{name}"), input)
                };
                Kind::Compensatable {
                    compensation: Box::new(compensation),
                }
            }
            kind => kind,
        };
        around.known.push(Known::step(&name));
        Node::Step(Box::new(Step {
            place: self.place(),
            name,
            description: None,
            kind,
            call,
        }))
    }

    fn call(&mut self, handler: &str, input: Expr) -> Call {
        let mut error = |name: &str, outcome| DeclaredError {
            name: name.into(),
            outcome,
            settled: false,
            reason: None,
            retry: self.dice.chance(300).then(|| policy(1)),
        };
        let errors = vec![
            error(REFUSED, Outcome::NotDone),
            error(LOST, Outcome::Unknown),
        ];
        Call {
            description: None,
            task: Task::Lambda {
                handler: handler.into(),
                input,
            },
            errors,
            retry_others: self.dice.chance(500).then(|| policy(2)),
            timeout_seconds: 10,
            heartbeat_seconds: None,
        }
    }

    fn wait(&mut self) -> Node {
        Node::Wait(Wait {
            name: self.name("Pause"),
            description: None,
            place: self.place(),
            until: Until::Seconds(field(Expr::Input, "seconds")),
            at_most_seconds: 60,
        })
    }

    fn parallel(&mut self, around: &mut Around) -> Node {
        let name = self.name("Both");
        let branches = (0..self.dice.between(2, 3)).map(|_| {
            let mut inner = around.deeper(true);
            self.block(&mut inner)
        });
        let branches = branches.collect();
        around.known.push(Known::value(&name));
        Node::Parallel(Parallel {
            place: self.place(),
            name,
            description: None,
            branches,
        })
    }

    fn choice(&mut self, around: &mut Around) -> Node {
        let mut blocks = Vec::new();
        for _ in 0..self.dice.between(1, 2) {
            let mut inner = around.deeper(around.inside);
            blocks.push(self.case(&mut inner));
        }
        let mut inner = around.deeper(around.inside);
        let otherwise = match self.dice.chance(300) {
            true => ending(Vec::new(), Expr::Object(Vec::new())),
            false => self.block(&mut inner),
        };
        let name = self.name("Way");
        around.known.push(Known::value(&name));
        self.choice_of(name, blocks, otherwise)
    }

    fn choice_of(&mut self, name: String, blocks: Vec<Block>, otherwise: Block) -> Node {
        let cases = blocks.into_iter().map(|then| Case {
            when: self.test(),
            then,
        });
        Node::Choice(Choice {
            cases: cases.collect(),
            place: self.place(),
            name,
            description: None,
            otherwise,
        })
    }

    /// A choice in which every way that goes on passes a pivot.
    fn pivots(&mut self, around: &mut Around) -> Node {
        let mut blocks = Vec::new();
        for _ in 0..2 {
            let mut inner = around.deeper(false);
            self.after_pivot = false;
            let count = self.dice.below(2);
            let mut nodes = self.nodes(count, &mut inner);
            nodes.push(self.step(Kind::Pivot, &mut inner));
            self.after_pivot = true;
            let count = self.dice.below(2);
            nodes.extend(self.nodes(count, &mut inner));
            blocks.push(ending(nodes, some(&inner.known, &mut self.dice)));
        }
        self.after_pivot = false;
        let mut inner = around.deeper(false);
        let count = self.dice.below(3);
        let nodes = self.nodes(count, &mut inner);
        let end = match self.dice.chance(500) {
            true => self.abort(&inner),
            false => End::Complete(some(&inner.known, &mut self.dice)),
        };
        self.after_pivot = true;
        let name = self.name("Way");
        around.known.push(Known::value(&name));
        self.choice_of(name, blocks, Block { nodes, end })
    }

    fn test(&mut self) -> Test {
        match self.dice.below(3) {
            0 => Test::Compare {
                kind: Comparable::Number,
                left: field(Expr::Input, input::NUMBER),
                operator: Comparison::Less,
                right: Expr::Literal(self.dice.below(10).into()),
            },
            1 => Test::Not(Box::new(self.flag())),
            _ => self.flag(),
        }
    }

    fn flag(&mut self) -> Test {
        let flag = self.dice.below(input::FLAGS);
        Test::True(field(Expr::Input, &input::flag(flag)))
    }

    /// A case, which may give up or complete the saga.
    fn case(&mut self, around: &mut Around) -> Block {
        let count = self.dice.between(0, 2);
        let nodes = self.nodes(count, around);
        let end = match self.dice.below(8) {
            0 if !self.after_pivot => self.abort(around),
            1 if !around.inside => End::Complete(some(&around.known, &mut self.dice)),
            _ => End::Continue(some(&around.known, &mut self.dice)),
        };
        Block { nodes, end }
    }

    fn block(&mut self, around: &mut Around) -> Block {
        let count = self.dice.between(1, 3);
        let nodes = self.nodes(count, around);
        match self.dice.chance(40) && !self.after_pivot {
            true => Block {
                end: self.abort(around),
                nodes,
            },
            false => ending(nodes, some(&around.known, &mut self.dice)),
        }
    }

    fn map(&mut self, around: &mut Around) -> Node {
        let name = self.name("Each");
        let mut inner = around.deeper(true);
        inner.known.extend(Known::item(&name));
        let item = self.block(&mut inner);
        around.known.push(Known::value(&name));
        let list = self.dice.below(input::LISTS);
        Node::Map(Box::new(Map {
            place: self.place(),
            name,
            description: None,
            items: field(Expr::Input, &input::list(list)),
            at_most: input::LONGEST_LIST,
            max_concurrency: u32::try_from(self.dice.between(1, 3)).unwrap_or(1),
            item,
        }))
    }

    fn savepoint(&mut self, around: &mut Around) -> Node {
        let name = self.name("Again");
        let mut inner = around.deeper(true);
        inner.savepoints += 1;
        let block = self.block(&mut inner);
        around.known.push(Known::value(&name));
        let tries = if around.savepoints == 0 { 3 } else { 2 };
        Node::Savepoint(Savepoint {
            place: self.place(),
            name,
            description: None,
            tries: u32::try_from(self.dice.between(2, tries)).unwrap_or(2),
            interval_seconds: u32::try_from(self.dice.below(3)).unwrap_or(0),
            block,
        })
    }

    fn abort(&mut self, around: &Around) -> End {
        End::Abort(Abort {
            name: self.name("GiveUp"),
            place: self.place(),
            error: "GivenUp".into(),
            cause: some(&around.known, &mut self.dice),
        })
    }

    fn name(&mut self, kind: &str) -> String {
        let number = self.next_number();
        format!("{kind}{}", capitalized(&word(number)))
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    fn place(&self) -> Place {
        Place {
            file: "src/random.rs".into(),
            line: u32::try_from(self.number).unwrap_or(u32::MAX),
            column: 1,
        }
    }
}

impl Around {
    fn deeper(&self, inside: bool) -> Self {
        Self {
            depth_left: self.depth_left.saturating_sub(1),
            inside: inside || self.inside,
            ..self.clone()
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// A word for a number. Linters tell by words of names what undoes what, and take numbers for such.
fn word(number: u64) -> String {
    const STARTS: [&str; 10] = ["b", "d", "f", "g", "k", "l", "m", "n", "r", "t"];
    const VOWELS: [&str; 10] = ["a", "e", "i", "o", "u", "au", "ea", "ie", "oa", "ui"];
    let part = |number: u64| {
        let digit = |number: u64| usize::try_from(number % 10).unwrap_or_default();
        let start = STARTS.get(digit(number / 10)).unwrap_or(&"");
        let vowel = VOWELS.get(digit(number)).unwrap_or(&"");
        format!("{start}{vowel}")
    };
    format!("{}{}", part(number), part(number / 100))
}

fn ending(nodes: Vec<Node>, value: Expr) -> Block {
    Block {
        nodes,
        end: End::Continue(value),
    }
}

fn policy(max_attempts: u32) -> RetryPolicy {
    RetryPolicy {
        interval_seconds: 1,
        max_attempts,
        backoff_rate: 2.0,
        max_delay_seconds: None,
        jitter: false,
    }
}
