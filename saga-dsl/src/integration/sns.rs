//! SNS: publish to a topic.

use std::marker::PhantomData;
use std::time::Duration;

use saga_manifest::task::Task;

use super::attributes;
use crate::data::Literal;
use crate::error::Never;
use crate::resource::{Topic, instance};
use crate::retry::Retry;
use crate::step::{Prepared, Step};

/// A message that is published: at least once, under an id that is the same on every attempt.
pub struct Publish<T>(PhantomData<fn() -> T>);

impl<T: Topic> Step for Publish<T> {
    type Output = ();
    type Error = Never;
    type Service = Never;

    fn name() -> String {
        instance("PublishTo", &T::declare().name)
    }

    const TIMEOUT: Duration = Duration::from_secs(10);
    const RETRY_OTHERS: Retry = Retry::after(Duration::from_secs(1))
        .times(5)
        .backoff(2.0)
        .jitter();
}

pub(crate) fn publish<'s, T: Topic>(
    subject: Option<&'s str>,
    message: impl Literal<'s, Data = T::Message> + 's,
    extra: impl Literal<'s, Data = T::Attributes> + 's,
) -> Prepared<'s, Publish<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.topic::<T>();
        Task::SnsPublish {
            topic: T::declare().name,
            message: message.write(arena).to_expr(),
            subject: subject.map(str::to_owned),
            attributes: attributes::<T::Attributes>(extra.write(arena), arena),
        }
    })
}
