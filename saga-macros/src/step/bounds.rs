//! What Lambda takes for a function (developer guide, "Lambda quotas").

use syn::{Lit, LitInt, LitStr};

use crate::attribute::duration::Bounds;
use crate::problem;

/// A function's time.
pub const TIMEOUT: Bounds = Bounds {
    of: "timeout",
    least: 1,
    greatest: 900,
    because: "a Lambda function runs for 15 minutes at most",
};

/// The time of a function whose author states none, in seconds.
pub const DEFAULT_TIMEOUT: u32 = 10;

/// A function's memory in MiB: `256` or `"256MB"`.
pub fn memory(literal: &Lit) -> syn::Result<u32> {
    let written = match literal {
        Lit::Int(number) => megabytes(number),
        Lit::Str(text) => with_unit(text),
        _ => None,
    };
    match written {
        Some(memory @ 128..=10_240) => Ok(memory),
        Some(_) => Err(problem::at(
            literal,
            "memory is out of bounds",
            "a Lambda function has 128 to 10240 MB",
        )),
        None => Err(problem::at(
            literal,
            "this is not an amount of memory",
            "state megabytes: `256` or `\"256MB\"`",
        )),
    }
}

/// How many invocations run at a time.
pub fn concurrency(literal: &LitInt) -> syn::Result<u32> {
    match literal.base10_parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(problem::at(
            literal,
            "this is not a number of invocations",
            "state how many may run at a time, at least one: `concurrency = 10`",
        )),
    }
}

fn megabytes(number: &LitInt) -> Option<u32> {
    number
        .suffix()
        .is_empty()
        .then(|| number.base10_parse().ok())?
}

fn with_unit(text: &LitStr) -> Option<u32> {
    let text = text.value();
    let units = [("MB", 1), ("MiB", 1), ("GB", 1024), ("GiB", 1024)];
    units.into_iter().find_map(|(unit, factor)| {
        let number: u32 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        number.checked_mul(factor)
    })
}
