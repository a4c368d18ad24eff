use saga_asl::data::Data;

use crate::fault::Fault;
use crate::limits::WAIT_SECONDS;
use crate::program::{Setting, Source, Until};
use crate::query::Scope;
use crate::random::Seeded;
use crate::time::Timestamp;

/// The instant that a Wait state entered at `scope.now` waits for.
///
/// # Errors
/// A value that is missing, of another kind, or too far away.
pub fn wait_until(
    until: &Until,
    scope: &Scope<'_>,
    random: &mut Seeded,
) -> Result<Timestamp, Fault> {
    let instant = match until {
        Until::Seconds(setting) => scope.now + seconds(setting, scope, random)? * 1000,
        Until::Timestamp(setting) => instant(setting, scope, random)?,
    };
    // AWS holds the delay as 31 bits of seconds.
    if instant.since(scope.now) / 1000 > WAIT_SECONDS {
        return Err(refuse(until, "Wait state delay is too long.".to_owned()));
    }
    Ok(instant)
}

fn refuse(until: &Until, message: String) -> Fault {
    let (Until::Seconds(setting) | Until::Timestamp(setting)) = until;
    match &setting.source {
        Source::Expression(_) => query(setting, message),
        _ => Fault::Runtime(message),
    }
}

fn query(setting: &Setting, message: String) -> Fault {
    Fault::Query {
        location: setting.field.to_owned(),
        message,
    }
}

fn seconds(setting: &Setting, scope: &Scope<'_>, random: &mut Seeded) -> Result<i64, Fault> {
    let Some(path) = setting.source.path() else {
        let seconds = setting.integer(scope, random)?;
        return match seconds {
            0.. => Ok(seconds),
            _ => Err(query(
                setting,
                format!("Seconds cannot be negative: {seconds}"),
            )),
        };
    };
    let value = setting.source.evaluate(scope, random).map_err(|_| {
        Fault::Runtime(format!(
            "The SecondsPath parameter does not reference an input value: {path}"
        ))
    })?;
    value
        .as_i64()
        .filter(|seconds| *seconds >= 0)
        .ok_or_else(|| {
            Fault::Runtime(format!(
                "The SecondsPath parameter cannot be parsed as a long value: {path} == {}",
                bare(&value)
            ))
        })
}

fn instant(setting: &Setting, scope: &Scope<'_>, random: &mut Seeded) -> Result<Timestamp, Fault> {
    let path = setting.source.path();
    let value = setting
        .source
        .evaluate(scope, random)
        .map_err(|fault| match path {
            Some(path) => Fault::Runtime(format!(
                "The TimestampPath parameter does not reference an input value: {path}"
            )),
            None => fault,
        })?;
    let parsed = value.as_str().and_then(Timestamp::parse);
    parsed.ok_or_else(|| match (path, &setting.source) {
        (Some(path), _) => Fault::Runtime(format!(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {path} == {}",
            bare(&value)
        )),
        (None, Source::Expression(expression)) => query(setting, format!(
            "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: {} == {}",
            expression.source(),
            bare(&value)
        )),
        (None, _) => Fault::Runtime(format!(
            "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: {}",
            bare(&value)
        )),
    })
}

/// A string without quotes, anything else as JSON.
fn bare(value: &Data) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
