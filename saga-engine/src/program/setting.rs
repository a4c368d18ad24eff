use saga_asl::data::Data;
use saga_asl::intrinsic::Call;
use saga_asl::jsonpath::Path;

use crate::query::Expression;

/// A number or instant that steers a state: `TimeoutSeconds`, `MaxConcurrency` and the like.
#[derive(Debug)]
pub struct Setting {
    /// The field that gives it, as in `TimeoutSecondsPath`.
    pub field: &'static str,
    /// Where it comes from.
    pub source: Source,
}

/// Where a single value comes from.
#[derive(Debug)]
pub enum Source {
    /// The definition.
    Given(Data),
    /// JSONPath: a path.
    Path(Path),
    /// JSONPath: an intrinsic function.
    Call(Box<Call>),
    /// JSONata: an expression.
    Expression(Box<Expression>),
}
