//! What a run is played on: the deployed binary, fakes of the providers, a store; and what all runs share.

use std::time::Duration;

use campanile_local::catcher::Catcher;
use campanile_local::lambda::{EmulatorConfig, RetryPolicy};
use campanile_store::AnyLedger;
use campanile_tests::function::{Function, catcher};
use campanile_tests::project::Project;

use crate::dice::Dice;
use crate::store::Store;

/// A minute between the platform's attempts becomes half a second.
const HASTE: f64 = 1.0 / 120.0;

/// The configuration and the plugins, compiled once.
#[derive(Debug)]
pub(crate) struct Workshop(Project);

/// What one run has for itself.
pub(crate) struct Stage {
    pub(crate) function: Function,
    pub(crate) catcher: Catcher,
    pub(crate) ledger: AnyLedger,
    _store: Store,
}

impl Workshop {
    pub(crate) async fn open() -> Self {
        let project = Project::new(include_str!("campanile.toml"), &["telegram", "discord", "webhook"]);
        let compiled = project.campanile(&["plugin", "compile"]).await;
        assert_eq!(compiled.code, 0, "{}", compiled.stderr);
        Self(project)
    }

    pub(crate) async fn stage(&self, store: Store, dice: &mut Dice) -> Stage {
        let catcher = catcher().await;
        let ledger = store.open().await;
        let mut variables = store.variables();
        variables.push(("CAMPANILE_CATCH", catcher.url()));
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // Short ones leave no time to wait for the next attempt in, and leases that end soon.
        let timeout = Duration::from_millis(dice.one_of(&[1500, 2000, 2000, 5500]));
        let concurrency = dice.place(3) + 1;
        let retry = RetryPolicy::default().with_delays_scaled(HASTE);
        let function = Function::start_with(&self.0, &variables, |config| EmulatorConfig {
            timeout,
            concurrency,
            retry,
            ..config
        });
        Stage { function, catcher, ledger, _store: store }
    }
}
