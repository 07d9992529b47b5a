//! What others tell, told on.

use std::sync::Arc;

use campanile_local::catcher::Catcher;
use campanile_local::lambda::{Emulator, LogLine};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, watch};

use crate::feed::{Feed, Happening};
use crate::inbox::KeptInbox;

/// Tells of each request that was caught, and keeps it; once more when the system stops.
pub(super) async fn inbox(
    catcher: Arc<Catcher>,
    kept: Arc<KeptInbox>,
    feed: Feed,
    mut stopped: watch::Receiver<bool>,
) {
    let mut latest = catcher.inbox().subscribe();
    let mut told = *latest.borrow_and_update();
    loop {
        let is_over = tokio::select! {
            changed = latest.changed() => changed.is_err(),
            _ = stopped.wait_for(|stopped| *stopped) => true,
        };
        latest.borrow_and_update();
        let caught = catcher.inbox().list(Some(told));
        for caught in &caught {
            told = caught.id;
            feed.tell(Happening::Caught(caught.id));
        }
        if let Err(error) = kept.keep(caught).await {
            feed.tell(Happening::Note(error.to_string().into()));
        }
        if is_over {
            return;
        }
    }
}

/// Tells what the function prints.
pub(super) async fn log(mut lines: Receiver<LogLine>, feed: Feed, mut stopped: watch::Receiver<bool>) {
    loop {
        let line = tokio::select! {
            biased;
            line = lines.recv() => line,
            _ = stopped.wait_for(|stopped| *stopped) => return,
        };
        match line {
            Ok(line) => feed.tell(Happening::Log(line.text.into())),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Lets the function do what is due whenever somebody asks for it: once for all who asked while it was busy.
pub(super) async fn ticks(function: Arc<Emulator>, asked: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = asked.notified() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        if function.tick().await.is_err() {
            return;
        }
    }
}
