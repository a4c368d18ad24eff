//! The search: all states that a number of faults can lead to, those of fewer faults first, and of these the
//! ones that fewer transitions lead to first. So the first violation is the smallest.

use std::collections::{BTreeMap, HashMap, VecDeque};

use saga_engine::history::HistoryEvent;

use crate::bounds::Edge;
use crate::guarantee::Violation;
use crate::names::Names;
use crate::scene::Scene;
use crate::world::{Choice, Ending, World};

/// What an exploration found.
pub(crate) struct Explored {
    /// The way to every distinct state: the state before it, and what was chosen there.
    pub(crate) ways: Vec<Way>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) endings: Endings,
    /// The smallest violation: the state it was found from, and what was chosen there.
    pub(crate) violation: Option<(Option<usize>, Option<Choice>, Violation)>,
    /// How many steps were taken.
    pub(crate) steps: u64,
    /// Whether it was given up, because there are more states than were allowed.
    pub(crate) given_up: bool,
}

/// How many distinct states each ending has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Endings {
    /// All steps done.
    pub completed: u64,
    /// All undone that was done.
    pub compensated: u64,
    /// Waiting for an operator.
    pub parked: u64,
}

#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) from: u32,
    pub(crate) choice: Choice,
}

/// Bounds of an exploration.
pub(crate) struct Limits {
    pub(crate) depth: usize,
    pub(crate) states: usize,
}

/// Who follows an exploration.
pub(crate) struct Audience<'a> {
    /// Is told the steps taken and the distinct states met, now and then.
    pub(crate) progress: &'a mut dyn FnMut(u64, usize),
    /// Is shown what the histories tell of each step.
    pub(crate) seen: &'a mut dyn FnMut(&[HistoryEvent]),
}

type Queue = BTreeMap<u64, VecDeque<(u32, World)>>;

struct Search<'s, 'm, 'a> {
    scene: &'s Scene<'m>,
    names: &'s mut Names,
    limits: &'s Limits,
    audience: &'s mut Audience<'a>,
    met: HashMap<u128, u32>,
    found: Explored,
    /// Transitions of the smallest violation in this layer.
    best: u64,
}

/// Explores a scene.
pub(crate) fn explore(
    scene: &Scene<'_>,
    names: &mut Names,
    limits: &Limits,
    audience: &mut Audience<'_>,
) -> Explored {
    let mut search = Search {
        scene,
        names,
        limits,
        audience,
        met: HashMap::new(),
        found: Explored {
            ways: Vec::new(),
            edges: Vec::new(),
            endings: Endings::default(),
            violation: None,
            steps: 0,
            given_up: false,
        },
        best: u64::MAX,
    };
    search.run();
    search.found
}

impl Search<'_, '_, '_> {
    fn run(&mut self) {
        let mut seen = Vec::new();
        let start = World::start(self.scene, self.names, &mut seen);
        (self.audience.seen)(&seen);
        let start = match start {
            Ok(world) => world,
            Err(violation) => {
                self.found.violation = Some((None, None, violation));
                return;
            }
        };
        let (root, _) = self.meet(start.fingerprint(), 0, Choice::Wake);
        let mut unfaulted = Queue::new();
        let mut queue = Queue::new();
        queue
            .entry(start.execution.transitions())
            .or_default()
            .push_back((root, start));
        for faults in 0..=self.limits.depth {
            let mut next = Queue::new();
            let last = faults == self.limits.depth;
            self.layer(
                &mut queue,
                &mut unfaulted,
                if last { None } else { Some(&mut next) },
            );
            if self.found.violation.is_some() || self.found.given_up {
                return;
            }
            unfaulted = next;
        }
    }

    /// Explores all states of one number of faults: those in `queue`, and those that one fault more leads to
    /// from the states in `before`. States from which another fault is to be tried go to `after`.
    fn layer(&mut self, queue: &mut Queue, before: &mut Queue, mut after: Option<&mut Queue>) {
        loop {
            let next = |queue: &Queue| queue.keys().next().copied().unwrap_or(u64::MAX);
            let now = next(queue).min(next(before));
            if now >= self.best || now == u64::MAX || self.found.given_up {
                return;
            }
            if let Some((_, worlds)) = before
                .first_entry()
                .filter(|it| *it.key() == now)
                .map(|it| it.remove_entry())
            {
                for (index, world) in worlds {
                    for choice in world.faults(self.scene, self.names) {
                        self.step(index, &world, choice, queue);
                    }
                }
            }
            while let Some((index, world)) = queue.get_mut(&now).and_then(VecDeque::pop_front) {
                for choice in world.choices(self.scene, self.names) {
                    self.step(index, &world, choice, queue);
                }
                if let Some(after) = after.as_deref_mut()
                    && world.may_be_hit()
                {
                    after.entry(now).or_default().push_back((index, world));
                }
            }
            queue.remove(&now);
        }
    }

    fn step(&mut self, from: u32, world: &World, choice: Choice, queue: &mut Queue) {
        self.found.steps += 1;
        if let Choice::Stop(moment) = choice {
            // Nothing follows: there is no state to be met again.
            if let Err(violation) = world.recovered(moment, self.scene, self.names) {
                self.broken(from, choice, world.execution.transitions(), violation);
            }
            return;
        }
        let mut after = world.clone();
        let mut seen = Vec::new();
        let applied = after.apply(choice, self.scene, self.names, &mut seen);
        (self.audience.seen)(&seen);
        let transitions = after.execution.transitions();
        if let Err(violation) = applied {
            return self.broken(from, choice, transitions, violation);
        }
        let (to, new) = self.meet(after.fingerprint(), from, choice);
        if to == from {
            // What came once more changed nothing.
            return;
        }
        self.found.edges.push(Edge {
            from,
            to,
            cost: after.cost,
        });
        if !new {
            return;
        }
        match after.ending {
            // It had ended before that came.
            _ if matches!(choice, Choice::Late(_) | Choice::Stray { .. }) => {}
            Some(Ending::Completed) => self.found.endings.completed += 1,
            Some(Ending::Compensated) => self.found.endings.compensated += 1,
            Some(Ending::Parked) => self.found.endings.parked += 1,
            Some(Ending::Recovered) | None => {}
        }
        queue.entry(transitions).or_default().push_back((to, after));
    }

    fn broken(&mut self, from: u32, choice: Choice, transitions: u64, violation: Violation) {
        if transitions < self.best {
            self.best = transitions;
            self.found.violation = Some((Some(from as usize), Some(choice), violation));
        }
    }

    /// The number of a state, and whether it is new.
    fn meet(&mut self, fingerprint: u128, from: u32, choice: Choice) -> (u32, bool) {
        let number = u32::try_from(self.found.ways.len()).unwrap_or(u32::MAX);
        let known = *self.met.entry(fingerprint).or_insert(number);
        if known != number {
            return (known, false);
        }
        self.found.ways.push(Way { from, choice });
        self.found.given_up = self.found.ways.len() > self.limits.states;
        if self.found.ways.len().is_multiple_of(1024) {
            (self.audience.progress)(self.found.steps, self.found.ways.len());
        }
        (number, true)
    }
}

impl Explored {
    /// What was chosen on the way to a state, in order.
    pub(crate) fn way_to(&self, state: usize) -> Vec<Choice> {
        let mut choices = Vec::new();
        let mut at = state;
        while at > 0
            && let Some(way) = self.ways.get(at)
        {
            choices.push(way.choice);
            at = way.from as usize;
        }
        choices.reverse();
        choices
    }
}
