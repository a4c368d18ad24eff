use crate::integration::{Known, Resource, optimised};
use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};

rule! {
    /// A service integration is called without an argument that it needs.
    ///
    /// AWS checks that when the state machine is created.
    ///
    /// ```json bad
    /// { "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": { "TableName": "orders" }, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Put": { "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": { "TableName": "orders", "Item": { "id": { "S": "1" } } }, "End": true } }
    /// ```
    pub static MISSING_ARGUMENT = Error "ASL132" "missing-argument" in Structure, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        let Some(Resource::Service(service)) = state.resource else {
            continue;
        };
        if service.sdk {
            continue;
        }
        if let Known::Action(action) = optimised(&service) {
            check_arguments(state, action.required, out);
        }
    }
}

fn check_arguments(state: &State<'_>, required: &[&str], out: &mut Findings<'_>) {
    let field = if state.is_jsonata() {
        "Arguments"
    } else {
        "Parameters"
    };
    let Some(member) = state.node.member(field) else {
        return;
    };
    if !member.value.is_object() {
        return;
    }
    for name in required {
        let computed = format!("{name}.$");
        let given = member
            .value
            .get(name)
            .or_else(|| member.value.get(&computed));
        if given.is_none() {
            out.report(member.name.span, format!("the service needs `{name}`"))
                .help(format!("add `{name}` to `{field}`"));
        }
    }
}
