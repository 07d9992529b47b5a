//! `campanile plugin new`: a project for a plugin, ready to build.
//!
//! The scaffolds are the projects of `plugins/scaffolds`, which are built and tested as they stand; here they only get their name.

mod files;
mod scaffold;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::args::{NewArguments, ProjectArguments};
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, GOOD, styled};
use crate::project::Project;
use scaffold::{Name, Scaffold};

pub(crate) fn run(arguments: &NewArguments) -> Result<Exit, CliError> {
    let name = Name::parse(&arguments.name)?;
    let parent = arguments.into.clone().unwrap_or_else(|| plugins(&arguments.project));
    let folder = parent.join(name.as_str());
    let scaffold = Scaffold::of(arguments.lang);
    let count = scaffold.write(&name, &folder)?;
    let component = parent.join(format!("{}.wasm", name.as_str()));
    if arguments.json {
        output::json(&json!({
            "folder": folder,
            "language": arguments.lang.name(),
            "files": count,
            "build": folder.join("build"),
            "component": component,
        }));
    } else {
        show(&folder, &component, arguments, count);
    }
    Ok(Exit::Success)
}

/// Where a system looks for components; a folder without a project becomes one.
fn plugins(project: &ProjectArguments) -> PathBuf {
    Project::plugins(project).unwrap_or_else(|_| PathBuf::from("plugins"))
}

fn show(folder: &Path, component: &Path, arguments: &NewArguments, count: usize) {
    let (folder, language) = (folder.display(), arguments.lang.shown());
    let test = format!("campanile plugin test {} --cases {folder}/cases", component.display());
    output::line(format!("{}  a plugin in {language}, {count} files", styled(GOOD, &folder)));
    output::line("");
    let build = format!("{folder}/build");
    for (command, what) in [
        (format!("{build} --test"), "checks it".to_owned()),
        (build, format!("makes {}", component.display())),
        (test, "tries it as a stranger would".to_owned()),
        ("campanile dev".to_owned(), "loads it whenever it changes".to_owned()),
    ] {
        output::line(format!("  {command}\n      {what}"));
    }
    output::line("");
    output::line(format!("{folder}/README.md goes on from there."));
}
