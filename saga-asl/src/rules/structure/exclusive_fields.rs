use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;

rule! {
    /// Two fields are there of which only one may be.
    ///
    /// ```json bad
    /// { "Wait": { "Type": "Wait", "Seconds": 5, "SecondsPath": "$.seconds", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Wait": { "Type": "Wait", "SecondsPath": "$.seconds", "End": true } }
    /// ```
    pub static EXCLUSIVE_FIELDS = Error "ASL106" "exclusive-fields" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        if let (Departure::Exclusive(first, second), Some(member)) =
            (&misfit.departure, misfit.member)
        {
            out.report(
                member.name.span,
                format!("`{first}` and `{second}` exclude each other"),
            )
            .help("keep one of them");
        }
    }
}
