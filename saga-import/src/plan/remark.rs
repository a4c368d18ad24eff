//! What becomes otherwise than it is in the definition.

/// What is otherwise than in the definition, at a state.
#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) state: String,
    pub(crate) kind: &'static str,
    pub(crate) there: String,
    pub(crate) here: String,
}

pub(super) fn left_out(state: &str, what: &str, why: &str) -> Remark {
    Remark {
        state: state.to_owned(),
        kind: "left out",
        there: format!("{what} holds {why}"),
        here: "it is left out: a saga has no value of it".into(),
    }
}
