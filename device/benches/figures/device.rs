//! The program as it runs at people's: with a configuration, a pipe that signals come through, and a log.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use campanile_device::config::Config;
use campanile_device::spool::Figures;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The longest that anything may take: ten thousand syncs of a slow disk.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// How often the spool is looked at: who reads it often slows its writer down.
const LOOK: Duration = Duration::from_millis(50);

/// What a broker takes that takes all.
pub(crate) const UNLIMITED: &str = "limits = { messages = 1000000, bytes = 1000000000 }\n";

#[derive(Debug)]
pub(crate) struct Device {
    config: Config,
    process: Child,
    heard: watch::Receiver<Heard>,
    _folder: TempDir,
}

/// What its log has said.
#[derive(Clone, Debug, Default)]
struct Heard {
    kept: usize,
    last: String,
}

impl Device {
    /// One with these settings in `[broker]` and after, and a new spool in a folder within `folder`; and where signals are written to.
    pub(crate) fn start(program: &Path, folder: &Path, settings: &str) -> (Self, ChildStdin) {
        let folder = tempfile::tempdir_in(folder).unwrap();
        let path = folder.path().join("device.toml");
        let device = "[device]\nid = \"home-heating\"\ntopic = \"home/heating/status\"\n";
        std::fs::write(&path, format!("{device}[broker]\n{settings}")).unwrap();
        let mut process = Command::new(program)
            .args([PathBuf::from("run"), PathBuf::from("--config"), path.clone()])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (said, heard) = watch::channel(Heard::default());
        tokio::spawn(listen(process.stderr.take().unwrap(), said));
        let signals = process.stdin.take().unwrap();
        (Self { config: Config::read(&path).unwrap(), process, heard, _folder: folder }, signals)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id().unwrap()
    }

    /// Waits until a broker has accepted it.
    pub(crate) async fn is_connected(&mut self) {
        self.spool(|figures| figures.link.connected_since.is_some()).await;
    }

    /// Waits until it has said so often that it kept a transition.
    pub(crate) async fn has_kept(&mut self, count: usize) {
        let mut heard = self.heard.clone();
        self.alive(async move {
            // An error means that it has ended, which is told elsewhere.
            if heard.wait_for(|heard| heard.kept >= count).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await;
    }

    /// Waits until its spool is as it should be. Nothing but the file tells what was acknowledged.
    pub(crate) async fn spool(&mut self, is_awaited: impl Fn(&Figures) -> bool) -> Figures {
        let path = self.config.spool.path.clone();
        self.alive(async move {
            loop {
                match Figures::of_file(&path) {
                    Ok((figures, true)) if is_awaited(&figures) => return figures,
                    _ => sleep(LOOK).await,
                }
            }
        })
        .await
    }

    /// What comes of `happens`, which must come in time and as long as the process runs.
    pub(crate) async fn alive<T>(&mut self, happens: impl Future<Output = T>) -> T {
        tokio::select! {
            happened = timeout(PATIENCE, happens) => {
                happened.unwrap_or_else(|_| panic!("it has not come; the log: {:?}", self.heard.borrow()))
            }
            status = self.process.wait() => panic!("it has ended: {status:?}; the log: {:?}", self.heard.borrow()),
        }
    }

    /// Ends its input, and waits until it has ended well and nothing is left: each of `events` was kept and acknowledged once.
    pub(crate) async fn ends(mut self, signals: ChildStdin, events: usize) {
        drop(signals);
        let status = timeout(PATIENCE, self.process.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}; the log: {:?}", self.heard.borrow());
        let (figures, _) = Figures::of_file(&self.config.spool.path).unwrap();
        let (events, counters) = (u64::try_from(events).unwrap(), figures.counters);
        assert_eq!(
            (figures.spooled, counters.appended, counters.acknowledged),
            (0, events, events),
            "{counters:?}"
        );
    }
}

async fn listen(stderr: ChildStderr, said: watch::Sender<Heard>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        said.send_modify(|heard| {
            heard.kept += usize::from(line.contains(" kept seq="));
            heard.last = line;
        });
    }
}

/// So many signals, each of which says another status than the one before.
pub(crate) fn signals(count: usize) -> String {
    (0..count).map(signal).collect()
}

pub(crate) fn signal(number: usize) -> String {
    let status = if number.is_multiple_of(2) { "INACTIVE" } else { "ACTIVE" };
    format!("{{\"status\":\"{status}\",\"flow\":0.25,\"temperature\":21.5}}\n")
}

/// Writes lines while others wait for what comes of them; the pipe stays open.
pub(crate) fn write(mut to: ChildStdin, lines: String) -> JoinHandle<ChildStdin> {
    tokio::spawn(async move {
        to.write_all(lines.as_bytes()).await.expect("nobody reads the lines any more");
        to
    })
}
