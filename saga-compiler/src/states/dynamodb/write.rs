//! A write of an item in the making, and what those of all kinds have in common.

use saga_asl::json::{Object, Value, object};
use saga_manifest::task::Attribute;

use crate::checked::Item;
use crate::checked::dynamodb::SAGA_AT;
use crate::jsonata::attribute::Mark;
use crate::jsonata::{Term, attribute, delimited};
use crate::permission::{Action, Uses};
use crate::states::condition::Placeholders;
use crate::states::request::{Frame, Phase, Request};

/// A write of an item.
pub(super) struct Write<'s, 'f> {
    pub(super) item: Item<'s>,
    pub(super) frame: Frame<'f>,
    pub(super) placeholders: Placeholders,
    set: Vec<String>,
    remove: Vec<String>,
}

impl<'s, 'f> Write<'s, 'f> {
    pub(super) fn new(item: Item<'s>, frame: Frame<'f>) -> Self {
        Self {
            item,
            frame,
            placeholders: Placeholders::default(),
            set: Vec::new(),
            remove: Vec::new(),
        }
    }

    pub(super) fn name(&mut self, attribute: &str) -> String {
        self.placeholders.name(attribute)
    }

    pub(super) fn value(&mut self, called: &str, value: Value) -> String {
        self.placeholders.value(called, value)
    }

    /// A text as a value.
    pub(super) fn text(&mut self, called: &str, text: &Term) -> String {
        self.value(called, object([("S", delimited(text))]))
    }

    /// A number as a value, of which the term is the text.
    pub(super) fn number(&mut self, called: &str, text: &Term) -> String {
        self.value(called, attribute::number_value(text))
    }

    /// A constant number as a value.
    pub(super) fn zero(&mut self) -> String {
        self.value("zero", object([("N", "0".into())]))
    }

    /// Sets an attribute, or a nested one (`address.street`), as the author says.
    pub(super) fn assign(&mut self, attribute: &Attribute) {
        let Attribute { name, shape, value } = attribute;
        let value = attribute::attribute_value(value, shape, self.frame.scope);
        let path = self.placeholders.path(name.split('.'));
        let value = self.value(name.rsplit('.').next().unwrap_or(name), value);
        self.set.push(format!("{path} = {value}"));
    }

    /// Sets what is behind a placeholder to what an expression of DynamoDB gives.
    pub(super) fn set(&mut self, name: &str, to: &str) {
        self.set.push(format!("{name} = {to}"));
    }

    /// Removes what is behind a placeholder.
    pub(super) fn remove(&mut self, name: String) {
        self.remove.push(name);
    }

    /// The author's condition.
    pub(super) fn author(&mut self) -> Option<String> {
        let condition = self.item.condition?;
        Some(self.placeholders.condition(condition, self.frame.scope))
    }

    /// A condition and the author's.
    pub(super) fn and_author(&mut self, condition: String) -> String {
        match self.author() {
            Some(author) => format!("{condition} AND ({author})"),
            None => condition,
        }
    }

    /// That the item is there.
    pub(super) fn exists(&mut self) -> String {
        let key = self.name(&self.item.table.partition_key.name);
        format!("attribute_exists({key})")
    }

    /// That nothing came after this attempt that makes what was sent before it too late.
    pub(super) fn in_time(&mut self) -> String {
        let at = self.name(SAGA_AT);
        let sent = self.number(SAGA_AT, &sent());
        format!("(attribute_not_exists({at}) OR {at} <= {sent})")
    }

    /// Makes what was sent before this attempt too late.
    pub(super) fn set_late(&mut self) {
        let at = self.name(SAGA_AT);
        let sent = self.number(SAGA_AT, &sent());
        self.set(&at, &sent);
    }

    /// The step instance with its item's path.
    pub(super) fn instance(&self) -> Term {
        self.frame.instance(self.step())
    }

    /// The step that the call is for: an undo has its do's.
    pub(super) fn step(&self) -> &'f str {
        match self.frame.phase {
            Phase::Do => self.frame.effect,
            Phase::Undo { .. } => self.frame.step,
        }
    }

    /// A mark as a value.
    pub(super) fn mark(&mut self, mark: &Mark) -> String {
        self.value(mark.name, mark.attribute_value())
    }

    /// The saga's id and a step instance: what tells one effect from all others.
    pub(super) fn key_of(&self, instance: &Term) -> Term {
        let saga = self.frame.scope.saga_id();
        saga.operator("&", &Term::string("/"))
            .operator("&", instance)
    }

    pub(super) fn arguments(&self, action: Action, uses: &mut Uses<'s>) -> Object {
        let table = uses.table(self.item.table, action);
        [("TableName".to_owned(), Value::from(table))]
            .into_iter()
            .collect()
    }

    /// The update of what was set and removed.
    pub(super) fn update(
        self,
        key: &[Attribute],
        condition: Option<String>,
        uses: &mut Uses<'s>,
    ) -> Request {
        let mut arguments = self.arguments("dynamodb:UpdateItem", uses);
        arguments.insert("Key".into(), attribute::attributes(key, self.frame.scope));
        let sections = [("SET", &self.set), ("REMOVE", &self.remove)];
        let sections = sections.into_iter().filter(|(_, parts)| !parts.is_empty());
        let sections: Vec<_> = sections
            .map(|(section, parts)| format!("{section} {}", parts.join(", ")))
            .collect();
        arguments.insert("UpdateExpression".into(), sections.join(" ").into());
        self.finish("arn:aws:states:::dynamodb:updateItem", arguments, condition)
    }

    pub(super) fn finish(
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
}

/// When the attempt was sent, in milliseconds since 1970: each attempt's own.
fn sent() -> Term {
    Term::primary("$string($millis())")
}

/// When the state was entered, in milliseconds since 1970: the same on every attempt.
pub(super) fn entered() -> Term {
    Term::call(
        "$string",
        &Term::call(
            "$toMillis",
            &Term::path("$states.context.State.EnteredTime"),
        ),
    )
}
