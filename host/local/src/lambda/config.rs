//! How the emulated function is set up: what a template's `AWS::Lambda::Function` and `EventInvokeConfig` say.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::retry::RetryPolicy;

/// The service's limit for a function's timeout.
const MAX_TIMEOUT: Duration = Duration::from_secs(900);

/// The service's limit for `MaximumRetryAttempts`.
const MAX_RETRIES: u32 = 2;

/// The region and account of the function's ARN: made up, and of the right form.
pub(super) const REGION: &str = "us-east-1";
pub(super) const ACCOUNT: &str = "000000000000";

/// The emulated function.
#[derive(Clone, Debug)]
pub struct EmulatorConfig {
    /// The function's executable, `bootstrap` in a deployed package.
    pub binary: PathBuf,
    /// What the executable is started by, program first: for one that is for another processor, or another user.
    pub launcher: Vec<OsString>,
    /// Where the process runs, and `LAMBDA_TASK_ROOT`: the unpacked package.
    pub task_root: PathBuf,
    /// The function's own variables. The process gets nothing else but what the service sets.
    pub environment: Vec<(String, String)>,
    /// The function's name.
    pub function_name: String,
    /// Told to the process, not enforced.
    pub memory_mib: u32,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// How long a process may take until it asks for its first event. The service would try a slow start once more
    /// within the invocation's own time; here it fails the invocation.
    pub init_timeout: Duration,
    /// How many processes run at a time.
    pub concurrency: usize,
    /// What happens to events whose invocation failed.
    pub retry: RetryPolicy,
    /// How often the function gets a scheduled event, as from an EventBridge rule; never, if `None`.
    pub schedule: Option<Duration>,
}

/// A configuration that the service would not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nothing to run.
    #[error("there is no file `{}`; build the function first", .0.display())]
    Binary(PathBuf),
    /// Zero, or more than the service allows.
    #[error("a timeout of {} s is not possible; use more than 0 and at most 900 s", .0.as_secs_f64())]
    Timeout(Duration),
    /// No process at all.
    #[error("a concurrency of 0 runs nothing; use 1 or more")]
    Concurrency,
    /// More than the service does.
    #[error("{0} retries are not possible; use 0, 1 or 2")]
    Retries(u32),
    /// Beats without time between them.
    #[error("a schedule without time between its beats is not possible; use more than 0 s")]
    Schedule,
}

impl EmulatorConfig {
    /// `binary` as the template deploys it, run in the directory it lies in.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let binary = binary.into();
        // The parent of a bare name is empty, which is no directory.
        let parent = binary.parent().filter(|parent| !parent.as_os_str().is_empty());
        Self {
            task_root: parent.map_or_else(|| PathBuf::from("."), PathBuf::from),
            binary,
            launcher: Vec::new(),
            environment: Vec::new(),
            function_name: "campanile".to_owned(),
            memory_mib: 256,
            timeout: Duration::from_secs(30),
            init_timeout: Duration::from_secs(10),
            concurrency: 1,
            retry: RetryPolicy::default(),
            schedule: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.binary.is_file() {
            return Err(ConfigError::Binary(self.binary.clone()));
        }
        if self.timeout.is_zero() || self.timeout > MAX_TIMEOUT {
            return Err(ConfigError::Timeout(self.timeout));
        }
        if self.concurrency == 0 {
            return Err(ConfigError::Concurrency);
        }
        if self.retry.retries > MAX_RETRIES {
            return Err(ConfigError::Retries(self.retry.retries));
        }
        if self.schedule.is_some_and(|period| period.is_zero()) {
            return Err(ConfigError::Schedule);
        }
        Ok(())
    }

    pub(super) fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.function_name)
    }
}
