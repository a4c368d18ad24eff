//! What the template and the runtime agree on.

/// The handler that begins sagas, lets them go on after pauses and operators' redrives, and tells where one is.
pub const INTAKE: &str = "SagaIntake";

/// The handler that publishes outboxes from the table's stream.
pub const PUBLISHER: &str = "SagaPublisher";

/// The variable that names the bus: its ARN.
pub const BUS: &str = "SAGA_BUS_ARN";

/// The variable that names the group of one-time schedules.
pub const SCHEDULES: &str = "SAGA_SCHEDULE_GROUP";

/// The variable that names the role which schedules publish by: its ARN.
pub const SCHEDULE_ROLE: &str = "SAGA_SCHEDULE_ROLE_ARN";

/// The variable that names the queue for what schedules could not publish: its ARN.
pub const SCHEDULE_DEAD_LETTERS: &str = "SAGA_SCHEDULE_DEAD_LETTERS_ARN";

/// The sort key of a saga's record, in the table of the fences. No step instance begins so.
pub const RECORD: &str = "#record";
