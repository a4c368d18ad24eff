//! Random blocks.

use saga_manifest::expr::Expr;
use saga_manifest::flow::{
    Abort, Block, Case, Choice, End, Map, Node, Parallel, Savepoint, Until, Wait,
};
use saga_manifest::place::Place;

use crate::dice::Dice;
use crate::input;
use crate::isolation::Lock;
use crate::nested::{Package, Rows};
use crate::reads::{Known, field, some};
use crate::step::Verb;
use crate::test;

/// What limits a random saga.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Steps at most.
    pub steps: u64,
    /// How deep blocks are nested at most.
    pub depth: u64,
    /// How deep sagas are nested at most.
    pub sagas: u64,
    /// Whether steps call more than handlers with fences.
    pub services: bool,
}

/// A saga in the making.
#[derive(Debug)]
pub struct Writer {
    pub(crate) dice: Dice,
    pub(crate) steps_left: u64,
    /// How deep sagas may still be nested in it.
    pub(crate) sagas_left: u64,
    /// What the package has beside it.
    pub(crate) package: Package,
    /// Whether steps call more than handlers with fences.
    pub(crate) services: bool,
    /// Whether the pivot has been passed.
    pub(crate) after_pivot: bool,
    /// Whether it has nothing to undo: it begins with its pivot.
    pub(crate) only_forward: bool,
    /// Where it may write rows.
    pub(crate) rows: Rows,
    /// The locks that it holds.
    pub(crate) locks: Vec<Lock>,
}

/// Where a block stands.
#[derive(Clone, Debug)]
pub(crate) struct Around {
    pub(crate) known: Vec<Known>,
    depth_left: u64,
    /// The map whose item it is in.
    pub(crate) map: Option<String>,
    /// Whether it is in a branch, an item or a savepoint.
    pub(crate) inside: bool,
    /// How many savepoints are around it.
    pub(crate) savepoints: u32,
}

impl Writer {
    /// A writer of one saga.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            steps_left: dice.between(size.steps / 2, size.steps).max(1),
            dice,
            sagas_left: size.sagas,
            services: size.services,
            package: Package::default(),
            after_pivot: false,
            only_forward: false,
            rows: Rows::Anywhere,
            locks: Vec::new(),
        }
    }

    /// A saga's body.
    pub fn body(&mut self, depth: u64) -> Block {
        let mut around = Around {
            known: Vec::new(),
            depth_left: depth,
            map: None,
            inside: false,
            savepoints: 0,
        };
        let has_pivot = self.only_forward || self.dice.chance(600);
        let before = match self.only_forward {
            true => 0,
            false => self.dice.between(1, 5),
        };
        let mut nodes = match self.only_forward {
            true => Vec::new(),
            false => self.locked(&mut around),
        };
        nodes.extend(self.nodes(before, &mut around));
        if has_pivot && !self.only_forward && self.dice.chance(300) && depth > 0 {
            nodes.push(self.pivots(&mut around));
        } else if has_pivot && !self.locks.is_empty() && self.dice.chance(200) {
            nodes.extend(self.releases().into_iter().take(1));
            self.locks.remove(0);
            self.after_pivot = true;
        } else if has_pivot {
            nodes.push(self.step(Verb::Pivot, &mut around));
            self.after_pivot = true;
        }
        if has_pivot {
            let after = self.dice.below(4);
            nodes.extend(self.nodes(after, &mut around));
        }
        let end = match self.dice.chance(40) && !self.after_pivot {
            true => self.abort(&around),
            false => {
                nodes.extend(self.releases());
                End::Complete(some(&around.known, &mut self.dice))
            }
        };
        Block { nodes, end }
    }

    pub(crate) fn nodes(&mut self, count: u64, around: &mut Around) -> Vec<Node> {
        let mut nodes = Vec::new();
        for _ in 0..count {
            if self.steps_left == 0 {
                break;
            }
            match self.checked(around) {
                Some(checked) => nodes.extend(checked),
                None => nodes.push(self.node(around)),
            }
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
                let verb = self.verb();
                self.step(verb, around)
            }
        }
    }

    pub(crate) fn verb(&mut self) -> Verb {
        match (self.after_pivot, self.dice.below(4)) {
            (_, 0) => Verb::Read,
            (true, _) => Verb::Forward,
            (false, _) => Verb::Step,
        }
    }

    fn wait(&mut self) -> Node {
        Node::Wait(Wait {
            name: self.name("Pause"),
            description: None,
            place: self.place(),
            until: match self.services && self.dice.chance(300) {
                true => Until::Time(field(Expr::Input, input::TIME)),
                false => Until::Seconds(field(Expr::Input, "seconds")),
            },
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

    pub(crate) fn choice_of(&mut self, name: String, blocks: Vec<Block>, otherwise: Block) -> Node {
        let cases = blocks.into_iter().map(|then| Case {
            when: match self.services {
                true => test::random(&mut self.dice),
                false => test::plain(&mut self.dice),
            },
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
            nodes.push(self.step(Verb::Pivot, &mut inner));
            self.after_pivot = true;
            let count = self.dice.below(2);
            nodes.extend(self.nodes(count, &mut inner));
            blocks.push(ending(nodes, some(&inner.known, &mut self.dice)));
        }
        self.after_pivot = false;
        let mut inner = around.deeper(false);
        let count = self.dice.below(3);
        let mut nodes = self.nodes(count, &mut inner);
        let end = match self.dice.chance(500) {
            true => self.abort(&inner),
            false => {
                nodes.extend(self.releases());
                End::Complete(some(&inner.known, &mut self.dice))
            }
        };
        self.after_pivot = true;
        let name = self.name("Way");
        around.known.push(Known::value(&name));
        self.choice_of(name, blocks, Block { nodes, end })
    }

    /// A case, which may give up or complete the saga.
    fn case(&mut self, around: &mut Around) -> Block {
        let count = self.dice.between(0, 2);
        let mut nodes = self.nodes(count, around);
        let end = match self.dice.below(8) {
            0 if !self.after_pivot => self.abort(around),
            1 if !around.inside => {
                nodes.extend(self.releases());
                End::Complete(some(&around.known, &mut self.dice))
            }
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
        inner.map = Some(name.clone());
        let item = self.block(&mut inner);
        around.known.push(Known::value(&name));
        let list = self.dice.below(input::LISTS);
        // In an item of a map, its own list: so an item says by itself where it is in all of them.
        let items = match &around.map {
            Some(outer) => field(Expr::Item(outer.clone()), input::ITEMS),
            None => field(Expr::Input, &input::list(list)),
        };
        Node::Map(Box::new(Map {
            place: self.place(),
            name,
            description: None,
            items,
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

    pub(crate) fn abort(&mut self, around: &Around) -> End {
        End::Abort(Abort {
            name: self.name("GiveUp"),
            place: self.place(),
            error: "GivenUp".into(),
            cause: some(&around.known, &mut self.dice),
        })
    }

    pub(crate) fn name(&mut self, kind: &str) -> String {
        format!("{kind}{}", self.package.word())
    }

    pub(crate) fn place(&self) -> Place {
        self.package.place()
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

pub(crate) fn ending(nodes: Vec<Node>, value: Expr) -> Block {
    Block {
        nodes,
        end: End::Continue(value),
    }
}
