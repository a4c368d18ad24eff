//! A saga that another runs as one of its steps.

use std::marker::PhantomData;
use std::panic::Location;
use std::time::Duration;

use saga_manifest::task::Task;

use crate::data::Literal;
use crate::error::Never;
use crate::saga::Saga;
use crate::step::{Prepared, Step};

/// A saga as a step of another: done when it is completed, surely not done when it has undone itself.
pub struct Nested<S>(PhantomData<fn() -> S>);

impl<S: Saga> Step for Nested<S> {
    type Output = S::Output;
    type Error = Never;
    type Service = Never;

    fn name() -> String {
        S::declare().name.into()
    }

    fn description() -> Option<&'static str> {
        S::declare().description
    }

    const TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
}

pub(crate) fn nest<'s, S: Saga>(
    input: impl Literal<'s, Data = S::Input> + 's,
    at: &'static Location<'static>,
) -> Prepared<'s, Nested<S>> {
    Prepared::new(move |arena, recorder| {
        recorder.nested_saga::<S>(at);
        Task::Saga {
            saga: S::declare().name.into(),
            input: input.write(arena).to_expr(),
        }
    })
}
