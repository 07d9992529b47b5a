use crate::template::{Settings, Template};

/// The findings about a policy with this document, as code and help or message.
fn findings(document: &str) -> Vec<(&'static str, String)> {
    let text = format!(
        "Resources:\n  P: {{Type: 'AWS::IoT::Policy', Properties: {{PolicyDocument: {document}}}}}\n"
    );
    let template = Template::read(&text, &Settings::default()).unwrap();
    assert_eq!(template.findings, []);
    let findings = template.policies[0].lint();
    findings.into_iter().map(|finding| (finding.code, finding.help.unwrap_or(finding.message))).collect()
}

/// The findings about one statement in an otherwise good document.
fn statement(statement: &str) -> Vec<(&'static str, String)> {
    findings(&format!("{{Version: 2012-10-17, Statement: [{{{statement}}}]}}"))
}

fn codes(text: &str) -> Vec<&'static str> {
    statement(text).into_iter().map(|(code, _)| code).collect()
}

const ATTACHED: &str = "Condition: {Bool: {'iot:Connection.Thing.IsAttached': ['true']}}";
const CLIENT: &str = "'arn:aws:iot:eu-west-1:123456789012:client/${iot:Connection.Thing.ThingName}'";

fn on_topic(action: &str, resource: &str) -> String {
    format!("Effect: Allow, Action: '{action}', Resource: 'arn:aws:iot:eu-west-1:123456789012:{resource}'")
}

fn connect(resource: &str, condition: &str) -> String {
    format!("Effect: Allow, Action: iot:Connect, Resource: {resource}, {condition}")
}

#[test]
fn a_good_policy_has_no_findings() {
    assert_eq!(codes(&connect(CLIENT, ATTACHED)), [""; 0]);
    assert_eq!(codes(&on_topic("iot:Publish", "topic/home/heating/status")), [""; 0]);
    assert_eq!(codes(&on_topic("iot:Subscribe", "topicfilter/home/+/status")), [""; 0]);
    assert_eq!(codes("Effect: Allow, Action: iot:ListRetainedMessages, Resource: '*'"), [""; 0]);
    assert_eq!(codes("Effect: Deny, Action: 'iot:*', Resource: '*'"), [""; 0]);
    let both = "Effect: Allow, Action: [iot:Publish, iot:Subscribe], Resource: ['arn:aws:iot:r:1:topic/a', 'arn:aws:iot:r:1:topicfilter/a']";
    assert_eq!(codes(both), [""; 0]);
    assert_eq!(
        codes("Effect: Allow, Action: greengrass:Discover, Resource: 'arn:aws:iot:r:1:thing/a'"),
        [""; 0]
    );
}

#[test]
fn the_document_has_version_and_statements() {
    let codes = |text| findings(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(codes("{}"), ["policy::version", "policy::shape"]);
    assert_eq!(codes("{Version: 2008-10-17, Statement: []}"), ["policy::shape", "policy::version"]);
    assert_eq!(codes("'{}'"), ["policy::shape"]);
    assert_eq!(codes("{Version: 2012-10-17, Statement: [a]}"), ["policy::shape"]);
    assert_eq!(findings("{Version: 2012-10-17, Statments: []}")[1].1, "did you mean `Statement`?");
}

#[test]
fn a_policy_is_not_longer_than_aws_takes() {
    let with = |length: usize| codes(&on_topic("iot:Publish", &format!("topic/{}", "x".repeat(length))));
    let rest = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:eu-west-1:123456789012:topic/"}]}"#;
    assert_eq!(with(2048 - rest.len()), [""; 0]);
    assert_eq!(with(2049 - rest.len()), ["policy::too-long"]);
}

#[test]
fn effects_actions_and_keys_are_known() {
    assert_eq!(
        statement("Effect: Alow, Action: iot:Publish, Resource: 'arn:aws:iot:r:1:topic/a'")[0].1,
        "did you mean `Allow`?"
    );
    assert_eq!(statement(&on_topic("iot:Conect", "client/a"))[0].1, "did you mean `iot:Connect`?");
    assert_eq!(statement(&on_topic("Publish", "topic/a"))[0].1, "did you mean `iot:Publish`?");
    assert_eq!(codes(&on_topic("iot:CreateThing", "thing/a")), ["policy::unknown-action"]);
    assert_eq!(codes(&on_topic("s3:GetObject", "topic/a")), ["policy::unknown-action"]);
    assert_eq!(
        codes("Effect: Allow, Actions: a, Resource: []"),
        ["policy::shape", "policy::unknown-key", "policy::shape"]
    );
    assert_eq!(codes("Action: [[a]], Resource: {a: b}, Effect: Deny"), ["policy::shape"; 2]);
}

#[test]
fn wildcards_are_noticed() {
    let wildcard = ["policy::wildcard"];
    assert_eq!(codes(&on_topic("iot:*", "topic/a")), wildcard);
    assert_eq!(codes("Effect: Allow, Action: iot:Publish, Resource: '*'"), wildcard);
    assert_eq!(codes(&on_topic("iot:Publish", "topic/*")), wildcard);
    assert_eq!(codes(&on_topic("iot:Subscribe", "topicfilter/#")), wildcard);
    assert_eq!(codes(&connect("'arn:aws:iot:r:1:client/*'", ATTACHED)), wildcard);
    assert_eq!(codes("Effect: Allow, NotAction: iot:Connect, Resource: 'arn:aws:iot:r:1:topic/a'"), wildcard);
    assert_eq!(codes(&on_topic("iot:Publish", "topic/home/*")), [""; 0]);
}

#[test]
fn resources_fit_their_actions() {
    let help = |action, resource| statement(&on_topic(action, resource))[0].1.clone();
    assert_eq!(help("iot:Publish", "topicfilter/a"), "write `topic/a`");
    assert_eq!(help("iot:Subscribe", "topic/a"), "write `topicfilter/a`");
    assert_eq!(help("iot:ListRetainedMessages", "topic/a"), "give it a statement with `Resource: '*'`");
    assert_eq!(codes("Effect: Allow, Action: iot:Publish, Resource: topic/a"), ["policy::resource"]);
    assert_eq!(
        codes("Effect: Allow, Action: iot:Publish, Resource: 'arn:aws:iot:r:1:topic'"),
        ["policy::resource"]
    );
}

#[test]
fn mqtt_wildcards_are_literal() {
    assert_eq!(codes(&on_topic("iot:Publish", "topic/home/+/status")), ["policy::mqtt-wildcard"]);
    assert_eq!(codes(&on_topic("iot:Receive", "topic/home/#")), ["policy::mqtt-wildcard"]);
    assert_eq!(codes(&on_topic("iot:Publish", "topic/a+b")), [""; 0]);
}

#[test]
fn only_the_attached_thing_connects() {
    let literal = "'arn:aws:iot:r:1:client/home-heating'";
    assert_eq!(codes(&connect(literal, ATTACHED)), ["policy::client-id"]);
    assert_eq!(codes(&connect("'arn:aws:iot:r:1:client/${iot:ClientId}'", ATTACHED)), [""; 0]);
    let not = ["policy::not-attached"];
    assert_eq!(codes(&connect(CLIENT, "Condition: {}")), not);
    assert_eq!(
        codes(&connect(CLIENT, "Condition: {Bool: {'iot:Connection.Thing.IsAttached': ['false']}}")),
        not
    );
    assert_eq!(
        codes(&connect(CLIENT, "Condition: {Bool: {'iot:Connection.Thing.IsAttached': 'true'}}")),
        [""; 0]
    );
}

#[test]
fn conditions_and_variables_are_known() {
    let help = |condition: &str| {
        statement(&format!("{}, Condition: {condition}", on_topic("iot:Publish", "topic/a")))[0].1.clone()
    };
    assert_eq!(help("{Bol: {'iot:ClientId': a}}"), "did you mean `Bool`?");
    assert_eq!(
        help("{Bool: {'iot:Connection.Thing.IsAtached': a}}"),
        "did you mean `iot:Connection.Thing.IsAttached`?"
    );
    assert_eq!(help("{Bool: a}"), "`Bool` is text; it must be a mapping of keys to values");
    let known = "Condition: {'ForAllValues:StringEqualsIfExists': {'iot:Certificate.Subject.Organization.List': ['${iot:Certificate.Issuer.Country.1}']}}";
    assert_eq!(codes(&format!("{}, {known}", on_topic("iot:Publish", "topic/a"))), [""; 0]);

    let help = |topic: &str| statement(&on_topic("iot:Publish", topic))[0].1.clone();
    assert_eq!(help("topic/${iot:ClientID}"), "did you mean `iot:ClientId`?");
    assert_eq!(help("topic/${iot:Connection.Thing.Name}"), "did you mean `iot:Connection.Thing.ThingName`?");
    assert_eq!(
        help("topic/${iot:Certificate.Subject.CommonNam}"),
        "did you mean `iot:Certificate.Subject.CommonName`?"
    );
    assert_eq!(help("topic/${AWS::Region}"), "CloudFormation replaces it if the text has `!Sub`");
    assert_eq!(help("topic/${!iot:ClientId}"), "`${!…}` belongs into a text with `!Sub`");
    assert_eq!(help("topic/${iot:ClientId"), "`${` has no `}`");
    assert_eq!(
        codes(&on_topic("iot:Publish", "topic/${iot:Connection.Thing.Attributes[site]}/${*}")),
        [""; 0]
    );
}
