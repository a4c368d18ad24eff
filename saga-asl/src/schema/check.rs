//! Whether a single value is what its field may be.

use super::Shape;
use super::walk::{Departure, Language};
use crate::syntax::{Node, Syntax};

impl Shape {
    /// Whether an expression may stand for it in JSONata.
    pub(super) fn may_be_expression(self) -> bool {
        matches!(
            self,
            Self::TextOrExpression
                | Self::Whole { .. }
                | Self::Number { .. }
                | Self::Timestamp
                | Self::Arguments
                | Self::Items
                | Self::Condition
        )
    }

    /// The language of the expression that the value is, if it is one.
    ///
    /// # Errors
    /// How the value departs from the shape.
    pub(super) fn check(
        self,
        value: &Node<'_>,
        jsonata: bool,
    ) -> Result<Option<Language>, Departure> {
        match self {
            Self::Any | Self::Template => Ok(None),
            Self::Text | Self::TextOrExpression | Self::StateName => text(value, "a string"),
            Self::Flag => kind(matches!(value.syntax, Syntax::Bool(_)), "`true` or `false`"),
            Self::Whole { min, max } => whole(value, min, max, jsonata),
            Self::Number { min, max } => number(value, min, max, jsonata),
            Self::OneOf(allowed) => one_of(value, allowed),
            Self::Path => path(value, Language::Path, "a path"),
            Self::NullablePath => nullable(value, Language::Path, "a path or null"),
            Self::NullableReferencePath => {
                nullable(value, Language::ReferencePath, "a reference path or null")
            }
            Self::PathOrCall => path(
                value,
                Language::PathOrCall,
                "a path or an intrinsic function",
            ),
            Self::Timestamp => text(value, "a string"),
            Self::TemplateObject | Self::Assign | Self::Record(_) | Self::States => {
                kind(value.is_object(), "an object")
            }
            Self::Arguments => kind(value.is_object(), expected("an object", jsonata)),
            Self::Items => kind(false, expected("an array", jsonata)),
            Self::Condition => condition(value),
            Self::ErrorNames => error_names(value),
            Self::List(..) => kind(matches!(value.syntax, Syntax::Array(_)), "an array"),
        }
    }
}

type Checked = Result<Option<Language>, Departure>;

fn kind(good: bool, wanted: &str) -> Checked {
    if good {
        Ok(None)
    } else {
        Err(Departure::WrongType(wanted.to_owned()))
    }
}

fn expected(what: &'static str, jsonata: bool) -> &'static str {
    match (what, jsonata) {
        ("an object", true) => "an object or an expression between `{%` and `%}`",
        ("an array", true) => "an array or an expression between `{%` and `%}`",
        _ => what,
    }
}

fn text(value: &Node<'_>, wanted: &str) -> Checked {
    kind(value.as_str().is_some(), wanted)
}

fn path(value: &Node<'_>, language: Language, wanted: &str) -> Checked {
    text(value, wanted).map(|_| Some(language))
}

fn nullable(value: &Node<'_>, language: Language, wanted: &str) -> Checked {
    if matches!(value.syntax, Syntax::Null) {
        Ok(None)
    } else {
        path(value, language, wanted)
    }
}

fn condition(value: &Node<'_>) -> Checked {
    match &value.syntax {
        Syntax::Bool(_) => Ok(None),
        Syntax::String(_) => Err(Departure::NotAnExpression),
        _ => kind(false, "an expression between `{%` and `%}`, or a boolean"),
    }
}

fn error_names(value: &Node<'_>) -> Checked {
    let names = value.items();
    let all_text = names
        .iter()
        .all(|name| name.as_str().is_some() || name.is_opaque());
    kind(
        !names.is_empty() && all_text,
        "a list of at least one error name",
    )
}

fn whole(value: &Node<'_>, min: i64, max: i64, jsonata: bool) -> Checked {
    let wanted = if jsonata {
        "a whole number or an expression between `{%` and `%}`"
    } else {
        "a whole number"
    };
    let Some(number) = value.as_number() else {
        return kind(false, wanted);
    };
    let Some(whole) = number.as_i64() else {
        return kind(false, wanted);
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "the bounds are shown to people, who read no 16th digit"
    )]
    let range = Departure::OutOfRange {
        min: min as f64,
        max: max as f64,
    };
    if (min..=max).contains(&whole) {
        Ok(None)
    } else {
        Err(range)
    }
}

fn number(value: &Node<'_>, min: f64, max: f64, jsonata: bool) -> Checked {
    let wanted = if jsonata {
        "a number or an expression between `{%` and `%}`"
    } else {
        "a number"
    };
    let Some(number) = value.as_number() else {
        return kind(false, wanted);
    };
    let range = Departure::OutOfRange { min, max };
    if (min..=max).contains(&number.as_f64()) {
        Ok(None)
    } else {
        Err(range)
    }
}

fn one_of(value: &Node<'_>, allowed: &'static [&'static str]) -> Checked {
    let known = value.as_str().is_some_and(|text| allowed.contains(&text));
    if known {
        Ok(None)
    } else {
        Err(Departure::NotAllowed(allowed))
    }
}
