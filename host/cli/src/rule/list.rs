//! `campanile rule list`: what the template deploys.

use campanile_rules::review::load;
use campanile_rules::template::{Action, TopicRule};
use campanile_rules::{Stubs, Version};
use serde_json::{Value, json};

use crate::args::TemplateArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, CARE, QUIET, STRONG, styled};
use crate::template::TemplateFile;

pub(crate) fn run(json: bool, arguments: &TemplateArguments) -> Result<Exit, CliError> {
    let file = TemplateFile::find(arguments)?;
    if json {
        output::json(&file.template.rules.iter().map(to_json).collect::<Vec<_>>());
        return Ok(Exit::Success);
    }
    for rule in &file.template.rules {
        show(rule, &file);
    }
    if file.template.rules.is_empty() {
        output::note(format!("no rules in `{}`: it has no resource of type AWS::IoT::TopicRule", file.name));
    }
    Ok(Exit::Success)
}

/// The topics it listens to, as far as its SQL can be read.
fn topics(rule: &TopicRule) -> Option<String> {
    load(rule, &Stubs::default()).ok()?.topic_filter().map(ToString::to_string)
}

/// Why it would not run, if so.
fn inactive(rule: &TopicRule) -> Option<String> {
    match &rule.condition {
        Some((condition, false)) => Some(format!("not deployed: the condition {condition} does not hold")),
        _ if rule.disabled => Some("disabled".to_owned()),
        _ => None,
    }
}

fn show(rule: &TopicRule, file: &TemplateFile) {
    let note = inactive(rule).map(|why| format!("  {}", styled(CARE, why))).unwrap_or_default();
    output::line(format!("{}  {}{note}", styled(STRONG, &rule.name.value), styled(QUIET, &rule.logical_id)));
    let topics =
        topics(rule).unwrap_or_else(|| styled(QUIET, "none, or the SQL can't be read: campanile rule lint"));
    let version = rule.sql_version.as_ref().map_or(Version::V2015.name(), |version| version.value.as_str());
    let targets =
        |actions: &[Action]| actions.iter().map(|action| target(action, file)).collect::<Vec<_>>().join(", ");
    entry("topics", &topics);
    entry(
        "sql",
        &format!(
            "{}  {}",
            rule.sql.value.split_whitespace().collect::<Vec<_>>().join(" "),
            styled(QUIET, version)
        ),
    );
    entry("actions", &targets(&rule.actions));
    let on_error = rule.error_action.as_ref().map(|action| target(action, file));
    entry(
        "on error",
        &on_error.unwrap_or_else(|| styled(CARE, "nothing: a message whose action fails is lost")),
    );
    output::line("");
}

fn entry(name: &str, value: &str) {
    output::line(format!("  {name:<9} {value}"));
}

/// The kind of an action, and the resource it goes to.
fn target(action: &Action, file: &TemplateFile) -> String {
    let resource = action.fields.iter().find_map(|(_, field)| file.template.logical_id(&field.value));
    resource.map_or_else(|| action.kind.clone(), |resource| format!("{} {resource}", action.kind))
}

fn to_json(rule: &TopicRule) -> Value {
    let action = |action: &Action| {
        let fields =
            action.fields.iter().map(|(path, field)| (path.clone(), Value::from(field.value.clone())));
        json!({ "kind": action.kind, "fields": fields.collect::<serde_json::Map<_, _>>() })
    };
    json!({
        "name": rule.name.value,
        "logical-id": rule.logical_id,
        "topics": topics(rule),
        "sql": rule.sql.value,
        "sql-version": rule.sql_version.as_ref().map_or(Version::V2015.name(), |version| version.value.as_str()),
        "disabled": rule.disabled,
        "deployed": rule.condition.as_ref().is_none_or(|(_, holds)| *holds),
        "actions": rule.actions.iter().map(action).collect::<Vec<_>>(),
        "error-action": rule.error_action.as_ref().map(action),
    })
}
