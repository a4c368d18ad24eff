//! How long a Wait state waits: seconds that are never refused, whatever the data are. A Wait state has
//! no Catch, and AWS refuses a negative number, a fraction, what is no number, and too far a time.

use saga_asl::json::Value;
use saga_manifest::flow::Until;

use super::{Scope, Term, delimited, time, value};

/// The seconds of a pause: a whole number from 0 to `at_most`. A time is waited for as the seconds that
/// are left until then, so that one rule bounds both.
pub(crate) fn seconds(until: &Until, at_most: u32, scope: Scope<'_>) -> Value {
    let scope = scope.loose();
    match until {
        Until::Seconds(expr) => {
            let bounded = bounded(at_most);
            delimited(bounded.applied([value::looked_at(expr, scope)]))
        }
        Until::Time(expr) => {
            let left =
                Term::primary("function($time) { $time != null ? ($time - $millis()) / 1000 }");
            let apply = Term::primary(format!("{}({left}($instant($time)))", bounded(at_most)));
            let wait = Term::function(["$time", "$instant"], &apply);
            delimited(wait.applied([value::looked_at(expr, scope), time::instant()]))
        }
    }
}

/// A function from anything to whole seconds: up to the next one, so that it is never too early; 0 of
/// what is no number.
fn bounded(at_most: u32) -> Term {
    Term::primary(format!(
        "function($seconds) {{ $type($seconds) = \"number\" ? ($seconds > 0 ? \
         ($seconds < {at_most} ? $ceil($seconds) : {at_most}) : 0) : 0 }}"
    ))
}
