//! Where sagas begin: asked for by an event `<Saga>Requested` with `{"id": "17", "data": {…}}`, from whoever may publish to the bus. Also
//! the ends of pauses, an operator's `{"action": "redrive", "sagaid": "…"}`, and the question where a saga is.

use saga_choreography::{Action, Event, Happened, view};
use saga_dsl::Package;
use saga_dsl::handler::{BAD_EVENT, Failure};
use saga_manifest::error::Outcome;
use serde::Deserialize;
use serde_json::Value;

use super::envelope::{self, Envelope};
use super::{Sagas, not_ours, records};
use crate::fence::{Fences, Table};
use crate::runtime_api::Invocation;

/// The ending of a request's name, after the saga's.
const REQUESTED: &str = "Requested";

/// What serves them.
pub(crate) struct Intake<'p> {
    sagas: Sagas<'p>,
    fences: Fences,
}

/// The detail of a request.
#[derive(Debug, Deserialize)]
struct Request {
    /// What the saga is for: the same request twice begins one saga.
    id: Option<String>,
    #[serde(default)]
    data: Value,
    action: Option<Action>,
    /// Which saga is to go on.
    sagaid: Option<String>,
}

/// A direct invocation.
#[derive(Debug, Deserialize)]
struct Question {
    /// Which saga is asked for.
    view: String,
}

impl<'p> Intake<'p> {
    pub(crate) fn new(package: &'p Package) -> Self {
        Self {
            sagas: Sagas::of(package),
            fences: Fences::of(|name| std::env::var(name).ok()),
        }
    }

    pub(crate) async fn reply(&self, invocation: &Invocation) -> Result<String, Failure> {
        let table = self.fences.table()?;
        let Some(heard) = envelope::read(&invocation.event) else {
            return view_of(table, &invocation.event).await;
        };
        if let Some(saga) = heard
            .kind
            .strip_suffix(REQUESTED)
            .filter(|_| !is_event(&heard))
        {
            return self.requested(saga, &heard, table).await;
        }
        let event = heard.event()?;
        let happened = Happened::of(&event, None)
            .filter(|_| matches!(event.action, Action::Resume | Action::Redrive))
            .ok_or_else(|| not_ours(format!("`{}` begins no saga", event.action.name())))?;
        let choreography = self.sagas.of_event(&event)?;
        records::advance(table, choreography, &event, &happened).await?;
        Ok("null".to_owned())
    }

    async fn requested(
        &self,
        saga: &str,
        heard: &Envelope,
        table: &Table,
    ) -> Result<String, Failure> {
        let request = serde_path_to_error::deserialize(&heard.detail);
        let request: Request = request.map_err(|problem| Failure::bad_event("detail", problem))?;
        let choreography = self.sagas.named(saga)?;
        if request.action == Some(Action::Redrive) {
            let id = request.sagaid.unwrap_or_default();
            let event = choreography.redrive_request(&id, &heard.id);
            records::advance(table, choreography, &event, &Happened::Redriven).await?;
            return Ok("null".to_owned());
        }
        let id = format!("{saga}/{}", request.id.as_ref().unwrap_or(&heard.id));
        let record = choreography.begin(&id, request.data, &heard.id, records::now());
        if records::create(table, &record).await? {
            return Ok(Value::from(id).to_string());
        }
        let known = records::read(table, &id).await?;
        match known.is_some_and(|known| known.input == record.input) {
            true => Ok(Value::from(id).to_string()),
            false => Err(Failure {
                name: BAD_EVENT.into(),
                message: format!(
                    "there is a saga `{id}` with another input: give this one an id of its own"
                ),
                outcome: Outcome::NotDone,
            }),
        }
    }
}

/// Whether it is a whole event of a saga, and not a request.
fn is_event(heard: &Envelope) -> bool {
    Event::read(heard.detail.clone()).is_ok()
}

async fn view_of(table: &Table, question: &[u8]) -> Result<String, Failure> {
    let mut question = serde_json::Deserializer::from_slice(question);
    let question: Question = serde_path_to_error::deserialize(&mut question)
        .map_err(|problem| Failure::bad_event("", problem))?;
    let record = records::read(table, &question.view).await?;
    Ok(record
        .map_or(Value::Null, |record| view(&record))
        .to_string())
}
