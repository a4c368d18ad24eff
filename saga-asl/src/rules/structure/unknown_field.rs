use crate::lint::{Context, Edit, Findings, did_you_mean, rule};
use crate::schema::{Departure, Record};
use crate::syntax::Member;

rule! {
    /// An object has a field that the language does not know.
    ///
    /// Field names are case-sensitive. A misspelt one is refused: it would have no effect.
    ///
    /// ```json bad
    /// { "Done": { "Type": "Pass", "ResultPaht": "$.x", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Done": { "Type": "Pass", "ResultPath": "$.x", "End": true } }
    /// ```
    pub static UNKNOWN_FIELD = Error "ASL102" "unknown-field" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for misfit in &cx.misfits {
        if let (Departure::Unknown(record), Some(member)) = (&misfit.departure, misfit.member) {
            report(cx, record, member, out);
        }
    }
}

fn report(cx: &Context<'_>, record: &Record, member: &Member<'_>, out: &mut Findings<'_>) {
    let name = &member.name.text;
    let message = format!("{} has no field `{name}`", record.what);
    let known = record.fields.iter().map(|field| field.name);
    let near = did_you_mean(name, known);
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove it; a note goes into `Comment`".to_owned(),
    };
    let finding = out.report(member.name.span, message).help(help);
    let certain = near.filter(|near| near.eq_ignore_ascii_case(name));
    if let Some(near) = certain {
        let written = member
            .name
            .span
            .text(cx.source)
            .replace(name.as_ref(), near);
        let edit = Edit {
            span: member.name.span,
            text: written,
        };
        finding.fix(format!("write `{near}`"), vec![edit]);
    }
}
