//! The deployed binary under the emulator, with its log.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use campanile_local::catcher::{Catcher, CatcherConfig};
use campanile_local::fakes::discord::DiscordFake;
use campanile_local::fakes::telegram::TelegramFake;
use campanile_local::fakes::webhook::WebhookFake;
use campanile_local::inbox::{Caught, Inbox};
use campanile_local::lambda::{
    AsyncOutcome, Emulator, EmulatorConfig, FunctionError, Invocation, LogLine, RetryPolicy,
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use crate::built;
use crate::project::Project;

/// The log comes by a pipe: what was printed before an answer may arrive after it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A minute of waiting between attempts becomes this fraction of it.
const HASTE: f64 = 0.025;

/// The function of a project.
#[derive(Debug)]
pub struct Function {
    emulator: Emulator,
    log: Log,
}

/// The lines that the function has printed so far.
#[derive(Clone, Debug)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    count: watch::Receiver<usize>,
}

impl Function {
    /// The function with these variables, and nothing caught unless one of them says so.
    #[must_use]
    pub fn start(project: &Project, environment: &[(&str, &str)], timeout: Duration) -> Self {
        let retry = RetryPolicy::default().with_delays_scaled(HASTE);
        Self::start_with(project, environment, |config| EmulatorConfig { timeout, retry, ..config })
    }

    /// The same, set up by `change`.
    #[must_use]
    pub fn start_with(
        project: &Project,
        environment: &[(&str, &str)],
        change: impl FnOnce(EmulatorConfig) -> EmulatorConfig,
    ) -> Self {
        let path = |name| project.path(name).display().to_string();
        let own = [("CAMPANILE_CONFIG", path("campanile.toml")), ("CAMPANILE_PLUGINS", path("plugins"))];
        let given = environment.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let environment =
            own.into_iter().chain(given).map(|(name, value)| (name.to_owned(), value)).collect();
        let config = EmulatorConfig { environment, ..EmulatorConfig::new(built::binary("bootstrap")) };
        Self::of(change(config))
    }

    /// The function that `config` describes, which need not be a project's.
    #[must_use]
    pub fn of(config: EmulatorConfig) -> Self {
        let emulator = Emulator::start(config).unwrap();
        let log = Log::follow(emulator.logs());
        Self { emulator, log }
    }

    /// What runs it.
    #[must_use]
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// Invokes it once.
    pub async fn invoke(&self, payload: &Value) -> Invocation {
        self.emulator.invoke(payload.clone()).await.unwrap()
    }

    /// Invokes it once, for its answer.
    pub async fn answer(&self, payload: &Value) -> Value {
        self.invoke(payload).await.result.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Invokes it once, for its error.
    pub async fn error(&self, payload: &Value) -> FunctionError {
        self.invoke(payload).await.result.unwrap_err()
    }

    /// Hands it an event as a rule does, and waits for what becomes of it.
    pub async fn queue(&self, payload: &Value) -> AsyncOutcome {
        self.emulator.invoke_async(payload.clone()).unwrap().outcome().await.unwrap()
    }

    /// Everything that it has printed so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Everything that it has printed, as soon as `text` is there.
    pub async fn log_with(&self, text: &str) -> String {
        self.log.with(text).await
    }
}

impl Log {
    fn follow(mut printed: broadcast::Receiver<LogLine>) -> Self {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let (sender, count) = watch::channel(0);
        let kept = Arc::clone(&lines);
        tokio::spawn(async move {
            while let Ok(line) = printed.recv().await {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push(line.text);
                sender.send_replace(kept.len());
            }
        });
        Self { lines, count }
    }

    fn text(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    async fn with(&self, text: &str) -> String {
        let mut count = self.count.clone();
        let found = tokio::time::timeout(PATIENCE, count.wait_for(|_| self.text().contains(text))).await;
        assert!(matches!(found, Ok(Ok(_))), "`{text}` is not in the log:\n{}", self.text());
        self.text()
    }
}

/// Fakes of Telegram, Discord and, for all other requests, of any endpoint.
pub async fn catcher() -> Catcher {
    let telegram = TelegramFake::new(Timestamp::now);
    let discord = DiscordFake::new(Timestamp::now);
    let selected = |selector: &str| selector.parse().unwrap();
    let config = CatcherConfig {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        fakes: vec![
            (selected("api.telegram.org"), Arc::new(telegram)),
            (selected("discord.com"), Arc::new(discord)),
            (selected("*"), Arc::new(WebhookFake::new(Timestamp::now))),
        ],
        inbox: Arc::new(Inbox::default()),
        seed: 7,
    };
    Catcher::start(config).await.unwrap()
}

/// What `channel` has sent, oldest first.
#[must_use]
pub fn sent_by(catcher: &Catcher, channel: &str) -> Vec<Arc<Caught>> {
    let is_of = |caught: &Caught| {
        caught.request.headers.iter().any(|(name, value)| name == "campanile-channel" && value == channel)
    };
    catcher.inbox().list(None).into_iter().filter(|caught| is_of(caught)).collect()
}
