//! Which definition a record is of.

use saga_manifest::saga::Saga;
use serde_json::Value;

/// What tells a saga's definition from another one: the same however its source is laid out and described.
pub(crate) fn of(saga: &Saga) -> String {
    // Every key is a string, so that this cannot fail.
    let mut value = serde_json::to_value(saga).unwrap_or_default();
    strip(&mut value);
    value.sort_all_objects();
    format!("{:016x}", hash(&value.to_string()))
}

/// Takes away what does not change what is done.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // A schema may describe a property of that name: it is an object then, and stays.
            fields.retain(|name, value| match name.as_str() {
                "place" => value.get("line").is_none(),
                "description" => !value.is_string(),
                _ => true,
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// FNV-1a of a text, 64 bits (Fowler, Noll, Vo): spreads names, and keeps no secrets.
#[must_use]
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}
