//! The functions that Step Functions adds to JSONata, and those that the engine must replace
//! so that an execution can be repeated.

use std::cell::Cell;
use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use saga_asl::data::Data;
use saga_asl::intrinsic::{digest, uuid};

use super::convert::to_jsonata;
use super::needs::Needs;
use crate::random::Seeded;
use crate::time::Timestamp;

/// The most items that `$range` gives (developer guide, as for `States.ArrayRange`).
const MAX_RANGE: usize = 1000;

type Value = Result<JValue, EvaluatorError>;

fn refuse<T>(message: impl Into<String>) -> Result<T, EvaluatorError> {
    Err(EvaluatorError::EvaluationError(message.into()))
}

/// Registers those of our functions that `names` has.
pub(super) fn register(
    evaluator: &mut Evaluator,
    names: &[Box<str>],
    random: &Rc<Cell<Seeded>>,
    now: Timestamp,
) -> Result<(), EvaluatorError> {
    for name in names {
        match &**name {
            "partition" => evaluator.register_fn("partition", partition)?,
            "range" => evaluator.register_fn("range", range)?,
            "hash" => evaluator.register_fn("hash", hash)?,
            "parse" => evaluator.register_fn("parse", parse)?,
            "finite" => evaluator.register_fn("finite", finite)?,
            "uuid" => evaluator.register_fn("uuid", make_uuid(Rc::clone(random)))?,
            "random" => evaluator.register_fn_override("random", make_random(Rc::clone(random)))?,
            "millis" => evaluator.register_fn_override("millis", millis(now))?,
            "now" => evaluator.register_fn_override("now", instant(now))?,
            _ => {}
        }
    }
    Ok(())
}

fn integer(value: Option<&JValue>, of: &str) -> Result<i64, EvaluatorError> {
    match value.and_then(JValue::as_f64) {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        Some(number) => Ok(number.round() as i64),
        None => refuse(format!("T0410: {of} must be a number")),
    }
}

fn partition(arguments: &[JValue]) -> Value {
    let Some(items) = arguments.first().and_then(JValue::as_array) else {
        return refuse("T0410: Argument 1 of function \"partition\" must be an array");
    };
    let size = integer(arguments.get(1), "Argument 2 of function \"partition\"")?;
    match usize::try_from(size) {
        Ok(size) if size > 0 => {
            let parts = items.chunks(size).map(|part| JValue::array(part.to_vec()));
            Ok(JValue::array(parts.collect()))
        }
        _ => refuse("D3040: The chunk size of \"partition\" must be positive"),
    }
}

/// A range of one number is that number, as a sequence of one is in JSONata.
fn range(arguments: &[JValue]) -> Value {
    let first = integer(arguments.first(), "Argument 1 of function \"range\"")?;
    let last = integer(arguments.get(1), "Argument 2 of function \"range\"")?;
    let step = integer(arguments.get(2), "Argument 3 of function \"range\"")?;
    if step == 0 {
        return refuse("D3040: The step of \"range\" must not be 0");
    }
    let mut numbers = Vec::new();
    let mut next = Some(first);
    while let Some(number) = next.filter(|n| if step > 0 { *n <= last } else { *n >= last }) {
        if numbers.len() == MAX_RANGE {
            return refuse(format!("D2014: A range has at most {MAX_RANGE} items"));
        }
        numbers.push(JValue::from_i64(number));
        next = number.checked_add(step);
    }
    match numbers.pop() {
        Some(only) if numbers.is_empty() => Ok(only),
        Some(last) => {
            numbers.push(last);
            Ok(JValue::array(numbers))
        }
        None => Ok(JValue::array(numbers)),
    }
}

fn hash(arguments: &[JValue]) -> Value {
    let algorithm = arguments
        .get(1)
        .and_then(JValue::as_str)
        .unwrap_or("SHA-256");
    let hashed = match arguments.first() {
        Some(JValue::String(text)) => digest(text.as_bytes(), algorithm),
        Some(value) => match value.to_json_string() {
            Ok(text) => digest(text.as_bytes(), algorithm),
            Err(error) => return refuse(error.to_string()),
        },
        None => return refuse("T0410: Argument 1 of function \"hash\" is missing"),
    };
    match hashed {
        Some(digest) => Ok(JValue::string(digest)),
        None => refuse(format!("D3040: \"{algorithm}\" is no hash algorithm")),
    }
}

fn parse(arguments: &[JValue]) -> Value {
    let Some(text) = arguments.first().and_then(JValue::as_str) else {
        return refuse("T0410: Argument 1 of function \"parse\" must be a string");
    };
    let everything = Needs {
        whole: true,
        ..Needs::default()
    };
    match Data::parse(text) {
        Ok(data) => Ok(to_jsonata(&data, &everything)),
        Err(error) => refuse(format!("D3040: The text is not valid JSON: {error}")),
    }
}

fn finite(arguments: &[JValue]) -> Value {
    match arguments.first() {
        Some(JValue::Number(number)) if !number.is_finite() => refuse("D1001: Number out of range"),
        Some(value) => Ok(value.clone()),
        None => Ok(JValue::Undefined),
    }
}

fn draw<T>(random: &Cell<Seeded>, from: impl FnOnce(&mut Seeded) -> T) -> T {
    let mut state = random.get();
    let drawn = from(&mut state);
    random.set(state);
    drawn
}

fn make_uuid(random: Rc<Cell<Seeded>>) -> impl Fn(&[JValue]) -> Value {
    move |_| Ok(JValue::string(draw(&random, |random| uuid(random))))
}

/// A number from 0 up to but without 1; with a seed, always the same.
fn make_random(random: Rc<Cell<Seeded>>) -> impl Fn(&[JValue]) -> Value {
    move |arguments| {
        let fraction = match arguments.first().and_then(JValue::as_f64) {
            Some(seed) => Seeded::new(seed.to_bits()).fraction(),
            None => draw(&random, Seeded::fraction),
        };
        Ok(JValue::Number(fraction))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds are far below 2^53"
)]
fn millis(now: Timestamp) -> impl Fn(&[JValue]) -> Value {
    move |_| Ok(JValue::Number(now.0 as f64))
}

fn instant(now: Timestamp) -> impl Fn(&[JValue]) -> Value {
    move |_| Ok(JValue::string(now.to_string()))
}

/// Our functions, for the expression's compiler to look for.
pub(super) fn is_ours(name: &str) -> bool {
    [
        "partition",
        "range",
        "hash",
        "parse",
        "finite",
        "uuid",
        "random",
        "millis",
        "now",
    ]
    .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::Seeded;
    use saga_asl::intrinsic::Random;

    #[test]
    fn a_seed_repeats() {
        let (mut a, mut b) = (Seeded::new(7), Seeded::new(7));
        assert_eq!((a.next(), a.next()), (b.next(), b.next()));
    }
}
