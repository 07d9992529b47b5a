//! The function's log: lines for people, or objects if the platform asks for JSON. The platform's choice also says how the router's
//! facts are written: as lines among the others, or as records.

use lambda_runtime::tracing::subscriber;
use lambda_runtime::tracing::subscriber::filter::{EnvFilter, LevelFilter};

/// The platform's variables (developer guide, "Advanced logging controls").
const FORMAT: &str = "AWS_LAMBDA_LOG_FORMAT";
const LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One line of text for each entry.
    Text,
    /// One JSON object in a line for each entry.
    Json,
}

/// Begins the log as the platform wants it. The runtime's own subscriber is not for us: its lines have colours, which CloudWatch shows as
/// what they are, and its objects no time. The platform takes one without for an information, whatever its level says, and drops it where
/// only errors are kept.
pub(crate) fn begin() -> Format {
    let level = std::env::var(LEVEL).unwrap_or_default();
    let filter = EnvFilter::builder().with_default_directive(level_named(&level).into()).from_env_lossy();
    let log = subscriber::fmt().with_ansi(false).with_target(false).with_env_filter(filter);
    if std::env::var(FORMAT).is_ok_and(|format| format.eq_ignore_ascii_case("json")) {
        log.json().flatten_event(true).with_current_span(false).init();
        Format::Json
    } else {
        log.without_time().init();
        Format::Text
    }
}

/// The platform has one level more than we do, and does not always set it.
fn level_named(name: &str) -> LevelFilter {
    match name.to_ascii_uppercase().as_str() {
        "FATAL" => LevelFilter::ERROR,
        // Nothing is an error to `LevelFilter`.
        "" => LevelFilter::INFO,
        name => name.parse().unwrap_or(LevelFilter::INFO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_levels_are_ours() {
        let levels = [
            ("DEBUG", LevelFilter::DEBUG),
            ("WARN", LevelFilter::WARN),
            ("FATAL", LevelFilter::ERROR),
            ("", LevelFilter::INFO),
            ("loud", LevelFilter::INFO),
        ];
        for (name, level) in levels {
            assert_eq!(level_named(name), level, "{name}");
        }
    }
}
