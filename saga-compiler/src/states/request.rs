//! The request of a call: the integration, what it is sent, and what of its answer is the output.

use saga_asl::json::Value;

use super::{Writer, approval, dynamodb, lambda, message, nested};
use crate::checked::{Call, Target};
use crate::fence::{self, Cover};
use crate::jsonata::{Scope, Term, delimited};

/// What a Task state sends, and what it makes of the answer.
#[derive(Debug)]
pub(super) struct Request {
    /// The integration's ARN.
    pub(super) resource: &'static str,
    /// What the service is sent.
    pub(super) arguments: Value,
    /// The call's output, from `$states.result`.
    pub(super) output: Value,
}

/// Under which circumstances a call is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// The step instance, or the notification.
    pub(super) step: &'a str,
    /// The path of the item that it is for, if it is for one.
    pub(super) item: Option<&'a Term>,
    /// What the call does for it.
    pub(super) phase: Phase,
    /// Whether the call may have a fence: what only reads has none, and an undo only where its step has one.
    /// A nested saga has no record, so that its undo would be taken for one that came before its do.
    pub(super) guarded: bool,
    /// Names the effect together with the saga id: the same on every attempt and after a redrive.
    pub(super) effect: &'a str,
    /// Where the saga's data is.
    pub(super) scope: Scope<'a>,
}

/// What a call does for its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It does it.
    Do,
    /// It undoes it.
    Undo {
        /// How it finds on the item what was done, if it does.
        cover: Option<Cover>,
    },
}

impl Frame<'_> {
    /// A step instance: below the one that runs the saga, and with the path of the item that it is for.
    pub(super) fn instance(&self, step: &str) -> Term {
        let step = self.scope.instance(step);
        match self.item {
            Some(item) => step.operator("&", &Term::string("/")).operator("&", item),
            None => step,
        }
    }

    /// The same where a definition holds it.
    pub(super) fn instance_value(&self, step: &str) -> Value {
        match self.item {
            Some(_) => delimited(self.instance(step)),
            None => self.scope.instance_value(step),
        }
    }
}

impl<'s> Writer<'s> {
    /// The request of a call.
    pub(super) fn request(&mut self, call: &Call<'s>, frame: Frame<'_>) -> Request {
        match call.target {
            Target::Lambda { handler, input } => {
                let fenced = frame.guarded && fence::guards(call);
                lambda::request(handler, input, frame, fenced, &mut self.uses)
            }
            Target::Item(item) => {
                let mut calls = self.saga.calls().into_iter();
                let own = calls.any(|(_, _, put)| fence::rewrites(put, call));
                dynamodb::request(item, own, frame, &mut self.uses)
            }
            Target::Message(message) => message::request(message, frame, &mut self.uses),
            Target::Saga { saga, input } => nested::request(saga, input, frame, &mut self.uses),
            Target::Approval(approval) => approval::request(approval, frame, &mut self.uses),
        }
    }
}
