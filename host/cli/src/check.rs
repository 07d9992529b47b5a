//! `campanile check`: everything that can be found wrong before deploying.

mod checked;
mod deployed;
mod review;

use serde_json::json;

use crate::args::CheckArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::findings;
use crate::output;
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::lock::Lock;
pub(crate) use checked::Checked;
pub(crate) use review::{Purpose, Review};

pub(crate) async fn run(arguments: CheckArguments) -> Result<Exit, CliError> {
    let project = Project::find(&arguments.project)?;
    let lock = Lock::read(&project)?;
    let plugins = Plugins::compile(&project.plugins, lock.as_ref(), None).await?;
    let purpose = if arguments.deploy { Purpose::Deploy } else { Purpose::Here };
    let review = Review::of(&project, plugins, purpose)?;
    let (errors, warnings) = (review.errors(), review.warnings());
    if arguments.json {
        output::json(&json!({
            "configuration": review.configuration(),
            "template": review.template(),
            "findings": review.to_json(),
            "broken-plugins": review.broken(),
            "errors": errors,
            "warnings": warnings,
        }));
    } else {
        review.show();
        if let Some(contents) = review.contents() {
            output::line(contents);
        }
        findings::summary(errors, warnings);
    }
    // A plugin that can't be used comes first: that a channel has none may follow from it.
    Ok(match (review.broken().is_empty(), errors, warnings) {
        (false, ..) => Exit::Plugin,
        (true, 1.., _) => Exit::Configuration,
        (true, 0, 1..) if arguments.deny_warnings => Exit::Configuration,
        _ => Exit::Success,
    })
}
