//! Between client and server: hands requests on, and refuses some as a table does that has no capacity left.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::lossy_proxy::message;

/// As DynamoDB answers.
const REFUSAL: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#;

pub(crate) struct Throttle {
    pub(crate) endpoint: String,
    refuse: Arc<AtomicUsize>,
}

impl Throttle {
    pub(crate) async fn start(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let server = server.strip_prefix("http://").unwrap().to_owned();
        let refuse = Arc::<AtomicUsize>::default();
        let shared = Arc::clone(&refuse);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server.clone(), Arc::clone(&shared)));
            }
        });
        Self { endpoint, refuse }
    }

    /// So many requests get no answer but this.
    pub(crate) fn refuse_next(&self, count: usize) {
        self.refuse.store(count, Ordering::SeqCst);
    }

    pub(crate) fn to_refuse(&self) -> usize {
        self.refuse.load(Ordering::SeqCst)
    }
}

async fn serve(mut client: TcpStream, server: String, refuse: Arc<AtomicUsize>) {
    while let Some(request) = message(&mut client).await {
        let refused = refuse.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if refused.is_ok() {
            let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0";
            let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{REFUSAL}", REFUSAL.len());
            client.write_all(answer.as_bytes()).await.unwrap();
            continue;
        }
        let mut upstream = TcpStream::connect(&server).await.unwrap();
        upstream.write_all(&request).await.unwrap();
        client.write_all(&message(&mut upstream).await.unwrap()).await.unwrap();
    }
}
