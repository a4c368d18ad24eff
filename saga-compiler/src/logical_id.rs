//! Logical ids of the template's resources, and the names of substitutions and variables made of them.
//!
//! CloudFormation takes letters and digits only; the names they come from are Rust types.

/// The id of a resource: its name and its type, which a name that ends so already says.
pub(crate) fn of(name: &str, kind: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if name.ends_with(kind) {
        name
    } else {
        format!("{name}{kind}")
    }
}

/// A handler's function.
pub(crate) fn function(handler: &str) -> String {
    of(handler, "Function")
}

/// A table.
pub(crate) fn table(name: &str) -> String {
    of(name, "Table")
}

/// A topic.
pub(crate) fn topic(name: &str) -> String {
    of(name, "Topic")
}

/// A queue.
pub(crate) fn queue(name: &str) -> String {
    of(name, "Queue")
}

/// A saga's state machine.
pub(crate) fn state_machine(saga: &str) -> String {
    of(saga, "StateMachine")
}

/// What recovers a saga's executions.
pub(crate) fn recovery(saga: &str) -> String {
    format!("{saga}Recovery")
}

/// The queue of the parking messages.
pub(crate) const PARKED_QUEUE: &str = "ParkedQueue";

/// The queue of ends of executions that no recovery was started for.
pub(crate) const RECOVERY_LETTERS: &str = "RecoveryDeadLetters";
