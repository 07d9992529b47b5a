//! `--channel`: the configuration as if there were only this channel.

use campanile_core::config::Config;
use toml::{Table, Value};

use crate::error::CliError;

/// The text of `config` with `channel` alone. A route that leads to it stays, so that title, body and severity are as they
/// would be; without one, the channel gets every event.
pub(crate) fn config(text: &str, channel: &str, config: &Config) -> Result<String, CliError> {
    if !config.channels.contains_key(channel) {
        let known = config.channels.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(CliError::NoChannel { name: channel.to_owned(), known });
    }
    let mut table: Table = toml::from_str(text).unwrap_or_default();
    if let Some(Value::Table(channels)) = table.get_mut("channels") {
        channels.retain(|name, _| name == channel);
    }
    if let Some(Value::Array(routes)) = table.get_mut("routes") {
        routes.retain_mut(|route| narrow(route, channel));
        if routes.is_empty() {
            table.remove("routes");
        }
    }
    Ok(table.to_string())
}

/// Leaves `channel` alone in a route; says whether it was there.
fn narrow(route: &mut Value, channel: &str) -> bool {
    let Some(Value::Array(channels)) = route.get_mut("channels") else { return false };
    channels.retain(|name| name.as_str() == Some(channel));
    !channels.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [channels.family]
        plugin = "telegram"
        [channels.ops]
        plugin = "discord"
        [[routes]]
        channels = ["family", "ops"]
        severity = "critical"
        [[routes]]
        channels = ["family"]
    "#;

    #[test]
    fn other_channels_and_their_routes_go() {
        let narrowed = config(TEXT, "ops", &Config::parse(TEXT).unwrap()).unwrap();
        let narrowed = Config::parse(&narrowed).unwrap();
        assert_eq!(narrowed.channels.keys().collect::<Vec<_>>(), ["ops"]);
        assert_eq!(narrowed.routes.iter().count(), 1);
    }

    #[test]
    fn an_unknown_channel_is_named_with_those_that_exist() {
        let error = config(TEXT, "opps", &Config::parse(TEXT).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "there is no channel `opps`; there are: family, ops");
    }
}
