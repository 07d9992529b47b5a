//! One message for all channels of a route: what it says, what it follows, and where it has anything to say.

use campanile_core::ledger::{Brief, DeliveryKey, DeliveryState, Record, Told};
use campanile_core::notification::Notification;
use campanile_core::outcome::OutcomeKind;
use campanile_core::transition::device::{Device, Message, RouteNews, SummaryName};
use campanile_core::transition::{News, NewsKind, Summary};
use campanile_store::{Ledger, StoreError};
use jiff::Timestamp;

/// A message on its way to the channels of a route.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    /// The route's name.
    pub(crate) route: String,
    /// Its deliveries are kept under this device and key.
    pub(crate) name: SummaryName,
    pub(crate) notification: Notification,
    /// When the event was received that it tells, if an event's arrival made it news.
    received_at: Option<Timestamp>,
    tells: Vec<Told>,
    /// What people are to read before it, oldest first: what each message may be kept under.
    before: Vec<Vec<SummaryName>>,
    /// The alerts that it takes back, oldest first: it has something to say only where one of them was told.
    takes_back: Option<Vec<Alert>>,
}

/// A message that said something is wrong.
#[derive(Clone, Debug)]
struct Alert {
    name: SummaryName,
    /// Whether it can be edited: a summary speaks of other devices too.
    is_own: bool,
}

impl Telling {
    pub(crate) fn of_news(told: &RouteNews, notification: Notification) -> Self {
        // What time alone made news has a key of its own.
        let received_at = told.event.received_at.filter(|_| told.news.key == told.event.key);
        Self { received_at, ..Self::of(&told.route, &told.news, &told.before, notification) }
    }

    fn of(route: &str, news: &News, before: &[Message], notification: Notification) -> Self {
        let names_of = |message: &Message| names_of(message, &news.device_id);
        let takes_back = match &news.kind {
            NewsKind::Recovery { alerts, .. } | NewsKind::Settled { bad: false, alerts } => Some(alerts),
            _ => None,
        };
        let alerts = |keys: &Vec<String>| {
            let told = before.iter().filter(|message| keys.contains(&message.news));
            let names = told.flat_map(names_of);
            names.map(|name| Alert { is_own: keys.contains(&name.key), name }).collect()
        };
        Self {
            route: route.to_owned(),
            name: SummaryName { device: news.device_id.clone(), key: news.key.clone() },
            notification,
            received_at: None,
            tells: vec![Told { device: news.device_id.clone(), news: news.key.clone() }],
            before: before.iter().map(names_of).collect(),
            takes_back: takes_back.map(alerts),
        }
    }

    /// A summary is told on its own: its members were not told before. One whose members have all recovered still counts
    /// those that it could not name.
    pub(crate) fn of_summary(route: &str, summary: &Summary, notification: Notification) -> Self {
        let tells = summary.members.iter();
        let tells = tells.map(|member| Told { device: member.device_id.clone(), news: member.key.clone() });
        Self {
            route: route.to_owned(),
            name: SummaryName { device: notification.device_id.clone(), key: summary.key.clone() },
            notification,
            received_at: None,
            tells: tells.collect(),
            before: Vec::new(),
            takes_back: None,
        }
    }

    /// One that was begun earlier, as its delivery tells it.
    pub(crate) fn of_brief(key: &DeliveryKey, brief: &Brief) -> Self {
        Self {
            route: brief.route.clone(),
            name: SummaryName { device: key.device.clone(), key: key.event.clone() },
            notification: brief.notification.clone(),
            received_at: brief.received_at,
            tells: brief.tells.clone(),
            before: Vec::new(),
            takes_back: None,
        }
    }

    /// The same with all that its device knows of it; `None` if that has forgotten it.
    pub(crate) fn known_to(&self, device: &Device) -> Option<Self> {
        let news = device.on(&self.route).news(&self.name.key)?;
        let (before, _) = device.around(&self.route, &self.name.key);
        let whole = Self::of(&self.route, news, before, self.notification.clone());
        Some(Self { received_at: self.received_at, ..whole })
    }

    /// The summary that it is, if it is one.
    pub(crate) fn summary(&self) -> Option<SummaryName> {
        let is_own = self.tells.iter().any(|told| told.news == self.name.key);
        (!is_own).then(|| self.name.clone())
    }

    /// Whose states hear of its end: of a summary, the members that all its deliveries to `channels` tell. One that was begun earlier may
    /// tell fewer; nobody reports on the others, so they are told again.
    pub(crate) async fn heard(
        &self,
        ledger: &impl Ledger,
        channels: impl Iterator<Item = &str>,
        now: Timestamp,
    ) -> Result<Vec<Told>, StoreError> {
        let mut tells = self.tells.clone();
        if self.summary().is_none() {
            return Ok(tells);
        }
        for channel in channels {
            if let Some(record) = ledger.find(&self.key(channel), now).await? {
                tells.retain(|told| record.brief.tells.contains(told));
            }
        }
        Ok(tells)
    }

    pub(crate) fn takes_back(&self) -> bool {
        self.takes_back.is_some()
    }

    pub(crate) fn key(&self, channel: &str) -> DeliveryKey {
        on(&self.name, channel)
    }

    /// What its delivery on a channel is opened with; `None` if it has nothing to say there.
    pub(crate) async fn brief(
        &self,
        ledger: &impl Ledger,
        channel: &str,
        now: Timestamp,
    ) -> Result<Option<Brief>, StoreError> {
        let mut earlier = None;
        if let Some(alerts) = &self.takes_back {
            let mut is_warned = false;
            for alert in alerts {
                let key = on(&alert.name, channel);
                if !ledger.find(&key, now).await?.is_some_and(|record| may_be_read(&record)) {
                    continue;
                }
                is_warned = true;
                if alert.is_own {
                    earlier.get_or_insert(key);
                }
            }
            if !is_warned {
                return Ok(None);
            }
        }
        Ok(Some(Brief {
            notification: self.notification.clone(),
            route: self.route.clone(),
            tells: self.tells.clone(),
            earlier,
            after: self.pending_before(ledger, channel, now).await?,
            received_at: self.received_at,
        }))
    }

    /// The message right before it on the channel, unless that has ended: then all before it have.
    async fn pending_before(
        &self,
        ledger: &impl Ledger,
        channel: &str,
        now: Timestamp,
    ) -> Result<Option<DeliveryKey>, StoreError> {
        for names in self.before.iter().rev() {
            let keys: Vec<DeliveryKey> = names.iter().map(|name| on(name, channel)).collect();
            match standing(ledger, &keys, now).await? {
                Standing::Pending(key) => return Ok(Some(key)),
                Standing::Ended => return Ok(None),
                Standing::Unknown => {}
            }
        }
        Ok(None)
    }
}

/// Where a message stands on a channel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is not on the channel.
    Unknown,
    /// This delivery of it is under way.
    Pending(DeliveryKey),
    /// It was told there, or nobody tries any more.
    Ended,
}

/// Where the message stands that may be kept under these keys.
pub(crate) async fn standing(
    ledger: &impl Ledger,
    keys: &[DeliveryKey],
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let mut standing = Standing::Unknown;
    for key in keys {
        match ledger.find(key, now).await? {
            Some(record) if record.state.due().is_some() => return Ok(Standing::Pending(key.clone())),
            Some(_) => standing = Standing::Ended,
            None => {}
        }
    }
    Ok(standing)
}

/// Whether people may have read it, or may yet.
fn may_be_read(record: &Record) -> bool {
    matches!(record.state, DeliveryState::Delivered { .. })
        || record.state.due().is_some()
        || record.attempts.iter().any(|attempt| attempt.outcome == OutcomeKind::Unknown)
}

/// What the deliveries of a device's message to `channel` may be kept under.
pub(crate) fn keys_of(message: &Message, device: &str, channel: &str) -> Vec<DeliveryKey> {
    names_of(message, device).iter().map(|name| on(name, channel)).collect()
}

/// Its own name; and that of the summary that tells it. Of two invocations that have the same event, one may have told it on its own
/// before the other one folded it.
fn names_of(message: &Message, device: &str) -> Vec<SummaryName> {
    let own = SummaryName { device: device.to_owned(), key: message.news.clone() };
    [own].into_iter().chain(message.summary.clone()).collect()
}

/// The delivery of the message with this name to `channel`.
pub(crate) fn on(name: &SummaryName, channel: &str) -> DeliveryKey {
    DeliveryKey { device: name.device.clone(), event: name.key.clone(), channel: channel.to_owned() }
}
