//! SNS: publish to a topic.

use std::marker::PhantomData;
use std::time::Duration;

use saga_manifest::task::{Attribute, Task};

use crate::data::Literal;
use crate::error::Never;
use crate::node::Arena;
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

impl<'s, T: Topic> Prepared<'s, Publish<T>> {
    /// Gives the message a subject, as mails show it: at most 100 characters of ASCII.
    #[must_use]
    pub fn subject(self, subject: &str) -> Self {
        let subject = subject.to_owned();
        self.lowered(|mut task, _, _| {
            if let Task::SnsPublish { subject: of, .. } = &mut task {
                *of = Some(subject);
            }
            task
        })
    }
}

pub(crate) fn publish<'s, T: Topic>(
    message: impl Literal<'s, Data = T::Message> + 's,
    attributes: impl FnOnce(&'s Arena) -> Vec<Attribute> + 's,
) -> Prepared<'s, Publish<T>> {
    Prepared::new(move |arena, recorder| {
        recorder.topic::<T>();
        Task::SnsPublish {
            topic: T::declare().name,
            message: message.write(arena).to_expr(),
            subject: None,
            attributes: attributes(arena),
        }
    })
}
