//! What starts a saga: requests, the clock, events, messages.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::place::Place;
use saga_manifest::trigger as entry;
use saga_manifest::trigger::{Access, Source, Trigger};
use serde_json::Value;

use crate::data::SagaData;
use crate::node::{Arena, Node, Presence};
use crate::place;
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::resource::Queue;

/// Requests in a second, where an author says nothing of it.
const RATE: u32 = 10;

/// Requests at once, where an author says nothing of it.
const BURST: u32 = 20;

/// What starts a saga with the input `I`; [`Saga::triggers`](crate::Saga::triggers) states it.
///
/// A *business key* is a field of the input that names the execution: what is delivered or asked for twice
/// starts one execution.
///
/// ```
/// # use saga_dsl::prelude::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, SagaData)]
/// # pub struct Fare { pub fare_id: String, pub kind: String, pub line: u32 }
/// # #[derive(SagaQueue)] #[queue(message = Fare)] pub struct Fares;
/// fn triggers(on: &mut Triggers<'_, Fare>) {
///     on.http("/fares", |fare| fare.fare_id).throttle(5, 10);
///     on.event("com.metro.gates", "Passed", |fare| fare.fare_id)
///         .matching(|fare| fare.kind, ["single", "return"]);
///     on.queue::<Fares>(|fare| fare.fare_id);
///     let nightly = Fare { fare_id: "nightly".into(), kind: "sweep".into(), line: 1 };
///     on.cron("0 2 * * ? *", nightly).in_time_zone("Europe/Zurich");
/// }
/// ```
pub struct Triggers<'r, I> {
    recorder: &'r mut Recorder,
    http: Vec<Stated<entry::Http>>,
    schedules: Vec<Stated<entry::Schedule>>,
    events: Vec<Stated<entry::Event>>,
    queues: Vec<Stated<entry::FromQueue>>,
    of: PhantomData<fn() -> I>,
}

/// A trigger, and where it is stated.
type Stated<T> = (Place, T);

/// Requests that start a saga: signed ones, if nothing else is said.
pub struct Http<'t>(&'t mut entry::Http);

/// A clock that starts a saga.
pub struct Schedule<'t>(&'t mut entry::Schedule);

/// Events that start a saga.
pub struct Event<'t, I> {
    entry: &'t mut entry::Event,
    recorder: &'t mut Recorder,
    of: PhantomData<fn() -> I>,
}

impl<'r, I: SagaData> Triggers<'r, I> {
    pub(crate) fn new(recorder: &'r mut Recorder) -> Self {
        Self {
            recorder,
            http: Vec::new(),
            schedules: Vec::new(),
            events: Vec::new(),
            queues: Vec::new(),
            of: PhantomData,
        }
    }

    /// What was stated, one kind after the other.
    pub(crate) fn finish(self) -> Vec<Trigger> {
        let http = self.http.into_iter();
        let http = http.map(|(place, http)| (place, Source::Http(http)));
        let schedules = self.schedules.into_iter();
        let schedules = schedules.map(|(place, schedule)| (place, Source::Schedule(schedule)));
        let events = self.events.into_iter();
        let events = events.map(|(place, event)| (place, Source::Event(event)));
        let queues = self.queues.into_iter();
        let queues = queues.map(|(place, queue)| (place, Source::Queue(queue)));
        let all = http.chain(schedules).chain(events).chain(queues);
        all.map(|(place, source)| Trigger { place, source })
            .collect()
    }

    /// `POST` on this path starts the saga with the body as its input, and answers 202 with the address
    /// `<path>/<key>`, where `GET` tells what became of it. The same request again starts nothing, and is
    /// answered in the same way; the same key with another input is answered with 409. A body that is not
    /// the saga's input is answered with 400, which says the field. A key is 1 to 80 letters, digits, `-` and
    /// `_`.
    ///
    /// Requests are signed, and IAM says whose are taken, if nothing else is said here.
    #[track_caller]
    pub fn http(
        &mut self,
        path: &str,
        key: impl for<'s> FnOnce(Ref<'s, I>) -> Ref<'s, String>,
    ) -> Http<'_> {
        let at = Location::caller();
        let http = entry::Http {
            path: path.into(),
            key: names(key, self.recorder, at),
            access: Access::Iam,
            rate: RATE,
            burst: BURST,
        };
        Http(&mut self.http.push_mut((place::of(at), http)).1)
    }

    /// Starts the saga again and again, with this input.
    ///
    /// EventBridge Scheduler may start one twice, and no key of theirs says so: a first step that refuses what
    /// is there already (`Table::put`) makes the second one do nothing.
    #[track_caller]
    pub fn every(&mut self, period: Duration, input: I) -> Schedule<'_> {
        let at = Location::caller();
        let seconds = period.as_secs();
        if seconds == 0 || !seconds.is_multiple_of(60) || period.subsec_nanos() != 0 {
            let message = "a schedule has a period of whole minutes";
            let help =
                "state it as `Duration::from_secs(minutes * 60)`, or a time of day by `cron`";
            self.recorder.problem(message, help, at);
        }
        self.schedule(format!("rate({} minutes)", seconds / 60), &input, at)
    }

    /// Starts the saga at times of the day, in UTC if nothing else is said, with this input: `0 9 * * ? *` is
    /// at nine each day. What [`every`](Self::every) says of second ones holds here.
    #[track_caller]
    pub fn cron(&mut self, fields: &str, input: I) -> Schedule<'_> {
        self.schedule(format!("cron({fields})"), &input, Location::caller())
    }

    /// An event of this source and detail type starts the saga; its `detail` is the input. An event that
    /// comes twice starts one; one that cannot start any lies in the saga's queue of what was not started.
    #[track_caller]
    pub fn event(
        &mut self,
        source: &str,
        detail_type: &str,
        key: impl for<'s> FnOnce(Ref<'s, I>) -> Ref<'s, String>,
    ) -> Event<'_, I> {
        let at = Location::caller();
        let event = entry::Event {
            source: source.into(),
            detail_type: detail_type.into(),
            key: names(key, self.recorder, at),
            bus: None,
            filters: Vec::new(),
        };
        Event {
            entry: &mut self.events.push_mut((place::of(at), event)).1,
            recorder: self.recorder,
            of: PhantomData,
        }
    }

    /// A message in this queue starts the saga; its body is the input. A message that comes twice starts one;
    /// one that cannot start any lies in the saga's queue of what was not started.
    #[track_caller]
    pub fn queue<Q: Queue<Message = I>>(
        &mut self,
        key: impl for<'s> FnOnce(Ref<'s, I>) -> Ref<'s, String>,
    ) {
        let at = Location::caller();
        self.recorder.queue::<Q>();
        let queue = entry::FromQueue {
            queue: Q::declare().name,
            key: names(key, self.recorder, at),
        };
        self.queues.push((place::of(at), queue));
    }

    fn schedule(&mut self, expression: String, input: &I, at: &Location<'_>) -> Schedule<'_> {
        let input = serde_json::to_value(input).unwrap_or_else(|error| {
            let message = format!("the schedule's input is no JSON: {error}");
            self.recorder.problem(&message, "state another input", at);
            Value::Null
        });
        let schedule = entry::Schedule {
            expression,
            time_zone: None,
            input,
        };
        Schedule(&mut self.schedules.push_mut((place::of(at), schedule)).1)
    }
}

impl Http<'_> {
    /// Takes so many requests a second, as a mean, and so many at once; 10 and 20 where nothing is said.
    pub fn throttle(self, rate: u32, burst: u32) -> Self {
        (self.0.rate, self.0.burst) = (rate, burst);
        self
    }

    /// Asks a function of yours who may, by the token in the header `Authorization`. A parameter of the
    /// template holds its ARN.
    pub fn authorizer(self, parameter: &str) -> Self {
        let parameter = parameter.into();
        self.0.access = Access::Authorizer { parameter };
        self
    }

    /// Takes requests of everybody. The reason is kept in the template.
    pub fn open_because(self, reason: &str) -> Self {
        let reason = reason.into();
        self.0.access = Access::Open { reason };
        self
    }
}

impl Schedule<'_> {
    /// Reads the times of `cron` in this time zone, as IANA names it: `Europe/Zurich`.
    pub fn in_time_zone(self, name: &str) -> Self {
        self.0.time_zone = Some(name.into());
        self
    }
}

impl<I: SagaData> Event<'_, I> {
    /// Takes only events in whose detail this field has one of these values.
    #[track_caller]
    pub fn matching<T, V: serde::Serialize>(
        self,
        field: impl for<'s> FnOnce(Ref<'s, I>) -> Ref<'s, T>,
        any_of: impl IntoIterator<Item = V>,
    ) -> Self
    where
        T: SagaData + PartialEq<V>,
    {
        let at = Location::caller();
        let any_of = any_of.into_iter().map(serde_json::to_value);
        let filter = entry::DetailFilter {
            path: names(field, self.recorder, at),
            any_of: any_of.map(Result::unwrap_or_default).collect(),
        };
        self.entry.filters.push(filter);
        self
    }

    /// Listens on another bus than the account's default one. A parameter of the template holds its name.
    pub fn on_bus(self, parameter: &str) -> Self {
        self.entry.bus = Some(parameter.into());
        self
    }
}

/// The names on the way to a field that is always there.
fn names<I: SagaData, T>(
    field: impl for<'s> FnOnce(Ref<'s, I>) -> Ref<'s, T>,
    recorder: &mut Recorder,
    at: &Location<'_>,
) -> Vec<String> {
    let arena = Arena::default();
    let node = field(Ref::new(&arena, Node::Input)).node();
    let mut names = Vec::new();
    if !walk(&node, &mut names) || names.is_empty() {
        let message = "this is no field of the saga's input that is always there";
        let help = "name one by `|input| input.field`; one that may be absent names nothing";
        recorder.problem(message, help, at);
    }
    names
}

fn walk(node: &Node<'_>, names: &mut Vec<String>) -> bool {
    match node {
        Node::Input => true,
        Node::Field {
            of,
            name,
            presence: Presence::Required,
        } => {
            let found = walk(of, names);
            names.push((*name).to_owned());
            found
        }
        _ => false,
    }
}
