//! A step that was checked.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::{Data, DeriveInput, Type};

use super::attr;
use super::bounds::DEFAULT_TIMEOUT;
use super::environment::{Secret, Variable};
use super::uses::Use;
use crate::data;
use crate::problem::Problems;

/// A step.
pub struct Step {
    /// Its input: the struct itself.
    pub input: data::Data,
    /// Its name.
    pub name: String,
    /// The type of its output, where it is not `()`.
    pub output: Option<Type>,
    /// The type of its errors, where it declares any.
    pub error: Option<Type>,
    /// The steps that undo it.
    pub compensations: Vec<Type>,
    /// The application state of its handler, where it is not `()`.
    pub app: Option<Type>,
    /// Its time in seconds.
    pub timeout: u32,
    /// Its function's memory in MiB.
    pub memory: Option<u32>,
    /// Invocations at a time.
    pub concurrency: Option<u32>,
    /// Its function's environment.
    pub environment: Vec<Variable>,
    /// Its function's secrets.
    pub secrets: Vec<Secret>,
    /// Why its effect needs no fence.
    pub unfenced: Option<String>,
    /// The resources that its handler uses.
    pub uses: Vec<Use>,
}

/// The step: what is wrong with it is a problem and is left out here.
pub fn check(item: &DeriveInput, problems: &mut Problems) -> Option<Step> {
    let attr = attr::Step::read(&item.attrs, problems);
    struct_only(item, problems);
    stated_once(&attr, problems);
    Some(Step {
        input: data::check(item, problems)?,
        name: attr
            .name
            .map_or_else(|| crate::item::name(&item.ident), |name| name.value()),
        output: attr.output,
        error: attr.error,
        compensations: attr.compensations,
        app: attr.app,
        timeout: attr.timeout.unwrap_or(DEFAULT_TIMEOUT),
        memory: attr.memory,
        concurrency: attr.concurrency,
        environment: attr.environment,
        secrets: attr.secrets,
        unfenced: attr.unfenced.map(|reason| reason.value()),
        uses: attr.uses,
    })
}

fn stated_once(attr: &attr::Step, problems: &mut Problems) {
    let environment = attr.environment.iter().map(|variable| &variable.name);
    let secrets = attr.secrets.iter().map(|secret| &secret.variable);
    once_each(environment.chain(secrets), "is set twice", problems);
    once_each(&attr.compensations, "is stated twice", problems);
    let resources = attr.uses.iter().map(|used| &used.resource);
    once_each(resources, "is stated twice", problems);
}

fn struct_only(item: &DeriveInput, problems: &mut Problems) {
    if !matches!(item.data, Data::Struct(_)) {
        let help = "write a struct whose fields are the step's input";
        problems.at(&item.ident, "a step is a struct", help);
    }
}

fn once_each<T: ToTokens>(
    stated: impl IntoIterator<Item = T>,
    message: &str,
    problems: &mut Problems,
) {
    let mut seen = BTreeSet::new();
    for tokens in stated {
        let text = tokens.to_token_stream().to_string();
        if !seen.insert(text.clone()) {
            problems.at(&tokens, format!("`{text}` {message}"), "state it once");
        }
    }
}
