//! Between the engine's data and `jsonata-core`'s.

use indexmap::IndexMap;
use jsonata_core::value::JValue;
use saga_asl::data::{Data, Object};

use super::needs::Needs;

/// Results nest at most this deep; deeper ones could overflow a stack later.
const MAX_DEPTH: usize = 256;

/// The part of `data` that is needed.
pub(super) fn to_jsonata(data: &Data, needs: &Needs) -> JValue {
    match data {
        Data::Object(members) if !needs.whole => {
            let needed = needs.members.iter().filter_map(|(name, needs)| {
                Some((name.to_string(), to_jsonata(members.get(name)?, needs)))
            });
            JValue::object(needed.collect())
        }
        _ => whole(data),
    }
}

fn whole(data: &Data) -> JValue {
    match data {
        Data::Null => JValue::Null,
        Data::Bool(value) => JValue::Bool(*value),
        Data::Number(number) => JValue::Number(number.as_f64().unwrap_or_default()),
        Data::String(text) => JValue::string(&**text),
        Data::Array(items) => JValue::array(items.iter().map(whole).collect()),
        Data::Object(members) => JValue::object(whole_members(members)),
    }
}

fn whole_members(members: &Object) -> IndexMap<String, JValue> {
    members
        .iter()
        .map(|(key, value)| (key.to_string(), whole(value)))
        .collect()
}

/// The data of a result; a message where it is none.
pub(super) fn from_jsonata(value: &JValue) -> Result<Data, &'static str> {
    from(value, 0)
}

fn from(value: &JValue, depth: usize) -> Result<Data, &'static str> {
    if depth > MAX_DEPTH {
        return Err("nests too deeply");
    }
    if value.is_undefined() || value.is_null() {
        return Ok(Data::Null);
    }
    if value.is_function() || value.is_regex() {
        return Err("is a function, which is no data");
    }
    match value {
        JValue::Bool(value) => Ok(Data::Bool(*value)),
        JValue::Number(number) => Data::from_f64(*number).ok_or("is no finite number"),
        JValue::String(text) => Ok(Data::from(&**text)),
        JValue::Array(items) => {
            let items = items.iter().map(|item| from(item, depth + 1));
            Ok(Data::array(items.collect::<Result<_, _>>()?))
        }
        JValue::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| Ok((key.as_str(), from(value, depth + 1)?)));
            Ok(Data::object(members.collect::<Result<Vec<_>, &str>>()?))
        }
        _ => Err("is no data"),
    }
}
