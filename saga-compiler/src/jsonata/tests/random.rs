//! Random data, and random expressions over it that types allow.

use saga_manifest::expr::{Expr, ObjectField, PickedField, Presence};
use serde_json::{Value, json};

use super::{MAP, STEPS, World, meaning};

/// Names that need quoting in one way or another.
const NAMES: [&str; 9] = [
    "plain",
    "fareId",
    "two words",
    "and",
    "in",
    "null",
    "tick`ed",
    "日本",
    "a.b",
];

/// Texts that JSONata, a definition or a substitution could take for something else.
const TEXTS: [&str; 15] = [
    "",
    "plain",
    "\"quoted\"",
    "back\\slash",
    "line\nfeed\ttab",
    "{% $now() %}",
    "50 %} of",
    "${Table}",
    "$states.input",
    "\u{1}\u{7f}",
    "日本 \u{1F600}",
    "'single'",
    "2024-02-29T23:59:59.9999Z",
    "2023-02-29T00:00:00Z",
    "2024-03-01T00:59:59+01:00",
];

/// A small generator of random numbers (xorshift): the same numbers for the same seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(super) fn name(&mut self) -> &'static str {
        self.pick(&NAMES)
    }

    pub(super) fn text(&mut self) -> &'static str {
        self.pick(&TEXTS)
    }

    pub(super) fn number(&mut self) -> Value {
        self.pick(&[0.0, 1.0, -1.0, 2.5, -0.125, 1e21, 123_456_789.0])
            .into()
    }

    /// Any JSON.
    pub(super) fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => Value::Null,
            1 => (self.below(2) == 0).into(),
            2 => self.number(),
            3 => self.text().into(),
            4 => (0..self.below(3)).map(|_| self.json(depth - 1)).collect(),
            _ => self.object(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let fields = (0..self.below(4)).map(|_| (self.name().to_owned(), self.json(depth - 1)));
        Value::Object(fields.collect())
    }

    pub(super) fn world(&mut self) -> World {
        World {
            input: self.object(4),
            outputs: std::array::from_fn(|_| match self.below(4) {
                0 => Value::Null,
                _ => self.object(3),
            }),
            item: self.json(3),
            index: self.below(3),
        }
    }

    /// An expression over that data.
    pub(super) fn expr(&mut self, depth: usize, world: &World) -> Expr {
        match self.below(if depth == 0 { 7 } else { 14 }) {
            0 => Expr::Literal(self.json(2)),
            1 => Expr::Input,
            2 => Expr::SagaId,
            3 => Expr::Output(self.pick(&STEPS).into()),
            4 => Expr::MaybeOutput(self.pick(&STEPS).into()),
            5 => Expr::Item(MAP.into()),
            6 => Expr::ItemIndex(MAP.into()),
            7 => self.object_expr(depth, world),
            8 => Expr::List(
                (0..self.below(4))
                    .map(|_| self.expr(depth - 1, world))
                    .collect(),
            ),
            9 => self.if_present(depth, world),
            10 => self.pick_expr(depth, world),
            _ => {
                let of = self.expr(depth - 1, world);
                self.part(of, world)
            }
        }
    }

    /// An item of the value where it is a list, else a field of it.
    fn part(&mut self, of: Expr, world: &World) -> Expr {
        match meaning::value(&of, world) {
            Value::Array(items) if !items.is_empty() => Expr::Element {
                of: Box::new(of),
                index: u32::try_from(self.below(items.len())).unwrap(),
            },
            _ => self.field(of, world),
        }
    }

    /// A field of the value, read as its type must say: required only where it is sure to be there.
    fn field(&mut self, of: Expr, world: &World) -> Expr {
        let value = meaning::value(&of, world);
        let Some(name) = self.field_name(&value) else {
            return of;
        };
        let presence = self.presence(&value, &name, is_optional(&of));
        Expr::Field {
            of: Box::new(of),
            name,
            presence,
        }
    }

    /// A field that the value has, or another one. Lists have none: no type reads a field of a list.
    fn field_name(&mut self, value: &Value) -> Option<String> {
        match value {
            Value::Array(_) => None,
            Value::Object(fields) if !fields.is_empty() && self.below(4) > 0 => {
                let mut names: Vec<_> = fields.keys().collect();
                names.sort();
                Some(names[self.below(names.len())].clone())
            }
            _ => Some(self.name().to_owned()),
        }
    }

    /// A field may be required of what is null, if its type says that it may be.
    fn presence(&mut self, object: &Value, name: &str, optional: bool) -> Presence {
        let there = object.get(name).is_some() || (object.is_null() && optional);
        match self.below(if there { 3 } else { 2 }) {
            0 => Presence::Optional,
            1 => Presence::Default(self.json(1)),
            _ => Presence::Required,
        }
    }

    fn pick_expr(&mut self, depth: usize, world: &World) -> Expr {
        let of = self.expr(depth - 1, world);
        let value = meaning::value(&of, world);
        let mut fields: Vec<PickedField> = Vec::new();
        for _ in 0..self.below(3) {
            let Some(name) = self.field_name(&value) else {
                return of;
            };
            let presence = self.presence(&value, &name, is_optional(&of));
            if !fields.iter().any(|field| field.name == name) {
                fields.push(PickedField { name, presence });
            }
        }
        Expr::Pick {
            of: Box::new(of),
            fields,
        }
    }

    fn object_expr(&mut self, depth: usize, world: &World) -> Expr {
        let mut fields: Vec<ObjectField> = Vec::new();
        for _ in 0..self.below(4) {
            let field = ObjectField {
                name: self.name().into(),
                value: self.expr(depth - 1, world),
                skip_null: self.below(2) == 0,
            };
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field);
            }
        }
        Expr::Object(fields)
    }

    /// A conditional, often one that reads on from what it found.
    fn if_present(&mut self, depth: usize, world: &World) -> Expr {
        let value = self.expr(depth - 1, world);
        let then = match self.below(3) {
            0 => self.expr(depth - 1, world),
            1 => value.clone(),
            _ => self.field(value.clone(), world),
        };
        let otherwise = self.expr(depth - 1, world);
        Expr::IfPresent {
            value: Box::new(value),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        }
    }
}

/// Whether the expression's type is an `Option`.
fn is_optional(expr: &Expr) -> bool {
    match expr {
        Expr::MaybeOutput(_) => true,
        Expr::Field { of, presence, .. } => match presence {
            Presence::Optional => true,
            Presence::Required => is_optional(of),
            Presence::Default(_) => false,
        },
        Expr::Element { of, .. } => is_optional(of),
        Expr::IfPresent {
            then, otherwise, ..
        } => is_optional(then) && is_optional(otherwise),
        _ => false,
    }
}

/// The same values whatever the spelling of their numbers.
#[track_caller]
pub(super) fn assert_same(found: &Value, expected: &Value, what: &str) {
    assert!(
        same(found, expected),
        "{what}\nfound    {found}\nexpected {expected}"
    );
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let equal = |(name, value)| right.get(name).is_some_and(|other| same(value, other));
            left.len() == right.len() && left.iter().all(equal)
        }
        _ => left == right,
    }
}

#[test]
fn numbers_compare_by_value() {
    assert!(same(&json!({ "a": [1] }), &json!({ "a": [1.0] })));
    assert!(!same(&json!([1]), &json!([1, 2])));
    assert!(!same(&json!({ "a": null }), &json!({})));
}
