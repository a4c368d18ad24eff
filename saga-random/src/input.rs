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

/// The name of a word.
pub const WORD: &str = "word";

/// The name of a time soon after executions start.
pub const TIME: &str = "time";

/// The name of what may not be there.
pub const MAYBE: &str = "maybe";

/// The name of a text that tells the inputs of a saga apart that is run for each item of a map.
pub const PATH: &str = "path";

/// The name of an item's own list.
pub const ITEMS: &str = "items";

/// The name of an item's text that tells it from all others of the list at the root: `0.2`.
pub const ID: &str = "id";

/// How deep lists are nested.
const DEEPEST: usize = 4;

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

/// The names of all that is there in every input, but for [`PATH`].
pub fn names() -> impl Iterator<Item = String> {
    let plain = [NUMBER, "seconds", WORD, TIME].map(str::to_owned);
    let flags = (0..FLAGS).map(flag);
    plain.into_iter().chain(flags).chain((0..LISTS).map(list))
}

/// An input. Now and then a list is too long, or none.
pub fn random(dice: &mut Dice) -> Value {
    let mut input = Map::new();
    for number in 0..FLAGS {
        input.insert(flag(number), dice.chance(500).into());
    }
    input.insert(NUMBER.into(), dice.below(10).into());
    input.insert("seconds".into(), dice.below(5).into());
    let words = ["kiwi", "fig", "banana"];
    input.insert(WORD.into(), dice.one_of(&words).copied().into());
    let time = format!("1970-01-01T00:00:0{}Z", dice.below(10));
    input.insert(TIME.into(), time.into());
    if dice.chance(500) {
        input.insert(MAYBE.into(), 1.into());
    }
    input.insert(PATH.into(), "-".into());
    for number in 0..LISTS {
        let length = match dice.below(40) {
            0 => u64::from(LONGEST_LIST) + 1,
            _ => dice.below(u64::from(LONGEST_LIST) + 1),
        };
        let items = match dice.below(60) {
            0 => json!("no list"),
            _ => items(length, &[], dice),
        };
        input.insert(list(number), items);
    }
    Value::Object(input)
}

/// Items, with the indexes of those around them.
fn items(length: u64, around: &[u64], dice: &mut Dice) -> Value {
    let items = (0..length).map(|number| {
        let path = [around, &[number]].concat();
        let inner = match path.len() < DEEPEST {
            true => dice.below(3),
            false => 0,
        };
        let id: Vec<_> = path.iter().map(u64::to_string).collect();
        json!({ NUMBER: number, ID: id.join("."), ITEMS: items(inner, &path, dice) })
    });
    items.collect()
}
