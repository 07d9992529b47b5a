//! Every file in `broken-statements` is reported as its snapshot beside it says: what, where, and what to write instead. A name
//! that ends in `.2015` is read as version 2015-10-08.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::fs;
use std::path::Path;

use campanile_diagnostic::Diagnostic;
use campanile_rules::{Options, Rule, Stubs, Version};

fn findings(text: &str, version: Version) -> Vec<Diagnostic> {
    let mut stubs = Stubs::default();
    stubs.insert("get_dynamodb", "{}").unwrap();
    match Rule::load(text, Options { version, stubs, ..Options::default() }) {
        Ok(rule) => rule.lint(),
        Err(findings) => findings,
    }
}

/// The plain form, and the text that the finding points to.
fn shown(finding: &Diagnostic, text: &str) -> String {
    const LONGEST: usize = 80;
    let part = finding.span.clone().map(|span| text.get(span).unwrap_or("OUTSIDE OF THE STATEMENT"));
    let part = part.map(|part| format!("\n  at: {}", part.chars().take(LONGEST).collect::<String>()));
    format!("{}{}", finding.plain("sql", text), part.unwrap_or_default())
}

#[test]
fn each_broken_statement_has_its_findings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken-statements");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    assert!(files.len() >= 60, "the directory is there");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let version = if name.ends_with(".2015") { Version::V2015 } else { Version::V2016 };
        let findings = findings(&text, version);
        assert!(!findings.is_empty(), "{name} has nothing broken");
        let shown: Vec<String> = findings.iter().map(|finding| shown(finding, &text)).collect();
        settings.bind(|| insta::assert_snapshot!(name, shown.join("\n")));
    }
}
