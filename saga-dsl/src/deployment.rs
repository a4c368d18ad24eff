//! How a package is deployed.
//!
//! The defaults are what a reviewer asks for: everything is encrypted, tables can be restored to any second of the
//! last 35 days and are protected from deletion (but in the stage `development`), everything is traced and logged,
//! alarms and a dashboard watch it. What differs is stated once, behind the sagas:
//!
//! ```
//! use saga_dsl::Deployment;
//!
//! // `saga_lambda::main!(FareProcessing; deployment());`
//! fn deployment() -> Deployment {
//!     Deployment::new()
//!         .memory_mib(512)
//!         .log_retention_days(90)
//!         .tag("team", "payments")
//! }
//! # deployment();
//! ```
//!
//! What lowers protection takes a reason; the template keeps it where a scanner or a reviewer would ask.

use std::panic::Location;

use saga_manifest::deployment as entry;

use crate::place;

/// The settings of a package's stack.
#[derive(Clone, Debug)]
#[must_use = "hand it to `saga_lambda::main!`"]
pub struct Deployment {
    pub(crate) entry: entry::Deployment,
}

impl Deployment {
    /// The defaults.
    #[track_caller]
    #[expect(
        clippy::new_without_default,
        reason = "a default would not know where it is written"
    )]
    pub fn new() -> Self {
        let place = Some(place::of(Location::caller()));
        Self {
            entry: entry::Deployment {
                place,
                ..entry::Deployment::default()
            },
        }
    }

    /// Memory in MiB of functions whose steps state none, 128 to 10,240: 256 unless it is stated. A parameter of the
    /// template (`MemoryMiB`) overrides it.
    pub fn memory_mib(mut self, memory: u32) -> Self {
        self.entry.memory_mib = Some(memory);
        self
    }

    /// Days that logs are kept, one of the periods that CloudWatch Logs offers: 30 unless it is stated. A parameter
    /// of the template (`LogRetentionDays`) overrides it.
    pub fn log_retention_days(mut self, days: u32) -> Self {
        self.entry.log_retention_days = Some(days);
        self
    }

    /// So many failed executions of a saga in five minutes raise an alarm: 10 unless it is stated. Compensated
    /// executions count, since to Step Functions they have failed; parked ones have an alarm of their own, at the
    /// first.
    pub fn alarm_after_failures(mut self, executions: u32) -> Self {
        self.entry.alarm_after_failures = Some(executions);
        self
    }

    /// Runs the functions in a network of the account's: the template asks for its subnets and security groups. Left
    /// out, they run in Lambda's own, from where they reach AWS's services and the internet over TLS, and nothing
    /// reaches them.
    pub fn in_private_network(mut self) -> Self {
        self.entry.private_network = true;
        self
    }

    /// Traces nothing, for this reason. X-Ray is paid by the trace.
    pub fn without_tracing(mut self, reason: &str) -> Self {
        self.entry.untraced = Some(reason.to_owned());
        self
    }

    /// Tables keep no history to be restored from, for this reason. It is paid by the size of the tables.
    pub fn without_point_in_time_recovery(mut self, reason: &str) -> Self {
        self.entry.unrecoverable = Some(reason.to_owned());
        self
    }

    /// Lets so many of a hundred executions that start run a new definition, and all of them after so many minutes; none
    /// again when an alarm of the saga is raised meanwhile. Starts have to go through the alias `live` of the state
    /// machine then, as those of the saga's triggers do.
    pub fn canary(mut self, percent: u32, minutes: u32) -> Self {
        self.entry.rollout = Some(entry::Rollout {
            percent,
            minutes,
            linear: false,
        });
        self
    }

    /// The same, with so many more of a hundred every so many minutes.
    pub fn linear(mut self, percent: u32, minutes: u32) -> Self {
        self.entry.rollout = Some(entry::Rollout {
            percent,
            minutes,
            linear: true,
        });
        self
    }

    /// No dashboard: an account has three for free.
    pub fn without_dashboard(mut self) -> Self {
        self.entry.without_dashboard = true;
        self
    }

    /// A tag of every resource that takes some.
    pub fn tag(mut self, name: &str, value: &str) -> Self {
        self.entry.tags.insert(name.to_owned(), value.to_owned());
        self
    }
}
