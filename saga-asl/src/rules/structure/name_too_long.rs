use crate::lint::{Context, Findings, rule};

rule! {
    /// A state's name has more than 80 characters, or none.
    ///
    /// The limit is AWS's (developer guide, "Quotas").
    ///
    /// ```json bad
    /// { "ChargeTheCardOfTheCustomerWhoOrderedTheGoodsThatAreReservedInTheWarehouseNearestBy": { "Type": "Pass", "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "ChargeCard": { "Type": "Pass", "End": true } }
    /// ```
    pub static NAME_TOO_LONG = Error "ASL115" "name-too-long" in Structure, check;
}

/// Characters of a state's name (developer guide, "Quotas").
const LONGEST: usize = 80;

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx.outline.states() {
        let length = state.name().chars().count();
        if length > LONGEST {
            let message =
                format!("the state's name has {length} characters, and {LONGEST} are allowed");
            out.report(state.name.span, message)
                .help("shorten it; the rest goes into `Comment`");
        } else if length == 0 {
            out.report(state.name.span, "the state's name is empty");
        }
    }
}
