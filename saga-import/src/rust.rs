//! A plan as Rust's source text.

mod block;
mod call;
mod flow;
mod message;
mod name;
mod step;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use self::message::{Queues, Topics};
pub(crate) use self::name::{pascal, snake};
use self::table::TableType;
use crate::call::Call;
use crate::data::Data;
use crate::flow::{Block, Node};
use crate::plan::{Kind, Notice, Plan};
use crate::types::{Conflict, Field, Struct, Type, Types, named};

/// What the source text is made of.
pub(crate) struct Writer<'p> {
    plan: &'p Plan,
    saga: String,
    comment: Option<&'p str>,
    pub(crate) types: Types,
    topics: Topics,
    queues: Queues,
    tables: Vec<TableType>,
    /// By Task that a service does: the type of its step.
    direct: BTreeMap<String, String>,
    /// The errors that the saga gives up with.
    given_up: Vec<String>,
    /// By Task that is called: the name of its type.
    handlers: BTreeMap<String, String>,
    /// By Task that is called: what its handler is given.
    inputs: BTreeMap<String, Input>,
    /// The variables of the saga's definition that nothing else may be called.
    variables: BTreeSet<String>,
}

/// What a handler is given.
#[derive(Clone, Debug)]
enum Input {
    Nothing,
    Whole(Type),
    Fields(Vec<Field>),
}

/// A call that the saga makes, under the Task's name; where it undoes a step, with that.
type Named<'p> = (&'p str, &'p Call, Option<&'p str>);

/// What was written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) source: String,
    /// The names of the handlers, by Task.
    pub(crate) handlers: BTreeMap<String, String>,
    /// Values that would have two types.
    pub(crate) conflicts: Vec<Conflict>,
}

/// The source text of a saga; or the Tasks that a service cannot do with these data, and why.
pub(crate) fn write(
    plan: &Plan,
    saga: &str,
    comment: Option<&str>,
) -> Result<Written, BTreeMap<String, &'static str>> {
    let mut writer = Writer {
        plan,
        saga: saga.to_owned(),
        comment,
        types: Types::default(),
        topics: Topics::default(),
        queues: Queues::default(),
        tables: Vec::new(),
        direct: BTreeMap::new(),
        given_up: Vec::new(),
        handlers: BTreeMap::new(),
        inputs: BTreeMap::new(),
        variables: variables(plan),
    };
    writer.decide();
    let unfit = writer.unfit();
    if !unfit.is_empty() {
        return Err(unfit);
    }
    let handlers = writer.handlers.clone();
    let source = writer.print();
    let conflicts = std::mem::take(&mut writer.types.conflicts);
    Ok(Written {
        source,
        handlers,
        conflicts,
    })
}

/// The names of what steps answer, of items, and of the input.
fn variables(plan: &Plan) -> BTreeSet<String> {
    let steps = plan.block.steps().into_iter().map(|step| snake(&step.name));
    let maps = plan.block.maps().into_iter().map(snake);
    steps.chain(maps).chain(["input".to_owned()]).collect()
}

impl Writer<'_> {
    /// Decides on names and types.
    fn decide(&mut self) {
        for taken in [
            "Table", "Topic", "Queue", "Call", "Step", "Value", "NotMoved", "GivenUp", "Duration",
            "Retry", "Saga", "Flow", "Ref", "Context", "Handler", &self.saga,
        ] {
            self.types.name(taken);
        }
        let calls = calls(self.plan);
        self.declare_tables(&calls);
        for (_, call, _) in &calls {
            if let Call::Item(item) = call {
                let data = item.data().into_iter();
                data.for_each(|(of, data)| self.types.reads(data, Some(of)));
                continue;
            }
            for data in call.data() {
                if let Some(data) = data.settled().0 {
                    self.types.reads(&data, None);
                }
            }
        }
        for (name, call, _) in &calls {
            if let Call::Handler { .. } = call {
                let type_name = self.types.name(&pascal(name));
                self.handlers.insert((*name).to_owned(), type_name);
            }
        }
        if let Some(output) = self.plan.output.settled().0 {
            self.types.reads(&output, None);
        }
        let mut maps = Vec::new();
        let plan = self.plan;
        self.read_by(&plan.block, &mut maps);
        let saga = self.saga.clone();
        self.types.settle(&saga, &maps);
        for (name, call, own) in calls {
            if let Call::Handler { input, .. } = call {
                let input = match input.settled().0 {
                    None => Input::Nothing,
                    Some(Data::Object(fields)) if fields.is_empty() => Input::Nothing,
                    Some(Data::Object(fields)) => {
                        let handler = self.handlers.get(name).cloned().unwrap_or_default();
                        Input::Fields(named(self.typed_fields(&fields, &handler, own)))
                    }
                    Some(data) => {
                        let doc = format!("What `{name}` is given.");
                        Input::Whole(self.typed(&data, &pascal(name), &doc, own))
                    }
                };
                self.inputs.insert(name.to_owned(), input);
            }
        }
    }

    /// Notes what nodes read that are no calls, and the lists that maps go over.
    fn read_by<'b>(&mut self, block: &'b Block, maps: &mut Vec<(&'b str, &'b Data)>) {
        for node in &block.nodes {
            for (data, of) in node.reads() {
                self.types.reads(data, of);
            }
            match node {
                Node::Choice { cases, .. } => {
                    let optional = cases.iter().flat_map(|(test, _)| test.optional());
                    optional.for_each(|data| self.types.is_optional(data));
                }
                Node::Map { name, list, .. } => maps.push((name, list)),
                _ => {}
            }
            for block in node.blocks() {
                self.read_by(block, maps);
            }
        }
    }

    fn print(&mut self) -> String {
        let (define, output) = self.define();
        let steps = self.steps();
        let saga = &self.saga;
        let comment = self
            .comment
            .unwrap_or("A saga that was a definition in the Amazon States Language.");
        let mut all = text::doc(
            "#!",
            &format!(
                "{}\n\nThe saga first, then its data and the steps.",
                comment.trim()
            ),
        );
        all.push_str("#![allow(dead_code, reason = \"the handlers construct their errors once their code is here\")]\n");
        let body = format!("{define}{steps}");
        all.push_str("use saga_dsl::prelude::*;\n");
        let input = self.types.input();
        let structs: String = self.types.structs.iter().map(data_struct).collect();
        let tables: String = self
            .tables
            .iter()
            .map(|table| table.print(&self.types))
            .collect();
        let resources = format!("{}{}{tables}", self.topics.print(), self.queues.print());
        let rest = format!("{structs}{resources}{body}");
        if text::reads(&rest, "Serialize") {
            all.push_str("use serde::{Deserialize, Serialize};\n");
        }
        if text::reads(&rest, "Value") || text::reads(&input.to_string(), "Value") {
            all.push_str("use serde_json::Value;\n");
        }
        write!(
            all,
            "{}#[derive(Saga)]\npub struct {saga};\n\
             impl Saga for {saga} {{ type Input = {input}; type Output = {output};\n{define} }}\n{structs}{resources}{steps}",
            text::doc("#", comment)
        )
        .unwrap_or_default();
        text::formatted(&all)
    }

    /// What a saga sends when it ended.
    fn notices(&mut self, verb: &str, notices: &[Notice], out: &mut String) {
        for notice in notices {
            let call = self.written(&notice.name, &notice.call, None, out);
            writeln!(out, "saga.{verb}({call});").unwrap_or_default();
        }
    }

    /// The type of a value, with a struct for each object in it.
    fn typed(&mut self, data: &Data, name: &str, doc: &str, own: Option<&str>) -> Type {
        match data {
            Data::Object(fields) => {
                let name = self.types.name(name);
                let fields = self.typed_fields(fields, &name, own);
                self.types.add(name.clone(), doc.to_owned(), fields);
                Type::Named(name)
            }
            Data::List(items) if data.constant().is_none() && items.iter().any(is_made) => {
                let of = self.made_items(items, name, own);
                self.types.lists.push((data.clone(), of.clone()));
                Type::List(Box::new(of))
            }
            data => self.plain_type(data, own),
        }
    }

    /// The type of the items of a list, some of which are made where the list is.
    fn made_items(&mut self, items: &[Data], name: &str, own: Option<&str>) -> Type {
        let mut of = None;
        for item in items {
            let other = match (item, &of) {
                (Data::Object(fields), Some(Type::Named(known))) => {
                    let known = known.clone();
                    let fields = named(self.typed_fields(fields, &known, own));
                    let same = self.types.get(&known).is_some_and(|of| of.fields == fields);
                    same.then_some(Type::Named(known))
                }
                _ => Some(self.typed(item, &format!("{name}Item"), "An item of it.", own)),
            };
            let same = of.is_none() || of == other;
            if !same {
                let message = "a list holds values of different types".to_owned();
                self.types.conflicts.push((String::new(), message));
            }
            of = of.or(other);
        }
        of.unwrap_or(Type::Any)
    }

    fn typed_fields(
        &mut self,
        fields: &[(String, Data)],
        name: &str,
        own: Option<&str>,
    ) -> Vec<(String, Type)> {
        let typed = fields.iter().map(|(field, data)| {
            let name = format!("{name}{}", pascal(field));
            let of = match data.constant() {
                Some(constant) => self.types.of(&Data::Literal(constant)),
                None => self.typed(data, &name, &format!("`{field}` of it."), own),
            };
            (field.clone(), of)
        });
        typed.collect()
    }

    fn plain_type(&self, data: &Data, own: Option<&str>) -> Type {
        let of = self.types.of(data);
        match own {
            Some(own) if data.reads(own) => Type::Optional(Box::new(of)),
            _ => of,
        }
    }
}

/// All calls of a saga: those of its way, each behind what undoes it, and what it tells.
fn calls(plan: &Plan) -> Vec<Named<'_>> {
    let notices = [&plan.completed, &plan.compensated, &plan.parked];
    let notices = notices.into_iter().flatten();
    let mut calls: Vec<Named<'_>> = notices
        .map(|notice| (notice.name.as_str(), &notice.call, None))
        .collect();
    for step in plan.block.steps() {
        match plan.kinds.get(&step.name) {
            None | Some(Kind::Told) => continue,
            Some(Kind::Compensatable(undo)) => {
                calls.push((&step.name, &step.call, None));
                calls.push((&undo.name, &undo.call, Some(&step.name)));
            }
            Some(_) => calls.push((&step.name, &step.call, None)),
        }
    }
    calls
}

/// Whether a value is an object that is put together where it is handed on.
fn is_made(data: &Data) -> bool {
    matches!(data, Data::Object(_)) && data.constant().is_none()
}

fn data_struct(of: &Struct) -> String {
    let (rename, fields) = name::fields(&of.fields);
    let (name, doc) = (&of.name, text::doc("#", &of.doc));
    format!(
        "{doc}#[derive(Clone, Debug, Serialize, Deserialize, SagaData)]\n{rename}pub struct {name} {{ {fields} }}\n"
    )
}
