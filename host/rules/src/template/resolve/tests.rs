use super::*;
use crate::template::yaml;

/// What `text` gives in `template`, as short text; there must be no findings.
pub(crate) fn resolved(template: &str, text: &str) -> String {
    let (node, findings) = resolve(template, text);
    assert_eq!(findings, [], "{text}");
    node.map_or_else(|| "nothing".to_owned(), |node| short(&node))
}

/// The first finding about `text`, or about the conditions of `template`.
pub(crate) fn finding(template: &str, text: &str) -> Diagnostic {
    let (_, mut findings) = resolve(template, text);
    assert!(!findings.is_empty(), "no finding about {text}");
    findings.remove(0)
}

fn resolve(template: &str, text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let source = format!("{template}Metadata:\n  Text: {text}\n");
    let document = yaml::parse(&source).unwrap();
    let mut findings = Findings::default();
    let sections = Sections::of(&document.root, &mut findings).unwrap();
    let settings = Settings::default();
    let mut resolver = Resolver::new(&source, &sections, &settings, findings);
    resolver.all_conditions();
    let node = resolver.resolve(document.root.get("Metadata").unwrap().get("Text").unwrap());
    (node, resolver.findings.into_sorted())
}

fn short(node: &Node) -> String {
    let gap = node.gap.as_ref().map(|gap| format!(" (gap: {gap:?})")).unwrap_or_default();
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => format!("{text}{gap}"),
        Value::List(items) => format!("[{}]", items.iter().map(short).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entry = |entry: &Entry| format!("{}: {}", entry.key.value, short(&entry.value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

#[test]
fn functions_that_only_aws_can_evaluate_leave_a_gap() {
    let template = "Resources: {}\n";
    assert_eq!(
        resolved(template, "!ImportValue x"),
        "{Fn::ImportValue} (gap: Function(\"Fn::ImportValue\"))"
    );
    assert_eq!(finding(template, "!Base64 {Fn::Sub: '${x}'}").code, "template::unknown-name");
    assert_eq!(finding(template, "{Fn::Base64: !Sub '${x}'}").code, "template::unknown-name");
}

/// Names that need each other, each of them deep inside of functions: as much stack as a template can use up.
#[test]
fn depth_is_bounded_across_resources() {
    let nested = |next: usize| {
        let (open, close) = ("!Join ['', [x, ".repeat(20), "]]".repeat(20));
        format!("{open}!GetAtt Q{next}.QueueName{close}")
    };
    let queue = |id: usize| {
        format!("  Q{id}: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: {}}}}}\n", nested(id + 1))
    };
    let template = format!(
        "Resources:\n{}  Q100: {{Type: 'AWS::SQS::Queue'}}\n",
        (0..100).map(queue).collect::<String>()
    );
    assert_eq!(finding(&template, "!Ref Q0").code, "template::too-deep");
}

#[test]
fn what_is_no_function_stays_as_it_is() {
    assert_eq!(resolved("Resources: {}\n", "{a: [b, null, {c: ''}]}"), "{a: [b, null, {c: }]}");
    assert_eq!(finding("Resources: {}\n", "[!Reff a]").message, "there is no function `!Reff`");
}
