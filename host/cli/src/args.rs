//! The command line: names, help and examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Routes IoT events to people: devices report a transition, channel plugins tell whoever needs to know.
#[derive(Debug, Parser)]
#[command(name = "campanile", version, arg_required_else_help = true, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  campanile send examples/events/heating-inactive.json    see what an event would send, and to whom
  campanile check                                         find what is wrong before deploying
  campanile plugin list                                   what channels can be made of
  campanile rule eval --rule HotRule --topic home/heating/status --payload '{\"status\":\"ACTIVE\"}'
                                                          why a message is no event";

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Send an event through the real function and see the messages it makes.
    ///
    /// The event goes into the Lambda function's own binary under an emulator; fakes of the providers catch what its plugins
    /// send, checked as the real services would. Nothing leaves this machine unless --live is given.
    #[command(after_help = SEND_EXAMPLES)]
    Send(SendArguments),
    /// Check configuration, plugins, and the template's rules and policies together.
    #[command(
        after_help = "Exit codes: 0 nothing wrong, 3 errors (or warnings with --deny-warnings), 5 a plugin can't be loaded."
    )]
    Check(CheckArguments),
    /// List, inspect, build and compile channel plugins.
    #[command(subcommand)]
    Plugin(PluginVerb),
    /// List, lint, evaluate and test the rules that decide which messages become events.
    #[command(subcommand)]
    Rule(RuleVerb),
    /// Print a completion script for a shell.
    #[command(after_help = "Example:\n  campanile completions bash > /etc/bash_completion.d/campanile")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

const SEND_EXAMPLES: &str = "\
Examples:
  campanile send event.json                                      all channels, caught
  campanile send event.json --channel ops --json                 one channel, for scripts
  campanile send event.json --fault discord.com=429:retry-after=2:times=1
  TELEGRAM_BOT_TOKEN=… campanile send event.json --channel family --live

Exit codes: 0 delivered, 3 configuration, 4 no route wants it, 5 a plugin broke, 6 rejected, 7 given up or to be retried.";

/// Where the project is.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProjectArguments {
    /// The configuration; by default campanile.toml here or in a folder above.
    #[arg(long, value_name = "FILE", env = "CAMPANILE_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The folder of plugins; by default `plugins` beside the configuration.
    #[arg(long, value_name = "DIR", env = "CAMPANILE_PLUGINS")]
    pub(crate) plugins: Option<PathBuf>,
}

/// Of `send`.
#[derive(Args, Debug)]
pub(crate) struct SendArguments {
    /// A rule event as JSON: the envelope that the rules select, or what a device sends; `-` for standard input.
    #[arg(value_name = "EVENT.json")]
    pub(crate) event: PathBuf,
    /// Only to this channel, whatever the routes say.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Really send, with the real secrets.
    #[arg(long)]
    pub(crate) live: bool,
    /// Make a provider misbehave: WHO=FAULT, for example `api.telegram.org=500:times=2`, `discord.com=429:retry-after=2`,
    /// `discord.com=reset`. May be given more than once.
    #[arg(long, value_name = "WHO=FAULT", conflicts_with = "live")]
    pub(crate) fault: Vec<String>,
    /// Show what the function logs.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// The verbs about plugins.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginVerb {
    /// List the plugins with their settings, hosts and secrets.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Show what a component imports, exports and says of itself.
    #[command(after_help = "Example:\n  campanile plugin inspect ~/Downloads/ntfy.wasm")]
    Inspect {
        /// A plugin's name, or a file.
        #[arg(value_name = "NAME|FILE")]
        plugin: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Build Rust plugins into the folder of plugins.
    #[command(
        after_help = "Examples:\n  campanile plugin build                    the plugins of this checkout\n  campanile plugin build ~/src/my-channel"
    )]
    Build {
        /// The crate of a plugin; by default those of the checkout.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Compile all plugins to machine code, ahead of time.
    #[command(
        after_help = "Example:\n  campanile plugin compile --target aarch64-unknown-linux-gnu    for Lambda on arm64"
    )]
    Compile {
        /// Target triple; by default this machine.
        #[arg(long, value_name = "TRIPLE")]
        target: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        project: ProjectArguments,
    },
}

/// The verbs about rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RuleVerb {
    /// List the rules of the template with their topics, SQL and actions.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        template: TemplateArguments,
    },
    /// Find what is wrong with rule SQL, and with the rules and device policies of a template.
    #[command(after_help = RULE_LINT_EXAMPLES)]
    Lint(RuleLintArguments),
    /// Evaluate a rule for a message: what its actions get, or why they don't run.
    #[command(after_help = RULE_EVAL_EXAMPLES)]
    Eval(Box<RuleEvalArguments>),
    /// Run conformance cases, one JSON object a line.
    #[command(after_help = RULE_TEST_EXAMPLES)]
    Test {
        /// The cases.
        #[arg(value_name = "CASES.jsonl")]
        cases: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

const RULE_LINT_EXAMPLES: &str = "\
Examples:
  campanile rule lint                                   the project's template
  campanile rule lint deploy/template.yaml --parameter NotifyRecovery=true
  campanile rule lint hot.sql --deny-warnings
  campanile rule lint --sql \"SELECT * FROM 'home/#' WHERE status == 'INACTIVE'\"

Exit codes: 0 nothing wrong, 3 errors (or warnings with --deny-warnings).";

const RULE_EVAL_EXAMPLES: &str = "\
Examples:
  campanile rule eval --rule HotRule --topic home/heating/status --payload '{\"status\":\"ACTIVE\"}'
  campanile rule eval --sql \"SELECT *, clientid() AS id FROM 'home/#'\" --topic home/x --payload @event.json --client-id heater-1
  mosquitto_sub -t home/x -C 1 | campanile rule eval --rule ColdRule --topic home/x --payload -

Exit codes: 0 the actions run, 3 the statement can't be read, 4 the actions don't run.";

const RULE_TEST_EXAMPLES: &str = "\
Example of a case:
  {\"id\":\"hot\",\"sql\":\"SELECT status FROM 'a' WHERE status = 'X'\",\"topic\":\"a\",\"payload\":{\"status\":\"X\"},\"expect\":{\"status\":\"X\"}}

`expect` is compared by value; null means that the actions don't run. `payload_raw` instead of `payload` is published as it is.
More keys: `clientid`, `version`, `stubs`.

Exit codes: 0 all passed, 8 some failed.";

/// Where the template is, and with what it is deployed.
#[derive(Args, Clone, Debug)]
pub(crate) struct TemplateArguments {
    /// The CloudFormation template; by default the configuration's, or deploy/template.yaml.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// The value of a parameter: NAME=VALUE. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) parameter: Vec<String>,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `rule lint`.
#[derive(Args, Debug)]
pub(crate) struct RuleLintArguments {
    /// A template, or a statement in a file that ends in .sql; by default the project's template.
    #[arg(value_name = "FILE", conflicts_with = "sql")]
    pub(crate) file: Option<PathBuf>,
    /// A statement.
    #[arg(long, value_name = "STATEMENT")]
    pub(crate) sql: Option<String>,
    /// The version of the dialect, for a statement.
    #[arg(long, value_name = "VERSION", default_value = "2016-03-23")]
    pub(crate) sql_version: String,
    /// What a function that asks another service answers: NAME=JSON. May be given more than once.
    #[arg(long, value_name = "NAME=JSON")]
    pub(crate) stub: Vec<String>,
    /// The value of a parameter of the template: NAME=VALUE. May be given more than once.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) parameter: Vec<String>,
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// Of `rule eval`.
#[derive(Args, Debug)]
pub(crate) struct RuleEvalArguments {
    /// A statement.
    #[arg(long, value_name = "STATEMENT", required_unless_present = "rule", conflicts_with = "rule")]
    pub(crate) sql: Option<String>,
    /// A rule of the template, by its logical id or name.
    #[arg(long, value_name = "NAME")]
    pub(crate) rule: Option<String>,
    /// Where the message is published.
    #[arg(long)]
    pub(crate) topic: String,
    /// What is published: the text itself, @FILE, or - for standard input.
    #[arg(long, value_name = "TEXT|@FILE|-")]
    pub(crate) payload: String,
    /// The MQTT client that publishes it, of clientid(); without one, it does not come over MQTT.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The certificate or identity, of principal().
    #[arg(long)]
    pub(crate) principal: Option<String>,
    /// The broker's id of the message, of traceid().
    #[arg(long, value_name = "UUID")]
    pub(crate) trace_id: Option<String>,
    /// The address it comes from, of sourceip().
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) source_ip: Option<String>,
    /// The version of the dialect, for --sql.
    #[arg(long, value_name = "VERSION", default_value = "2016-03-23")]
    pub(crate) sql_version: String,
    /// What a function that asks another service answers: NAME=JSON. May be given more than once.
    #[arg(long, value_name = "NAME=JSON")]
    pub(crate) stub: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) template: TemplateArguments,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
