//! Every file in `invalid-configs` is reported as its snapshot beside it says: what, where, and what to write instead.

use std::fs;
use std::path::Path;

use campanile_core::config::Config;
use campanile_core::description::Description;
use campanile_core::diagnostic::Diagnostic;
use campanile_core::resolve::resolve;

fn findings(text: &str, plugin: &Description) -> Vec<Diagnostic> {
    match Config::parse(text) {
        Err(findings) => findings,
        Ok(config) => {
            let resolved = resolve(&config, &[plugin]).diagnostics;
            config.warnings.into_iter().chain(resolved).collect()
        }
    }
}

/// The plain form, and the text that the finding points to.
fn shown(finding: &Diagnostic, text: &str) -> String {
    let part = finding.span.clone().map(|span| text.get(span).unwrap_or("OUTSIDE OF THE FILE"));
    let part = part.map(|part| format!("\n  at: {}", part.lines().next().unwrap_or_default()));
    format!("{}{}", finding.plain("campanile.toml", text), part.unwrap_or_default())
}

#[test]
fn each_invalid_configuration_has_its_findings() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let plugin = fs::read_to_string(tests.join("descriptions/messenger.json")).unwrap();
    let plugin = Description::parse(&plugin).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("invalid-configs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut files: Vec<_> =
        fs::read_dir(tests.join("invalid-configs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    assert!(files.len() >= 15, "the directory is there");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let findings = findings(&text, &plugin);
        assert!(!findings.is_empty(), "{} is valid", file.display());
        let shown: Vec<String> = findings.iter().map(|finding| shown(finding, &text)).collect();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        settings.bind(|| insta::assert_snapshot!(name, shown.join("\n")));
    }
}
