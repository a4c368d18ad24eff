//! A choreography over a bus that delivers at least once, in any order and when it likes, to processes
//! that may die between any two of their steps.

use std::collections::BTreeMap;

use saga_choreography::{Action, Choreography, Ended, Event, Happened, Message, Outcome, Record};
use saga_fence::{Delivery, Phase, Reply};
use serde_json::Value;

use crate::dice::Dice;
use crate::guarantee::Broken;
use crate::machine::End;
use crate::service::{FUNCTION, Fault, Got, Service, Visit};

/// The saga's id.
pub const SAGA: &str = "saga";

/// How long Lambda waits before it invokes a function again that failed, in milliseconds, and how often it does.
const AGAIN: [u64; 2] = [60_000, 120_000];

/// What the bus and the processes do, so many times in a thousand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Whether what could happen next happens in a random order.
    pub shuffled: bool,
    /// How often time passes while something could happen at once.
    pub hurries: u64,
    /// Events that are delivered twice.
    pub twice: u64,
    /// Events that are delayed.
    pub late: u64,
    /// Milliseconds of a delay at most.
    pub delay: u64,
    /// Processes that die at a step.
    pub dies: u64,
    /// Handlers that fail.
    pub faults: u64,
}

/// A run of one saga.
pub struct Bus<'c, 'm> {
    choreography: &'c Choreography,
    weather: Weather,
    dice: Dice,
    now: u64,
    number: u64,
    /// The saga's item in the table.
    pub record: Record,
    /// How many events were delivered.
    pub deliveries: u64,
    /// Every event that was delivered, by its id.
    pub seen: BTreeMap<String, Event>,
    ready: Vec<Activity>,
    later: BTreeMap<(u64, u64), Activity>,
    service: Service<'m>,
}

/// Something that is going on.
#[derive(Clone, Debug)]
enum Activity {
    /// The table's stream holds an outbox that nobody has confirmed.
    Publish(Message),
    /// An event is on its way to its rule's target, for the which time.
    Deliver(Event, usize),
    /// A function passes its fence.
    Visit(Box<Visit>, Event, usize, u64),
    /// It writes down what happened, from the record that it has read.
    Write(Happened, Box<Record>, Event, usize),
}

impl<'c, 'm> Bus<'c, 'm> {
    /// A saga that was just started.
    #[must_use]
    pub fn start(
        choreography: &'c Choreography,
        input: &Value,
        service: Service<'m>,
        weather: Weather,
        seed: u64,
    ) -> Self {
        let record = choreography.begin(SAGA, input.clone(), "request", 0);
        let mut bus = Self {
            choreography,
            weather,
            dice: Dice::new(seed),
            now: 0,
            number: 0,
            deliveries: 0,
            seen: BTreeMap::new(),
            ready: Vec::new(),
            later: BTreeMap::new(),
            service,
            record,
        };
        bus.stream();
        bus
    }

    /// The handlers, and what they did.
    pub fn service(&mut self) -> &mut Service<'m> {
        &mut self.service
    }

    /// From now on the weather is fine.
    pub fn clear_up(&mut self) {
        self.weather = Weather::default();
        self.service.plans.clear();
    }

    /// An operator lets it go on.
    pub fn redrive(&mut self) {
        self.number += 1;
        let id = format!("redrive {}", self.number);
        let event = self.choreography.redrive_request(&self.record.id, &id);
        self.ready.push(Activity::Deliver(event, 0));
    }

    /// Runs until nothing is on its way any more.
    ///
    /// # Errors
    /// A guarantee that is broken.
    pub fn run(&mut self) -> Result<End, Broken> {
        for _ in 0..200_000 {
            let pass_time = self.dice.chance(self.weather.hurries);
            if self.ready.is_empty() || pass_time {
                match self.later.pop_first() {
                    Some(((at, _), activity)) => {
                        self.now = self.now.max(at);
                        self.kill_overdue();
                        self.ready.push(activity);
                    }
                    None if self.ready.is_empty() => return self.end(),
                    None => {}
                }
            }
            let choices = self.ready.len() as u64;
            let place = match self.weather.shuffled {
                true => usize::try_from(self.dice.below(choices)).unwrap_or_default(),
                false => 0,
            };
            if place < self.ready.len() {
                let activity = self.ready.remove(place);
                self.get_on(activity)?;
            }
        }
        Err("it never comes to rest".into())
    }

    fn end(&self) -> Result<End, Broken> {
        match &self.record.ended {
            Some(Ended::Completed(output)) => Ok(End::Completed(output.clone())),
            Some(Ended::Compensated) => Ok(End::Compensated),
            None if self.record.is_parked() => Ok(End::Parked),
            None => Err("nothing is on its way, and the saga has not ended".into()),
        }
    }

    fn get_on(&mut self, activity: Activity) -> Result<(), Broken> {
        if self.dice.chance(self.weather.dies) {
            self.die(activity);
            return Ok(());
        }
        match activity {
            Activity::Publish(message) => self.publish(message),
            Activity::Deliver(event, tries) => self.deliver(event, tries),
            Activity::Visit(visit, event, tries, until) => {
                return self.visit(visit, event, tries, until);
            }
            Activity::Write(happened, read, event, tries) => {
                self.write(happened, &read, event, tries);
            }
        }
        Ok(())
    }

    /// A process dies. What the stream holds is read again; a function is invoked again, but not for ever.
    fn die(&mut self, activity: Activity) {
        match activity {
            Activity::Publish(message) => {
                // It may have reached the bus all the same.
                if self.dice.chance(500) {
                    self.publish(message.clone());
                }
                self.ready.push(Activity::Publish(message));
            }
            Activity::Visit(visit, event, tries, _) => {
                let happened = self.dice.chance(500);
                self.service.kill(&visit, happened);
                self.invoke_again(event, tries);
            }
            Activity::Deliver(event, tries) | Activity::Write(_, _, event, tries) => {
                self.invoke_again(event, tries);
            }
        }
    }

    fn invoke_again(&mut self, event: Event, tries: usize) {
        if let Some(pause) = AGAIN.get(tries) {
            self.at(self.now + pause, Activity::Deliver(event, tries + 1));
        }
    }

    /// Lambda ends functions whose time is over.
    fn kill_overdue(&mut self) {
        let now = self.now;
        let (over, ready) = std::mem::take(&mut self.ready).into_iter().partition(
            |activity| matches!(activity, Activity::Visit(_, _, _, until) if *until <= now),
        );
        self.ready = ready;
        let over: Vec<Activity> = over;
        over.into_iter().for_each(|activity| self.die(activity));
    }

    fn at(&mut self, at: u64, activity: Activity) {
        self.number += 1;
        self.later.insert((at, self.number), activity);
    }

    /// What was written is in the table's stream.
    fn stream(&mut self) {
        let outbox = self.record.outbox.iter().cloned();
        self.ready.extend(outbox.map(Activity::Publish));
    }

    fn publish(&mut self, message: Message) {
        let copies = 1 + u64::from(self.dice.chance(self.weather.twice));
        for _ in 0..copies {
            let delay = match self.dice.chance(self.weather.late) {
                true => self.dice.below(self.weather.delay),
                false => 0,
            };
            let due = message.not_before.unwrap_or(self.now).max(self.now) + delay;
            let delivery = Activity::Deliver(message.event.clone(), 0);
            match due > self.now {
                true => self.at(due, delivery),
                false => self.ready.push(delivery),
            }
        }
    }

    fn deliver(&mut self, event: Event, tries: usize) {
        self.deliveries += 1;
        self.seen.insert(event.id.clone(), event.clone());
        let step = event.step.clone().unwrap_or_default();
        let phase = match event.action {
            Action::Do => Phase::Do,
            Action::Undo => Phase::Undo,
            _ => {
                let key = saga_fence::Key::new(SAGA, &step, None);
                if let Some(happened) = Happened::of(&event, self.service.fences.get(&key)) {
                    self.write_later(happened, event, tries);
                }
                return;
            }
        };
        self.number += 1;
        let until = self.now + FUNCTION;
        let delivery = Delivery {
            phase,
            order: event.order(),
            id: self.number.to_string(),
            now: self.now,
            until,
        };
        let visit = Visit::new(SAGA, &step, delivery, event.data.clone());
        let visit = match self.choreography.is_fenced(&step, event.action.is_undo()) {
            true => visit,
            false => visit.unfenced(),
        };
        self.ready
            .push(Activity::Visit(Box::new(visit), event, tries, until));
    }

    fn visit(
        &mut self,
        mut visit: Box<Visit>,
        event: Event,
        tries: usize,
        until: u64,
    ) -> Result<(), Broken> {
        let fault = match self.dice.chance(self.weather.faults) {
            true => self.dice.one_of(&Fault::ALL).copied(),
            false => None,
        };
        match self.service.step(&mut visit, fault)? {
            Got::On => self.ready.push(Activity::Visit(visit, event, tries, until)),
            Got::Died => self.invoke_again(event, tries),
            Got::Reply(reply) => self.answered(reply, event, tries),
        }
        Ok(())
    }

    fn answered(&mut self, reply: Reply, event: Event, tries: usize) {
        let happened = Happened::Answered(Outcome {
            step: event.step.clone().unwrap_or_default(),
            undo: event.action.is_undo(),
            order: event.order(),
            reply,
        });
        self.write_later(happened, event, tries);
    }

    fn write_later(&mut self, happened: Happened, event: Event, tries: usize) {
        let read = Box::new(self.record.clone());
        self.ready
            .push(Activity::Write(happened, read, event, tries));
    }

    fn write(&mut self, mut happened: Happened, read: &Record, event: Event, tries: usize) {
        if self.choreography.gives_up(read, &happened, self.now) {
            let step = event.step.as_deref().unwrap_or_default();
            let key = saga_fence::Key::new(SAGA, step, None);
            let fence = self.service.seal(&key, event.order(), &event.id, self.now);
            let sealed = fence.and_then(|fence| Happened::of_sealed(&event, &fence, self.now));
            let Some(sealed) = sealed else { return };
            happened = sealed;
        }
        let next = self
            .choreography
            .advance(read, &happened, &event.id, self.now);
        let Some(next) = next else { return };
        if self.record.revision != read.revision {
            return self.write_later(happened, event, tries);
        }
        self.record = next;
        self.stream();
    }
}
