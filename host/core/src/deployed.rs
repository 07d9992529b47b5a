//! What a configuration says that holds on one machine and not where the function is deployed.
//!
//! There the function has its package, which nobody can write to, and the services of AWS: a secret that is a variable on this
//! machine is a parameter of SSM there. Only the configuration counts here; whether a parameter is there is not asked.

use crate::config::{ChannelConfig, Config, SecretEntry, SecretSource, StoreConfig};
use crate::diagnostic::Diagnostic;

/// The code of the finding that a secret is where the deployed function can't read it.
pub const SECRET_ELSEWHERE: &str = "deploy::secret";

/// The code of the finding that deliveries would be kept where they don't last.
pub const STORE_ELSEWHERE: &str = "deploy::store";

/// The code of the finding that a channel sends into a network which the deployed function is not in.
pub const PRIVATE_NETWORK: &str = "deploy::private-network";

/// What would not work, or hardly as meant, in the order of the file.
#[must_use]
pub fn review(config: &Config) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = config.store.iter().filter_map(store).collect();
    for (name, channel) in &config.channels {
        found.extend(channel.secrets.iter().filter_map(|(secret, entry)| elsewhere(name, secret, entry)));
        found.extend(private(name, channel));
    }
    found.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
    found
}

fn store(store: &StoreConfig) -> Option<Diagnostic> {
    const HELP: &str = "leave `[store]` out: the function finds the template's table by itself, and on this machine `--store` or \
        `--data-dir` says where";
    match store {
        StoreConfig::Sqlite(_) => {
            let message = "`[store]` names a file, and the deployed function can't write any that lasts";
            Some(Diagnostic::error(STORE_ELSEWHERE, message).help(HELP))
        }
        StoreConfig::Memory => {
            let message = "`[store]` is memory, so the deployed function forgets what it has told and what is still to be tried";
            Some(Diagnostic::warning(STORE_ELSEWHERE, message).help(HELP))
        }
        StoreConfig::Dynamodb(_) => None,
    }
}

/// A variable stands for a parameter there, so only files are missing.
fn elsewhere(channel: &str, secret: &str, entry: &SecretEntry) -> Option<Diagnostic> {
    let SecretSource::File(_) = entry.source else { return None };
    let message = format!(
        "the secret `{secret}` of `{channel}` is in a file, which the deployed function does not have"
    );
    let help = format!(
        "write `{secret} = {{ ssm = \"/campanile/{channel}-{secret}\" }}` in `[channels.{channel}.secrets]`, with the name of \
         your stack for `campanile`"
    );
    Some(Diagnostic::error(SECRET_ELSEWHERE, message).at(entry.span.clone()).help(help))
}

fn private(name: &str, channel: &ChannelConfig) -> Option<Diagnostic> {
    let grant = channel.allow.iter().find(|grant| grant.private)?;
    let message = format!("the channel `{name}` sends to `{}` in a private network", grant.origin);
    Some(
        Diagnostic::warning(PRIVATE_NETWORK, message).at(channel.span.clone()).help(
            "the deployed function reaches it only if the template puts it into that network (VpcConfig)",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let config = Config::parse(text).unwrap();
        review(&config).iter().map(|finding| finding.plain("campanile.toml", text).to_string()).collect()
    }

    #[test]
    fn what_is_on_this_machine_is_not_there() {
        let text = r#"
[store]
kind = "sqlite"
[channels.desk]
plugin = "webhook"
allow = [{ origin = "http://192.168.1.5:8123", private = true }]
secrets.signing-key = { file = "key" }
[channels.family]
plugin = "telegram"
allow = ["https://api.telegram.org"]
secrets.bot-token = { env = "TELEGRAM_BOT_TOKEN" }
"#;
        insta::assert_snapshot!(found(text).join("\n"));
    }

    #[test]
    fn what_is_in_aws_is_there() {
        let text = r#"
[store]
kind = "dynamodb"
table = "campanile-dispatch"
[channels.family]
plugin = "telegram"
allow = ["https://api.telegram.org"]
secrets.bot-token = { ssm = "/campanile/bot-token" }
[channels.ops]
plugin = "discord"
allow = ["https://discord.com"]
secrets.webhook-url = { env = "DISCORD_WEBHOOK_URL" }
"#;
        assert_eq!(found(text), Vec::<String>::new());
    }

    #[test]
    fn memory_works_as_long_as_the_process() {
        let found = found("[store]\nkind = \"memory\"\n");
        assert!(
            found.len() == 1 && found.iter().all(|text| text.contains("warning[deploy::store]")),
            "{found:?}"
        );
    }
}
