use super::{Argument, Call, Intrinsic, array, format, hash, json, number};
use crate::data::Data;
use crate::jsonpath::{NotFound, Path, Roots};

/// A source of random numbers, so that a run can be repeated from its seed.
pub trait Random {
    /// The next 64 random bits.
    fn next(&mut self) -> u64;
}

/// Why a call has no value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// An argument's path leads nowhere.
    #[error("{cause}")]
    Path {
        /// The path of the argument.
        path: Box<Path>,
        /// Where it ended.
        cause: NotFound,
    },
    /// The function refuses its arguments: `States.IntrinsicFailure`.
    #[error("The function '{call}' had the following error: {message}")]
    Function {
        /// The call as it was written.
        call: Box<str>,
        /// What is wrong.
        message: String,
    },
}

/// What a function returns before the call that it belongs to is named.
pub(super) type Computed = Result<Data, String>;

impl Call {
    /// The value of the call.
    ///
    /// # Errors
    /// [`Failure`]: a path of an argument leads nowhere, or a function refuses its arguments.
    pub fn evaluate(&self, roots: &dyn Roots, random: &mut dyn Random) -> Result<Data, Failure> {
        let mut values = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            values.push(argument.evaluate(roots, random)?);
        }
        compute(self.function, &values, random).map_err(|message| Failure::Function {
            call: self.text.clone(),
            message,
        })
    }
}

impl Argument {
    fn evaluate(&self, roots: &dyn Roots, random: &mut dyn Random) -> Result<Data, Failure> {
        match self {
            Argument::Literal(data) => Ok(data.clone()),
            Argument::Call(call) => call.evaluate(roots, random),
            Argument::Path(path) => path.select(roots).map_err(|cause| Failure::Path {
                path: Box::new(path.clone()),
                cause,
            }),
        }
    }
}

fn compute(function: Intrinsic, values: &[Data], random: &mut dyn Random) -> Computed {
    match (function, values) {
        (Intrinsic::Format, [template, rest @ ..]) => format::format(template, rest),
        (Intrinsic::StringToJson, [text]) => json::parse(text),
        (Intrinsic::JsonToString, [value]) => Ok(Data::from(value.to_string())),
        (Intrinsic::Array, items) => Ok(Data::array(items.to_vec())),
        (Intrinsic::ArrayPartition, [items, size]) => array::partition(items, size),
        (Intrinsic::ArrayContains, [items, value]) => array::contains(items, value),
        (Intrinsic::ArrayRange, [first, last, step]) => array::range(first, last, step),
        (Intrinsic::ArrayGetItem, [items, index]) => array::item(items, index),
        (Intrinsic::ArrayLength, [items]) => array::length(items),
        (Intrinsic::ArrayUnique, [items]) => array::unique(items),
        (Intrinsic::Base64Encode, [text]) => format::encode(text),
        (Intrinsic::Base64Decode, [text]) => format::decode(text),
        (Intrinsic::Hash, [data, algorithm]) => hash::hash(data, algorithm),
        (Intrinsic::JsonMerge, [first, second, deep]) => json::merge(first, second, deep),
        (Intrinsic::MathRandom, [from, to, seed @ ..]) => {
            number::random(from, to, seed.first(), random)
        }
        (Intrinsic::MathAdd, [a, b]) => number::add(a, b),
        (Intrinsic::StringSplit, [text, delimiters]) => format::split(text, delimiters),
        (Intrinsic::Uuid, []) => Ok(Data::from(number::uuid(random))),
        // INVARIANT: the parser has checked the number of arguments.
        (_, values) => Err(format!("unexpected number of arguments: {}", values.len())),
    }
}
