//! A state of any type.

use super::codec::{FromJson, ToJson};
use super::read::Place;
use super::{
    Catcher, Choice, Fail, Map, Parallel, Pass, QueryLanguage, Retrier, Succeed, Task, Transition,
    Wait,
};
use crate::json::{Object, Value};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// A state.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum State { $($(#[$doc])* $name(Box<$name>)),* }

        $(impl From<$name> for State {
            fn from(state: $name) -> Self {
                Self::$name(Box::new(state))
            }
        })*

        impl State {
            /// The value of its `Type`.
            #[must_use]
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name)),* }
            }

            /// What it is, for people.
            #[must_use]
            pub fn comment(&self) -> Option<&str> {
                match self { $(Self::$name(state) => state.comment.as_deref()),* }
            }

            /// The language it states for itself.
            #[must_use]
            pub fn query_language(&self) -> Option<QueryLanguage> {
                match self { $(Self::$name(state) => state.query_language),* }
            }
        }

        impl ToJson for State {
            fn to_json(&self) -> Value {
                match self { $(Self::$name(state) => state.to_json()),* }
            }
        }

        impl FromJson for State {
            fn from_json(value: &Value, place: &mut Place) -> Option<Self> {
                match value.get("Type").and_then(Value::as_str) {
                    $(Some(stringify!($name)) => $name::from_json(value, place).map(Self::from),)*
                    Some(other) => {
                        place.error(format!("no state type is called `{other}`"));
                        None
                    }
                    None => {
                        place.error("the field `Type` is missing");
                        None
                    }
                }
            }
        }
    };
}

states![
    /// Asks a service to do something.
    Task,
    /// Runs branches at once.
    Parallel,
    /// Runs states for every item.
    Map,
    /// Goes where a condition says.
    Choice,
    /// Goes on later.
    Wait,
    /// Shapes data.
    Pass,
    /// Ends with success.
    Succeed,
    /// Ends with an error.
    Fail,
];

impl State {
    /// Where it goes when all is well; nothing for Choice, Succeed and Fail.
    #[must_use]
    pub fn transition(&self) -> Option<&Transition> {
        match self {
            Self::Task(state) => Some(&state.transition),
            Self::Parallel(state) => Some(&state.transition),
            Self::Map(state) => Some(&state.transition),
            Self::Wait(state) => Some(&state.transition),
            Self::Pass(state) => Some(&state.transition),
            Self::Choice(_) | Self::Succeed(_) | Self::Fail(_) => None,
        }
    }

    /// Its catchers; empty for states that have none.
    #[must_use]
    pub fn catchers(&self) -> &[Catcher] {
        match self {
            Self::Task(state) => &state.catch,
            Self::Parallel(state) => &state.catch,
            Self::Map(state) => &state.catch,
            _ => &[],
        }
    }

    /// Its retriers; empty for states that have none.
    #[must_use]
    pub fn retriers(&self) -> &[Retrier] {
        match self {
            Self::Task(state) => &state.retry,
            Self::Parallel(state) => &state.retry,
            Self::Map(state) => &state.retry,
            _ => &[],
        }
    }

    /// The variables it sets when it succeeds; empty for states that set none.
    #[must_use]
    pub fn assign(&self) -> Option<&Object> {
        match self {
            Self::Task(state) => Some(&state.assign),
            Self::Parallel(state) => Some(&state.assign),
            Self::Map(state) => Some(&state.assign),
            Self::Choice(state) => Some(&state.assign),
            Self::Wait(state) => Some(&state.assign),
            Self::Pass(state) => Some(&state.assign),
            Self::Succeed(_) | Self::Fail(_) => None,
        }
    }
}
