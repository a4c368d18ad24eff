//! What a definition in a template calls resources: substitutions and CloudFormation's intrinsic functions.

use std::collections::{BTreeMap, BTreeSet};

use saga_asl::json::Value;

/// What the placeholders of a definition stand for: `${LogicalId}`, or a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolve(BTreeMap<String, String>);

impl Resolve {
    /// Those of `DefinitionSubstitutions`, in a template with these resources.
    pub(super) fn new(substitutions: Option<&Value>, ids: BTreeSet<String>) -> Self {
        let own = Self(
            ids.into_iter()
                .map(|id| (id.clone(), reference(&id)))
                .collect(),
        );
        let named = substitutions
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let named: Vec<_> = named
            .filter_map(|(name, value)| match own.value(value.clone()) {
                Value::String(text) => Some((name.clone(), text)),
                Value::Number(number) => Some((name.clone(), number.as_str().to_owned())),
                _ => None,
            })
            .collect();
        let mut all = own;
        all.0.extend(named);
        all
    }

    /// A value with each placeholder and each intrinsic function resolved that names a resource or a text.
    pub(crate) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.text(&text).into(),
            Value::Array(items) => {
                Value::Array(items.into_iter().map(|item| self.value(item)).collect())
            }
            Value::Object(fields) => {
                let only = fields.iter().next().filter(|_| fields.len() == 1);
                if let Some(resolved) = only.and_then(|(name, value)| self.function(name, value)) {
                    return resolved.into();
                }
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name, self.value(value)));
                Value::Object(fields.collect())
            }
            other => other,
        }
    }

    /// What an intrinsic function names.
    fn function(&self, name: &str, argument: &Value) -> Option<String> {
        match name {
            "Ref" => Some(reference(argument.as_str()?)),
            "Fn::GetAtt" => {
                let of = match argument {
                    Value::Array(parts) => parts.first()?.as_str()?,
                    argument => argument.as_str()?.split('.').next()?,
                };
                Some(reference(of))
            }
            "Fn::Sub" => {
                let text = match argument {
                    Value::Array(parts) => parts.first()?.as_str()?,
                    argument => argument.as_str()?,
                };
                Some(self.text(text))
            }
            name if name.starts_with("Fn::") => Some(format!("${{{}}}", name.replace("::", ""))),
            _ => None,
        }
    }

    /// A text with its `${name}` and `${Resource.Attribute}` resolved.
    fn text(&self, text: &str) -> String {
        let mut made = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, from)) = rest.split_once("${") {
            let Some((name, after)) = from.split_once('}') else {
                break;
            };
            made.push_str(before);
            let id = name.split('.').next().unwrap_or(name);
            match self.0.get(name).or_else(|| self.0.get(id)) {
                Some(known) => made.push_str(known),
                None => made.push_str(&reference(name)),
            }
            rest = after;
        }
        made.push_str(rest);
        made
    }
}

fn reference(id: &str) -> String {
    format!("${{{id}}}")
}

#[cfg(test)]
mod tests {
    use saga_asl::json::object;

    use super::*;

    #[test]
    fn placeholders_name_resources_or_texts() {
        let substitutions = object([
            ("ChargeArn", object([("Fn::GetAtt", "Charge.Arn".into())])),
            ("Table", object([("Ref", "Orders".into())])),
            ("Greeting", "hello".into()),
        ]);
        let ids = ["Charge", "Orders"].map(str::to_owned).into();
        let resolve = Resolve::new(Some(&substitutions), ids);
        let cases: [(Value, Value); 7] = [
            ("${ChargeArn}".into(), "${Charge}".into()),
            ("${Table}".into(), "${Orders}".into()),
            ("${Greeting}, ${Table}".into(), "hello, ${Orders}".into()),
            ("${Charge.Arn}".into(), "${Charge}".into()),
            ("${Unknown}".into(), "${Unknown}".into()),
            (object([("Ref", "Orders".into())]), "${Orders}".into()),
            (
                object([("Fn::Sub", "${Charge.Arn}:1".into())]),
                "${Charge}:1".into(),
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(resolve.value(value.clone()), expected, "{value:?}");
        }
    }
}
