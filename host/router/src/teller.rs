//! Tells news: opens a delivery on each channel, hears how they end, and reports that to the devices' states.
//!
//! Deliveries run side by side, each in its own task, so that not even a panic in one reaches another. As soon as a message
//! has reached one channel its device hears of it, and what follows (a recovery that waited) goes out beside the rest.

mod fate;
mod fold;

pub(crate) use self::fold::changed;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use campanile_core::ledger::{Brief, DeliveryKey};
use campanile_core::transition::Silence;
use campanile_core::transition::device::{Fate, RouteNews};
use campanile_store::{Ledger, StateKey, States};
use tokio::task::{Id, JoinSet};
use tracing::Instrument as _;

use self::fate::Course;
use crate::channels::{Channels, ReadyChannel};
use crate::delivery::Delivery;
use crate::invocation::Invocation;
use crate::muster::Muster;
use crate::pipeline::Router;
use crate::report::{DeliveryReport, DeliveryStatus, RouteSilence};
use crate::runner::Runner;
use crate::states::{StateError, look};
use crate::telling::Telling;

/// What was told, and what went wrong.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) deliveries: Vec<DeliveryReport>,
    pub(crate) silences: Vec<RouteSilence>,
    /// For the operator.
    pub(crate) problems: Vec<String>,
}

/// Tells news within one invocation.
pub(crate) struct Teller<'r, R: Runner, S> {
    router: &'r Router<R, S>,
    channels: Arc<Channels<R::Destination>>,
    invocation: &'r Invocation,
    tasks: JoinSet<DeliveryReport>,
    /// Whose task it is, for one that panics.
    running: HashMap<Id, (DeliveryKey, String)>,
    /// Every delivery that was begun, and the messages that are told by it: two routes may lead to one channel.
    begun: HashMap<DeliveryKey, Vec<usize>>,
    courses: Vec<Course>,
    /// News that follows from what was told.
    follows: VecDeque<RouteNews>,
    outcomes: Outcomes,
}

impl<'r, R: Runner, S: Ledger + States> Teller<'r, R, S> {
    pub(crate) fn new(router: &'r Router<R, S>, invocation: &'r Invocation) -> Self {
        Self {
            router,
            channels: router.channels(),
            invocation,
            tasks: JoinSet::new(),
            running: HashMap::new(),
            begun: HashMap::new(),
            courses: Vec::new(),
            follows: VecDeque::new(),
            outcomes: Outcomes::default(),
        }
    }

    /// Begins to tell news of a device.
    pub(crate) async fn tell(&mut self, told: RouteNews) {
        let Some(route) = self.router.routes().get(&told.route) else { return };
        if !self.is_told_at_once(route, &told).await {
            return;
        }
        let rendered = route.render(&told.event, &told.news, self.router.now());
        self.outcomes.problems.extend(rendered.problems);
        self.begin(Telling::of_news(&told, rendered.notification)).await;
    }

    /// Begins a message on all channels that it concerns.
    pub(crate) async fn begin(&mut self, telling: Telling) {
        let Some(route) = self.router.routes().get(&telling.route) else { return };
        let course = self.courses.len();
        let takes_back = telling.takes_back();
        self.courses.push(Course::new(telling));
        let muster = Muster::new();
        for name in &route.channels {
            self.open(course, name, takes_back, &muster).await;
        }
        drop(muster);
        if self.courses.get(course).is_some_and(Course::is_empty) {
            // Nobody was warned, so there is nothing to take back; or no channel is there at all.
            let silence = if takes_back { Silence::AlertNotTold } else { Silence::NoChannel };
            self.outcomes.silences.push((route.name.clone(), silence).into());
            self.report(course, takes_back).await;
        }
    }

    /// Goes on with a delivery that was begun earlier.
    pub(crate) async fn resume(&mut self, key: DeliveryKey, brief: Brief) {
        let course = self.courses.len();
        self.courses.push(Course::resumed(Telling::of_brief(&key, &brief)));
        if let Err(error) = self.complete(course).await {
            self.outcomes.problems.push(error.to_string());
        }
        let channel = self.channels.own(&key.channel).unwrap_or_else(|| Arc::new(ReadyChannel::gone()));
        self.spawn(course, key, channel, brief, Muster::new());
    }

    /// Opens what an invocation that broke off did not come to: once one channel has told the message, nobody looks for the
    /// others.
    async fn complete(&mut self, course: usize) -> Result<(), StateError> {
        let Some(telling) = self.courses.get(course).map(|course| course.telling.clone()) else {
            return Ok(());
        };
        let whole = match telling.summary() {
            Some(_) => Some(telling),
            None => {
                let device = StateKey::Device(telling.name.device.clone());
                telling.known_to(&look(self.router.store(), &device).await?)
            }
        };
        let Some(whole) = whole else { return Ok(()) };
        let Some(route) = self.router.routes().get(&whole.route) else { return Ok(()) };
        self.change(course, |course| course.telling = whole.clone());
        let channels = Arc::clone(&self.channels);
        for (own, channel) in route.channels.iter().flat_map(|name| channels.named(name)) {
            if self.router.store().find(&whole.key(own), self.router.now()).await?.is_none() {
                self.open_own(course, own, channel, Muster::new()).await;
            }
        }
        Ok(())
    }

    /// Opens deliveries on the channels that a route means by `name`; where a message takes back what was not told
    /// there, on the channels that were told instead.
    async fn open(&mut self, course: usize, name: &str, takes_back: bool, muster: &Muster) {
        let mut names = VecDeque::from([name.to_owned()]);
        let mut seen = vec![name.to_owned()];
        let channels = Arc::clone(&self.channels);
        while let Some(name) = names.pop_front() {
            for (own, channel) in channels.named(&name) {
                if self.open_own(course, own, channel, muster.clone()).await {
                    continue;
                }
                if let Some(fallback) =
                    channel.fallback.as_ref().filter(|name| takes_back && !seen.contains(name))
                {
                    seen.push(fallback.clone());
                    names.push_back(fallback.clone());
                }
            }
        }
    }

    /// Whether there is something to say on the channel.
    async fn open_own(
        &mut self,
        course: usize,
        own: &str,
        channel: &Arc<ReadyChannel<R::Destination>>,
        muster: Muster,
    ) -> bool {
        let Some(telling) = self.courses.get(course).map(|course| course.telling.clone()) else {
            return false;
        };
        match telling.brief(self.router.store(), own, self.router.now()).await {
            Ok(Some(brief)) => {
                self.spawn(course, telling.key(own), Arc::clone(channel), brief, muster);
                true
            }
            Ok(None) => false,
            Err(error) => {
                // Whoever gets the event again goes on with it.
                self.outcomes.deliveries.push(unopened(
                    telling.key(own),
                    channel.plugin.clone(),
                    error.to_string(),
                ));
                self.change(course, Course::keep_open);
                true
            }
        }
    }

    /// Starts a delivery, unless another message of this invocation is told by it as well.
    fn spawn(
        &mut self,
        course: usize,
        key: DeliveryKey,
        channel: Arc<ReadyChannel<R::Destination>>,
        brief: Brief,
        muster: Muster,
    ) {
        self.change(course, Course::opened);
        let heard = self.begun.entry(key.clone()).or_default();
        heard.push(course);
        if heard.len() > 1 {
            let ended = self.outcomes.deliveries.iter().find(|report| report.key() == key);
            if let Some(status) = ended.map(|report| report.status) {
                self.change(course, |course| course.heard(status));
            }
            return;
        }
        let plugin = channel.plugin.clone();
        let (runner, store, gate, clock) = self.router.parts();
        let (invocation, named) = (self.invocation.clone(), key.clone());
        let work = async move {
            let (runner, ledger, gate, channel) = (&*runner, &*store, &*gate, &*channel);
            let (brief, invocation) = (&brief, &invocation);
            Delivery { runner, ledger, gate, clock, channel, brief, invocation, key, muster }.run().await
        };
        // What it logs names the invocation, as the lines around it do.
        let task = self.tasks.spawn(work.in_current_span());
        self.running.insert(task.id(), (named, plugin));
    }

    /// Hears how everything ends that was begun, and what follows from it.
    pub(crate) async fn finish(mut self) -> Outcomes {
        loop {
            while let Some(told) = self.follows.pop_front() {
                self.tell(told).await;
            }
            let Some(ended) = self.tasks.join_next_with_id().await else { break };
            let report = match ended {
                Ok((_, report)) => Some(report),
                Err(error) => self.running.get(&error.id()).cloned().map(broken),
            };
            if let Some(report) = report {
                self.ended(report).await;
            }
        }
        self.outcomes
            .deliveries
            .sort_by_cached_key(|delivery| (delivery.channel.clone(), delivery.news.clone()));
        self.outcomes
    }

    async fn ended(&mut self, report: DeliveryReport) {
        let (key, status) = (report.key(), report.status);
        let is_given_up = matches!(status, DeliveryStatus::Rejected | DeliveryStatus::DeadLettered);
        let needs_fallback = is_given_up && !report.is_overtaken();
        self.outcomes.deliveries.push(report);
        for course in self.begun.get(&key).cloned().unwrap_or_default() {
            if needs_fallback {
                self.fall_back(course, &key.channel).await;
            }
            self.change(course, |course| course.heard(status));
            self.conclude(course).await;
        }
    }

    /// Tells the channel that stands in for one that gave up.
    async fn fall_back(&mut self, course: usize, failed: &str) {
        let channel = self.channels.own(failed);
        let Some(fallback) = channel.and_then(|channel| channel.fallback.clone()) else { return };
        let channels = Arc::clone(&self.channels);
        for (own, channel) in channels.named(&fallback) {
            self.open_own(course, own, channel, Muster::new()).await;
        }
    }

    fn change(&mut self, course: usize, change: impl FnOnce(&mut Course)) {
        if let Some(course) = self.courses.get_mut(course) {
            change(course);
        }
    }

    /// Reports what the message has come to, as soon as that is known.
    async fn conclude(&mut self, course: usize) {
        let Some(current) = self.courses.get(course) else { return };
        match current.fate(self.router, &self.channels).await {
            Ok(Some(is_told)) => self.report(course, is_told).await,
            Ok(None) => {}
            Err(error) => self.outcomes.problems.push(error.to_string()),
        }
    }

    /// Lets the states hear of it. What can't be written is reported by whoever tells the news again.
    async fn report(&mut self, course: usize, is_told: bool) {
        self.change(course, Course::reported);
        let Some(telling) = self.courses.get(course).map(|course| course.telling.clone()) else { return };
        let fate = if is_told { Fate::Told(telling.summary()) } else { Fate::Lost };
        let channels = self.channels.iter().map(|(own, _)| own);
        let heard = match telling.heard(self.router.store(), channels, self.router.now()).await {
            Ok(heard) => heard,
            Err(error) => return self.outcomes.problems.push(error.to_string()),
        };
        for told in &heard {
            match self.router.report(&telling.route, told, &fate).await {
                Ok(follows) => self.follows.extend(follows),
                Err(error) => self.outcomes.problems.push(error.to_string()),
            }
        }
    }
}

/// The report of a delivery whose task panicked: its claim ends with its lease.
fn broken((key, plugin): (DeliveryKey, String)) -> DeliveryReport {
    tracing::error!(delivery.id = %key, plugin, "the delivery broke off inside the host; it will be tried again");
    unopened(key, plugin, "it broke off inside the host".to_owned())
}

fn unopened(key: DeliveryKey, plugin: String, detail: String) -> DeliveryReport {
    DeliveryReport {
        device: key.device,
        news: key.event,
        channel: key.channel,
        plugin,
        status: DeliveryStatus::Retrying,
        detail,
        receipt: None,
        presentation: campanile_core::notification::Presentation::default(),
        due: None,
        attempts: Vec::new(),
    }
}
