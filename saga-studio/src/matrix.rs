//! What the model says of every fault: step × fault → how the saga ends.

use std::ops::ControlFlow;

use saga_local::saga::Fault;
use saga_local::verify;
use saga_verify::{Injection, Oracle, Prediction, VerifyError, model};
use serde::Serialize;
use serde_json::{Value, json};

use crate::describe::prepared;
use crate::order::{self, FaultKind, StateFault};
use crate::workshop::{Built, Problem};

/// What is told while the model is asked.
#[derive(Debug)]
pub(crate) enum Told {
    /// So many faults are tried.
    Begun(usize),
    /// What comes of one.
    Cell(Box<Cell>),
    /// All were tried.
    Ended,
    /// The model cannot be asked.
    Refused(Problem),
}

impl Told {
    /// As the page reads it.
    pub(crate) fn line(self) -> Value {
        match self {
            Self::Begun(count) => json!({ "count": count }),
            Self::Cell(cell) => json!({ "cell": cell }),
            Self::Ended => json!({ "ended": true }),
            Self::Refused(problem) => json!({ "problem": problem }),
        }
    }
}

/// A fault, and what comes of it.
#[derive(Debug, Serialize)]
pub(crate) struct Cell {
    /// The state that it hits.
    state: String,
    /// The state that is hit before, so that this one runs at all.
    after: Option<String>,
    kind: FaultKind,
    error: Option<String>,
    /// What to order to see it.
    faults: Vec<StateFault>,
    attempts: Option<u32>,
    /// `completed`, `compensated` or `parked`; none where a guarantee breaks.
    ending: Option<&'static str>,
    /// The states that are entered, without those that only choose.
    states: Vec<String>,
}

/// Asks the model what comes of each fault, one at a time, and tells it, until nobody listens any more.
pub(crate) fn tell(built: &Built, saga: &str, input: &Value, told: &mut dyn FnMut(Told) -> bool) {
    if let Err(problem) = ask(built, saga, input, told) {
        told(Told::Refused(problem));
    }
}

fn ask(
    built: &Built,
    saga: &str,
    input: &Value,
    told: &mut dyn FnMut(Told) -> bool,
) -> Result<(), Problem> {
    order::input(&prepared(built, saga)?, input)?;
    let unknown = || Problem::new(format!("the package has no saga `{saga}`"), "");
    let manifest = &built.manifest;
    let mut sagas = manifest.sagas.iter();
    let declared = sagas.find(|known| known.name == saga).ok_or_else(unknown)?;
    let mut definitions = built.definitions.iter();
    let definition = definitions.find(|definition| definition.saga == saga);
    let definition = definition.ok_or_else(unknown)?;
    let model = model::manifest::model(manifest, declared, &definition.machine);
    let refused = |error: VerifyError| Problem::new(error.to_string(), "");
    let oracle = Oracle::new(&definition.machine, &model, input).map_err(refused)?;
    let single = oracle.single_faults().map_err(refused)?;
    if !told(Told::Begun(single.len())) {
        return Ok(());
    }
    let mut listens = true;
    let mut each = |faults: &[Injection], predicted| {
        let cell = cell(faults, predicted).map(Box::new);
        listens = cell.is_none_or(|cell| told(Told::Cell(cell)));
        match listens {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    oracle.tell_each(&single, &mut each).map_err(refused)?;
    if listens {
        told(Told::Ended);
    }
    Ok(())
}
fn cell(faults: &[Injection], predicted: Prediction) -> Option<Cell> {
    let hit = faults.last()?;
    let (kind, error) = clicked(hit);
    let ordered = faults.iter().map(|injection| {
        let (kind, error) = clicked(injection);
        let state = injection.state.clone();
        StateFault { state, kind, error }
    });
    let first = faults.first().filter(|_| faults.len() > 1);
    Some(Cell {
        state: hit.state.clone(),
        after: first.map(|first| first.state.clone()),
        kind,
        error,
        faults: ordered.collect(),
        attempts: (!hit.every_attempt).then_some(1),
        ending: predicted.ending,
        states: predicted.states,
    })
}

/// What is to be clicked for an injection.
fn clicked(injection: &Injection) -> (FaultKind, Option<String>) {
    match verify::fault(injection) {
        Fault::Fail(error) => (FaultKind::Fail, Some(error)),
        Fault::Crash => (FaultKind::Crash, None),
        Fault::Duplicate | Fault::Stray(_) => (FaultKind::Duplicate, None),
        Fault::Abort => (FaultKind::Abort, None),
        Fault::Timeout | Fault::Late(_) => (FaultKind::Timeout, None),
    }
}
