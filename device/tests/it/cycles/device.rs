//! A device that is killed and started again, and what it says that it has kept.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use campanile_device::config::Config;
use campanile_device::spool::Spool;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// Transitions that it has said to have kept: number and status.
pub(crate) type Kept = Arc<Mutex<Vec<(u64, String)>>>;

#[derive(Debug)]
pub(crate) struct Device {
    program: PathBuf,
    config: PathBuf,
    kept: Kept,
    process: Option<(Child, JoinHandle<()>)>,
}

impl Device {
    /// One in `folder` that reports to this port.
    pub(crate) fn new(program: &Path, folder: &Path, port: u16) -> Self {
        let config = folder.join("device.toml");
        let text = format!(
            "[device]\nid = \"home-heating\"\ntopic = \"home/heating/status\"\n\
             [broker]\nhost = \"127.0.0.1\"\nport = {port}\nacknowledge-within = \"1s\"\n"
        );
        std::fs::write(&config, text).unwrap();
        Self { program: program.to_owned(), config, kept: Kept::default(), process: None }
    }

    pub(crate) fn start(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(["run", "--config"]).arg(&self.config).kill_on_drop(true);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        self.process = Some((child, tokio::spawn(listen(lines, Arc::clone(&self.kept)))));
    }

    /// Kills it, and waits until all that it has said is heard.
    pub(crate) async fn kill(&mut self) {
        let Some((mut child, listening)) = self.process.take() else { return };
        child.kill().await.unwrap();
        listening.await.unwrap();
    }

    /// A new status; if it dies meanwhile, it may not have it.
    pub(crate) async fn signals(&mut self, status: &str) {
        let Some((child, _)) = &mut self.process else { return };
        child.stdin.as_mut().unwrap().write_all(format!("{status}\n").as_bytes()).await.ok();
    }

    /// Ends its input, so that it publishes what is left; its spool then.
    pub(crate) async fn ends(mut self) -> (Vec<(u64, String)>, Spool) {
        let (mut child, listening) = self.process.take().unwrap();
        drop(child.stdin.take());
        let status = child.wait().await.unwrap();
        assert!(status.success(), "{status}");
        listening.await.unwrap();
        let config = Config::read(&self.config).unwrap();
        let (spool, broken) = Spool::open(&config.spool.path, config.bounds()).unwrap();
        assert_eq!(broken, None);
        (self.kept.lock().unwrap().clone(), spool)
    }
}

/// Notes what its log says: `… kept seq=1 status=S1`.
async fn listen(mut lines: tokio::io::Lines<BufReader<tokio::process::ChildStderr>>, kept: Kept) {
    while let Some(line) = lines.next_line().await.unwrap() {
        assert!(!line.contains("lost") && !line.contains("panic"), "{line}");
        let Some((_, rest)) = line.split_once(" kept seq=") else { continue };
        let (seq, status) = rest.split_once(" status=").unwrap();
        kept.lock().unwrap().push((seq.parse().unwrap(), status.to_owned()));
    }
}
