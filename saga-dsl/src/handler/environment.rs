//! The environment of a handler that shares its process with others, as handlers in tests do.
//!
//! A function's process has its environment variables. Where one process runs many handlers, each is given
//! its own as a value: nobody changes the process's, which other threads read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Variables and their values.
pub type Environment = Arc<BTreeMap<String, String>>;

thread_local! {
    static OWN: RefCell<Option<Environment>> = const { RefCell::new(None) };
}

/// The environment that the handler at work was given; none where its process is its own.
#[must_use]
pub fn own() -> Option<Environment> {
    OWN.with_borrow(Clone::clone)
}

/// A handler's work within an environment. What it spawns is outside of it.
pub struct Within<F> {
    environment: Environment,
    work: Pin<Box<F>>,
}

impl<F: Future> Within<F> {
    /// Does this work within this environment.
    pub fn new(environment: Environment, work: F) -> Self {
        Self {
            environment,
            work: Box::pin(work),
        }
    }
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let own = Some(Arc::clone(&self.environment));
        let _around = Around(OWN.replace(own));
        self.work.as_mut().poll(cx)
    }
}

/// The environment around another one, which comes back even when the work panics.
struct Around(Option<Environment>);

impl Drop for Around {
    fn drop(&mut self) {
        OWN.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn environment(value: &str) -> Environment {
        Arc::new([("NAME".to_owned(), value.to_owned())].into())
    }

    fn named() -> Option<String> {
        own()?.get("NAME").cloned()
    }

    #[test]
    fn each_work_sees_its_own_and_nobody_else_any() {
        let mut cx = Context::from_waker(Waker::noop());
        let work = |value: &str| {
            let mut polled = 0;
            Within::new(
                environment(value),
                std::future::poll_fn(move |_| {
                    polled += 1;
                    if polled == 1 {
                        Poll::Pending
                    } else {
                        Poll::Ready(named())
                    }
                }),
            )
        };
        let (mut one, mut other) = (work("one"), work("other"));
        for waiting in [&mut one, &mut other] {
            assert_eq!(Pin::new(waiting).poll(&mut cx), Poll::Pending);
            assert_eq!(named(), None);
        }
        let ready = |value: &str| Poll::Ready(Some(value.to_owned()));
        assert_eq!(Pin::new(&mut one).poll(&mut cx), ready("one"));
        assert_eq!(Pin::new(&mut other).poll(&mut cx), ready("other"));
        assert_eq!(named(), None);
    }

    #[test]
    fn a_panic_leaves_the_environment_as_it_was() {
        let mut work = Within::new(environment("one"), async { panic!("no") });
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _: Poll<()> = Pin::new(&mut work).poll(&mut Context::from_waker(Waker::noop()));
        }));
        assert!(polled.is_err());
        assert_eq!(named(), None);
    }
}
