use super::*;

fn refused(text: &str) -> Diagnostic {
    parse(text).unwrap_err()
}

#[test]
fn places_are_bytes_of_the_text() {
    let text = "ü: !Sub 'é ${x}'\nlist:\n  - a # comment\n  - {b: c}\n\nsql: |\n  SELECT *\n  FROM 'ü'\n\n\nlast: 1\n";
    let root = parse(text).unwrap().root;
    let part = |node: &Node| text.get(node.span.clone()).unwrap().to_owned();
    assert_eq!(part(root.get("ü").unwrap()), "!Sub 'é ${x}'");
    assert_eq!(root.get("ü").unwrap().tag.as_deref(), Some("Sub"));
    assert_eq!(root.get("ü").unwrap().text(), Some("é ${x}"));
    assert_eq!(part(root.get("list").unwrap()), "- a # comment\n  - {b: c}");
    assert_eq!(part(&root.get("list").unwrap().list().unwrap()[1]), "{b: c}");
    assert_eq!(part(root.get("sql").unwrap()), "SELECT *\n  FROM 'ü'");
    assert_eq!(root.get("sql").unwrap().text(), Some("SELECT *\nFROM 'ü'\n"));
    assert_eq!(part(&root), text.trim_end());
}

#[test]
fn json_is_read_as_well() {
    let root = parse("{\"a\": {\"Fn::Sub\": \"${x}\"}, \"b\": [1, true, null]}").unwrap().root;
    assert_eq!(root.get("a").unwrap().get("Fn::Sub").unwrap().text(), Some("${x}"));
    let items = root.get("b").unwrap().list().unwrap();
    assert_eq!((items[0].text(), items[1].text(), &items[2].value), (Some("1"), Some("true"), &Value::Null));
}

#[test]
fn scalars_are_texts_unless_they_are_nothing() {
    let root = parse("{a: 2012-10-17, b: ~, c: '', d: !!str, e: !Ref '', f: ! x}").unwrap().root;
    let texts: Vec<Option<&str>> = root.map().unwrap().iter().map(|entry| entry.value.text()).collect();
    assert_eq!(texts, [Some("2012-10-17"), None, Some(""), None, Some(""), Some("x")]);
    assert_eq!(root.get("f").unwrap().tag, None);
}

#[test]
fn of_equal_keys_the_last_stays_and_the_others_are_reported() {
    let text = "a: 1\nb: 2\na: 3\n'a': 4\n";
    let document = parse(text).unwrap();
    assert_eq!(document.root.get("a").unwrap().text(), Some("4"));
    assert_eq!(document.root.map().unwrap().len(), 2);
    let spans: Vec<_> = document.findings.iter().map(|finding| finding.span.clone().unwrap()).collect();
    assert_eq!(spans, [0..1, 10..11]);
    assert_eq!(document.findings[0].code, "template::duplicate-key");
}

#[test]
fn syntax_errors_have_their_place() {
    let finding = refused("ü: 1\nb: c: d\n");
    assert_eq!((finding.code, finding.span), ("template::syntax", Some(10..11)));
    assert_eq!(refused("a: 'x").code, "template::syntax");
    assert_eq!(refused("").message, "the template is empty");
    assert_eq!(refused("# nothing\n").message, "the template is empty");
    assert_eq!(refused("? {a: b}\n: c").message, "a key must be plain text");
    assert_eq!(refused("a: 1\n---\nb: 2\n").message, "a second document begins here");
}

#[test]
fn what_could_blow_up_is_refused() {
    assert_eq!(refused("a: &x [1]\nb: *x").code, "template::alias");
    assert_eq!(refused("a: &x 1").code, "template::alias");
    assert_eq!(refused("<<: {a: 1}").code, "template::alias");
    assert_eq!(refused(&" ".repeat(MAX_BYTES + 1)).code, "template::too-large");
    assert_eq!(refused(&"[".repeat(MAX_BYTES)).code, "template::too-deep");
    assert_eq!(refused(&"{a: ".repeat(1000)).code, "template::too-deep");
    assert_eq!(refused(&"- ".repeat(1000)).code, "template::too-deep");
    assert_eq!(refused(&format!("[{}]", "1,".repeat(MAX_NODES + 1))).code, "template::too-large");
}

#[test]
fn what_is_just_within_the_limits_is_read() {
    let deep = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(parse(&deep).is_ok());
    assert!(parse(&format!("[{}]", "1,".repeat(MAX_NODES - 1))).is_ok());
}
