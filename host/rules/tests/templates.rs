//! Templates as they are: the project's own says what it is meant to, and every file in `invalid-templates` is reported
//! as its snapshot beside it says: what, where, and what to write instead.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use campanile_diagnostic::Diagnostic;
use campanile_rules::template::{Action, Located, Settings, Template, TopicRule};
use proptest::prelude::*;

/// What is deployed.
const PROJECT: &str = include_str!("../../../deploy/template.yaml");

fn settings(parameters: &[(&str, &str)]) -> Settings {
    let parameter = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Settings { parameters: parameters.iter().map(parameter).collect(), ..Settings::default() }
}

fn findings(text: &str, settings: &Settings) -> Vec<Diagnostic> {
    match Template::read(text, settings) {
        Err(findings) => findings,
        Ok(template) => template.findings.iter().cloned().chain(template.lint()).collect(),
    }
}

/// The plain form, and the text that the finding points to.
fn shown(finding: &Diagnostic, file: &str, text: &str) -> String {
    let part = finding.span.clone().map(|span| text.get(span).unwrap_or("OUTSIDE OF THE FILE"));
    let part = part.map(|part| format!("\n  at: {}", part.lines().next().unwrap_or_default()));
    format!("{}{}", finding.plain(file, text), part.unwrap_or_default())
}

#[test]
fn each_invalid_template_has_its_findings() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid-templates");
    let mut snapshots = insta::Settings::clone_current();
    snapshots.set_snapshot_path("invalid-templates");
    snapshots.set_prepend_module_to_snapshot(false);
    snapshots.set_omit_expression(true);
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml" || extension == "json"));
    assert!(files.len() >= 15, "the directory is there");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let findings = findings(&text, &Settings::default());
        assert!(!findings.is_empty(), "{} is valid", file.display());
        let file_name = file.file_name().unwrap().to_str().unwrap();
        let shown: Vec<String> = findings.iter().map(|finding| shown(finding, file_name, &text)).collect();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        snapshots.bind(|| insta::assert_snapshot!(name, shown.join("\n")));
    }
}

#[test]
fn the_project_s_template_has_no_findings_whatever_its_parameters() {
    let all = [
        settings(&[]),
        settings(&[("NotifyRecovery", "true"), ("AlarmEmail", "someone@example.com")]),
        settings(&[
            ("NotifyRecovery", "true"),
            ("NotifyPresence", "true"),
            ("Tracing", "true"),
            ("SilenceHours", "6"),
        ]),
        settings(&[("TopicFilter", "home/+/status"), ("CodeBucket", "bucket"), ("CodeKey", "function.zip")]),
        Settings { region: "cn-north-1".to_owned(), stack: "my-stack-2".to_owned(), ..Settings::default() },
    ];
    for settings in all {
        let findings: Vec<String> = findings(PROJECT, &settings)
            .iter()
            .map(|finding| shown(finding, "template.yaml", PROJECT))
            .collect();
        assert_eq!(findings, [""; 0], "{settings:?}");
    }
}

#[test]
fn the_project_s_rules_are_these() {
    let template = Template::read(PROJECT, &Settings::default()).unwrap();
    let rules: Vec<String> = template.rules.iter().map(rule).collect();
    insta::assert_snapshot!("rules", rules.join("\n"));
}

/// A rule with everything in it, resolved.
fn rule(rule: &TopicRule) -> String {
    let version = rule.sql_version.as_ref().map_or("none", |version| version.value.as_str());
    let mut lines = vec![
        format!("{} is {} (version {version}, disabled {})", rule.logical_id, rule.name.value, rule.disabled),
        format!("  condition: {:?}", rule.condition),
        format!("  {}", rule.sql.value.replace('\n', "\n  ")),
    ];
    lines.extend(rule.actions.iter().map(|found| action("action", found)));
    lines.extend(rule.error_action.iter().map(|found| action("error action", found)));
    lines.join("\n") + "\n"
}

fn action(what: &str, action: &Action) -> String {
    let field = |(path, value): &(String, Located<String>)| format!("\n    {path}: {}", value.value);
    format!("  {what}: {}{}", action.kind, action.fields.iter().map(field).collect::<String>())
}

#[test]
fn places_lead_to_the_sql_in_the_template() {
    let template = Template::read(PROJECT, &Settings::default()).unwrap();
    for rule in &template.rules {
        let place = PROJECT.get(rule.sql.span.clone()).unwrap();
        let is_of_devices = place.contains("SELECT * AS payload") && place.contains("${TopicFilter}");
        assert!(is_of_devices || place.contains("FROM '$aws/events/presence/"), "{place}");
    }
}

#[test]
fn recoveries_are_notified_only_if_wanted() {
    let condition = |given: &[(&str, &str)]| {
        let template = Template::read(PROJECT, &settings(given)).unwrap();
        let rule = template.rules.iter().find(|rule| rule.logical_id == "RecoveryRule").unwrap();
        rule.condition.clone().unwrap()
    };
    assert_eq!(condition(&[]), ("IsRecoveryNotified".to_owned(), false));
    assert_eq!(condition(&[("NotifyRecovery", "true")]), ("IsRecoveryNotified".to_owned(), true));
}

#[test]
fn all_rules_listen_to_the_topic_that_devices_may_publish_on() {
    let topics = |filter: &str| {
        let template = Template::read(PROJECT, &settings(&[("TopicFilter", filter)])).unwrap();
        let listens = |rule: &TopicRule| {
            let sql = &rule.sql.value;
            sql.contains(&format!("FROM '{filter}'")) || sql.contains("FROM '$aws/events/presence/")
        };
        assert!(template.rules.iter().all(listens));
        let statements = template.policies[0].document.get("Statement").unwrap().list().unwrap();
        statements[1].get("Resource").unwrap().text().unwrap().to_owned()
    };
    let topic = |name: &str| format!("arn:aws:iot:us-east-1:123456789012:topic/{name}");
    assert_eq!(topics("home/heating/status"), topic("home/heating/status"));
    assert_eq!(topics("home/+/status"), topic("home/${iot:Connection.Thing.ThingName}/status"));
}

#[test]
fn actions_lead_to_resources_of_the_template() {
    let template = Template::read(PROJECT, &Settings::default()).unwrap();
    let target = |id: &str, path: &str| {
        let rule = template.rules.iter().find(|rule| rule.logical_id == id).unwrap();
        template.logical_id(&rule.actions[0].field(path).unwrap().value).unwrap().to_owned()
    };
    assert_eq!(target("HotRule", "FunctionArn"), "Function");
    assert_eq!(target("ColdRule", "PutItem.TableName"), "EventTable");
}

#[test]
fn the_same_template_as_json_says_the_same() {
    let text = r#"{"Parameters": {"Topic": {"Type": "String", "Default": "a/b"}},
        "Resources": {"Hot": {"Type": "AWS::IoT::TopicRule", "Properties": {"TopicRulePayload": {
            "Sql": {"Fn::Sub": ["SELECT * FROM '${Name}'", {"Name": {"Ref": "Topic"}}]},
            "Actions": [{"S3": {"Key": "${topic()}"}}],
            "ErrorAction": {"Sqs": {"QueueUrl": "u"}}}}}}}"#;
    let template = Template::read(text, &Settings::default()).unwrap();
    assert_eq!((template.findings.as_slice(), template.lint().as_slice()), (&[][..], &[][..]));
    assert_eq!(template.rules[0].sql.value, "SELECT * FROM 'a/b'");
    assert_eq!(template.rules[0].actions[0].field("Key").unwrap().value, "${topic()}");
}

#[test]
fn an_unknown_parameter_has_a_finding_without_a_place() {
    let findings = findings(PROJECT, &settings(&[("TopicFiltr", "a")]));
    let plain = shown(&findings[0], "template.yaml", "");
    let expected = "template.yaml: error[template::unknown-parameter]: the template has no parameter `TopicFiltr`\n  \
                    help: did you mean `TopicFilter`?";
    assert_eq!((plain.as_str(), findings.len()), (expected, 1));
}

/// What a template is made of, and what breaks one.
const PIECES: [&str; 32] = [
    "\n",
    "\n  ",
    "  ",
    "- ",
    ": ",
    "? ",
    "!Sub ",
    "!Ref ",
    "!GetAtt ",
    "!If ",
    "!Join ",
    "!Split ",
    "!Select ",
    "Fn::Sub: ",
    "${",
    "}",
    "${!",
    "[",
    "]",
    "{",
    ",",
    "'",
    "\"",
    "|",
    ">",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "é",
    "\u{2028}",
    "\0",
];

fn is_sound(text: &str) -> Result<(), TestCaseError> {
    for finding in findings(text, &Settings::default()) {
        let span = finding.span.unwrap_or_default();
        prop_assert!(
            text.get(span.clone()).is_some(),
            "{span:?} is no part of the text: {}",
            finding.message
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        is_sound(&text)?;
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        is_sound(&format!("Resources:\n  A:\n    Type: AWS::IoT::Policy\n    Properties: {}", pieces.concat()))?;
    }

    #[test]
    fn a_damaged_template_is_read_or_refused(
        damages in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&PIECES[..]), 0..40_usize), 1..6)
    ) {
        let mut text = PROJECT.to_owned();
        for (at, piece, removed) in damages {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + removed).min(text.len()));
            text.replace_range(start..end, piece);
        }
        is_sound(&text)?;
    }

    #[test]
    fn any_parameter_is_put_in(value in "\\PC{0,40}") {
        let given = settings(&[("TopicFilter", value.as_str())]);
        let template = Template::read(PROJECT, &given).unwrap();
        let resolved: BTreeMap<_, _> = template.rules.iter().map(|rule| (rule.logical_id.as_str(), &rule.sql.value)).collect();
        let expected = format!("FROM '{value}'");
        prop_assert!(resolved["HotRule"].contains(&expected));
    }
}
