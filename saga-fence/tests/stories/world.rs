//! A story: two items of one step, their deliveries in flight, time, a store that fails, and chance.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use saga_fence::{
    Delivery, Ended, Failure, Key, Memory, Next, Order, Outcome, Passage, Phase, Reply, Stage,
    Swapped, Write,
};

use crate::chance::Chance;
use crate::client::{Client, Move};
use crate::ledger::Ledger;

/// How long a function may run.
const FUNCTION: u64 = 100;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// An item's state machine makes a delivery.
    Deliver(usize, u64),
    /// It has waited long enough for the answer of that attempt.
    GiveUp(usize, u64),
    Abort(usize),
    /// A late redrive of an execution that was recovered.
    Redrive(usize),
    /// A delivery gets on.
    Step(usize),
    Effect(usize),
    End(usize),
}

struct Flight {
    item: usize,
    phase: Phase,
    order: Order,
    until: u64,
    /// The attempt whose answer this is, if it reaches the state machine.
    counts_for: Option<u64>,
    passage: Option<(Passage, Next)>,
    ended: Option<Ended>,
}

pub struct World {
    chance: Chance,
    now: u64,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    made: u64,
    store: Memory,
    flights: Vec<Flight>,
    items: Vec<(Key, Client, Ledger)>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let item = |path: &str| {
            (
                Key::new("arn", "Reserve", Some(path)),
                Client::new(),
                Ledger::default(),
            )
        };
        let mut world = Self {
            chance: Chance::new(seed),
            now: 1_000,
            events: BinaryHeap::new(),
            made: 0,
            store: Memory::default(),
            flights: Vec::new(),
            items: vec![item("Items[0]"), item("Items[1]")],
        };
        for item in 0..world.items.len() {
            let delay = world.chance.below(100);
            world.items[item].1.order.entered = world.now + delay;
            world.after(delay, Event::Deliver(item, 0));
            if world.chance.percent(25) {
                let delay = world.chance.below(600);
                world.after(delay, Event::Abort(item));
            }
        }
        world
    }

    /// Tells the story to its end.
    pub fn run(&mut self) -> Result<(), String> {
        let mut events = 0;
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            self.now = at;
            self.happens(event)?;
            events += 1;
            if events > 5_000 {
                return Err("it does not end".into());
            }
        }
        for (_, client, ledger) in &self.items {
            ledger.settles(client.end.ok_or("it ended nowhere")?)?;
        }
        Ok(())
    }

    pub fn ends(&self) -> impl Iterator<Item = &'static str> {
        self.items.iter().filter_map(|(_, client, _)| client.end)
    }

    fn after(&mut self, delay: u64, event: Event) {
        self.made += 1;
        self.events
            .push(Reverse((self.now + delay, self.made, event)));
    }

    fn happens(&mut self, event: Event) -> Result<(), String> {
        match event {
            // What was planned before an abort, the abort replaced.
            Event::Deliver(item, attempt) if self.items[item].1.attempt == attempt => {
                self.deliver(item)
            }
            Event::Deliver(..) => {}
            Event::GiveUp(item, attempt) if self.items[item].1.attempt == attempt => {
                self.hears(item, None)
            }
            Event::GiveUp(..) => {}
            Event::Abort(item) if self.items[item].1.end.is_none() => {
                let go_on = self.items[item].1.recovers(self.now);
                self.moves(item, go_on);
                let delay = self.chance.below(2_000);
                self.after(delay, Event::Redrive(item));
            }
            Event::Abort(_) => {}
            Event::Redrive(item) => {
                let order = Order {
                    entered: 1_050,
                    redrive: 1,
                    attempt: 0,
                };
                self.flies(item, Phase::Do, order, 0, None);
            }
            Event::Step(flight) => return self.steps(flight),
            Event::Effect(flight) => {
                let (item, phase) = (self.flights[flight].item, self.flights[flight].phase);
                return self.items[item].2.takes_effect(phase);
            }
            Event::End(flight) => self.work_ends(flight),
        }
        Ok(())
    }

    /// Makes a delivery, and perhaps a duplicate of it, however late. Where the first answer is lost, the
    /// duplicate's counts.
    fn deliver(&mut self, item: usize) {
        let Client {
            phase,
            order,
            attempt,
            ..
        } = self.items[item].1;
        let (lost, delay) = (self.chance.percent(15), self.chance.below(20));
        self.flies(item, phase, order, delay, (!lost).then_some(attempt));
        if self.chance.percent(30) {
            let late = if self.chance.percent(50) { 100 } else { 1_500 };
            let delay = self.chance.below(late);
            self.flies(item, phase, order, delay, lost.then_some(attempt));
        }
        self.after(20 + FUNCTION + 15, Event::GiveUp(item, attempt));
    }

    fn flies(
        &mut self,
        item: usize,
        phase: Phase,
        order: Order,
        delay: u64,
        counts_for: Option<u64>,
    ) {
        self.flights.push(Flight {
            item,
            phase,
            order,
            until: 0,
            counts_for,
            passage: None,
            ended: None,
        });
        self.after(delay, Event::Step(self.flights.len() - 1));
    }

    fn hears(&mut self, item: usize, reply: Option<&Reply>) {
        let go_on = self.items[item].1.hears(reply, self.now, &mut self.chance);
        self.moves(item, go_on);
    }

    fn moves(&mut self, item: usize, go_on: Move) {
        let client = &mut self.items[item].1;
        // Whatever is still under way is no longer waited for.
        client.attempt += 1;
        if let Move::Deliver(_, delay) = go_on {
            let attempt = client.attempt;
            self.after(delay, Event::Deliver(item, attempt));
        }
    }

    fn steps(&mut self, flight: usize) -> Result<(), String> {
        let Flight {
            item, phase, order, ..
        } = self.flights[flight];
        let (passage, next) = match self.flights[flight].passage.take() {
            Some(on_its_way) => on_its_way,
            None => {
                let until = self.now + FUNCTION;
                self.flights[flight].until = until;
                let id = format!("request {flight}");
                Passage::begin(Delivery {
                    phase,
                    order,
                    id,
                    now: self.now,
                    until,
                })
            }
        };
        // The process dies: at the end of its time, or anywhere.
        if self.now >= self.flights[flight].until || self.chance.percent(2) {
            return Ok(());
        }
        match next {
            Next::Write(write) => self.writes(flight, passage, &write)?,
            Next::Act => {
                self.items[item].2.acts(flight, phase, order)?;
                let until = self.flights[flight].until;
                let end = (self.now + 1 + self.chance.below(FUNCTION + 30)).min(until);
                self.plan(flight, end);
                self.flights[flight].passage = Some((passage, Next::Act));
            }
            Next::Reply(reply) => {
                self.items[item].2.replied(flight, phase, order, &reply)?;
                let attempt = self.items[item].1.attempt;
                if self.flights[flight].counts_for == Some(attempt)
                    && self.items[item].1.end.is_none()
                {
                    self.hears(item, Some(&reply));
                }
            }
        }
        Ok(())
    }

    /// A compare-and-swap, by a store that loses requests and answers; a lost one is asked once more, or not.
    fn writes(&mut self, flight: usize, mut passage: Passage, write: &Write) -> Result<(), String> {
        let (key, _, ledger) = &mut self.items[self.flights[flight].item];
        let key = key.clone();
        let swapped = match self.chance.below(20) {
            0 => Swapped::Failed("the request was lost".into()),
            1 => {
                self.store.swap(&key, write);
                Swapped::Failed("the answer was lost".into())
            }
            2 => {
                self.store.swap(&key, write);
                self.store.swap(&key, write)
            }
            _ => self.store.swap(&key, write),
        };
        let written = self
            .store
            .get(&key)
            .is_some_and(|record| *record == write.record);
        if written
            && write.record.by.id == format!("request {flight}")
            && write.record.stage == Stage::Begun
        {
            ledger.claims(flight)?;
        }
        let next = passage.wrote(swapped);
        self.flights[flight].passage = Some((passage, next));
        let delay = self.chance.below(10);
        self.after(delay, Event::Step(flight));
        Ok(())
    }

    /// How the handler will fare: when it ends, whether it has its effect, and what it says of that.
    fn plan(&mut self, flight: usize, end: u64) {
        let failure = |outcome| {
            Ended::Failed(Failure {
                name: "Declared".into(),
                message: "no".into(),
                outcome,
            })
        };
        let (effect, ended) = match self.chance.below(100) {
            0..45 => (true, Some(Ended::Answered(format!("answer {flight}")))),
            45..70 => (false, Some(failure(Outcome::NotDone))),
            70..80 => (self.chance.percent(50), Some(failure(Outcome::Unknown))),
            _ => (self.chance.percent(60), None),
        };
        let killed = end == self.flights[flight].until;
        self.flights[flight].ended = ended.filter(|_| !killed);
        if effect {
            let delay = self.chance.below(end - self.now);
            self.after(delay, Event::Effect(flight));
        }
        self.after(end - self.now, Event::End(flight));
    }

    fn work_ends(&mut self, flight: usize) {
        self.items[self.flights[flight].item].2.ends(flight);
        let ended = self.flights[flight].ended.take();
        if let (Some(ended), Some((mut passage, _))) = (ended, self.flights[flight].passage.take())
        {
            let next = passage.acted(ended);
            self.flights[flight].passage = Some((passage, next));
            self.after(0, Event::Step(flight));
        }
    }
}
