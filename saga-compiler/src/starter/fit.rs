//! Whether what came is the saga's input, as an expression that says which field is not: API Gateway's own
//! validation names fields that are missing, and of others only the rule.
//!
//! It checks types, bounds, constants and what is missing; of alternatives (an enum with content) it checks
//! nothing, and the handler's own reading does.

use saga_manifest::trigger::BusinessKey;
use serde_json::Value;

use crate::jsonata::literal;

/// The list of what is wrong with a value, one text each; empty, where it fits.
pub(super) fn problems(schema: &Value, value: &str, key: &BusinessKey) -> String {
    let fit = Fit { key };
    let at = At {
        value: value.to_owned(),
        name: "\"\"".to_owned(),
        path: Some(Vec::new()),
        depth: 0,
    };
    format!("[{}]", fit.check(schema, &at).unwrap_or_default())
}

struct Fit<'k> {
    key: &'k BusinessKey,
}

/// A part of the input.
struct At {
    /// The expression that reads it.
    value: String,
    /// The expression that names it.
    name: String,
    /// The fields on the way to it; none within a list.
    path: Option<Vec<String>>,
    /// How many lists it is in.
    depth: usize,
}

impl At {
    fn field(&self, name: &str) -> Self {
        let dot = if self.name == "\"\"" { "" } else { "." };
        let mut path = self.path.clone();
        if let Some(path) = &mut path {
            path.push(name.to_owned());
        }
        Self {
            value: format!("{}.{}", self.value, literal::name(name)),
            name: joined(&self.name, &format!("{dot}{name}")),
            path,
            depth: self.depth,
        }
    }

    fn item(&self) -> Self {
        let depth = self.depth + 1;
        Self {
            value: format!("$item{depth}"),
            name: format!("{} & $at{depth} & \"]\"", joined(&self.name, "[")),
            path: None,
            depth,
        }
    }

    fn says(&self, what: &str) -> String {
        joined(&self.name, &format!(" {what}"))
    }
}

/// A text expression with a constant behind it.
fn joined(text: &str, constant: &str) -> String {
    let constant = literal::quoted(constant);
    match text.strip_suffix('"') {
        // The constant goes on with the one before.
        Some(open) => format!("{open}{}", constant.get(1..).unwrap_or_default()),
        None => format!("{text} & {constant}"),
    }
}

impl Fit<'_> {
    /// An expression that is nothing where the part fits, else one text or a list.
    fn check(&self, schema: &Value, at: &At) -> Option<String> {
        if let Some(options) = schema.get("anyOf").and_then(Value::as_array) {
            return self.optional(options, at);
        }
        if let Some(constant) = schema.get("const") {
            return Some(one_of(std::slice::from_ref(constant), at));
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Some(one_of(values, at));
        }
        let of_type = |name: &str, what: &str, then: Option<String>| {
            let wrong = at.says(what);
            let then = then.map(|then| format!(" : {then}")).unwrap_or_default();
            Some(format!(
                "($type({}) != \"{name}\" ? {wrong}{then})",
                at.value
            ))
        };
        match schema.get("type")?.as_str()? {
            "string" => of_type("string", "is no text", self.of_key(at)),
            "boolean" => of_type("boolean", "is neither true nor false", None),
            "null" => of_type("null", "is not null", None),
            "number" => of_type("number", "is no number", None),
            "integer" => of_type("number", "is no number", Some(integer(schema, at))),
            "array" => of_type("array", "is no list", self.items(schema, at)),
            "object" => of_type("object", "is no object", self.fields(schema, at)),
            _ => None,
        }
    }

    /// A value or null; of other alternatives nothing is said.
    fn optional(&self, options: &[Value], at: &At) -> Option<String> {
        let [of, null] = options else { return None };
        if null.get("type")?.as_str()? != "null" {
            return None;
        }
        let check = self.check(of, at)?;
        Some(format!("($type({}) != \"null\" ? {check})", at.value))
    }

    fn of_key(&self, at: &At) -> Option<String> {
        (at.path.as_ref() == Some(self.key)).then(|| {
            let wrong = at.says("is not 1 to 80 letters, digits, - and _");
            format!(
                "($not($contains({}, /^[A-Za-z0-9_-]{{1,80}}$/)) ? {wrong})",
                at.value
            )
        })
    }

    fn fields(&self, schema: &Value, at: &At) -> Option<String> {
        let required = schema.get("required").and_then(Value::as_array);
        let required: Vec<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let fields = schema.get("properties")?.as_object()?;
        // In the order of their names, whatever features `serde_json` is built with.
        let mut names: Vec<&String> = fields.keys().collect();
        names.sort();
        let checks: Vec<String> = names
            .into_iter()
            .filter_map(|name| {
                let (field, of) = (at.field(name), fields.get(name)?);
                let check = self.check(of, &field);
                let there = format!("$exists({})", field.value);
                match (required.contains(&name.as_str()), check) {
                    (true, check) => {
                        let then = check.unwrap_or_else(|| "$nothing".into());
                        Some(format!("({there} ? {then} : {})", field.says("is missing")))
                    }
                    (false, Some(check)) => Some(format!("({there} ? {check})")),
                    (false, None) => None,
                }
            })
            .collect();
        (!checks.is_empty()).then(|| format!("[{}]", checks.join(", ")))
    }

    fn items(&self, schema: &Value, at: &At) -> Option<String> {
        let item = at.item();
        let check = self.check(schema.get("items")?, &item)?;
        let number = item.depth;
        Some(format!(
            "$reduce($map({}, function($item{number}, $at{number}) {{ [{check}] }}), \
             function($all, $more) {{ $append($all, $more) }}, [])",
            at.value
        ))
    }
}

fn one_of(values: &[Value], at: &At) -> String {
    let list: Vec<String> = values.iter().map(literal::constant).collect();
    let what: Vec<String> = values.iter().map(Value::to_string).collect();
    let wrong = at.says(&format!("is none of {}", what.join(", ")));
    format!("($not({} in [{}]) ? {wrong})", at.value, list.join(", "))
}

fn integer(schema: &Value, at: &At) -> String {
    let value = &at.value;
    let mut fits = vec![format!("$floor({value}) = {value}")];
    let bound = |name: &str| schema.get(name).filter(|bound| bound.is_number());
    fits.extend(bound("minimum").map(|least| format!("{value} >= {least}")));
    fits.extend(bound("maximum").map(|most| format!("{value} <= {most}")));
    let wrong = match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("is no whole number from {least} to {most}"),
        _ => "is no whole number".to_owned(),
    };
    format!("($not({}) ? {})", fits.join(" and "), at.says(&wrong))
}
