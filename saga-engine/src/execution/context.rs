//! The context object (developer guide, "Accessing execution data from the Context object").

use std::sync::Arc;

use saga_asl::data::Data;

use super::flow::{Flow, Item};
use super::memory::{ExecutionType, Memory};
use crate::program::State;

/// What the context object of a state shows besides the execution.
pub(super) struct View<'a> {
    pub(super) state: &'a State,
    pub(super) flow: &'a Flow,
    pub(super) token: Option<&'a Arc<str>>,
    /// The item that a Map is about to start, which is none of the flow's own.
    pub(super) item: Option<&'a Item>,
}

impl View<'_> {
    pub(super) fn render(&self, memory: &Memory) -> Data {
        let mut members = vec![
            ("Execution", self.execution(memory)),
            ("State", self.state()),
            ("StateMachine", machine(memory)),
        ];
        if let Some(item) = self.item.or(self.flow.item.as_deref()) {
            let item = Data::object([
                ("Index", Data::from(item.index)),
                ("Value", item.value.clone()),
            ]);
            members.push(("Map", Data::object([("Item", item)])));
        }
        if let Some(token) = self.token {
            members.push(("Task", Data::object([("Token", text(token))])));
        }
        Data::object(members)
    }

    fn execution(&self, memory: &Memory) -> Data {
        let Some(run) = memory.run(self.flow.run) else {
            return Data::Null;
        };
        let mut members = vec![
            ("Id", text(&run.id)),
            ("Input", run.input.clone()),
            ("Name", text(&run.name)),
            ("RoleArn", text(&memory.settings.identity.role)),
            ("StartTime", Data::from(run.started.to_string())),
        ];
        if memory.settings.execution_type != ExecutionType::SyncExpress {
            members.push(("RedriveCount", Data::from(i64::from(run.redrives))));
        }
        Data::object(members)
    }

    fn state(&self) -> Data {
        let mut members = vec![
            ("EnteredTime", Data::from(self.flow.entered.0.to_string())),
            ("Name", text(&self.state.name)),
        ];
        if self.state.kind.retries() {
            let count: u32 = self.flow.retries.iter().sum();
            members.push(("RetryCount", Data::from(i64::from(count))));
        }
        Data::object(members)
    }
}

fn machine(memory: &Memory) -> Data {
    let identity = &memory.settings.identity;
    let arn = identity.arn(&format!("stateMachine:{}", identity.machine));
    Data::object([("Id", text(&arn)), ("Name", text(&identity.machine))])
}

fn text(text: &Arc<str>) -> Data {
    Data::String(Arc::clone(text))
}
