//! A package's saga.

use saga_graph::Graph;

use crate::command::run::package::{chosen, compile};
use crate::exit::Failure;
use crate::package;

pub(super) fn graph(package: Option<&str>, saga: Option<&str>) -> Result<Graph, Failure> {
    let package = package::find(package)?;
    let executable = package::build(&package)?;
    let described = package::ask(&executable)?;
    let name = chosen(&described, saga)?;
    let compiled = compile(&described, &package)?;
    saga_studio::graph(&described, &compiled.definitions, &name).ok_or_else(|| Failure::Failed {
        message: format!("`{name}` was not compiled"),
        help: "this is a mistake of saga-cli: please report it".into(),
    })
}
