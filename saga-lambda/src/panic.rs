//! Panics: caught where a handler runs, and never printed in clear.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use tracing_core::Level;

use crate::log;

/// What is known of a panic.
#[derive(Clone, Debug)]
pub(crate) struct Panic {
    message: String,
    place: Option<String>,
}

impl fmt::Display for Panic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, place } = self;
        match place {
            Some(place) => write!(out, "panicked at {place}: {message}"),
            None => write!(out, "panicked: {message}"),
        }
    }
}

thread_local! {
    /// Whether this thread is inside of [`caught`], which reports the panic.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    /// Where this thread panicked last: only the hook knows.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Replaces the standard hook, whose message may hold what must not be logged in clear.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        if CATCHING.get() {
            PLACE.set(place);
        } else {
            // A task or thread that the handler started: nobody else tells of it.
            let panic = Panic::new(info.payload(), place);
            log::line(Level::ERROR, &panic.to_string(), |_| {});
        }
    }));
}

impl Panic {
    fn new(payload: &(dyn Any + Send), place: Option<String>) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = text.unwrap_or("without a message").to_owned();
        Self { message, place }
    }
}

/// A future's result, or the panic that ended it.
pub(crate) async fn caught<T>(
    mut work: Pin<Box<dyn Future<Output = T> + Send + '_>>,
) -> Result<T, Panic> {
    poll_fn(|cx| {
        CATCHING.set(true);
        PLACE.take();
        // Unwind safe: a future that panicked is dropped unpolled, and an application's state, which
        // other invocations share, stands behind `&`: what changes there guards itself against panics.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        CATCHING.set(false);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
            Err(payload) => Poll::Ready(Err(Panic::new(&*payload, PLACE.take()))),
        }
    })
    .await
}
