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

/// A minute between the ticks becomes this.
const SCHEDULE: Duration = Duration::from_secs(1);

/// What stands in the configuration for `false` if devices may flap and alerts may be folded.
const WILD: [(&str, &str); 2] = [
    ("flapping = false", r#"flapping = { changes = 3, window = "10m", settle = "1s" }"#),
    ("storm = false", r#"storm = { window = "1s", threshold = 2 }"#),
];

/// The configurations and the plugins, compiled once.
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
        let calm = include_str!("campanile.toml");
        let project = Project::new(calm, &["telegram", "discord", "webhook"]);
        project
            .write("wild.toml", WILD.iter().fold(calm.to_owned(), |text, (off, on)| text.replace(off, on)));
        let compiled = project.campanile(&["plugin", "compile"]).await;
        assert_eq!(compiled.code, 0, "{}", compiled.stderr);
        Self(project)
    }

    pub(crate) async fn stage(&self, store: Store, is_wild: bool, dice: &mut Dice) -> Stage {
        let catcher = catcher().await;
        let ledger = store.open().await;
        let mut variables = store.variables();
        variables.push(("CAMPANILE_CATCH", catcher.url()));
        if is_wild {
            variables.push(("CAMPANILE_CONFIG", self.0.path("wild.toml").display().to_string()));
        }
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // The shorter it is, the sooner leases end; a tick asks for more than three seconds.
        let timeout = Duration::from_millis(dice.one_of(&[3800, 3800, 6000]));
        let schedule = dice.strikes(50).then_some(SCHEDULE);
        let concurrency = dice.place(3) + 1;
        let retry = RetryPolicy::default().with_delays_scaled(HASTE);
        let function = Function::start_with(&self.0, &variables, |config| EmulatorConfig {
            timeout,
            concurrency,
            retry,
            schedule,
            ..config
        });
        Stage { function, catcher, ledger, _store: store }
    }
}
