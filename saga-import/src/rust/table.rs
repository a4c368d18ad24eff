//! Tables: their rows, and the calls of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::message::{existing, resource_name};
use super::{Named, Writer};
use crate::call::Call;
use crate::data::{AttributeType, Data};
use crate::flow::Block;
use crate::plan::Kind;
use crate::service::item::{Item, Operation};
use crate::service::row::Row;
use crate::types::{Type, Types};

/// A table as a type.
#[derive(Debug)]
pub(super) struct TableType {
    /// What the definition calls it.
    arn: String,
    name: String,
    row: String,
    /// The attributes of its key.
    keys: Vec<String>,
}

const ISOLATION: &str = "as before: nothing but conditions keeps executions apart";

const NO_TYPE: &str = "its data have not the types that a row has, or may be absent";
const NO_PAIR: &str = "a saga undoes nothing by such a call";

impl TableType {
    pub(super) fn print(&self, types: &Types) -> String {
        let row = Type::Named(self.row.clone());
        let mut keys = String::new();
        for (verb, key) in ["partition_key", "sort_key"].into_iter().zip(&self.keys) {
            let (field, of) = types.field(&row, key);
            write!(keys, "{verb} = {field}: {of}, ").unwrap_or_default();
        }
        format!(
            "/// The table that is there already.\n#[derive(SagaTable)]\n#[table(item = {row}, {keys}existing({}), \
             isolation = none({ISOLATION:?}))]\npub struct {};\n",
            existing(&self.arn),
            self.name
        )
    }
}

impl Writer<'_> {
    /// The tables that are called, and their rows.
    pub(super) fn declare_tables(&mut self, calls: &[Named<'_>]) {
        let mut tables = self.plan.tables.clone();
        let read = attributes_read(self.plan, calls);
        for (task, call, _) in calls {
            let Call::Item(item) = call else { continue };
            if self.tables.iter().all(|known| known.arn != item.table) {
                let Some(table) = tables.get(&item.table) else {
                    continue;
                };
                let name = self.types.name(&resource_name(&item.table));
                let row = self.types.name(&format!("{name}Row"));
                self.tables.push(TableType {
                    arn: item.table.clone(),
                    name,
                    row,
                    keys: table.keys.names().into_iter().map(str::to_owned).collect(),
                });
            }
            if let (Operation::Get { .. }, Some(table)) =
                (&item.operation, tables.get_mut(&item.table))
            {
                let own = read.iter().filter(|(of, ..)| of == task);
                own.for_each(|(_, name, of)| table.attribute(name, of.as_ref()));
                let row = self.tables.iter().find(|known| known.arn == item.table);
                let row = row.map(|known| known.row.clone()).unwrap_or_default();
                self.types.rows.insert((*task).to_owned(), row);
            }
        }
        for known in &self.tables {
            let Some(table) = tables.get(&known.arn) else {
                continue;
            };
            let fields = table.attributes.iter().map(|(name, of)| {
                let of = match table.is_optional(name) {
                    true => Type::Optional(Box::new(of.clone())),
                    false => of.clone(),
                };
                (name.clone(), of)
            });
            let doc = format!(
                "A row of `{}`: as much of it as the definition names.",
                known.name
            );
            self.types.add(known.row.clone(), doc, fields.collect());
        }
    }

    /// The Tasks that a service cannot do with what it is handed, or not as the undo of what it undoes.
    pub(super) fn unfit(&self) -> BTreeMap<String, &'static str> {
        let mut unfit = BTreeMap::new();
        for (task, call, own) in super::calls(self.plan) {
            if let Call::Item(item) = call {
                let fits = |(of, data): (&Type, &Data)| {
                    data.constant().is_some()
                        || (self.types.of(data) == *of && own.is_none_or(|own| !data.reads(own)))
                };
                if !item.data().into_iter().all(fits) {
                    unfit.insert(task.to_owned(), NO_TYPE);
                }
            }
        }
        for step in self.plan.block.steps() {
            if let Some(Kind::Compensatable(undo)) = self.plan.kinds.get(&step.name) {
                let handled = |call: &Call| matches!(call, Call::Handler { .. });
                if !handled(&step.call) && !handled(&undo.call) && !is_pair(&step.call, &undo.call)
                {
                    unfit.insert(undo.name.clone(), NO_PAIR);
                }
            }
        }
        unfit
    }

    /// A call of a table.
    pub(super) fn item(
        &mut self,
        task: &str,
        item: &Item,
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let known = self.tables.iter().find(|known| known.arn == item.table);
        let (name, row) = known.map_or_else(
            || (String::new(), Type::Any),
            |known| (known.name.clone(), Type::Named(known.row.clone())),
        );
        let verb = match &item.operation {
            Operation::Put { .. } => "Put",
            Operation::Get { .. } => "Get",
            Operation::Update { .. } => "Update",
            Operation::Delete { .. } => "Delete",
        };
        let step = format!("saga_dsl::integration::dynamodb::{verb}<{name}>");
        self.direct.insert(task.to_owned(), step);
        let call = match &item.operation {
            Operation::Put { item } => {
                let fields = self
                    .types
                    .get(&row.to_string())
                    .map(|row| row.fields.clone());
                let mut text = String::new();
                for field in fields.unwrap_or_default() {
                    let given = item.iter().find(|(name, _)| *name == field.json);
                    let value = match given {
                        Some((_, (_, data))) => self.attribute_value(data, &field.of, own, before),
                        None => "Ref::default()".to_owned(),
                    };
                    write!(text, "{}: {value}, ", field.rust).unwrap_or_default();
                }
                format!("put({row}Ref {{ {text} }})")
            }
            Operation::Get { key } => format!("get({})", self.key(&item.table, key, own, before)),
            Operation::Delete { key } => {
                format!("delete({})", self.key(&item.table, key, own, before))
            }
            Operation::Update { key, set } => {
                let key = self.key(&item.table, key, own, before);
                let set: Vec<String> = set
                    .iter()
                    .map(|(name, (_, data))| {
                        let (field, of) = self.types.field(&row, name);
                        let value = self.attribute_value(data, &of, own, before);
                        let value = value.strip_suffix(".into()").unwrap_or(&value);
                        format!("row.{field}.set({value})")
                    })
                    .collect();
                let closure = closure(item.operation.written().iter().map(|(_, (_, data))| data));
                match set.as_slice() {
                    [only] => format!("update({key}, {closure} {only})"),
                    all => format!("update({key}, {closure} [{}])", all.join(", ")),
                }
            }
        };
        let when = match item.when.as_ref().filter(|when| !self.is_said(item, when)) {
            None => String::new(),
            Some(when) => {
                let closure = closure(when.values().into_iter().map(|(_, data)| data));
                let test = self.row_test(when, &row, own, before);
                let test = super::block::bare(&test);
                format!(".when({closure} {test})")
            }
        };
        format!("{name}::{call}.named({task:?}){when}")
    }

    /// Whether a condition is a put's own: that there is no such item.
    fn is_said(&self, item: &Item, when: &Row<(Type, Data)>) -> bool {
        let known = self.tables.iter().find(|known| known.arn == item.table);
        let keys: Vec<&str> = known
            .iter()
            .flat_map(|known| &known.keys)
            .map(String::as_str)
            .collect();
        matches!(item.operation, Operation::Put { .. }) && when.is_new(&keys)
    }

    fn key(
        &mut self,
        table: &str,
        key: &[(String, (Type, Data))],
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let known = self.tables.iter().find(|known| known.arn == table);
        let (names, row) = known.map_or_else(
            || (Vec::new(), Type::Any),
            |known| (known.keys.clone(), Type::Named(known.row.clone())),
        );
        let mut values = Vec::new();
        for name in &names {
            let given = key.iter().find(|(given, _)| given == name);
            if let Some((_, (_, data))) = given {
                let of = self.types.field(&row, name).1;
                values.push(self.attribute_value(data, &of, own, before));
            }
        }
        match values.as_slice() {
            [only] => only.clone(),
            all => format!("({})", all.join(", ")),
        }
    }

    /// A value of an attribute's type.
    fn attribute_value(
        &mut self,
        data: &Data,
        of: &Type,
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        let (inner, optional) = match of {
            Type::Optional(inner) => (inner.as_ref(), true),
            of => (of, false),
        };
        if data.constant().is_none() {
            let value = self.value(data, own, before);
            return match optional {
                true => format!("{value}.into()"),
                false => value,
            };
        }
        let constant = self.operand(data, inner, before);
        match optional {
            true => format!("Ref::<{inner}>::from({constant}).into()"),
            false => format!("{constant}.into()"),
        }
    }

    /// A condition on a row.
    fn row_test(
        &mut self,
        test: &Row<(Type, Data)>,
        row: &Type,
        own: Option<&str>,
        before: &mut String,
    ) -> String {
        match test {
            Row::All(all) | Row::Any(all) => {
                let by = if matches!(test, Row::All(_)) {
                    " & "
                } else {
                    " | "
                };
                let all: Vec<_> = all
                    .iter()
                    .map(|one| self.row_test(one, row, own, before))
                    .collect();
                format!("({})", all.join(by))
            }
            Row::Not(one) => format!("!{}", self.row_test(one, row, own, before)),
            Row::Exists(name) => format!("row.{}.exists()", self.types.field(row, name).0),
            Row::Compare(name, verb, (_, data)) => {
                let (field, of) = self.types.field(row, name);
                let value = self.attribute_value(data, &of, own, before);
                let value = value.strip_suffix(".into()").unwrap_or(&value);
                format!("row.{field}.{verb}({value})")
            }
        }
    }

    /// That one step undoes another, where neither says so: `impl Undoes<…> for …`.
    pub(super) fn undoes(&self) -> String {
        let mut all: Vec<String> = Vec::new();
        for step in self.plan.block.steps() {
            let Some(Kind::Compensatable(undo)) = self.plan.kinds.get(&step.name) else {
                continue;
            };
            let direct = (self.direct.get(&step.name), self.direct.get(&undo.name));
            let (of, by) = match direct {
                (None, None) | (Some(_), Some(_)) => continue,
                (Some(step), None) => (step.clone(), self.undo_name(undo)),
                (None, Some(undo)) => {
                    let handler = self.handlers.get(&step.name).cloned();
                    (handler.unwrap_or_default(), undo.clone())
                }
            };
            let line = format!("impl Undoes<{of}> for {by} {{}}\n");
            if !all.contains(&line) {
                all.push(line);
            }
        }
        all.concat()
    }
}

/// How a closure on a row begins: what it reads of the saga it takes with it.
fn closure<'d>(mut read: impl Iterator<Item = &'d Data>) -> &'static str {
    match read.all(|data| data.constant().is_some()) {
        true => "|row|",
        false => "move |row|",
    }
}

/// Whether a service's own call undoes another: a put's row is changed or deleted, an update is made again.
fn is_pair(step: &Call, undo: &Call) -> bool {
    let (Call::Item(step), Call::Item(undo)) = (step, undo) else {
        return false;
    };
    let pair = matches!(
        (&step.operation, &undo.operation),
        (
            Operation::Put { .. },
            Operation::Update { .. } | Operation::Delete { .. }
        ) | (Operation::Update { .. }, Operation::Update { .. })
    );
    pair && step.table == undo.table
}

/// The attributes that are read of items: the Task, the attribute, its type.
fn attributes_read(
    plan: &crate::plan::Plan,
    calls: &[Named<'_>],
) -> Vec<(String, String, Option<Type>)> {
    let mut found = Vec::new();
    let by_calls = calls.iter().flat_map(|(_, call, _)| call.data());
    by_calls.for_each(|data| attributes(data, &mut found));
    attributes(&plan.output, &mut found);
    by_nodes(&plan.block, &mut found);
    found
}

fn by_nodes(block: &Block, found: &mut Vec<(String, String, Option<Type>)>) {
    for node in &block.nodes {
        node.reads()
            .into_iter()
            .for_each(|(data, _)| attributes(data, found));
        node.blocks()
            .into_iter()
            .for_each(|block| by_nodes(block, found));
    }
}

fn attributes(data: &Data, found: &mut Vec<(String, String, Option<Type>)>) {
    match data {
        Data::Attribute { task, name, of } => {
            let of = of.map(|of| match of {
                AttributeType::Text => Type::Text,
                AttributeType::Bool => Type::Bool,
            });
            found.push((task.clone(), name.clone(), of));
        }
        Data::Object(fields) => fields.iter().for_each(|(_, data)| attributes(data, found)),
        Data::List(items) => items.iter().for_each(|data| attributes(data, found)),
        Data::Overlay(base, fields) => {
            attributes(base, found);
            fields.iter().for_each(|(_, data)| attributes(data, found));
        }
        _ => {}
    }
}
