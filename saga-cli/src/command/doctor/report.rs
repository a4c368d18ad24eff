//! What was found, for people and for machines.

use std::io::{self, Write};
use std::thread;

use serde_json::{Value, json};

use super::look::{Found, look};
use super::tool::{TOOLS, Tool};
use super::{Task, account};

/// What was found of what is asked for.
pub struct Report<'t> {
    tasks: &'t [Task],
    found: Vec<(&'static Tool, Found)>,
    is_known_to_aws: bool,
}

impl<'t> Report<'t> {
    /// Asks every program that these tasks want, all at once.
    pub fn of(tasks: &'t [Task]) -> Self {
        let wanted = |tool: &&Tool| tool.tasks.iter().any(|task| tasks.contains(task));
        let found = thread::scope(|scope| {
            let asked: Vec<_> = TOOLS
                .iter()
                .filter(wanted)
                .map(|tool| (tool, scope.spawn(|| look(tool))))
                .collect();
            let answer = |(tool, asked): (_, thread::ScopedJoinHandle<'_, Found>)| {
                let panicked = |_| Found::Broken("it cannot be asked".into());
                (tool, asked.join().unwrap_or_else(panicked))
            };
            asked.into_iter().map(answer).collect()
        });
        Self {
            tasks,
            found,
            is_known_to_aws: account::is_known(),
        }
    }

    /// Whether all that is needed is there.
    pub fn is_ready(&self) -> bool {
        self.tasks.iter().all(|task| self.lacks(*task).is_empty())
    }

    /// What a task cannot be done without, and is not there.
    fn lacks(&self, task: Task) -> Vec<&'static str> {
        let needed = self.found.iter().filter(|(tool, found)| {
            tool.optional.is_none()
                && tool.tasks.contains(&task)
                && !matches!(found, Found::Version(_))
        });
        needed.map(|(tool, _)| tool.name).collect()
    }

    /// Whether credentials would be asked for, and there are none.
    fn lacks_credentials(&self) -> bool {
        let calls_aws = |task| matches!(task, &Task::Operate | &Task::Deploy);
        !self.is_known_to_aws && self.tasks.iter().any(calls_aws)
    }

    /// Tells people.
    pub fn tell(&self, out: &mut dyn Write) -> io::Result<()> {
        for task in self.tasks {
            let lacks = self.lacks(*task);
            let name = task.name();
            match lacks.is_empty() {
                true => writeln!(out, "  ✓ {name:<10} has what it needs")?,
                false => writeln!(out, "  ✗ {name:<10} lacks {}", lacks.join(", "))?,
            }
        }
        writeln!(out)?;
        for (tool, found) in &self.found {
            let Some(problem) = problem(tool, found) else {
                continue;
            };
            match tool.optional {
                Some(good_for) => writeln!(
                    out,
                    "  · {} {problem}, which is optional: {good_for}",
                    tool.name
                )?,
                None => writeln!(out, "  ✗ {} {problem}", tool.name)?,
            }
            writeln!(out, "      {}", tool.get)?;
        }
        if self.lacks_credentials() {
            writeln!(
                out,
                "  · credentials of AWS are not there: deploying and approving ask for them"
            )?;
            writeln!(out, "      {}", account::SIGN_IN)?;
        }
        let there: Vec<String> = self.found.iter().filter_map(there).collect();
        if !there.is_empty() {
            writeln!(out, "  ✓ {}", there.join(", "))?;
        }
        Ok(())
    }

    /// Tells machines.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let tasks = self.tasks.iter();
        let tasks: Vec<Value> = tasks
            .map(|task| json!({ "task": task.name(), "lacks": self.lacks(*task) }))
            .collect();
        let mut tools: Vec<Value> = self.found.iter().map(as_json).collect();
        if self.lacks_credentials() {
            tools.push(json!({
                "tool": "credentials",
                "for": [Task::Operate.name(), Task::Deploy.name()],
                "needed": false,
                "version": null,
                "problem": "are not there",
                "help": account::SIGN_IN,
            }));
        }
        let report = json!({ "ready": self.is_ready(), "tasks": tasks, "tools": tools });
        writeln!(out, "{report:#}")
    }
}

/// `cargo 1.95.0`
fn there((tool, found): &(&'static Tool, Found)) -> Option<String> {
    match found {
        Found::Version(version) => Some(format!("{} {version}", tool.name)),
        _ => None,
    }
}

/// What is wrong with a program, as what follows its name.
fn problem(tool: &Tool, found: &Found) -> Option<String> {
    match found {
        Found::Version(_) => None,
        Found::Old(version) => {
            let least = tool.least.unwrap_or_default();
            Some(format!("is {version}, and has to be {least} or later"))
        }
        Found::Missing => Some("is missing".into()),
        Found::Broken(why) => Some(format!("does not run: {why}")),
    }
}

fn as_json((tool, found): &(&'static Tool, Found)) -> Value {
    let version = match found {
        Found::Version(version) | Found::Old(version) => Some(version),
        Found::Missing | Found::Broken(_) => None,
    };
    let problem = problem(tool, found);
    json!({
        "tool": tool.name,
        "for": tool.tasks.iter().map(|task| task.name()).collect::<Vec<_>>(),
        "needed": tool.optional.is_none(),
        "version": version,
        "help": problem.as_ref().map(|_| tool.get),
        "problem": problem,
    })
}
