//! The table that all who know fences agree on.

/// The environment variable of a handler's function that names the table.
pub const VARIABLE: &str = "SAGA_FENCE_TABLE";

/// What the table is called in a template and in local runs: one for all sagas of a stack.
pub const NAME: &str = "FenceTable";

/// Its partition key, a text: the saga's id.
pub const PARTITION_KEY: &str = "saga";

/// Its sort key, a text: the step instance, and the item's path.
pub const SORT_KEY: &str = "instance";

/// The attribute that holds when an item may be deleted, in seconds since 1970: only once its saga has
/// ended.
pub const EXPIRES: &str = "expires";
