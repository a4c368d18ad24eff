//! Content filters: the one language of SNS filter policies and EventBridge patterns.
//!
//! Sources: SNS developer guide, "Subscription filter policies"; EventBridge user guide, "Comparison
//! operators". Every field named must match, by one of its rules; `$or` offers alternatives.

mod parse;
mod rule;

use serde_json::Value;

pub use parse::PatternError;
pub use rule::Rule;

/// A pattern for a JSON object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pattern {
    /// The fields that must match, all of them.
    fields: Vec<(String, Field)>,
    /// Sets of alternatives, one of each of which must match.
    alternatives: Vec<Vec<Pattern>>,
}

/// What a field must be.
#[derive(Clone, Debug, PartialEq)]
enum Field {
    /// One of these.
    Rules(Vec<Rule>),
    /// An object that matches.
    Nested(Pattern),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where it is none, with the way to the place.
    pub fn read(json: &Value) -> Result<Self, PatternError> {
        parse::pattern(json)
    }

    /// Whether an object matches.
    #[must_use]
    pub fn matches(&self, object: &Value) -> bool {
        let fields = self
            .fields
            .iter()
            .all(|(name, field)| field.matches(object.get(name)));
        let one_of = |patterns: &Vec<Self>| patterns.iter().any(|pattern| pattern.matches(object));
        fields && self.alternatives.iter().all(one_of)
    }
}

impl Field {
    fn matches(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Rules(rules), value) => rules.iter().any(|rule| rule.matches(value)),
            (Self::Nested(pattern), Some(Value::Array(values))) => {
                values.iter().any(|value| pattern.matches(value))
            }
            (Self::Nested(pattern), value) => pattern.matches(value.unwrap_or(&Value::Null)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, object: &str, expected: bool) {
        let pattern = Pattern::read(&serde_json::from_str(pattern).unwrap()).unwrap();
        let object = serde_json::from_str(object).unwrap();
        assert_eq!(pattern.matches(&object), expected, "{pattern:?} {object}");
    }

    #[test]
    fn every_field_must_match_by_one_of_its_rules() {
        check(r#"{"a":["x","y"]}"#, r#"{"a":"y"}"#, true);
        check(r#"{"a":["x","y"]}"#, r#"{"a":"z"}"#, false);
        check(r#"{"a":["x"],"b":[1]}"#, r#"{"a":"x","b":1.0}"#, true);
        check(r#"{"a":["x"],"b":[1]}"#, r#"{"a":"x"}"#, false);
        check(r#"{"a":["1"]}"#, r#"{"a":1}"#, false);
        check(r#"{"a":[null]}"#, r#"{"a":null}"#, true);
        check(r#"{"a":[null]}"#, "{}", false);
        check(r#"{"a":["x"]}"#, r#"{"a":["w","x"]}"#, true);
        check(r#"{"a":{"b":["x"]}}"#, r#"{"a":{"b":"x"}}"#, true);
        check(
            r#"{"a":{"b":["x"]}}"#,
            r#"{"a":[{"b":"w"},{"b":"x"}]}"#,
            true,
        );
        check(r#"{"a":{"b":["x"]}}"#, r#"{"b":"x"}"#, false);
        check("{}", "{}", true);
    }

    #[test]
    fn rules_compare_as_documented() {
        check(r#"{"a":[{"prefix":"or"}]}"#, r#"{"a":"order"}"#, true);
        check(r#"{"a":[{"prefix":"or"}]}"#, r#"{"a":"Order"}"#, false);
        check(
            r#"{"a":[{"prefix":{"equals-ignore-case":"or"}}]}"#,
            r#"{"a":"Order"}"#,
            true,
        );
        check(r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"b.png"}"#, true);
        check(
            r#"{"a":[{"equals-ignore-case":"ALICE"}]}"#,
            r#"{"a":"alice"}"#,
            true,
        );
        check(
            r#"{"a":[{"wildcard":"dir/*.png"}]}"#,
            r#"{"a":"dir/x/y.png"}"#,
            true,
        );
        check(
            r#"{"a":[{"wildcard":"dir/*.png"}]}"#,
            r#"{"a":"dir/x.jpg"}"#,
            false,
        );
        check(r#"{"a":[{"exists":false}]}"#, "{}", true);
        check(r#"{"a":[{"exists":true}]}"#, r#"{"a":null}"#, true);
        check(r#"{"a":[{"exists":false}]}"#, r#"{"a":1}"#, false);
        check(r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"y"}"#, true);
        check(r#"{"a":[{"anything-but":["x",1]}]}"#, r#"{"a":1}"#, false);
        check(r#"{"a":[{"anything-but":"x"}]}"#, "{}", false);
        check(
            r#"{"a":[{"anything-but":{"prefix":"x"}}]}"#,
            r#"{"a":"xy"}"#,
            false,
        );
        check(r#"{"a":[{"numeric":["=",3.0]}]}"#, r#"{"a":3}"#, true);
        check(
            r#"{"a":[{"numeric":[">",0,"<=",150]}]}"#,
            r#"{"a":150}"#,
            true,
        );
        check(
            r#"{"a":[{"numeric":[">",0,"<=",150]}]}"#,
            r#"{"a":0}"#,
            false,
        );
        check(r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":"1"}"#, false);
        check(
            r#"{"a":["x"],"$or":[{"b":[1]},{"c":[2]}]}"#,
            r#"{"a":"x","c":2}"#,
            true,
        );
        check(
            r#"{"a":["x"],"$or":[{"b":[1]},{"c":[2]}]}"#,
            r#"{"a":"x","c":3}"#,
            false,
        );
    }

    #[track_caller]
    fn check_refused(pattern: &str, expected: &str) {
        let error = Pattern::read(&serde_json::from_str(pattern).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_place() {
        check_refused("[]", "the pattern is no object");
        check_refused(
            r#"{"a":"x"}"#,
            "`a` is neither a list of rules nor an object",
        );
        check_refused(r#"{"a":[]}"#, "`a` has no rules");
        check_refused(
            r#"{"a":{"b":[{"prefixx":"x"}]}}"#,
            "`a.b` has an unknown rule `prefixx`",
        );
        check_refused(
            r#"{"a":[{"prefix":1}]}"#,
            "`a` has a rule `prefix` that is no text",
        );
        check_refused(
            r#"{"a":[{"numeric":[">"]}]}"#,
            "`a` has a rule `numeric` that is not pairs of operator and number",
        );
        check_refused(
            r#"{"$or":[{"a":[1]}]}"#,
            "`$or` needs two alternatives or more",
        );
    }
}
