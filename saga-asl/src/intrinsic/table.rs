use std::ops::RangeInclusive;

/// An intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intrinsic {
    /// `States.Format(template, …)`
    Format,
    /// `States.StringToJson(text)`
    StringToJson,
    /// `States.JsonToString(value)`
    JsonToString,
    /// `States.Array(item, …)`
    Array,
    /// `States.ArrayPartition(array, size)`
    ArrayPartition,
    /// `States.ArrayContains(array, value)`
    ArrayContains,
    /// `States.ArrayRange(first, last, step)`
    ArrayRange,
    /// `States.ArrayGetItem(array, index)`
    ArrayGetItem,
    /// `States.ArrayLength(array)`
    ArrayLength,
    /// `States.ArrayUnique(array)`
    ArrayUnique,
    /// `States.Base64Encode(text)`
    Base64Encode,
    /// `States.Base64Decode(text)`
    Base64Decode,
    /// `States.Hash(data, algorithm)`
    Hash,
    /// `States.JsonMerge(object, object, deep)`
    JsonMerge,
    /// `States.MathRandom(from, to, seed)`, the seed optional
    MathRandom,
    /// `States.MathAdd(a, b)`
    MathAdd,
    /// `States.StringSplit(text, delimiters)`
    StringSplit,
    /// `States.UUID()`
    Uuid,
}

/// Each function with its name and the numbers of arguments it takes. `States.Array` may
/// have none: recorded on AWS, against the letter of the developer guide.
const TABLE: [(Intrinsic, &str, RangeInclusive<usize>); 18] = [
    (Intrinsic::Format, "States.Format", 1..=usize::MAX),
    (Intrinsic::StringToJson, "States.StringToJson", 1..=1),
    (Intrinsic::JsonToString, "States.JsonToString", 1..=1),
    (Intrinsic::Array, "States.Array", 0..=usize::MAX),
    (Intrinsic::ArrayPartition, "States.ArrayPartition", 2..=2),
    (Intrinsic::ArrayContains, "States.ArrayContains", 2..=2),
    (Intrinsic::ArrayRange, "States.ArrayRange", 3..=3),
    (Intrinsic::ArrayGetItem, "States.ArrayGetItem", 2..=2),
    (Intrinsic::ArrayLength, "States.ArrayLength", 1..=1),
    (Intrinsic::ArrayUnique, "States.ArrayUnique", 1..=1),
    (Intrinsic::Base64Encode, "States.Base64Encode", 1..=1),
    (Intrinsic::Base64Decode, "States.Base64Decode", 1..=1),
    (Intrinsic::Hash, "States.Hash", 2..=2),
    (Intrinsic::JsonMerge, "States.JsonMerge", 3..=3),
    (Intrinsic::MathRandom, "States.MathRandom", 2..=3),
    (Intrinsic::MathAdd, "States.MathAdd", 2..=2),
    (Intrinsic::StringSplit, "States.StringSplit", 2..=2),
    (Intrinsic::Uuid, "States.UUID", 0..=0),
];

impl Intrinsic {
    /// All functions, in the order of the developer guide's table of contents.
    pub fn all() -> impl Iterator<Item = Intrinsic> {
        TABLE.into_iter().map(|(function, ..)| function)
    }

    /// The function of this full name, as in `States.Format`.
    pub fn named(name: &str) -> Option<Self> {
        TABLE
            .into_iter()
            .find_map(|(function, known, _)| (known == name).then_some(function))
    }

    /// The full name.
    pub fn name(self) -> &'static str {
        TABLE
            .into_iter()
            .find_map(|(known, name, _)| (known == self).then_some(name))
            .unwrap_or_default()
    }

    /// How many arguments the function takes.
    pub fn arity(self) -> RangeInclusive<usize> {
        TABLE
            .into_iter()
            .find_map(|(known, _, arity)| (known == self).then_some(arity))
            .unwrap_or(0..=0)
    }
}
