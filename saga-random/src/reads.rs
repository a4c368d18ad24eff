//! What a random step may read, and how the world tells whether it was given the right thing.
//!
//! A handler answers with its own name: `{"id": "Book#2@Rooms[1]"}`, the step instance and the item.
//! What reads it hands it on under a key that says what it must be, and so every payload says of
//! itself whether it is right.

use saga_manifest::expr::{Expr, ObjectField, Presence};

use crate::dice::Dice;

/// Something that may be read at a place.
#[derive(Clone, Debug)]
pub struct Known {
    /// What a payload calls it: `step:Book`, `item:Rooms`, `index:Rooms`, or a block's value, of which
    /// only its form can be told: `value:Travel`.
    pub key: String,
    /// How it is read.
    pub expr: Expr,
}

impl Known {
    /// A step's answer.
    #[must_use]
    pub fn step(name: &str) -> Self {
        Self {
            key: format!("step:{name}"),
            expr: field(Expr::Output(name.into()), "id"),
        }
    }

    /// The same in the step's own compensation.
    #[must_use]
    pub fn own(name: &str) -> Self {
        let output = || Box::new(Expr::MaybeOutput(name.into()));
        Self {
            key: format!("own:{name}"),
            expr: Expr::IfPresent {
                value: output(),
                then: Box::new(field(*output(), "id")),
                otherwise: Box::new(Expr::Literal(serde_json::Value::Null)),
            },
        }
    }

    /// A block's value.
    #[must_use]
    pub fn value(name: &str) -> Self {
        Self {
            key: format!("value:{name}"),
            expr: Expr::Output(name.into()),
        }
    }

    /// The item of a map, and its index.
    #[must_use]
    pub fn item(map: &str) -> [Self; 2] {
        let item = Self {
            key: format!("item:{map}"),
            expr: field(Expr::Item(map.into()), "number"),
        };
        let index = Self {
            key: format!("index:{map}"),
            expr: Expr::ItemIndex(map.into()),
        };
        [item, index]
    }
}

/// An object of some of what is known.
pub fn some(known: &[Known], dice: &mut Dice) -> Expr {
    let mut fields: Vec<ObjectField> = Vec::new();
    for _ in 0..dice.below(4) {
        let Some(known) = dice.one_of(known) else {
            break;
        };
        if fields.iter().all(|field| field.name != known.key) {
            fields.push(ObjectField {
                name: known.key.clone(),
                value: known.expr.clone(),
                skip_null: false,
            });
        }
    }
    Expr::Object(fields)
}

/// A field that is always there.
#[must_use]
pub fn field(of: Expr, name: &str) -> Expr {
    Expr::Field {
        of: Box::new(of),
        name: name.into(),
        presence: Presence::Required,
    }
}
