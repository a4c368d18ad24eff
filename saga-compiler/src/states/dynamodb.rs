//! `dynamodb:putItem`, `getItem`, `updateItem`, `deleteItem`; puts and their undo are fenced.

use saga_asl::json::{Object, Value, object};
use saga_manifest::expr::Expr;
use saga_manifest::resource::Table;
use saga_manifest::task::{Attribute, AttributeShape, Shape};

use super::condition::Placeholders;
use super::request::{Frame, Phase, Request};
use crate::checked::dynamodb::{SAGA_AT, SAGA_ID, SAGA_UNDONE};
use crate::checked::{Item, Operation};
use crate::jsonata::{Scope, Term, attribute, delimited, item};
use crate::permission::Uses;

/// The request of a call. `own` says that its saga puts the item.
pub(super) fn request<'s>(
    item: Item<'s>,
    own: bool,
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    match (item.operation, frame.phase) {
        (Operation::Get { key, item: shapes }, _) => get(item.table, key, shapes, frame, uses),
        (Operation::Put { item: attributes }, _) => {
            Write::new(item, Fence::Do).put(attributes, frame, uses)
        }
        (Operation::Update { key, set }, Phase::Undo { fenced: true }) => {
            Write::new(item, Fence::Undo).update(key, set, frame, uses)
        }
        (Operation::Delete { key }, Phase::Undo { fenced: true }) => {
            Write::new(item, Fence::Undo).put(key, frame, uses)
        }
        (Operation::Update { key, set }, _) => {
            let fence = if own { Fence::Order } else { Fence::None };
            Write::new(item, fence).update(key, set, frame, uses)
        }
        (Operation::Delete { key }, _) => Write::new(item, Fence::None).delete(key, frame, uses),
    }
}

/// A strongly consistent read. The output is the item, or null where there is none.
fn get<'s>(
    table: &'s Table,
    key: &[Attribute],
    shapes: &[AttributeShape],
    frame: Frame<'_>,
    uses: &mut Uses<'s>,
) -> Request {
    let found = Term::path("$states.result.Item");
    let exists = Term::call("$exists", &found);
    let output = Term::conditional(&exists, &item::item(&found, shapes), &Term::null());
    Request {
        resource: "arn:aws:states:::dynamodb:getItem",
        arguments: object([
            ("TableName", uses.table(table, "dynamodb:GetItem").into()),
            ("Key", attribute::attributes(key, frame.scope)),
            ("ConsistentRead", true.into()),
        ]),
        output: delimited(output),
    }
}

/// How a write is protected against repetition and against its own undo.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    /// Not at all: only the author's condition counts.
    None,
    /// Only by the author's condition, and it notes when: a put of this saga that comes late finds that.
    Order,
    /// As a do: writes where there is nothing, or what this saga put and did neither undo nor change later.
    Do,
    /// As an undo: marks what this saga put, or the place where it would.
    Undo,
}

/// A write of an item.
struct Write<'s> {
    item: Item<'s>,
    fence: Fence,
    placeholders: Placeholders,
}

impl<'s> Write<'s> {
    fn new(item: Item<'s>, fence: Fence) -> Self {
        Self {
            item,
            fence,
            placeholders: Placeholders::default(),
        }
    }

    fn put(mut self, attributes: &[Attribute], frame: Frame<'_>, uses: &mut Uses<'s>) -> Request {
        let condition = self.condition(frame.scope);
        let mut arguments = self.arguments("dynamodb:PutItem", uses);
        let marks = self.marks();
        let marked = attributes.iter().chain(&marks);
        let item = attribute::attributes_and(marked, self.entered(), frame.scope);
        arguments.insert("Item".into(), item);
        self.finish("arn:aws:states:::dynamodb:putItem", arguments, condition)
    }

    fn update(
        mut self,
        key: &[Attribute],
        set: &[Attribute],
        frame: Frame<'_>,
        uses: &mut Uses<'s>,
    ) -> Request {
        let marks = self.marks();
        let set = set.iter().chain(&marks);
        let mut set: Vec<_> = set
            .map(|attribute| self.assignment(attribute, frame.scope))
            .collect();
        if let Some((name, entered)) = self.entered() {
            let value = self
                .placeholders
                .value(name, attribute::number_value(&entered));
            set.push(format!("{} = {value}", self.placeholders.name(name)));
        }
        let condition = self.condition(frame.scope);
        let mut arguments = self.arguments("dynamodb:UpdateItem", uses);
        arguments.insert("Key".into(), attribute::attributes(key, frame.scope));
        let expression = format!("SET {}", set.join(", "));
        arguments.insert("UpdateExpression".into(), expression.into());
        self.finish("arn:aws:states:::dynamodb:updateItem", arguments, condition)
    }

    fn delete(mut self, key: &[Attribute], frame: Frame<'_>, uses: &mut Uses<'s>) -> Request {
        let condition = self.condition(frame.scope);
        let mut arguments = self.arguments("dynamodb:DeleteItem", uses);
        arguments.insert("Key".into(), attribute::attributes(key, frame.scope));
        self.finish("arn:aws:states:::dynamodb:deleteItem", arguments, condition)
    }

    fn arguments(&self, action: &'static str, uses: &mut Uses<'s>) -> Object {
        let table = uses.table(self.item.table, action);
        [("TableName".to_owned(), Value::from(table))]
            .into_iter()
            .collect()
    }

    fn finish(
        self,
        resource: &'static str,
        mut arguments: Object,
        condition: Option<String>,
    ) -> Request {
        let condition = condition.map(|text| ("ConditionExpression".into(), text.into()));
        arguments.extend(condition);
        self.placeholders.write(&mut arguments);
        Request {
            resource,
            arguments: arguments.into(),
            output: Value::Null,
        }
    }

    /// The attributes that the fence writes.
    fn marks(&self) -> Vec<Attribute> {
        let id = Attribute {
            name: SAGA_ID.into(),
            shape: Shape::String,
            value: Expr::SagaId,
        };
        let undone = Attribute {
            name: SAGA_UNDONE.into(),
            shape: Shape::Bool,
            value: Expr::Literal(true.into()),
        };
        match self.fence {
            Fence::None | Fence::Order => Vec::new(),
            Fence::Do => vec![id],
            Fence::Undo => vec![id, undone],
        }
    }

    /// The attribute that says when the state was entered, for what its saga may write once more.
    fn entered(&self) -> Option<(&'static str, Term)> {
        match self.fence {
            Fence::Order | Fence::Do => Some((SAGA_AT, entered())),
            Fence::None | Fence::Undo => None,
        }
    }

    /// `#name = :name`, for an attribute or a nested one (`address.street`).
    fn assignment(&mut self, attribute: &Attribute, scope: Scope<'_>) -> String {
        let Attribute { name, shape, value } = attribute;
        let value = attribute::attribute_value(value, shape, scope);
        let path = self.placeholders.path(name.split('.'));
        let value = self
            .placeholders
            .value(name.rsplit('.').next().unwrap_or(name), value);
        format!("{path} = {value}")
    }

    /// What must hold. The author's condition is about the item before this saga touched it, so it
    /// counts where a do finds no item of its own, and where an undo finds one.
    fn condition(&mut self, scope: Scope<'_>) -> Option<String> {
        let author = self.item.condition;
        let author = author.map(|condition| self.placeholders.condition(condition, scope));
        if matches!(self.fence, Fence::None | Fence::Order) {
            return author;
        }
        let key = self.placeholders.name(&self.item.table.partition_key.name);
        let absent = format!("attribute_not_exists({key})");
        let name = self.placeholders.name(SAGA_ID);
        let own = format!(
            "{name} = {}",
            self.placeholders.value(SAGA_ID, saga_id(scope))
        );
        Some(match (self.fence, author) {
            (Fence::Undo, None) => format!("{absent} OR {own}"),
            (Fence::Undo, Some(author)) => format!("{absent} OR ({own} AND ({author}))"),
            (_, author) => {
                let undone = self.placeholders.name(SAGA_UNDONE);
                let absent = match author {
                    Some(author) => format!("({absent} AND ({author}))"),
                    None => absent,
                };
                let at = self.placeholders.name(SAGA_AT);
                let now = attribute::number_value(&entered());
                let now = self.placeholders.value(SAGA_AT, now);
                format!("{absent} OR ({own} AND attribute_not_exists({undone}) AND {at} <= {now})")
            }
        })
    }
}

/// When the state was entered, in milliseconds since 1970: the same on every attempt.
fn entered() -> Term {
    Term::call(
        "$string",
        &Term::call(
            "$toMillis",
            &Term::path("$states.context.State.EnteredTime"),
        ),
    )
}

/// The saga id as an attribute value.
fn saga_id(scope: Scope<'_>) -> Value {
    object([("S", delimited(scope.saga_id()))])
}
