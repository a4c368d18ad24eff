//! Which step comes before which, from the manifest alone.

use std::collections::BTreeMap;

use saga_manifest::flow::{Block, Node};
use saga_manifest::saga::Saga;
use saga_manifest::step::{Call, Kind, Step};

/// A step instance of an execution: `Book#2`, in a saga that another one runs `Travel/Book#2`, and the item
/// that it is for, `Rooms[1]`, if any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The step instance.
    pub step: String,
    /// The path of its item; empty where there is none.
    pub item: String,
}

/// A part of the way from a saga's body to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// At this position of a block.
    At(usize),
    /// In this branch of a parallel.
    Branch(usize),
    /// In this case of a choice.
    Case(usize),
    /// In an item of this map, and which one.
    Item(String, usize),
    /// In this try of a savepoint.
    Try(usize),
}

/// How two step instances stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The first one comes before the second one.
    Before,
    /// The second one comes before the first one.
    After,
    /// The first one is of an earlier try, which is undone before the second one begins.
    EarlierTry,
    /// The second one is of an earlier try.
    LaterTry,
    /// Neither: they differ first at this depth.
    Beside(usize),
    /// They are of different sagas, or of one that is run by different step instances.
    Elsewhere,
}

/// The steps of all sagas of a package, with their places.
#[derive(Clone, Debug)]
pub struct Steps<'m> {
    steps: BTreeMap<&'m str, (&'m Step, Vec<Segment>)>,
}

impl<'m> Steps<'m> {
    /// The steps of a body.
    #[must_use]
    pub fn new(body: &'m Block) -> Self {
        let mut steps = BTreeMap::new();
        visit(body, &[], &mut steps);
        Self { steps }
    }

    /// The steps of these sagas, no two of which have a name in common.
    #[must_use]
    pub fn of_all(sagas: &'m [Saga]) -> Self {
        let mut steps = BTreeMap::new();
        for saga in sagas {
            visit(&saga.body, &[], &mut steps);
        }
        Self { steps }
    }

    /// The step of an instance.
    #[must_use]
    pub fn step(&self, key: &Key) -> Option<&'m Step> {
        self.steps.get(key.name()).map(|(step, _)| *step)
    }

    /// Whether a step of this name is compensatable.
    #[must_use]
    pub fn is_compensatable(&self, key: &Key) -> bool {
        self.undo(key).is_some()
    }

    /// What undoes a step of this name.
    #[must_use]
    pub fn undo(&self, key: &Key) -> Option<&'m Call> {
        match &self.step(key)?.kind {
            Kind::Compensatable { compensation } => Some(compensation),
            _ => None,
        }
    }

    /// The path of an item of these indexes in which a step of this name is.
    #[must_use]
    pub fn item(&self, name: &str, indexes: &[usize]) -> String {
        let path = self.steps.get(name).map(|(_, path)| path.as_slice());
        let maps = path.unwrap_or_default().iter();
        let maps = maps.filter_map(|segment| match segment {
            Segment::Item(map, _) => Some(map),
            _ => None,
        });
        let items = maps.zip(indexes);
        let items: Vec<_> = items
            .map(|(map, index)| format!("{map}[{index}]"))
            .collect();
        items.join("/")
    }

    /// The place of an instance, with its tries and items.
    #[must_use]
    pub fn path(&self, key: &Key) -> Vec<Segment> {
        let Some((_, path)) = self.steps.get(key.name()) else {
            return Vec::new();
        };
        let mut tries = key.tries().into_iter();
        let mut items = key.items().into_iter();
        let path = path.iter().map(|segment| match segment {
            Segment::Try(_) => Segment::Try(tries.next().unwrap_or(1)),
            Segment::Item(map, _) => Segment::Item(map.clone(), items.next().unwrap_or(usize::MAX)),
            other => other.clone(),
        });
        path.collect()
    }

    /// How two instances stand to each other.
    #[must_use]
    pub fn relation(&self, first: &Key, second: &Key) -> Relation {
        if first.base() != second.base() {
            return Relation::Elsewhere;
        }
        let (one, other) = (self.path(first), self.path(second));
        let pairs = one.iter().zip(&other).enumerate();
        for (depth, pair) in pairs {
            return match pair {
                (one, other) if one == other => continue,
                (Segment::At(one), Segment::At(other)) if one < other => Relation::Before,
                (Segment::At(_), Segment::At(_)) => Relation::After,
                (Segment::Try(one), Segment::Try(other)) if one < other => Relation::EarlierTry,
                (Segment::Try(_), Segment::Try(_)) => Relation::LaterTry,
                _ => Relation::Beside(depth),
            };
        }
        Relation::Beside(0)
    }
}

fn visit<'m>(
    block: &'m Block,
    around: &[Segment],
    steps: &mut BTreeMap<&'m str, (&'m Step, Vec<Segment>)>,
) {
    let below = |segments: &[Segment]| [around, segments].concat();
    for (position, node) in block.nodes.iter().enumerate() {
        let at = Segment::At(position);
        if let Node::Step(step) = node {
            steps.insert(&step.name, (step, below(std::slice::from_ref(&at))));
        }
        for (number, inner) in node.blocks().into_iter().enumerate() {
            let inside = match node {
                Node::Parallel(_) => Segment::Branch(number),
                Node::Map(map) => Segment::Item(map.name.clone(), 0),
                Node::Savepoint(_) => Segment::Try(1),
                _ => Segment::Case(number),
            };
            visit(inner, &below(&[at.clone(), inside]), steps);
        }
    }
}

impl Key {
    /// The step instances around it, and the items that they are for: `Travel#2/`.
    #[must_use]
    pub fn base(&self) -> &str {
        let end = self.step.rfind('/').map_or(0, |slash| slash + 1);
        self.step.get(..end).unwrap_or_default()
    }

    /// The step instance in its own saga.
    fn own(&self) -> &str {
        self.step.rsplit('/').next().unwrap_or_default()
    }

    /// The step's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.own().split('#').next().unwrap_or_default()
    }

    /// The tries that it is of, as far as they are told.
    fn tries(&self) -> Vec<usize> {
        let tries = self.own().split('#').skip(1);
        tries.filter_map(|number| number.parse().ok()).collect()
    }

    /// The indexes of the items that it is for, the outermost first.
    #[must_use]
    pub fn items(&self) -> Vec<usize> {
        let parts = self.item.split(['[', ']']);
        parts.filter_map(|part| part.parse().ok()).collect()
    }

    /// What a handler answers for it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}@{}", self.step, self.item)
    }
}
