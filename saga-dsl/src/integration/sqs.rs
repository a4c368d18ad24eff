//! SQS: send to a queue.

use std::marker::PhantomData;
use std::time::Duration;

use saga_manifest::task::Task;

use crate::data::Literal;
use crate::error::Never;
use crate::resource::{Queue, instance};
use crate::retry::Retry;
use crate::step::{Prepared, Step};

/// A message that is sent: at least once, under an id that is the same on every attempt.
pub struct Send<T>(PhantomData<fn() -> T>);

impl<T: Queue> Step for Send<T> {
    type Output = ();
    type Error = Never;
    type Service = Never;

    fn name() -> String {
        instance("SendTo", &T::declare().name)
    }

    const TIMEOUT: Duration = Duration::from_secs(10);
    const RETRY_OTHERS: Retry = Retry::after(Duration::from_secs(1))
        .times(5)
        .backoff(2.0)
        .jitter();
}

pub(crate) fn send<'s, T: Queue>(
    message: impl Literal<'s, Data = T::Message> + 's,
) -> Prepared<'s, Send<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.queue::<T>();
        Task::SqsSend {
            queue: T::declare().name,
            message: message.write(arena).to_expr(),
            attributes: Vec::new(),
        }
    })
}
