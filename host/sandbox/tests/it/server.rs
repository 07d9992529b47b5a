//! Servers on loopback that answer well, badly or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does once it has read a request.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    /// Sends these bytes and closes.
    Answer(String),
    /// Sends what it received, as body and as the header `x-echo`.
    Echo,
    /// Sends a body without end.
    Endless,
    /// Announces a body of 1 GB and starts sending it.
    Gigabyte,
    /// Sends a byte of an answer now and then.
    Trickle,
    /// Says nothing and keeps the connection.
    Silence,
    /// Closes without a word.
    Close,
    /// Breaks the connection off.
    Reset,
    /// Answers after a moment.
    Slow,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) hits: Arc<AtomicUsize>,
    pub(crate) received: Arc<Mutex<Vec<String>>>,
    /// The most requests that waited for a slow answer at the same time.
    pub(crate) most: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (hits, received) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counted, kept) = (Arc::clone(&hits), Arc::clone(&received));
        let (most, now) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let peak = Arc::clone(&most);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (behaviour, kept) = (behaviour.clone(), Arc::clone(&kept));
                let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
                tokio::spawn(serve(stream, behaviour, kept, (now, peak)));
            }
        });
        Self { port, hits, received, most }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

async fn serve(
    mut stream: TcpStream,
    behaviour: Behaviour,
    kept: Arc<Mutex<Vec<String>>>,
    (now, peak): (Arc<AtomicUsize>, Arc<AtomicUsize>),
) {
    let request = read_request(&mut stream).await;
    kept.lock().unwrap().push(request.clone());
    let done = match behaviour {
        Behaviour::Answer(answer) => stream.write_all(answer.as_bytes()).await,
        Behaviour::Echo => {
            let line = request.replace(['\r', '\n'], " ");
            let length = request.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nx-echo: {line}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(format!("{head}{request}").as_bytes()).await
        }
        Behaviour::Endless => flood(&mut stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await,
        Behaviour::Gigabyte => {
            flood(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n").await
        }
        Behaviour::Trickle => trickle(&mut stream).await,
        Behaviour::Silence => stream.read_u8().await.map(drop),
        Behaviour::Close => Ok(()),
        Behaviour::Reset => stream.set_zero_linger(),
        Behaviour::Slow => {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
            // Before the answer: with it, the next request may come.
            now.fetch_sub(1, Ordering::SeqCst);
            stream.write_all(ok("").as_bytes()).await
        }
    };
    // The guest's side may be gone: that is what most tests are about.
    drop(done);
}

async fn flood(stream: &mut TcpStream, head: &str) -> std::io::Result<()> {
    stream.write_all(head.as_bytes()).await?;
    let chunk = vec![b'x'; 64 * 1024];
    loop {
        stream.write_all(&chunk).await?;
    }
}

async fn trickle(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await?;
    loop {
        stream.write_all(b"x").await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Head and body (by content-length) of one request.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).to_string();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length:").map(str::to_owned));
            if body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
