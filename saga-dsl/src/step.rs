//! Steps, and the calls of them that a flow is made of.

use std::marker::PhantomData;
use std::time::Duration;

use saga_manifest::error::Outcome;
use saga_manifest::step::{EventName, Events};
use saga_manifest::task::Task;

use crate::data::SagaData;
use crate::error::{RaisedBy, SagaError};
use crate::node::Arena;
use crate::recorder::Recorder;
use crate::reference::Ref;
use crate::retry::Retry;

/// A step: one local transaction. Derive it for the struct that is its input
/// (`#[derive(Serialize, Deserialize, SagaStep)]`), or use the direct integrations of
/// [`Table`](crate::Table), [`Topic`](crate::Topic) and [`Queue`](crate::Queue).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a step",
    label = "nothing is declared of this as a step",
    note = "derive it for the struct that is its input: `#[derive(Serialize, Deserialize, SagaStep)]`"
)]
pub trait Step: 'static {
    /// What it answers.
    type Output: SagaData;
    /// The errors it declares.
    type Error: SagaError;

    /// The name of its instances that are not `.named(…)`.
    fn name() -> String;

    /// Its doc comment.
    fn description() -> Option<&'static str> {
        None
    }

    /// How long its work may take.
    const TIMEOUT: Duration;

    /// The longest time between two heartbeats.
    const HEARTBEAT: Option<Duration> = None;

    /// How what is not declared is retried.
    const RETRY_OTHERS: Retry = Retry::NEVER;

    /// The errors of the service that stands in front of it.
    #[doc(hidden)]
    type Service: crate::error::ErrorKind;
}

/// States that this step undoes `S`, which says so: `#[step(compensation = RefundFare)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as the compensation of `{S}`",
    label = "this does not undo `{S}`",
    note = "a step names what undoes it: `#[step(compensation = {Self})]`; a saga does where another nests it: \
            `#[saga(compensation = {Self})]`"
)]
// It is `Undoes<S> for C` and not `UndoneBy<C> for S`: of a single impl of the latter, rustc would infer
// what the closure of `compensate` answers, and report that instead.
pub trait Undoes<S>: Step {}

/// What a call does, once its arguments are known.
#[doc(hidden)]
pub type Lower<'s> = Box<dyn FnOnce(&'s Arena, &mut Recorder) -> Task + 's>;

/// A call of a step: the struct of references that the derive makes (`ChargeFareRef { … }`), with what
/// this call says otherwise than the step's declaration.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a call of a step",
    label = "this calls nothing",
    note = "a step is called by its references, which its derive makes: the step `Ship` by `ShipRef {{ … }}`",
    note = "what compensates a call is stated in `saga.step(…)` alone"
)]
pub trait Call<'s>: Sized {
    /// The step.
    type Step: Step;

    /// The call with nothing said about it yet.
    fn prepare(self) -> Prepared<'s, Self::Step>;

    /// Names this instance of the step: the name of its state, unique in the saga.
    fn named(self, name: &'s str) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.name = Some(name);
        call
    }

    /// Retries a declared error of the step otherwise than its declaration says.
    #[track_caller]
    fn retry<K: RaisedBy<Self::Step>>(self, on: K, policy: Retry) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.retries
            .extend(on.names().iter().map(|name| (*name, policy)));
        call
    }

    /// Says whether this call may have had its effect when it answers a declared error, where the step's
    /// declaration says otherwise, and why: a step that was surely not done is not undone.
    ///
    /// ```
    /// # use saga_dsl::prelude::*;
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/trip.rs"));
    /// fn approve<'s>(trip: Ref<'s, Trip>) -> impl Call<'s> {
    ///     CheckRef { trip: trip.id }.outcome(
    ///         TripErrorKind::TooDear,
    ///         Outcome::Unknown,
    ///         "the bureau may have noted the price before it refused",
    ///     )
    /// }
    /// # fn main() {}
    /// ```
    fn outcome<K: RaisedBy<Self::Step>>(
        self,
        on: K,
        outcome: Outcome,
        because: &'s str,
    ) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.outcomes
            .extend(on.names().iter().map(|name| (*name, outcome, because)));
        call
    }

    /// Retries what the service in front of the step reports (throttles, its own failures) otherwise
    /// than by default.
    fn retry_service(self, policy: Retry) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        let kinds = <<Self::Step as Step>::Service as crate::error::ErrorKind>::all();
        call.retries.extend(
            kinds
                .into_iter()
                .flat_map(crate::error::ErrorKind::names)
                .map(|name| (*name, policy)),
        );
        call
    }

    /// Retries every error that has no policy of its own; [`Retry::NEVER`], said for an error of this call, is
    /// one.
    fn retry_others(self, policy: Retry) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.retry_others = Some(policy);
        call
    }

    /// Names the event that tells that this call is done, where the saga goes by events: who says so, and what happened
    /// (`"com.order"`, `"OrderCreated"`). Else it is called after the step. On Step Functions it means nothing.
    fn tells(self, source: &str, kind: &str) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.events.done = Some(event_name(source, kind));
        call
    }

    /// Names the event that tells that this call failed for good, and that what was done before is undone.
    fn tells_failure(self, source: &str, kind: &str) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.events.failed = Some(event_name(source, kind));
        call
    }

    /// Gives this call another time than the step's declaration: whole seconds.
    fn timeout(self, timeout: Duration) -> Prepared<'s, Self::Step> {
        let mut call = self.prepare();
        call.timeout = Some(timeout);
        call
    }

    /// States what undoes this step. The closure is given its output as an option: when the outcome is
    /// unknown, there is none.
    fn compensate<U, F>(self, undo: F) -> Compensating<'s, Self::Step, F>
    where
        F: FnOnce(MaybeOutput<'s, Self::Step>) -> U,
        U: Call<'s>,
        U::Step: Undoes<Self::Step>,
    {
        Compensating {
            call: self.prepare(),
            undo,
        }
    }
}

fn event_name(source: &str, kind: &str) -> EventName {
    EventName {
        source: source.to_owned(),
        kind: kind.to_owned(),
    }
}

/// The output of a step that may not have happened.
pub type MaybeOutput<'s, S> = Ref<'s, Option<<S as Step>::Output>>;

/// A call, and what is said of it.
pub struct Prepared<'s, S> {
    pub(crate) lower: Lower<'s>,
    pub(crate) name: Option<&'s str>,
    pub(crate) retries: Vec<(&'static str, Retry)>,
    pub(crate) outcomes: Vec<(&'static str, Outcome, &'s str)>,
    pub(crate) retry_others: Option<Retry>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) events: Events,
    of: PhantomData<fn() -> S>,
}

impl<'s, S: Step> Prepared<'s, S> {
    /// A call that does what `lower` says.
    #[doc(hidden)]
    pub fn new(lower: impl FnOnce(&'s Arena, &mut Recorder) -> Task + 's) -> Self {
        Self {
            lower: Box::new(lower),
            name: None,
            retries: Vec::new(),
            outcomes: Vec::new(),
            retry_others: None,
            timeout: None,
            events: Events::default(),
            of: PhantomData,
        }
    }
}

impl<'s, S> Prepared<'s, S> {
    /// The call with a task that is made of its own.
    pub(crate) fn lowered(
        mut self,
        change: impl FnOnce(Task, &'s Arena, &mut Recorder) -> Task + 's,
    ) -> Self {
        let lower = self.lower;
        self.lower = Box::new(move |arena, recorder| {
            let task = lower(arena, recorder);
            change(task, arena, recorder)
        });
        self
    }
}

impl<S: Step> Prepared<'_, S> {
    /// The name of the step instance.
    pub(crate) fn instance(&self) -> String {
        self.name.map_or_else(S::name, str::to_owned)
    }
}

impl<'s, S: Step> Call<'s> for Prepared<'s, S> {
    type Step = S;

    fn prepare(self) -> Prepared<'s, S> {
        self
    }
}

/// A call that says what compensates it.
pub struct Compensating<'s, S, F> {
    pub(crate) call: Prepared<'s, S>,
    pub(crate) undo: F,
}

/// What [`Flow::step`](crate::Flow::step) takes: a call with its compensation.
#[diagnostic::on_unimplemented(
    message = "this step does not say what compensates it",
    label = "no compensation",
    note = "add `.compensate(|output| …)`; or say that the step is the point of no return (`saga.pivot(…)`), \
            comes after it (`saga.forward(…)`), or has no effect (`saga.read(…)`)"
)]
pub trait Compensated<'s> {
    /// The step.
    type Step: Step;
    /// What undoes it.
    type Undo: Call<'s>;

    /// The name of the step instance.
    #[doc(hidden)]
    fn instance(&self) -> String;

    /// The call, and its compensation given the step's output.
    #[doc(hidden)]
    fn split(self, output: MaybeOutput<'s, Self::Step>) -> (Prepared<'s, Self::Step>, Self::Undo);
}

#[diagnostic::do_not_recommend]
impl<'s, S, U, F> Compensated<'s> for Compensating<'s, S, F>
where
    S: Step,
    U: Call<'s>,
    F: FnOnce(MaybeOutput<'s, S>) -> U,
{
    type Step = S;
    type Undo = U;

    fn instance(&self) -> String {
        self.call.instance()
    }

    fn split(self, output: MaybeOutput<'s, S>) -> (Prepared<'s, S>, U) {
        (self.call, (self.undo)(output))
    }
}
