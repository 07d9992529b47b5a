//! Mosquitto from Debian, with certificates of the test's own.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A broker that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Mosquitto {
    folder: PathBuf,
    port: u16,
    process: Child,
}

impl Mosquitto {
    /// One with these settings after `listener PORT`, and its files in `folder`.
    pub(crate) fn start(folder: &Path, settings: &str) -> Self {
        Self::on(free_port(), folder, settings)
    }

    /// The same, on this port.
    pub(crate) fn on(port: u16, folder: &Path, settings: &str) -> Self {
        let config = folder.join("mosquitto.conf");
        let text = format!("log_dest stderr\nuser root\nlistener {port} 127.0.0.1\n{settings}");
        fs::write(&config, text).unwrap();
        let mut mosquitto = Self { folder: folder.to_owned(), port, process: spawn(folder) };
        mosquitto.wait();
        mosquitto
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Kills it, and starts it again.
    pub(crate) fn restart(&mut self) {
        self.kill();
        self.process = spawn(&self.folder);
        self.wait();
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn wait(&mut self) {
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = || fs::read_to_string(self.folder.join("mosquitto.log")).unwrap();
            assert!(Instant::now() < end, "Mosquitto does not start: {}", log());
            assert!(self.process.try_wait().unwrap().is_none(), "Mosquitto has ended: {}", log());
            std::thread::yield_now();
        }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn spawn(folder: &Path) -> Child {
    let log = fs::File::create(folder.join("mosquitto.log")).unwrap();
    let mut command = Command::new(program("mosquitto"));
    command.arg("-c").arg(folder.join("mosquitto.conf")).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// One of Mosquitto's programs, which `tests/run` installs.
pub(crate) fn program(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    // Debian keeps the broker where only root looks.
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} is not installed; tests/run installs it, or: apt-get install mosquitto")
    })
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
