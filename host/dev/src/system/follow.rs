//! What others tell, told on.

use std::sync::Arc;

use campanile_local::catcher::Catcher;
use campanile_local::lambda::{Emulator, LogLine};
use tokio::sync::Notify;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::feed::{Feed, Happening};

/// Tells of each request that was caught.
pub(super) async fn inbox(catcher: Arc<Catcher>, feed: Feed) {
    let mut latest = catcher.inbox().subscribe();
    let mut told = *latest.borrow_and_update();
    while latest.changed().await.is_ok() {
        let latest = *latest.borrow_and_update();
        for id in told + 1..=latest {
            feed.tell(Happening::Caught(id));
        }
        told = latest;
    }
}

/// Tells what the function prints.
pub(super) async fn log(mut lines: Receiver<LogLine>, feed: Feed) {
    loop {
        match lines.recv().await {
            Ok(line) => feed.tell(Happening::Log(line.text.into())),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Lets the function do what is due whenever somebody asks for it: once for all who asked while it was busy.
pub(super) async fn ticks(function: Arc<Emulator>, asked: Arc<Notify>) {
    loop {
        asked.notified().await;
        if function.tick().await.is_err() {
            return;
        }
    }
}
