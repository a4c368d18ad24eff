//! A deployed function.

use std::io::Write;

use serde_json::Value;

use super::{Answered, Invoke, failed};
use crate::consent::is_agreed;
use crate::deployed::Stack;
use crate::exit::Failure;

pub(super) fn call(
    invoke: &Invoke,
    stack: &str,
    payload: &Value,
    out: &mut dyn Write,
) -> Result<Answered, Failure> {
    let stack = Stack::find(invoke.account.clone(), stack)?;
    let function = stack.function(&invoke.step)?;
    if !invoke.yes {
        writeln!(out, "Calls {function}, with {payload}")?;
    }
    if !is_agreed("Call it?", invoke.yes, out)? {
        return Ok(Answered::Not);
    }
    // The command writes the answer into a file, and prints what Lambda says about the call.
    let folder = tempfile::tempdir()?;
    let answer = folder.path().join("answer.json");
    let answer_path = answer.display().to_string();
    let arguments = [
        "lambda",
        "invoke",
        "--function-name",
        function,
        "--payload",
        "fileb:///dev/stdin",
        &answer_path,
    ];
    let told = stack
        .account
        .run(&arguments, payload.to_string().as_bytes())
        .map_err(|refusal| refusal.failure(&format!("`{function}` cannot be called"), ""))?;
    let text = std::fs::read_to_string(&answer)?;
    let output: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(match told.get("FunctionError") {
        Some(_) => failed(&output),
        None => Answered::Output(output),
    })
}
