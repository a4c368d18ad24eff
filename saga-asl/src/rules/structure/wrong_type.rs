use crate::lint::{Context, Findings, rule};
use crate::schema::Departure;

rule! {
    /// A value is not of the type that its field needs.
    ///
    /// ```json bad
    /// { "Wait": { "Type": "Wait", "Seconds": "5", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Wait": { "Type": "Wait", "Seconds": 5, "End": true } }
    /// ```
    pub static WRONG_TYPE = Error "ASL103" "wrong-type" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        let wanted = match &misfit.departure {
            Departure::WrongType(wanted) => wanted.as_str(),
            Departure::NotAnExpression => "an expression between `{%` and `%}`",
            _ => continue,
        };
        let found = misfit.node.kind();
        let message = match misfit.member {
            Some(member) => format!(
                "`{}` must be {wanted}, and this is {found}",
                member.name.text
            ),
            None => format!("expected {wanted}, and this is {found}"),
        };
        out.report(misfit.node.span, message);
    }
}
