//! What the environment says: Lambda's own variables, and ours.

use tracing_core::Level;

/// What a process of a handler is told.
#[derive(Debug, PartialEq)]
pub(crate) struct Settings {
    /// Where Lambda's Runtime API is.
    pub(crate) runtime_api: String,
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

impl Settings {
    /// Reads the settings with the environment at hand; none where nothing asks for a handler.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let chosen = |name| variable(name).filter(|value| !value.is_empty());
        Some(Self {
            runtime_api: chosen("AWS_LAMBDA_RUNTIME_API")?,
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

    const LAMBDA: [(&str, &str); 1] = [("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")];

    fn read(variables: &[(&str, &str)]) -> Option<Settings> {
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
                runtime_api: "127.0.0.1:9001".into(),
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
    fn without_a_runtime_api_there_is_nothing_to_serve() {
        assert_eq!(read(&[("_HANDLER", "ChargeFare")]), None);
        assert_eq!(read(&[("AWS_LAMBDA_RUNTIME_API", "")]), None);
    }
}
