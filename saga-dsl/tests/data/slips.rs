//! What a value looks like when one thing about it is otherwise.

use serde_json::{Value, json};

/// The value, and it with each of its fields absent, null, or of another type, or with
/// a field that it doesn't know.
pub fn of(value: &Value) -> Vec<Value> {
    let mut slips = vec![value.clone()];
    slips.extend(replaced(value));
    if let Value::Object(fields) = value {
        let mut more = fields.clone();
        more.insert("unknown field".into(), json!(1));
        slips.push(more.into());
        for (name, field) in fields {
            let with = |changed: Option<Value>| {
                let mut fields = fields.clone();
                match changed {
                    Some(value) => fields.insert(name.clone(), value),
                    None => fields.remove(name),
                };
                Value::Object(fields)
            };
            slips.push(with(None));
            slips.extend(of(field).into_iter().map(|slip| with(Some(slip))));
        }
    }
    slips
}

// No list: serde reads a struct from one too, which no client is told of.
fn replaced(value: &Value) -> Vec<Value> {
    let others = [
        json!(null),
        json!("text"),
        json!(7),
        json!(-1),
        json!(300),
        json!(1.5),
        json!(true),
        json!({}),
    ];
    others.into_iter().filter(|other| other != value).collect()
}
