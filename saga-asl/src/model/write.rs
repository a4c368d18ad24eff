//! From types to JSON.

use super::codec::ToJson;
use super::layout::Layout;
use crate::json::{Object, Value};

/// Collects the fields of an object in the language's order and hands them out in the author's.
pub(super) struct Fields<'l> {
    layout: &'l Layout,
    object: Object,
}

impl<'l> Fields<'l> {
    pub(super) fn new(layout: &'l Layout) -> Self {
        Self {
            layout,
            object: Object::new(),
        }
    }

    /// A field that is always there.
    pub(super) fn required(&mut self, name: &str, value: &impl ToJson) -> &mut Self {
        self.object.insert(name.to_owned(), value.to_json());
        self
    }

    /// A field that may be absent.
    pub(super) fn optional<T: ToJson>(&mut self, name: &str, value: Option<&T>) -> &mut Self {
        if let Some(value) = value {
            self.required(name, value);
        }
        self
    }

    /// A list or an object that is left out when it is empty, unless the author wrote it so.
    pub(super) fn collection<T: ToJson>(&mut self, name: &str, value: &T) -> &mut Self {
        let json = value.to_json();
        let empty = match &json {
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if !empty || self.layout.mentions(name) {
            self.object.insert(name.to_owned(), json);
        }
        self
    }

    /// The finished object: in the author's order where there is one, then the rest.
    pub(super) fn finish(&mut self) -> Value {
        let mut own = std::mem::take(&mut self.object);
        let mut object = Object::with_capacity(own.len());
        for name in &self.layout.order {
            let field = own
                .shift_remove(name)
                .or_else(|| self.layout.extra.get(name).cloned());
            if let Some(value) = field {
                object.insert(name.clone(), value);
            }
        }
        object.extend(own);
        Value::Object(object)
    }
}
