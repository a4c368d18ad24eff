//! What the environment says: Lambda's own variables, and ours.

use tracing_core::Level;

/// What a process of a handler is told.
#[derive(Debug, PartialEq)]
pub(crate) struct Settings {
    /// The handler to serve.
    pub(crate) handler: Option<String>,
    /// What is logged: `AWS_LAMBDA_LOG_LEVEL`, else INFO.
    pub(crate) level: Level,
    /// How it is logged.
    pub(crate) format: Format,
}

/// How a line of the log is written: `AWS_LAMBDA_LOG_FORMAT`, else JSON.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Format {
    /// One JSON object a line.
    Json,
    /// One line of text.
    Text,
}

/// A variable that Lambda sets is not set.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is not set, as AWS Lambda sets it for a function: what started this binary has to set it too"
)]
pub(crate) struct Unset(&'static str);

/// What AWS's runtime library takes for granted.
const TAKEN_FOR_GRANTED: [&str; 3] = [
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
];

impl Settings {
    /// Reads the settings with the environment at hand.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Unset> {
        if let Some(name) = TAKEN_FOR_GRANTED
            .into_iter()
            .find(|name| variable(name).is_none())
        {
            return Err(Unset(name));
        }
        let chosen = |name| variable(name).filter(|value| !value.is_empty());
        Ok(Self {
            handler: chosen("SAGA_HANDLER").or_else(|| chosen("_HANDLER")),
            level: chosen("AWS_LAMBDA_LOG_LEVEL").map_or(Level::INFO, |level| parse_level(&level)),
            format: match chosen("AWS_LAMBDA_LOG_FORMAT") {
                Some(format) if format.eq_ignore_ascii_case("text") => Format::Text,
                _ => Format::Json,
            },
        })
    }
}

/// Lambda's levels are those of `tracing`, and FATAL.
fn parse_level(level: &str) -> Level {
    if level.eq_ignore_ascii_case("fatal") {
        return Level::ERROR;
    }
    level.parse().unwrap_or(Level::INFO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: [(&str, &str); 3] = [
        ("AWS_LAMBDA_FUNCTION_NAME", "stack-ChargeFare-1"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
    ];

    fn read(variables: &[(&str, &str)]) -> Result<Settings, Unset> {
        Settings::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], handler: Option<&str>, level: Level, format: Format) {
        let settings = read(&[&LAMBDA, variables].concat()).unwrap();
        let handler = handler.map(str::to_owned);
        assert_eq!(
            settings,
            Settings {
                handler,
                level,
                format
            }
        );
    }

    #[test]
    fn what_is_said_is_taken_and_the_rest_has_defaults() {
        check(&[], None, Level::INFO, Format::Json);
        check(&[("_HANDLER", "")], None, Level::INFO, Format::Json);
        check(
            &[("_HANDLER", "ChargeFare")],
            Some("ChargeFare"),
            Level::INFO,
            Format::Json,
        );
        check(
            &[("_HANDLER", "bootstrap"), ("SAGA_HANDLER", "RefundFare")],
            Some("RefundFare"),
            Level::INFO,
            Format::Json,
        );
    }

    #[test]
    fn logs_are_as_lambda_is_configured() {
        check(
            &[("AWS_LAMBDA_LOG_LEVEL", "DEBUG")],
            None,
            Level::DEBUG,
            Format::Json,
        );
        check(
            &[("AWS_LAMBDA_LOG_LEVEL", "FATAL")],
            None,
            Level::ERROR,
            Format::Json,
        );
        check(
            &[("AWS_LAMBDA_LOG_LEVEL", "loud")],
            None,
            Level::INFO,
            Format::Json,
        );
        check(
            &[("AWS_LAMBDA_LOG_FORMAT", "Text")],
            None,
            Level::INFO,
            Format::Text,
        );
        check(
            &[("AWS_LAMBDA_LOG_FORMAT", "JSON")],
            None,
            Level::INFO,
            Format::Json,
        );
    }

    #[test]
    fn what_lambda_sets_is_asked_for_by_name() {
        let error = read(&LAMBDA[..2]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("`AWS_LAMBDA_FUNCTION_MEMORY_SIZE` is not set"),
            "{error}"
        );
    }
}
