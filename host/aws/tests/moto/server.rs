//! moto's server, started once for each test process and ended with it. Tests of several crates use this file.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

/// Ends the server when the test process does, however it ends: its end of the pipe is closed then.
const SCRIPT: &str = "\"$0\" -H 127.0.0.1 -p \"$1\" >/dev/null 2>&1 & server=$!; read -r _; kill \"$server\"";

/// Python starts slowly while everything else is tested as well.
const START: Duration = Duration::from_secs(60);

pub(crate) struct Moto {
    pub(crate) endpoint: String,
}

impl Moto {
    /// The server, if there is a program for it.
    pub(crate) async fn get() -> Option<&'static Self> {
        static MOTO: OnceCell<Option<Moto>> = OnceCell::const_new();
        MOTO.get_or_init(|| async {
            let Ok(program) = std::env::var("CAMPANILE_MOTO") else {
                let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
                assert!(!in_ci, "CI tests with moto: set CAMPANILE_MOTO to the path of moto_server");
                eprintln!("not tested with moto: set CAMPANILE_MOTO to the path of moto_server");
                return None;
            };
            Some(Self::start(&program).await)
        })
        .await
        .as_ref()
    }

    async fn start(program: &str) -> Self {
        // Free now; whoever takes it before the server does makes the test fail, not pass.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, program, &port.to_string()]).stdin(Stdio::piped());
        // Never waited for and its pipe never closed: both last as long as the process.
        std::mem::forget(command.spawn().unwrap());
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "{program} does not listen on port {port}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { endpoint: format!("http://127.0.0.1:{port}") }
    }
}
