//! What a reviewer's scanner asks for and a resource does not have: the reason, kept in the resource's metadata in
//! the form that checkov reads.

use crate::yaml::{Yaml, list, map};

/// A check of checkov's, and why it does not hold.
pub(super) type Exception<'a> = (&'static str, &'a str);

/// No concurrency is reserved for a function.
pub(super) const UNRESERVED: Exception<'_> = (
    "CKV_AWS_115",
    "a reservation is taken from all other functions of the account, and a throttled call is retried; \
     `concurrency` of the step states one",
);

/// A function whose caller waits for its answer.
pub(super) const WAITED_FOR: Exception<'_> = (
    "CKV_AWS_116",
    "invoked synchronously by a state machine, which catches its errors and undoes or parks",
);

/// A function that hands over what it fails on.
pub(super) const HANDED_OVER: Exception<'_> = (
    "CKV_AWS_116",
    "its OnFailure destination is the dead-letter queue, and tells the error beside the event",
);

/// A function that reads a stream.
pub(super) const READS_STREAM: Exception<'_> = (
    "CKV_AWS_116",
    "reads a stream; what it fails on goes to the mapping's OnFailure destination",
);

/// A function in Lambda's own network.
pub(super) const PUBLIC_NETWORK: Exception<'_> = (
    "CKV_AWS_117",
    "nothing reaches it, and it reaches AWS over TLS; Deployment::in_private_network puts it in a network",
);

/// A stage of an API that answers nothing from a cache.
pub(super) const UNCACHED: Exception<'_> = (
    "CKV_AWS_120",
    "a cached answer would tell of an execution what is no longer so",
);

/// A stage of an API that does not log requests.
pub(super) const UNLOGGED: Exception<'_> = (
    "CKV_AWS_76",
    "access logs need a role in the account's settings, which are not a stack's to take over; requests are counted \
     and traced",
);

/// The entries of a resource's metadata; none where there is nothing to except.
pub(super) fn exceptions(exceptions: &[Exception<'_>]) -> Option<(&'static str, Yaml)> {
    let skip = exceptions
        .iter()
        .map(|(check, reason)| map([("id", Yaml::from(*check)), ("comment", Yaml::from(*reason))]));
    (!exceptions.is_empty()).then(|| ("checkov", map([("skip", list(skip))])))
}
