//! `campanile plugin test`: whether a file is a plugin, what it makes of its provider's bad days, and the author's own cases.
//!
//! Everything runs in the real sandbox; the provider is a server on this machine that answers as a script says. Nothing is sent.

mod bench;
mod case;
mod conformance;
mod entry;
mod golden;
mod probe;
mod report;
mod schema;
mod trial;

use campanile_core::outcome::OutcomeKind;
use campanile_sandbox::Plugin;

use crate::args::TestArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output;
use crate::plugins::{path_of, sample};
use crate::project::Project;
use crate::project::lock::Lock;
use bench::Bench;
use case::Case;
use entry::{Entry, Finding, Section, Verdict};
use probe::{Given, Probe};
use report::Report;

pub(crate) async fn run(arguments: &TestArguments) -> Result<Exit, CliError> {
    let folder = Project::plugins(&arguments.project).unwrap_or_else(|_| "plugins".into());
    let lock = Lock::of_folder(&arguments.project)?;
    let path = path_of(&arguments.plugin, &folder, lock.as_ref()).await?;
    let cases = arguments.cases.as_deref().map(Case::all).transpose()?.unwrap_or_default();
    let examined = Box::pin(conformance::examine(&path, arguments.settings.is_some())).await?;
    let mut report = Report::new(&path, examined.figures);
    report.entries = examined.entries;
    if let Some(plugin) = examined.plugin {
        report.plugin = Some(plugin.description().clone());
        report.entries.extend(Box::pin(behave(plugin, &cases, arguments)).await?);
    }
    if arguments.only.is_some() {
        // What keeps the case from being tried is about it too.
        report.entries.retain(|entry| {
            entry.section != Section::Conformance
                || (entry.verdict == Verdict::Failed && report.plugin.is_none())
        });
    }
    if arguments.json {
        output::json(&report.to_json());
    } else {
        report.show();
    }
    Ok(if report.count(Verdict::Failed) > 0 { Exit::Failed } else { Exit::Success })
}

/// The built-in scripts and the cases, as far as they are wanted.
async fn behave(plugin: Plugin, cases: &[Case], arguments: &TestArguments) -> Result<Vec<Entry>, CliError> {
    let probes = probe::all(plugin.description());
    let wanted = wanted(&probes, cases, arguments.only.as_deref())?;
    let given = match given(&plugin, arguments.settings.as_deref()) {
        Ok(given) => given,
        Err(text) => {
            return Ok(vec![Entry::new(Section::Behaviour, "not-tried", "", vec![Finding::failed(text)])]);
        }
    };
    let bench = Bench::set(plugin).await?;
    let mut entries = Vec::new();
    let mut baseline: Vec<OutcomeKind> = Vec::new();
    for probe in &probes {
        let is_baseline = probe.name == probe::SUCCESS;
        // A case of the same name stands in its place; others are still compared with what comes of success.
        let is_shown = wanted(probe.name) && !cases.iter().any(|case| case.name == probe.name);
        if is_shown || is_baseline {
            let entry = Box::pin(probe.run(&bench, &given, &baseline)).await;
            if is_baseline {
                baseline = entry.attempts.iter().map(|attempt| attempt.outcome).collect();
            }
            entries.extend(is_shown.then_some(entry));
        }
    }
    for case in cases.iter().filter(|case| wanted(&case.name)) {
        entries.push(Box::pin(case.run(&bench, &given.settings, arguments.update)).await?);
    }
    bench.strike().await;
    Ok(entries)
}

/// Says of a name whether it is to be tried; there has to be something with the one that is asked for.
fn wanted<'n>(
    probes: &[Probe],
    cases: &[Case],
    only: Option<&'n str>,
) -> Result<impl Fn(&str) -> bool + use<'n>, CliError> {
    let names = probes.iter().map(|probe| probe.name).chain(cases.iter().map(|case| case.name.as_str()));
    if let Some(only) = only
        && !names.clone().any(|name| name == only)
    {
        let meant = campanile_core::diagnostic::closest(only, names).map(str::to_owned);
        return Err(CliError::NoCase { name: only.to_owned(), meant });
    }
    Ok(move |name: &str| only.is_none_or(|only| only == name))
}

/// What attempts are made with; or why there can't be any.
fn given(plugin: &Plugin, settings: Option<&str>) -> Result<Given, String> {
    let description = plugin.description();
    let settings = sample::settings(description, settings).map_err(|error| error.to_string())?;
    let schema = campanile_core::settings_schema::SettingsSchema::compile(&description.settings)?;
    let errors = schema.errors(&serde_json::Value::Object(settings.clone()));
    if let Some(error) = errors.first() {
        return Err(format!(
            "the settings are not what the plugin takes: {}; give others: --settings",
            error.message
        ));
    }
    let secrets = sample::secrets(description, &std::collections::BTreeMap::new());
    let secrets = secrets.map_err(|(name, error)| format!("the example of the secret `{name}`: {error}"))?;
    Ok(Given { settings, secrets })
}
