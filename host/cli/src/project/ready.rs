//! A project that is about to run: built if it is this checkout, its plugins compiled, its configuration checked.

use campanile_core::config::Config;

use crate::check::Checked;
use crate::error::CliError;
use crate::findings;
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::checkout::Checkout;
use crate::project::lock::Lock;

/// What the function needs to run.
pub(crate) struct Ready {
    pub(crate) plugins: Plugins,
    pub(crate) config: Config,
    /// The configuration's text.
    pub(crate) text: String,
}

impl Ready {
    /// Makes everything ready, and shows what is wrong with it.
    pub(crate) async fn make(project: &Project, live: bool) -> Result<Self, CliError> {
        if let Some(checkout) = Checkout::find()? {
            checkout.build_all(&project.plugins).await?;
        }
        let lock = Lock::read(project)?;
        let plugins = Plugins::compile(&project.plugins, lock.as_ref(), None).await?;
        let text = project.read_config()?;
        let checked = Checked::read(&text, &plugins);
        let found = if live { checked.findings.clone() } else { checked.of_caught() };
        findings::show(&project.config.display().to_string(), &text, &found);
        plugins.show_problems();
        match checked.config {
            Some(config) => Ok(Self { plugins, config, text }),
            None => Err(CliError::Configuration(findings::errors(&found))),
        }
    }
}
