use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;

rule! {
    /// A number is too small or too large for its field.
    ///
    /// ```json bad
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 0, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 30, "End": true } }
    /// ```
    pub static OUT_OF_RANGE = Error "ASL105" "out-of-range" in Structure, check;
}

/// Bounds above this are no bounds that an author would want to hear of.
const UNBOUNDED: f64 = 1e15;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        let (Departure::OutOfRange { min, max }, Some(member)) = (&misfit.departure, misfit.member)
        else {
            continue;
        };
        let range = match (*min > -UNBOUNDED, *max < UNBOUNDED) {
            (true, true) => format!("from {min} to {max}"),
            (true, false) => format!("at least {min}"),
            _ => format!("at most {max}"),
        };
        let written = misfit.node.span.text(cx.source);
        let message = format!(
            "`{}` must be {range}, and this is `{written}`",
            member.name.text
        );
        out.report(misfit.node.span, message);
    }
}
