use crate::lint::{Context, Findings, rule};
use crate::outline::{State, StateType};

rule! {
    /// A heartbeat is not shorter than the timeout.
    ///
    /// `HeartbeatSeconds` must be smaller than `TimeoutSeconds` (States Language specification,
    /// "Timeouts"): else the timeout comes first and no heartbeat is ever missed.
    ///
    /// ```json bad
    /// { "Work": { "Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "TimeoutSeconds": 60, "HeartbeatSeconds": 60, "End": true } }
    /// ```
    ///
    /// ```json good
    /// { "Work": { "Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work", "TimeoutSeconds": 60, "HeartbeatSeconds": 20, "End": true } }
    /// ```
    pub static HEARTBEAT_NOT_BELOW_TIMEOUT = Error "ASL312" "heartbeat-not-below-timeout" in Saga, check;
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for state in cx
        .outline
        .states()
        .iter()
        .filter(|state| state.is(StateType::Task))
    {
        let (Some(heartbeat), Some(timeout)) = (
            seconds(state, "HeartbeatSeconds"),
            seconds(state, "TimeoutSeconds"),
        ) else {
            continue;
        };
        if heartbeat >= timeout {
            let place = state
                .get("HeartbeatSeconds")
                .map_or(state.name.span, |node| node.span);
            out.report(
                place,
                format!("the heartbeat of {heartbeat} s is not below the timeout of {timeout} s"),
            )
            .help(format!(
                "make it a fraction of the timeout, such as {}",
                (timeout / 3).max(1)
            ));
        }
    }
}

fn seconds(state: &State<'_>, field: &str) -> Option<i64> {
    state.get(field)?.as_number()?.as_i64()
}
