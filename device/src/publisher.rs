//! The publisher: what is found goes to the spool, what is in the spool to the broker, and what the broker has acknowledged goes.
//!
//! It runs until it is asked to stop, whatever happens to connections: it has no error of its own but that of the disk.

mod connection;
mod reason;

use std::time::Duration;

use jiff::Timestamp;
use rumqttc::MqttOptions;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, sleep_until};

use self::connection::{Connection, Ended, Event};
use crate::link::{Backoff, Limits, Pace, Window};
use crate::spool::{Appended, Spool, SpoolError};
use crate::transition::Found;

/// How often it is looked for transitions that are too old.
const TIDY: Duration = Duration::from_secs(60);

/// How many transitions are read of the spool at a time.
const READ: u32 = 32;

/// What is published, and how.
#[derive(Clone, Debug)]
pub struct PublisherConfig {
    /// Where to, and as whom. What the session, the window and the largest packet are is not taken from here.
    pub mqtt: MqttOptions,
    /// Where transitions are published.
    pub topic: String,
    /// What the broker takes in a second.
    pub limits: Limits,
    /// A connection that has acknowledged nothing of what is on its way for so long is given up: keep-alive finds a broker that is gone,
    /// and this one that does not answer.
    pub acknowledge_within: Duration,
    /// How long the spool may take to empty when it is asked to stop.
    pub flush_within: Duration,
    /// Who wants to know how transitions get on.
    pub observer: Option<mpsc::UnboundedSender<Progress>>,
}

/// How a transition gets on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is in the spool, with this number.
    Kept {
        /// Its number.
        seq: u64,
    },
    /// The broker has acknowledged it.
    Acknowledged {
        /// Its number.
        seq: u64,
    },
}

/// Publishes what is found.
#[derive(Debug)]
pub struct Publisher {
    config: PublisherConfig,
    spool: Spool,
    backoff: Backoff,
    began: Instant,
    pace: Pace,
    tidying: Interval,
    /// Since when it is to stop.
    stopping: Option<Instant>,
}

impl Publisher {
    /// One that publishes what is in `spool`, and what comes to it. It is made in a runtime of tokio.
    #[must_use]
    pub fn new(config: PublisherConfig, spool: Spool) -> Self {
        let pace = Pace::new(config.limits, Duration::ZERO);
        let mut tidying = interval(TIDY);
        tidying.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            config,
            spool,
            backoff: Backoff::default(),
            began: Instant::now(),
            pace,
            tidying,
            stopping: None,
        }
    }

    /// Runs until `stop` is true or gone, and then until the spool is empty or its time is over. Gives the spool back.
    ///
    /// # Errors
    ///
    /// [`SpoolError`]: what can't be kept must not be taken.
    pub async fn run(
        mut self,
        mut found: mpsc::Receiver<Found>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<Spool, SpoolError> {
        loop {
            let began = Instant::now();
            let mut connection = Connection::open(&self.config.mqtt);
            let ended = self.serve(&mut connection, &mut found, &mut stop).await?;
            connection.close().await;
            let Ended::Lost { reason, was_open } = ended else { break };
            let lasted = if was_open { began.elapsed() } else { Duration::ZERO };
            let wait = self.backoff.after(lasted, rand());
            self.spool.disconnected(&reason, Timestamp::now())?;
            tracing::warn!(wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), "{reason}");
            if !self.wait(wait, &mut found, &mut stop).await? {
                break;
            }
        }
        // What was found until the end is kept for the next start.
        while let Ok(found) = found.try_recv() {
            self.keep(&found)?;
        }
        Ok(self.spool)
    }

    /// Uses a connection until it is lost, or nothing is left to do.
    async fn serve(
        &mut self,
        connection: &mut Connection,
        found: &mut mpsc::Receiver<Found>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Ended, SpoolError> {
        let (mut window, mut is_open, mut last) = (Window::default(), false, 0);
        let mut heard = Instant::now();
        loop {
            if window.is_empty() {
                heard = Instant::now();
            }
            let pause = if is_open { self.send(connection, &mut window, &mut last)? } else { None };
            if self.stopping.is_some() && window.is_empty() && self.spool.is_empty()? {
                return Ok(Ended::Done);
            }
            let (late, deadline) = (heard + self.config.acknowledge_within, self.deadline());
            tokio::select! {
                event = connection.next() => match event {
                    Event::Open => {
                        (is_open, heard) = (true, Instant::now());
                        self.spool.connected(Timestamp::now())?;
                        tracing::info!("connected");
                    }
                    Event::Left(id) => window.left(id),
                    Event::Acknowledged(ids) => {
                        heard = Instant::now();
                        let seqs: Vec<u64> = ids.into_iter().filter_map(|id| window.acknowledged(id)).collect();
                        self.spool.acknowledge(&seqs)?;
                        seqs.into_iter().for_each(|seq| self.tell(Progress::Acknowledged { seq }));
                    }
                    Event::Lost(reason) => return Ok(Ended::Lost { reason, was_open: is_open }),
                },
                Some(found) = found.recv() => self.keep(&found)?,
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
                () = sleep_until(late), if !window.is_empty() => {
                    let reason = format!("the broker has acknowledged nothing for {:?}", self.config.acknowledge_within);
                    return Ok(Ended::Lost { reason, was_open: is_open });
                }
                () = stopped(stop), if self.stopping.is_none() => self.stopping = Some(Instant::now()),
                _ = self.tidying.tick() => self.tidy()?,
                () = until(deadline) => return Ok(Ended::Done),
            }
        }
    }

    /// Hands over what there is room for; gives a pause if the broker would not take more yet.
    fn send(
        &mut self,
        connection: &Connection,
        window: &mut Window,
        last: &mut u64,
    ) -> Result<Option<Duration>, SpoolError> {
        let mut sent = 0;
        let mut pause = None;
        'filling: while window.has_room() {
            let entries = self.spool.after(*last, READ)?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if !window.has_room() {
                    break 'filling;
                }
                let size = entry.topic.len() + entry.payload.len();
                if let Err(wait) = self.pace.take(size, self.began.elapsed()) {
                    pause = Some(wait);
                    break 'filling;
                }
                if !connection.publish(entry.topic, entry.payload) {
                    // It ends; what it had no time for is in the spool.
                    break 'filling;
                }
                window.handed_over(entry.seq);
                *last = entry.seq;
                sent += 1;
            }
        }
        self.spool.sent(sent);
        Ok(pause)
    }

    fn tidy(&mut self) -> Result<(), SpoolError> {
        let gone = self.spool.forget_old(Timestamp::now())?;
        if gone > 0 {
            tracing::warn!(gone, "lost: they were too old");
        }
        Ok(())
    }

    fn tell(&self, progress: Progress) {
        if let Some(observer) = &self.config.observer {
            // Whoever does not listen any more need not know.
            observer.send(progress).ok();
        }
    }

    fn keep(&mut self, found: &Found) -> Result<(), SpoolError> {
        let appended = self.spool.append(&self.config.topic, found, Timestamp::now())?;
        if let Appended::Kept { seq, .. } = appended {
            self.tell(Progress::Kept { seq });
        }
        match appended {
            Appended::Kept { seq, dropped: 0 } => tracing::info!(seq, status = %found.status, "kept"),
            Appended::Kept { seq, dropped } => {
                tracing::warn!(seq, status = %found.status, dropped, "kept; the spool is full, and older ones went for it");
            }
            Appended::Refused => tracing::error!(status = %found.status, "lost: the spool is full"),
            Appended::TooLarge { bytes } => {
                tracing::error!(status = %found.status, bytes, "lost: no message may be so large");
            }
        }
        Ok(())
    }

    /// Waits before the next connection, and keeps what is found meanwhile; whether there is to be one.
    async fn wait(
        &mut self,
        wait: Duration,
        found: &mut mpsc::Receiver<Found>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<bool, SpoolError> {
        let end = Instant::now() + wait;
        loop {
            if self.stopping.is_some() && self.spool.is_empty()? {
                return Ok(false);
            }
            let deadline = self.deadline();
            tokio::select! {
                () = sleep_until(end) => return Ok(true),
                Some(found) = found.recv() => self.keep(&found)?,
                () = stopped(stop), if self.stopping.is_none() => self.stopping = Some(Instant::now()),
                _ = self.tidying.tick() => self.tidy()?,
                () = until(deadline) => return Ok(false),
            }
        }
    }

    /// When it stops at the latest; none as long as it is not to stop.
    fn deadline(&self) -> Option<Instant> {
        self.stopping.map(|since| since + self.config.flush_within)
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error means that nobody can ask any more.
    stop.wait_for(|stop| *stop).await.ok();
}

/// From 0 up to 1.
fn rand() -> f64 {
    let mut bytes = [0; 4];
    // Without entropy all devices wait for half the time, which is a wait.
    getrandom::fill(&mut bytes).map_or(0.5, |()| f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}
