use std::hash::{Hash, Hasher};

use super::{Data, Number, Object};

/// Equal as JSON: members in any order, numbers by value (`1` is `1.0`).
impl PartialEq for Data {
    fn eq(&self, other: &Data) -> bool {
        match (self, other) {
            (Data::Null, Data::Null) => true,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => same_number(a, b),
            (Data::String(a), Data::String(b)) => a == b,
            (Data::Array(a), Data::Array(b)) => a == b,
            (Data::Object(a), Data::Object(b)) => a == b,
            _ => false,
        }
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    a == b || a.as_f64() == b.as_f64()
}

impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

/// As equality has it: members in any order, numbers by value.
impl Hash for Data {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Data::Null => {}
            Data::Bool(value) => value.hash(state),
            // A negative nought equals nought.
            Data::Number(number) => match number.as_f64() {
                Some(value) => (value + 0.0).to_bits().hash(state),
                None => number.hash(state),
            },
            Data::String(text) => text.hash(state),
            Data::Array(items) => items.hash(state),
            Data::Object(members) => members.hash(state),
        }
    }
}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(self.digest());
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::Data;

    #[test]
    fn what_is_equal_hashes_alike() {
        let hasher = RandomState::new();
        let data = |text: &str| Data::parse(text).unwrap();
        for (one, other, equal) in [
            (r#"{"a": 1, "b": [2]}"#, r#"{"b": [2.0], "a": 1.0}"#, true),
            ("0", "-0.0", true),
            ("[1, 2]", "[2, 1]", false),
            (r#"{"a": null}"#, "{}", false),
            (r#""1""#, "1", false),
        ] {
            let (one, other) = (data(one), data(other));
            assert_eq!(one == other, equal, "{one} {other}");
            assert_eq!(
                hasher.hash_one(&one) == hasher.hash_one(&other),
                equal,
                "{one} {other}"
            );
        }
    }
}
