//! The arguments of `campanile rule`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ProjectArguments;

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

/// How a statement is read.
#[derive(Args, Debug)]
pub(crate) struct StatementArguments {
    /// The version of the dialect, for a statement; a template says its own.
    #[arg(long, value_name = "VERSION", default_value = "2016-03-23")]
    pub(crate) sql_version: String,
    /// What a function that asks another service answers: NAME=JSON. May be given more than once.
    #[arg(long, value_name = "NAME=JSON")]
    pub(crate) stub: Vec<String>,
}

/// Of `rule lint`.
#[derive(Args, Debug)]
pub(crate) struct RuleLintArguments {
    /// A template, or a statement in a file that ends in .sql; by default the project's template.
    #[arg(value_name = "FILE", conflicts_with_all = ["sql", "template"])]
    pub(crate) file: Option<PathBuf>,
    /// A statement.
    #[arg(long, value_name = "STATEMENT", conflicts_with = "template")]
    pub(crate) sql: Option<String>,
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    #[command(flatten)]
    pub(crate) statement: StatementArguments,
    #[command(flatten)]
    pub(crate) template: TemplateArguments,
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
    /// The MQTT client that publishes it, of `clientid()`; without one, it does not come over MQTT.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The certificate or identity, of `principal()`.
    #[arg(long)]
    pub(crate) principal: Option<String>,
    /// The broker's id of the message, of `traceid()`.
    #[arg(long, value_name = "UUID")]
    pub(crate) trace_id: Option<String>,
    /// The address it comes from, of `sourceip()`.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) source_ip: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) statement: StatementArguments,
    #[command(flatten)]
    pub(crate) template: TemplateArguments,
}
