//! Random inputs: what random sagas read.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// How many flags an input has.
pub const FLAGS: u64 = 4;

/// How many lists an input has.
pub const LISTS: u64 = 3;

/// The longest list that a map takes.
pub const LONGEST_LIST: u32 = 3;

/// The name of a number below 10.
pub const NUMBER: &str = "number";

/// The name of a flag.
#[must_use]
pub fn flag(number: u64) -> String {
    format!("flag{number}")
}

/// The name of a list.
#[must_use]
pub fn list(number: u64) -> String {
    format!("list{number}")
}

/// An input. Now and then a list is too long, or none.
pub fn random(dice: &mut Dice) -> Value {
    let mut input = Map::new();
    for number in 0..FLAGS {
        input.insert(flag(number), dice.chance(500).into());
    }
    input.insert(NUMBER.into(), dice.below(10).into());
    input.insert("seconds".into(), dice.below(5).into());
    for number in 0..LISTS {
        let length = match dice.below(30) {
            0 => u64::from(LONGEST_LIST) + 1,
            _ => dice.below(u64::from(LONGEST_LIST) + 1),
        };
        let items = (0..length).map(|number| json!({ "number": number }));
        let items = match dice.below(40) {
            0 => json!("no list"),
            _ => items.collect(),
        };
        input.insert(list(number), items);
    }
    Value::Object(input)
}
