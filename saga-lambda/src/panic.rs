//! Panics: caught where a handler runs, and never printed in clear.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
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
    /// The last panic of this thread, between hook and catch: only the hook knows the place.
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Replaces the standard hook, whose message may hold what must not be logged in clear.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let panic = Panic::from_hook(info);
        if CATCHING.get() {
            LAST.set(Some(panic));
        } else {
            // A task or thread that the handler started: nobody else tells of it.
            log::line(Level::ERROR, &panic.to_string(), |_| {});
        }
    }));
}

impl Panic {
    fn from_hook(info: &PanicHookInfo<'_>) -> Self {
        Self {
            message: info
                .payload_as_str()
                .unwrap_or("without a message")
                .to_owned(),
            place: info.location().map(ToString::to_string),
        }
    }
}

/// A future's result, or the panic that ended it.
pub(crate) async fn caught<T>(
    mut work: Pin<Box<dyn Future<Output = T> + Send + '_>>,
) -> Result<T, Panic> {
    poll_fn(|cx| {
        CATCHING.set(true);
        // Unwind safe: a future that panicked is dropped unpolled, and an application's state, which
        // other invocations share, stands behind `&`: what changes there guards itself against panics.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        CATCHING.set(false);
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
            Err(_) => Poll::Ready(Err(LAST.take().unwrap_or_else(Panic::unknown))),
        }
    })
    .await
}

impl Panic {
    fn unknown() -> Self {
        Self {
            message: "without a message".into(),
            place: None,
        }
    }
}
