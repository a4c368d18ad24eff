//! Put, get, update and delete of one item, as a Task's template states them.

use std::collections::BTreeMap;

use saga_asl::json::Value;
use saga_asl::model::QueryLanguage;
use saga_dynamodb::expression::update::{Action, Source};
use saga_dynamodb::expression::{Placeholders, Update};

use super::row::{self, Row, Typed};
use crate::data::Data;
use crate::refusal::Refused;
use crate::template::Reads;
use crate::types::Type;

/// What a Task asks of a table, with templates for values.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The table's name or ARN, in the definition's words.
    pub(crate) table: String,
    pub(crate) operation: Operation<Typed>,
    pub(crate) when: Option<Row<Typed>>,
}

/// What is done to an item.
#[derive(Clone, Debug)]
pub(crate) enum Operation<V> {
    Put {
        item: Vec<(String, V)>,
    },
    Get {
        key: Vec<(String, V)>,
    },
    Update {
        key: Vec<(String, V)>,
        set: Vec<(String, V)>,
    },
    Delete {
        key: Vec<(String, V)>,
    },
}

/// A call of a table, with the data that it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) table: String,
    pub(crate) operation: Operation<(Type, Data)>,
    pub(crate) when: Option<Row<(Type, Data)>>,
}

/// The parameters that change nothing about what is done, nor what a saga sees of it.
const HARMLESS: [&str; 3] = [
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
    "ConsistentRead",
];

impl<V> Operation<V> {
    /// The attributes that name the item; those of a put are among all others.
    pub(crate) fn key(&self) -> Option<&[(String, V)]> {
        match self {
            Self::Put { .. } => None,
            Self::Get { key } | Self::Update { key, .. } | Self::Delete { key } => Some(key),
        }
    }

    /// The attributes that are written.
    pub(crate) fn written(&self) -> &[(String, V)] {
        match self {
            Self::Put { item } => item,
            Self::Update { set, .. } => set,
            Self::Get { .. } | Self::Delete { .. } => &[],
        }
    }

    /// All values.
    pub(crate) fn values(&self) -> impl Iterator<Item = &(String, V)> {
        self.key().unwrap_or_default().iter().chain(self.written())
    }

    pub(crate) fn map<W, E>(
        &self,
        mut change: impl FnMut(&V) -> Result<W, E>,
    ) -> Result<Operation<W>, E> {
        let mut each = |all: &[(String, V)]| {
            let all = all
                .iter()
                .map(|(name, value)| Ok((name.clone(), change(value)?)));
            all.collect::<Result<Vec<_>, E>>()
        };
        Ok(match self {
            Self::Put { item } => Operation::Put { item: each(item)? },
            Self::Get { key } => Operation::Get { key: each(key)? },
            Self::Update { key, set } => Operation::Update {
                key: each(key)?,
                set: each(set)?,
            },
            Self::Delete { key } => Operation::Delete { key: each(key)? },
        })
    }
}

impl Asked {
    /// What an action asks by its template, or why a saga has no call for it.
    pub(super) fn of(
        action: &str,
        template: Option<&Value>,
        language: QueryLanguage,
    ) -> Result<Self, String> {
        let Some(Value::Object(fields)) = template else {
            return Err("its request is made of the data as a whole".into());
        };
        let mut request = Request {
            fields: fields
                .iter()
                .map(|(name, value)| (name.as_str(), value))
                .collect(),
            language,
        };
        request.fields.retain(|name, _| !HARMLESS.contains(name));
        if request
            .constant("ReturnValues")
            .is_some_and(|what| what == "NONE")
        {
            request.fields.remove("ReturnValues");
        }
        let table = request
            .constant("TableName")
            .ok_or("the data name its table")?
            .to_owned();
        let operation = match action {
            "putItem" => Operation::Put {
                item: request.attributes("Item")?,
            },
            "getItem" => Operation::Get {
                key: request.attributes("Key")?,
            },
            "updateItem" => Operation::Update {
                key: request.attributes("Key")?,
                set: request.set()?,
            },
            _ => Operation::Delete {
                key: request.attributes("Key")?,
            },
        };
        let when = request.condition()?;
        let known = [
            "TableName",
            "Item",
            "Key",
            "UpdateExpression",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
        ];
        if let Some(other) = request.fields.keys().find(|name| !known.contains(name)) {
            return Err(format!(
                "a saga's call has no `{}`",
                other.trim_end_matches(".$")
            ));
        }
        Ok(Self {
            table,
            operation,
            when,
        })
    }

    /// The call on these data.
    pub(crate) fn call(&self, reads: &Reads<'_>) -> Result<Item, Refused> {
        let mut value = |typed: &Typed| {
            let data = reads.value(&typed.template)?;
            Ok((typed.of.clone(), data.field("value")))
        };
        Ok(Item {
            table: self.table.clone(),
            operation: self.operation.map(&mut value)?,
            when: self
                .when
                .as_ref()
                .map(|when| when.map(&mut value))
                .transpose()?,
        })
    }
}

impl Item {
    /// All that it reads, with the types that its attributes have.
    pub(crate) fn data(&self) -> Vec<(&Type, &Data)> {
        let values = self.operation.values().map(|(_, (of, data))| (of, data));
        let compared = self.when.iter().flat_map(Row::values);
        values
            .chain(compared.map(|(of, data)| (of, data)))
            .collect()
    }

    /// The same call on other data.
    pub(crate) fn map(&self, change: &impl Fn(&Data) -> Data) -> Self {
        let mut changed = |(of, data): &(Type, Data)| {
            Ok::<_, std::convert::Infallible>((of.clone(), change(data)))
        };
        let Ok(operation) = self.operation.map(&mut changed);
        let when = self.when.as_ref().map(|when| {
            let Ok(when) = when.map(&mut changed);
            when
        });
        Self {
            table: self.table.clone(),
            operation,
            when,
        }
    }
}

/// A request, field by field.
struct Request<'t> {
    fields: BTreeMap<&'t str, &'t Value>,
    language: QueryLanguage,
}

impl Request<'_> {
    fn constant(&self, name: &str) -> Option<&str> {
        let text = self.fields.get(name)?.as_str()?;
        (self.language == QueryLanguage::JsonPath || !text.starts_with("{%")).then_some(text)
    }

    /// The attributes in a field, each with its type.
    fn attributes(&self, field: &str) -> Result<Vec<(String, Typed)>, String> {
        let Some(Value::Object(attributes)) = self.fields.get(field) else {
            return Err(format!("its `{field}` is made of the data as a whole"));
        };
        let typed = attributes.iter().map(|(name, value)| {
            let typed = Typed::of(value, self.language);
            typed
                .map(|typed| (name.clone(), typed))
                .map_err(|why| format!("of `{}`, {why}", name.trim_end_matches(".$")))
        });
        typed.collect()
    }

    /// The values of expressions.
    fn values(&self) -> Result<BTreeMap<String, Typed>, String> {
        match self.fields.get("ExpressionAttributeValues") {
            None if self.fields.contains_key("ExpressionAttributeValues.$") => {
                Err("the data hold the values of its expressions".into())
            }
            None => Ok(BTreeMap::new()),
            Some(_) => {
                let values = self.attributes("ExpressionAttributeValues")?;
                Ok(values.into_iter().collect())
            }
        }
    }

    /// What the parser takes placeholders for: each value is a text that says which it is.
    fn placeholders(&self) -> Result<Placeholders, String> {
        let names = match self.fields.get("ExpressionAttributeNames") {
            None if self.fields.contains_key("ExpressionAttributeNames.$") => {
                return Err("the data name its attributes".into());
            }
            None => serde_json::Map::new(),
            Some(names) => {
                let names = names.as_object().into_iter().flatten();
                let names = names.map(|(name, value)| match value.as_str() {
                    Some(text) if !name.ends_with(".$") && !text.starts_with("{%") => {
                        Ok((name.clone(), text.into()))
                    }
                    _ => Err("the data name its attributes".to_owned()),
                });
                names.collect::<Result<_, _>>()?
            }
        };
        let values = self.values()?;
        let values = values
            .keys()
            .map(|name| (name.clone(), serde_json::json!({ "S": name })))
            .collect::<serde_json::Map<_, _>>();
        let mut request = serde_json::Map::new();
        // DynamoDB refuses empty ones, and takes none.
        if !names.is_empty() {
            request.insert("ExpressionAttributeNames".into(), names.into());
        }
        if !values.is_empty() {
            request.insert("ExpressionAttributeValues".into(), values.into());
        }
        Placeholders::read(&request.into()).map_err(|error| error.to_string())
    }

    /// What an update sets.
    fn set(&self) -> Result<Vec<(String, Typed)>, String> {
        let Some(text) = self.constant("UpdateExpression") else {
            return Err("the data hold its `UpdateExpression`".into());
        };
        let placeholders = self.placeholders()?;
        let update = Update::parse(text, &placeholders).map_err(|error| error.to_string())?;
        let values = self.values()?;
        let set = update.actions.iter().map(|action| match action {
            Action::Set(path, Source::Value(value)) => {
                let value = row::placeholder(value).and_then(|name| values.get(name));
                match (path.below.is_empty(), value) {
                    (true, Some(value)) => Ok((path.attribute.clone(), value.clone())),
                    _ => Err(format!("`{text}` sets a part of `{}`", path.attribute)),
                }
            }
            Action::Set(..) | Action::Add(..) => Err(format!(
                "`{text}` computes from what is there; `Table::add(…)` and `Table::subtract(…)` change numbers"
            )),
            Action::Remove(_) | Action::Delete(..) => Err(format!("`{text}` removes something")),
        });
        set.collect()
    }

    /// The condition.
    fn condition(&self) -> Result<Option<Row<Typed>>, String> {
        let Some(text) = self.constant("ConditionExpression") else {
            return match self.fields.contains_key("ConditionExpression.$")
                || self.fields.contains_key("ConditionExpression")
            {
                true => Err("the data hold its `ConditionExpression`".into()),
                false => Ok(None),
            };
        };
        let placeholders = self.placeholders()?;
        let parsed =
            saga_dynamodb::expression::Condition::parse("ConditionExpression", text, &placeholders);
        let parsed = parsed.map_err(|error| error.to_string())?;
        Row::of(&parsed, &self.values()?)
            .map(Some)
            .ok_or_else(|| format!("a saga's conditions on a row have nothing for `{text}`"))
    }
}
