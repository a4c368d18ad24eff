//! Whether what is written by one JSON Schema can be read by another: the subset of 2020-12 that serde's types have.

use serde_json::Value;

/// Nested deeper than that, types are taken to fit.
const DEEPEST: usize = 32;

/// What a reader of the second schema misses in, or cannot take of, values of the first: a line each.
pub(super) fn misfits(written: &Value, read: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let check = Check {
        of_written: written,
        of_read: read,
    };
    check.compare(written, read, "", DEEPEST, &mut found);
    found
}

/// The roots, in which references are looked up.
struct Check<'s> {
    of_written: &'s Value,
    of_read: &'s Value,
}

impl<'s> Check<'s> {
    fn compare(
        &self,
        written: &'s Value,
        read: &'s Value,
        path: &str,
        depth: usize,
        found: &mut Vec<String>,
    ) {
        let (written, read) = (
            resolve(self.of_written, written),
            resolve(self.of_read, read),
        );
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        if written == read
            && depth < DEEPEST - 1
            && written.get("$ref").is_none()
            && !refers(written)
        {
            return;
        }
        if let Some(ways) = ways(written) {
            for way in ways {
                self.compare(way, read, path, depth, found);
            }
            return;
        }
        if let Some(ways) = ways(read) {
            let mut fewest: Option<Vec<String>> = None;
            for way in ways {
                let mut misses = Vec::new();
                self.compare(written, way, path, depth, &mut misses);
                if fewest
                    .as_ref()
                    .is_none_or(|known| misses.len() < known.len())
                {
                    fewest = Some(misses);
                }
            }
            found.extend(fewest.unwrap_or_default());
            return;
        }
        let at = if path.is_empty() { "the value" } else { path };
        let (types, taken) = (types(written), types(read));
        let refused = types
            .iter()
            .filter(|kind| !taken.is_empty() && !taken.iter().any(|known| takes(known, kind)));
        for kind in refused {
            found.push(format!(
                "{at} may be {kind}, and is read as {}",
                taken.join(" or ")
            ));
        }
        if let Some(known) = values(read) {
            match values(written) {
                Some(values) => {
                    for value in values.into_iter().filter(|value| !known.contains(value)) {
                        found.push(format!("{at} may be {value}, which is not read any more"));
                    }
                }
                None if types.is_empty() || types.contains(&"string") => {
                    found.push(format!(
                        "{at} may be anything, and only some values are read"
                    ));
                }
                None => {}
            }
        }
        self.fields(written, read, path, depth, found);
        if let (Some(of_written), Some(of_read)) = (written.get("items"), read.get("items")) {
            self.compare(of_written, of_read, &format!("{path}[]"), depth, found);
        }
    }

    fn fields(
        &self,
        written: &'s Value,
        read: &'s Value,
        path: &str,
        depth: usize,
        found: &mut Vec<String>,
    ) {
        let always = |field: &str| names(&written["required"]).any(|name| name == field);
        for field in names(&read["required"]) {
            let at = below(path, field);
            if written["properties"].get(field).is_none() {
                found.push(format!("{at} is read and was not there"));
            } else if !always(field) {
                found.push(format!("{at} is read and may be missing"));
            }
        }
        for (name, of_written) in written["properties"].as_object().into_iter().flatten() {
            match read["properties"].get(name) {
                Some(of_read) => {
                    self.compare(of_written, of_read, &below(path, name), depth, found)
                }
                None if read["additionalProperties"] == false => {
                    found.push(format!("{} is not taken any more", below(path, name)));
                }
                None => {}
            }
        }
    }
}

fn below(path: &str, field: &str) -> String {
    if path.is_empty() {
        format!("`{field}`")
    } else {
        format!("{}.{field}`", path.trim_end_matches('`'))
    }
}

fn resolve<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let target = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'));
    target
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

/// Whether something in it is a reference: equal texts may then mean different things.
fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => fields.contains_key("$ref") || fields.values().any(refers),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

fn ways(schema: &Value) -> Option<&Vec<Value>> {
    ["anyOf", "oneOf"]
        .iter()
        .find_map(|word| schema[*word].as_array())
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn takes(reader: &str, kind: &str) -> bool {
    reader == kind || (reader == "number" && kind == "integer")
}

/// The only values that there are, where a schema lists them.
fn values(schema: &Value) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema["enum"].as_array()) {
        (Some(one), _) => Some(vec![one]),
        (None, Some(several)) => Some(several.iter().collect()),
        (None, None) => None,
    }
}

fn names(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
