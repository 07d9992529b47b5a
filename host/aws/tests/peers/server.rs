//! Servers that stand for AWS on this machine. Tests of several crates use this file.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

/// Ends the server when the test process does, however it ends: its end of the pipe is closed then.
const SCRIPT: &str = "\"$@\" >/dev/null 2>&1 & server=$!; read -r _; kill \"$server\"";

/// Python starts slowly while everything else is tested as well.
const START: Duration = Duration::from_secs(60);

/// A program that speaks an API of AWS.
pub(crate) struct Server {
    pub(crate) endpoint: String,
}

impl Server {
    /// moto, if there is a program for it. Other tests may use it too: Python takes seconds to start it, so `tests/run` starts one for all.
    #[allow(dead_code, reason = "some crates' tests need one alone")]
    pub(crate) async fn moto() -> Option<&'static Self> {
        match std::env::var("CAMPANILE_MOTO_ENDPOINT") {
            Ok(endpoint) => {
                static SHARED: OnceCell<Server> = OnceCell::const_new();
                Some(SHARED.get_or_init(async || Self { endpoint }).await)
            }
            Err(_) => Self::moto_alone().await,
        }
    }

    /// moto for this process alone, which looks at a whole account or chooses names that others may have chosen.
    pub(crate) async fn moto_alone() -> Option<&'static Self> {
        static MOTO: OnceCell<Option<Server>> = OnceCell::const_new();
        MOTO.get_or_init(|| Self::find("CAMPANILE_MOTO", &["-H", "127.0.0.1", "-p"])).await.as_ref()
    }

    /// Starts the program that this variable names, until this process ends; the last of its arguments is the port.
    pub(crate) async fn find(variable: &str, arguments: &[&str]) -> Option<Self> {
        let Ok(program) = std::env::var(variable) else {
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!in_ci, "CI tests with AWS's APIs: set {variable} to the path of the program");
            eprintln!("not tested: {variable} does not name a program");
            return None;
        };
        // Free now; whoever takes it before the server does makes the test fail, not pass.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "sh", &program]).args(arguments).arg(port.to_string());
        // Never waited for and its pipe never closed: both last as long as the process.
        std::mem::forget(command.stdin(Stdio::piped()).spawn().unwrap());
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "{program} does not listen on port {port}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(Self { endpoint: format!("http://127.0.0.1:{port}") })
    }
}
