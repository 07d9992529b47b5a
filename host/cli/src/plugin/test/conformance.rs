//! Whether a file is a plugin: what it imports, what it says of itself, and what it takes to load it.

use std::path::Path;

use campanile_core::description::Description;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::compile::{CompileError, Compiled, Compiler};
use campanile_sandbox::digest::Digest;
use campanile_sandbox::inspect::{Inspection, inspect};
use campanile_sandbox::{Allocation, Described, Engine, LoadError, Plugin, limits};
use serde::Serialize;
use tempfile::TempDir;

use super::entry::{Entry, Finding, Section};
use super::schema;
use crate::error::CliError;

/// What the tool calls its own copy of the file.
const FILE: &str = "plugin.wasm";

/// Of the memory that an attempt may have, what an author should know of.
const MUCH: usize = 3;
const OF: usize = 4;

/// What was measured.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Figures {
    pub(super) bytes: usize,
    pub(super) sha256: Option<Digest>,
    pub(super) contract: Option<String>,
    pub(super) code_bytes: Option<usize>,
    pub(super) compile_ms: Option<f64>,
    pub(super) describe_ms: Option<f64>,
    pub(super) describe_memory_bytes: Option<usize>,
}

/// What is known of a file.
pub(super) struct Examined {
    pub(super) entries: Vec<Entry>,
    pub(super) figures: Figures,
    /// The plugin, if the file is one.
    pub(super) plugin: Option<Plugin>,
}

/// Examines the file; `given` says whether settings are.
pub(super) async fn examine(path: &Path, given: bool) -> Result<Examined, CliError> {
    let wasm = std::fs::read(path).map_err(CliError::file(path))?;
    let mut examined = Examined { entries: Vec::new(), figures: Figures::default(), plugin: None };
    examined.figures.bytes = wasm.len();
    examined.figures.sha256 = Some(Digest::of(&wasm));
    let inspection = match inspect(&wasm) {
        Ok(inspection) => inspection,
        Err(error) => {
            examined.push("component", "", vec![Finding::failed(error.to_string())]);
            return Ok(examined);
        }
    };
    examined.figures.contract = Some(inspection.contract.clone());
    examined.push("component", component(&inspection, wasm.len()), Vec::new());
    let folder = TempDir::with_prefix("campanile-test-").map_err(CliError::file(std::env::temp_dir()))?;
    let copy = folder.path().join(FILE);
    std::fs::write(&copy, &wasm).map_err(CliError::file(&copy))?;
    let engine = Engine::new(Allocation::Pooling)?;
    match Compiler::new(&engine, None)?.compile(folder.path(), FILE).await {
        Ok(compiled) => examined.compiled(&compiled),
        Err(error) => {
            let (name, text) = refusal(error)?;
            examined.push(name, "", vec![Finding::failed(text)]);
            return Ok(examined);
        }
    }
    let catalogue = Catalogue::open(&engine, folder.path())?;
    let plugin = catalogue.descriptions().next().and_then(|description| catalogue.get(&description.name));
    let Some(plugin) = plugin else {
        let problems = catalogue.problems();
        let findings = problems.iter().map(|problem| Finding::failed(problem.to_string())).collect();
        examined.push("loads", "", findings);
        return Ok(examined);
    };
    examined.described(plugin).await;
    examined.says(plugin.description(), &inspection, given);
    examined.plugin = Some(plugin.clone());
    Ok(examined)
}

/// What kept a component from being loaded, and the check that found it.
fn refusal(error: CompileError) -> Result<(&'static str, String), CliError> {
    match error {
        CompileError::Compiler { error, .. } => Ok(("compiles", error)),
        CompileError::Broken {
            error: error @ (LoadError::Describe(_) | LoadError::Description(_)), ..
        } => Ok(("describe", error.to_string())),
        CompileError::Broken { error, .. } => Ok(("compiles", error.to_string())),
        other => Err(other.into()),
    }
}

impl Examined {
    fn push(&mut self, name: &str, summary: impl Into<String>, findings: Vec<Finding>) {
        self.entries.push(Entry::new(Section::Conformance, name, summary, findings));
    }

    fn compiled(&mut self, compiled: &Compiled) {
        let milliseconds = compiled.duration.unwrap_or_default().as_secs_f64() * 1000.0;
        self.figures.code_bytes = Some(compiled.code_size);
        self.figures.compile_ms = Some(milliseconds);
        self.push(
            "compiles",
            format!("in {milliseconds:.0} ms, {} KiB of code", compiled.code_size / 1024),
            Vec::new(),
        );
    }

    /// It has described itself once to be loaded; here twice more.
    async fn described(&mut self, plugin: &Plugin) {
        let both = [plugin.describe().await, plugin.describe().await];
        let mut findings = Vec::new();
        let mut summary = String::new();
        match &both {
            [Ok(first), Ok(second)] => {
                self.figures.describe_ms = Some(first.duration.as_secs_f64() * 1000.0);
                self.figures.describe_memory_bytes = Some(first.memory);
                summary = described_in_words(first);
                findings = described_twice(first, second);
            }
            [Err(error), _] | [_, Err(error)] => {
                findings.push(Finding::failed(format!("once more: {error}")));
            }
        }
        self.push("describe", summary, findings);
    }

    fn says(&mut self, description: &Description, inspection: &Inspection, given: bool) {
        let (summary, findings) = schema::shape(description);
        self.push("settings", summary, findings);
        let (summary, findings) = schema::examples(description, given);
        self.push("examples", summary, findings);
        let (summary, findings) = secrets(description);
        self.push("secrets", summary, findings);
        let (summary, findings) = hosts(description, inspection);
        self.push("hosts", summary, findings);
    }
}

fn component(inspection: &Inspection, bytes: usize) -> String {
    let imports = crate::error::count(inspection.imports.len(), "import");
    format!("campanile:channel@{}, {imports}, {} KiB", inspection.contract, bytes / 1024)
}

fn described_in_words(described: &Described) -> String {
    let Described { duration, memory, .. } = described;
    format!("in {} ms with {:.1} MiB of memory, the same twice", duration.as_millis(), mebibytes(*memory))
}

fn described_twice(first: &Described, second: &Described) -> Vec<Finding> {
    let mut findings = Vec::new();
    if first.text != second.text {
        findings.push(Finding::failed("`describe` says something else each time; return a constant"));
    }
    let limit = limits::AttemptLimits::default().memory;
    if first.memory > limit {
        let (used, limit) = (mebibytes(first.memory), mebibytes(limit));
        findings.push(Finding::failed(format!(
            "it has {used:.1} MiB of memory before anything is asked of it; an attempt has {limit:.0}"
        )));
    } else if first.memory > limit / OF * MUCH {
        findings.push(Finding::advice(format!(
            "it has {:.1} MiB of memory before anything is asked of it; an attempt has {:.0}",
            mebibytes(first.memory),
            mebibytes(limit)
        )));
    }
    findings
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
pub(super) fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

fn secrets(description: &Description) -> (String, Vec<Finding>) {
    let mut findings = Vec::new();
    for secret in description.secrets.iter().filter(|secret| secret.example.is_none()) {
        let name = &secret.name;
        if secret.pattern.is_some() {
            findings.push(Finding::failed(format!(
                "the secret `{name}` has a pattern and no example, so nothing can stand in while messages are caught; add `example`"
            )));
        } else {
            findings.push(Finding::advice(format!(
                "the secret `{name}` has no example; `example-of-{name}` stands in while messages are caught"
            )));
        }
    }
    let names: Vec<&str> = description.secrets.iter().map(|secret| secret.name.as_str()).collect();
    (if names.is_empty() { "none".to_owned() } else { names.join(", ") }, findings)
}

fn hosts(description: &Description, inspection: &Inspection) -> (String, Vec<Finding>) {
    let from_settings = description.hosts_from_settings.iter().map(|setting| format!("that of `{setting}`"));
    let hosts: Vec<String> = description.hosts.iter().cloned().chain(from_settings).collect();
    let sends =
        |import: &String| import.starts_with("campanile:channel/http@") || import.starts_with("wasi:http/");
    if hosts.is_empty() && inspection.imports.iter().any(sends) {
        let text =
            "it can send requests and names nowhere to send them; fill in `hosts` or `hosts-from-settings`";
        return (String::new(), vec![Finding::failed(text)]);
    }
    (if hosts.is_empty() { "none".to_owned() } else { hosts.join(", ") }, Vec::new())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use campanile_sandbox::inspect::Producers;
    use serde_json::json;

    use super::*;

    fn description(more: &serde_json::Value) -> Description {
        let mut text = json!({
            "describe-version": 1, "name": "night-pager", "version": "1.0.0", "summary": "Pages.",
            "settings": { "type": "object", "properties": { "url": {} } },
        });
        text.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Description::parse(&text.to_string()).unwrap()
    }

    fn importing(import: &str) -> Inspection {
        Inspection {
            imports: vec![import.to_owned()],
            exports: Vec::new(),
            contract: "0.1.0".to_owned(),
            producers: Producers::default(),
        }
    }

    #[test]
    fn who_can_send_has_to_say_where() {
        let (silent, named) =
            (description(&json!({})), description(&json!({ "hosts-from-settings": ["url"] })));
        assert_eq!(hosts(&silent, &importing("campanile:channel/http@0.1.0")).1.len(), 1);
        assert_eq!(hosts(&silent, &importing("wasi:http/outgoing-handler@0.2.6")).1.len(), 1);
        assert_eq!(
            hosts(&silent, &importing("campanile:channel/log@0.1.0")),
            ("none".to_owned(), Vec::new())
        );
        let found = hosts(&named, &importing("campanile:channel/http@0.1.0"));
        assert_eq!(found, ("that of `url`".to_owned(), Vec::new()));
    }

    #[test]
    fn a_secret_that_nothing_can_stand_in_for_fails() {
        let verdict = |secret: serde_json::Value| {
            let found = secrets(&description(&json!({ "secrets": [secret] }))).1;
            found.first().map(|finding| finding.verdict)
        };
        let secret = json!({ "name": "key", "summary": "", "places": ["header"] });
        let with = |key: &str, value: &str| {
            let mut secret = secret.clone();
            secret[key] = value.into();
            secret
        };
        assert_eq!(verdict(with("example", "abc")), None);
        assert_eq!(verdict(with("pattern", "[0-9]+")), Some(super::super::entry::Verdict::Failed));
        assert_eq!(verdict(secret), Some(super::super::entry::Verdict::Advice));
    }

    #[test]
    fn a_description_that_changes_or_takes_all_memory_fails() {
        let described = |text: &str, memory| Described {
            text: text.to_owned(),
            duration: Duration::from_millis(1),
            memory,
        };
        let texts = |first: &Described, second: &Described| described_twice(first, second).len();
        assert_eq!(texts(&described("a", 1), &described("a", 1)), 0);
        assert_eq!(texts(&described("a", 1), &described("b", 1)), 1);
        assert_eq!(texts(&described("a", 60 << 20), &described("a", 60 << 20)), 1);
        assert_eq!(texts(&described("a", 70 << 20), &described("b", 70 << 20)), 2);
    }
}
