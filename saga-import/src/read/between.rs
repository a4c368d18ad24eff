//! States between calls: Pass and Wait.

use saga_asl::json::Value;
use saga_asl::model::{DataPath, Dynamic, Pass, QueryLanguage, Wait, WaitUntil};

use super::reads;
use crate::call;
use crate::data::Data;
use crate::flow::{Node, Time};
use crate::refusal::Refused;
use crate::template::Env;

/// The data after a Pass.
pub(super) fn passed(pass: &Pass, language: QueryLanguage, env: &Env) -> Result<Env, Refused> {
    let mut variables = env.variables.clone();
    if language == QueryLanguage::JsonAta {
        let reads = reads(language, &env.payload, env);
        variables.extend(call::assigned(&pass.assign, &reads)?);
        let payload = match &pass.output {
            Some(template) => reads
                .value(template)
                .map_err(|refused| refused.within("Output"))?,
            None => env.payload.clone(),
        };
        return Ok(Env { payload, variables });
    }
    let input = call::input_of(pass.input_path.as_ref(), "InputPath", env)?;
    let result = match (&pass.result, &pass.parameters) {
        (Some(result), _) => Data::Literal(result.clone()),
        (None, Some(template)) => reads(language, &input, env)
            .value(template)
            .map_err(|refused| refused.within("Parameters"))?,
        (None, None) => input,
    };
    variables.extend(call::assigned(
        &pass.assign,
        &reads(language, &result, env),
    )?);
    let payload = match &pass.result_path {
        None => result,
        Some(DataPath::Discard) => env.payload.clone(),
        Some(DataPath::Path(path)) => env
            .payload
            .with(&call::reference(path, "ResultPath")?, result),
    };
    // What is assigned is there from the next state on.
    let seen = Env {
        payload,
        variables: env.variables.clone(),
    };
    let payload = call::input_of(pass.output_path.as_ref(), "OutputPath", &seen)?;
    Ok(Env { payload, variables })
}

/// The data after a Wait.
pub(super) fn waited(wait: &Wait, language: QueryLanguage, env: &Env) -> Result<Env, Refused> {
    let input = call::input_of(wait.input_path.as_ref(), "InputPath", env)?;
    let mut variables = env.variables.clone();
    let reads = reads(language, &input, env);
    variables.extend(call::assigned(&wait.assign, &reads)?);
    let payload = match &wait.output {
        Some(template) if language == QueryLanguage::JsonAta => reads
            .value(template)
            .map_err(|refused| refused.within("Output"))?,
        _ => input,
    };
    // What is assigned is there from the next state on.
    let seen = Env {
        payload,
        variables: env.variables.clone(),
    };
    let payload = call::input_of(wait.output_path.as_ref(), "OutputPath", &seen)?;
    Ok(Env { payload, variables })
}

pub(super) fn paused(
    name: &str,
    wait: &Wait,
    language: QueryLanguage,
    env: &Env,
) -> Result<Node, Refused> {
    let input = call::input_of(wait.input_path.as_ref(), "InputPath", env)?;
    let reads = reads(language, &input, env);
    let time = match &wait.until {
        WaitUntil::Seconds(Dynamic::Value(seconds)) => Ok(Time::Seconds(*seconds)),
        WaitUntil::Seconds(Dynamic::Expression(text)) => {
            reads.value(&text.as_str().into()).map(Time::OfTheData)
        }
        WaitUntil::SecondsPath(path) => reads.path(path).map(Time::OfTheData),
        WaitUntil::TimestampPath(path) => reads.path(path).map(Time::Until),
        WaitUntil::Timestamp(text) if text.starts_with("{%") => {
            reads.value(&text.as_str().into()).map(Time::Until)
        }
        WaitUntil::Timestamp(text) => Ok(Time::Until(Data::Literal(text.as_str().into()))),
    };
    let time = match time? {
        Time::OfTheData(data) => match data.constant() {
            Some(Value::Number(number)) => Time::Seconds(number.as_u64().unwrap_or_default()),
            _ => Time::OfTheData(data),
        },
        Time::Until(data) if data.constant().is_some() => {
            let message = format!("`{name}` waits for a day of the calendar");
            let help = "hand the time in as data: `saga.wait_until(…)`";
            return Err(Refused::new("/Timestamp", message, help));
        }
        time => time,
    };
    Ok(Node::Wait {
        name: name.to_owned(),
        time,
    })
}
