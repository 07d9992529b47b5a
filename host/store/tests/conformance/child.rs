//! Another process: this test program once more, which runs the one test below and is told what to do.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

use campanile_core::ledger::{Claim, Progress};
use campanile_store::{AnyLedger, Ledger, States};

use crate::briefs::brief;
use crate::states::written;
use crate::stores;
use crate::support::{at, attempt, claimed, delivered, device, key, state};

/// What the other process does.
const TASK: &str = "CAMPANILE_TEST_TASK";
/// Where the store is.
const ADDRESS: &str = "CAMPANILE_TEST_ADDRESS";
/// What its answers start with: the test harness writes as well.
const MARK: &str = "> ";

/// Another process with a handle to the store.
pub(crate) struct Other {
    pub(crate) process: Child,
    tell: ChildStdin,
    lines: Box<dyn Iterator<Item = String> + Send>,
}

impl Other {
    pub(crate) fn start(task: &str, address: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::other_process", "--nocapture"])
            .env(TASK, task)
            .env(ADDRESS, address)
            .env("AWS_ACCESS_KEY_ID", "AKIATEST")
            .env("AWS_SECRET_ACCESS_KEY", "SECRETTEST")
            .env("AWS_REGION", "us-east-1")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let tell = process.stdin.take().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let lines = std::iter::from_fn(move || {
            let mut line = String::new();
            stderr.read_line(&mut line).unwrap();
            // Half a line was not told: the process was killed before its end.
            line.strip_suffix('\n').map(str::to_owned)
        });
        let lines = Box::new(lines.filter_map(|line| line.strip_prefix(MARK).map(str::to_owned)));
        let mut other = Self { process, tell, lines };
        assert_eq!(other.hear().as_deref(), Some("ready"));
        other
    }

    pub(crate) fn tell(&mut self, line: &str) {
        writeln!(self.tell, "{line}").unwrap();
    }

    pub(crate) fn hear(&mut self) -> Option<String> {
        self.lines.next()
    }

    /// Kills it with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Does nothing in a usual run.
#[tokio::test]
async fn other_process() {
    let Ok(task) = std::env::var(TASK) else { return };
    let ledger = stores::open(&std::env::var(ADDRESS).unwrap()).await;
    answer("ready");
    match task.as_str() {
        "claim" => claim(&ledger).await,
        "write" => write(&ledger).await,
        "make" => make(&ledger).await,
        "add" => add(&ledger).await,
        task => panic!("no task {task}"),
    }
}

/// In one write, because the process may be killed at any time.
fn answer(line: &str) {
    std::io::stderr().write_all(format!("{MARK}{line}\n").as_bytes()).unwrap();
}

/// Claims the delivery that it is told, and tells whether it got it.
async fn claim(ledger: &AnyLedger) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let (owner, event) = line.split_once(' ').unwrap();
        let claim =
            ledger.claim(&key("d", event, "c"), &brief("Heating"), owner, at(30), at(0)).await.unwrap();
        answer(if matches!(claim, Claim::Granted(_)) { "granted" } else { "refused" });
    }
}

/// Makes the state that it is told, if it is the first.
async fn make(states: &AnyLedger) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let (owner, name) = line.split_once(' ').unwrap();
        let made = states.replace(&device(name), None, state(owner)).await.unwrap();
        answer(if made.is_some() { "made" } else { "there" });
    }
}

/// Adds one to a state as often as it is told, and tells how often it was too late and read again.
async fn add(states: &AnyLedger) {
    let times: u64 = std::io::stdin().lines().next().unwrap().unwrap().parse().unwrap();
    let (mut added, mut late) = (0, 0);
    while added < times {
        let kept = states.load(&device("sum")).await.unwrap();
        let sum: u64 = kept.as_ref().map_or(0, |kept| kept.state.parse().unwrap());
        let seen = kept.map(|kept| kept.version);
        let next = (sum + 1).to_string();
        match states.replace(&device("sum"), seen.as_ref(), state(&next)).await.unwrap() {
            Some(_) => added += 1,
            None => late += 1,
        }
    }
    answer(&late.to_string());
}

/// Writes until it is killed, and tells of each write when it is done.
async fn write(ledger: &AnyLedger) {
    let run = std::io::stdin().lines().next().unwrap().unwrap();
    let mut seen = None;
    for number in 0.. {
        let (event, log) = (format!("{run}-{number}"), "x".repeat(number % 50 * 100));
        let key = key("d", &event, "c");
        claimed(ledger, &key, "a", at(0)).await;
        answer(&format!("claimed {event}"));
        ledger.record(&key, "a", attempt(1, &[&log]), Progress::default()).await.unwrap();
        answer(&format!("recorded {event}"));
        ledger.settle(&key, "a", delivered("7")).await.unwrap();
        answer(&format!("settled {event}"));
        let counted = number.to_string();
        seen = Some(written(ledger, &device(&run), seen.as_ref(), state(&counted)).await);
        answer(&format!("stated {event}"));
    }
}
