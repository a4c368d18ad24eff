//! What Tasks ask of services that a saga asks itself, without a handler: DynamoDB, SNS, SQS.
//!
//! What a Task asks is seen in its template, before anything is known of the data: [`Services::of`] surveys all Tasks, for
//! the rows of a table are known from all calls of it. What a saga has no call for is left to a handler, with the reason.

pub(crate) mod item;
pub(crate) mod message;
pub(crate) mod row;
pub(crate) mod table;

use std::collections::BTreeMap;

use saga_asl::integration::{Pattern, Resource};
use saga_asl::json::Value;
use saga_asl::model::{QueryLanguage, Task};

use self::item::Asked;
use self::table::Tables;
use crate::stack::{Context, Function};

/// All that a definition asks of services.
#[derive(Debug)]
pub(crate) struct Services {
    /// By Task: what it asks of a table, or why a saga asks it of a handler.
    asked: BTreeMap<String, Result<Asked, String>>,
    pub(crate) tables: Tables,
    /// Functions by what the definition calls them.
    pub(crate) functions: BTreeMap<String, Function>,
    /// Tasks whose answers are read as a saga has none.
    handlers: BTreeMap<String, &'static str>,
}

impl Services {
    /// What these Tasks ask of services, with what is known around them; these are left to handlers.
    pub(crate) fn of<'d>(
        tasks: impl Iterator<Item = (&'d str, &'d Task, QueryLanguage)>,
        context: &Context,
        handlers: &BTreeMap<String, &'static str>,
    ) -> Self {
        let mut asked = BTreeMap::new();
        for (name, task, language) in tasks {
            if let Some(action) = dynamodb_action(&task.resource) {
                let of = Asked::of(action, template(task, language), language);
                asked.insert(name.to_owned(), of);
            }
        }
        let known = asked
            .iter()
            .filter(|(name, _)| !handlers.contains_key(*name))
            .filter_map(|(_, asked)| asked.as_ref().ok());
        let tables = Tables::of(known, &context.keys);
        for asked in asked.values_mut() {
            if let Ok(of) = asked
                && let Err(why) = tables.check(of)
            {
                *asked = Err(why);
            }
        }
        Self {
            asked,
            tables,
            functions: context.functions.clone(),
            handlers: handlers.clone(),
        }
    }

    /// What a Task asks of a table; why it is left to a handler; nothing where it asks something else.
    pub(crate) fn asked(&self, task: &str) -> Option<Result<&Asked, &str>> {
        let asked = self.asked.get(task)?;
        Some(match self.handlers.get(task) {
            Some(why) => Err(why),
            None => asked.as_ref().map_err(String::as_str),
        })
    }

    /// Why a Task is left to a handler, where something reads or holds what a saga has not.
    pub(crate) fn left_to_handler(&self, task: &str) -> Option<&'static str> {
        self.handlers.get(task).copied()
    }
}

/// The request of a Task, as its author wrote it.
pub(crate) fn template(task: &Task, language: QueryLanguage) -> Option<&Value> {
    match language {
        QueryLanguage::JsonAta => task.arguments.as_ref(),
        QueryLanguage::JsonPath => task.parameters.as_ref(),
    }
}

/// The action on an item that a resource asks for.
fn dynamodb_action(resource: &str) -> Option<&str> {
    match Resource::parse(resource) {
        Resource::Service(service)
            if service.service == "dynamodb" && service.pattern == Pattern::RequestResponse =>
        {
            let known = ["putItem", "getItem", "updateItem", "deleteItem"];
            known.contains(&service.action).then_some(service.action)
        }
        _ => None,
    }
}
