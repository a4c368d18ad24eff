//! A step that an event asks for: the handler acts under its fence, and what follows is written down.

use std::time::Instant;

use saga_choreography::{Action, Event, Happened, Outcome};
use saga_dsl::Context;
use saga_dsl::handler::{Failure, Phase};
use saga_fence::{IN_PROGRESS, Reply, UNAVAILABLE};

use super::envelope::Envelope;
use super::{not_ours, records};
use crate::fence::Fenced;
use crate::runtime_api::Invocation;
use crate::serve::{Server, log_result};
use crate::timestamp::Timestamp;

impl Server<'_> {
    /// Serves an event of a bus. An error is one of the runtime's own, for which Lambda invokes again: what a handler fails
    /// with is written down, and no error.
    pub(crate) async fn hear(
        &self,
        heard: Envelope,
        invocation: &Invocation,
        arrived: Instant,
    ) -> Result<String, Failure> {
        let result = match heard.event() {
            Ok(event) => self.follow(&event, invocation, arrived).await,
            Err(failure) => Err(failure),
        };
        if result.is_err() {
            log_result(&result, arrived, Some(&invocation.request_id));
        }
        result
    }

    async fn follow(
        &self,
        event: &Event,
        invocation: &Invocation,
        arrived: Instant,
    ) -> Result<String, Failure> {
        let choreography = self.sagas.of_event(event)?;
        let table = self.fences.table()?;
        let step = event.step.as_deref().unwrap_or_default();
        let undo = event.action.is_undo();
        let happened = match event.action {
            Action::Do | Action::Undo => {
                let is_fenced = choreography.is_fenced(step, undo);
                Some(self.act(event, is_fenced, invocation, arrived).await?)
            }
            Action::CheckDo | Action::CheckUndo => {
                let fence = records::fence_of(table, &event.sagaid, step).await?;
                Happened::of(event, fence.as_ref())
            }
            _ => None,
        };
        let happened = happened.ok_or_else(|| {
            not_ours(format!(
                "`{}` is nothing that a step does",
                event.action.name()
            ))
        })?;
        records::advance(table, choreography, event, &happened).await?;
        Ok("null".to_owned())
    }

    async fn act(
        &self,
        event: &Event,
        is_fenced: bool,
        invocation: &Invocation,
        arrived: Instant,
    ) -> Result<Happened, Failure> {
        let undo = event.action.is_undo();
        let context = Context {
            saga_id: event.sagaid.clone(),
            step: event.step.clone().unwrap_or_default(),
            item: None,
            phase: if undo { Phase::Undo } else { Phase::Do },
            attempt: event.attempt,
            request_id: invocation.request_id.clone(),
            deadline: invocation.deadline,
        };
        let fenced = is_fenced.then(|| Fenced {
            order: event.order(),
            sent: 0,
        });
        let input = event.data.clone();
        let result = self.invoke(input, context, fenced, arrived).await;
        let reply = match result {
            Ok(json) => Reply::Answer(json),
            // The handler was not asked: the event comes again.
            Err(failure) if failure.name == UNAVAILABLE => return Err(failure),
            Err(failure) if failure.name == IN_PROGRESS => {
                // Another invocation of this function runs no longer than this one may.
                Reply::Wait(Timestamp::of(invocation.deadline).millis())
            }
            Err(failure) => Reply::Failed(crate::fence::failure(failure)),
        };
        Ok(Happened::Answered(Outcome {
            step: event.step.clone().unwrap_or_default(),
            undo,
            order: event.order(),
            reply,
        }))
    }
}
