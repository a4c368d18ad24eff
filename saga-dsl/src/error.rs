//! Errors that steps declare.

use saga_manifest::error::{DeclaredError, Outcome};

use crate::retry::Retry;
use crate::step::Step;

/// The errors of a step. One declaration gives the name a handler reports, the name that retriers and
/// catchers match, how each is retried, and whether the step may have happened. Derive it:
/// `#[derive(Debug, thiserror::Error, SagaError)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a saga error",
    label = "an error has a declared name",
    note = "make it an enum of your own and derive it: `#[derive(Debug, thiserror::Error, SagaError)]`"
)]
pub trait SagaError: std::error::Error + Send + 'static {
    /// The errors without their data: `ChargeErrorKind::PaymentAuthException`.
    type Kind: ErrorKind;

    /// Which of the declared errors this is.
    fn kind(&self) -> Self::Kind;
}

/// The names under which the errors of a type are known.
pub trait ErrorKind: Copy + 'static {
    /// All of them.
    fn all() -> Vec<Self>;

    /// The names, as `errorType` has them: one, but for those a service reports under several.
    fn names(self) -> &'static [&'static str];

    /// Whether the step may have happened.
    fn outcome(self) -> Outcome;

    /// How it is retried, unless the call says otherwise.
    fn retry(self) -> Retry;
}

/// An error that a step can raise.
#[diagnostic::on_unimplemented(
    message = "`{S}` does not raise this error",
    label = "`{Self}` is not an error of the step",
    note = "a step raises the errors of the type in its `#[step(error = …)]`"
)]
pub trait RaisedBy<S>: ErrorKind {}

#[diagnostic::do_not_recommend]
impl<S, K> RaisedBy<S> for K
where
    S: Step,
    S::Error: SagaError<Kind = K>,
    K: ErrorKind,
{
}

/// The error of a step that raises none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

#[diagnostic::do_not_recommend]
impl SagaError for Never {
    type Kind = Self;

    fn kind(&self) -> Self {
        *self
    }
}

impl ErrorKind for Never {
    fn all() -> Vec<Self> {
        Vec::new()
    }

    fn names(self) -> &'static [&'static str] {
        match self {}
    }

    fn outcome(self) -> Outcome {
        match self {}
    }

    fn retry(self) -> Retry {
        match self {}
    }
}

#[diagnostic::do_not_recommend]
impl<E: SagaError> SagaError for Box<E> {
    type Kind = E::Kind;

    fn kind(&self) -> E::Kind {
        (**self).kind()
    }
}

/// The declared errors of a kind, with the policy of each.
pub(crate) fn declared<K: ErrorKind>() -> Vec<(DeclaredError, Retry)> {
    K::all().into_iter().flat_map(entries).collect()
}

fn entries<K: ErrorKind>(kind: K) -> impl Iterator<Item = (DeclaredError, Retry)> {
    kind.names().iter().map(move |name| {
        let error = DeclaredError {
            name: (*name).into(),
            outcome: kind.outcome(),
            settled: false,
            reason: None,
            retry: None,
        };
        (error, kind.retry())
    })
}
