//! How the system was started, and how much there is of everything.

use campanile_core::ledger::StateKind;
use campanile_store::{AnyLedger, Filter, Ledger as _, PAGE_LIMIT, StoreError, Tally};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::site::Site;

/// The most deliveries that are counted where the store does not count itself.
const COUNTED: usize = 5000;

/// How the system was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct AboutSystem {
    /// Campanile's version.
    pub(in crate::web) version: String,
    /// Where devices connect without a certificate.
    pub(in crate::web) mqtt: Option<String>,
    /// Where they connect with one.
    pub(in crate::web) mqtts: Option<String>,
    /// What remains when it stops.
    pub(in crate::web) persistence: String,
    /// The channels that really send. All others are caught.
    pub(in crate::web) live: Vec<String>,
    /// The topic that samples are published on.
    pub(in crate::web) topic: String,
    /// The device that publishes them.
    pub(in crate::web) device: String,
    /// How much there is.
    pub(in crate::web) counts: Counts,
}

/// How much there is of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Counts {
    /// Requests in the inbox.
    pub(in crate::web) inbox: usize,
    /// Faults that are set.
    pub(in crate::web) faults: usize,
    /// Plugins that can't be used as they are.
    pub(in crate::web) plugin_problems: usize,
    /// Deliveries.
    pub(in crate::web) deliveries: Vec<StatusCount>,
}

/// How many deliveries of a channel stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct StatusCount {
    /// The channel.
    pub(in crate::web) channel: String,
    /// `claimed`, `retry`, `delivered`, `rejected` or `dead-letter`.
    #[schema(value_type = String)]
    pub(in crate::web) status: StateKind,
    /// How many.
    pub(in crate::web) count: u64,
}

impl Counts {
    /// Deliveries that stand here, of all channels or of one.
    pub(in crate::web) fn deliveries(&self, status: Option<StateKind>, channel: Option<&str>) -> u64 {
        let wanted = |count: &&StatusCount| {
            status.is_none_or(|status| status == count.status)
                && channel.is_none_or(|channel| channel == count.channel)
        };
        self.deliveries.iter().filter(wanted).map(|count| count.count).sum()
    }

    /// The channels that there are deliveries of, by name.
    pub(in crate::web) fn channels(&self) -> Vec<String> {
        let mut names: Vec<String> = self.deliveries.iter().map(|count| count.channel.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

pub(in crate::web) async fn about(site: &Site) -> Result<AboutSystem, StoreError> {
    let about = site.about.clone();
    Ok(AboutSystem {
        version: about.version,
        mqtt: about.mqtt,
        mqtts: about.mqtts,
        persistence: about.persistence,
        live: about.live,
        topic: about.topic,
        device: about.device,
        counts: counts(site).await?,
    })
}

pub(in crate::web) async fn counts(site: &Site) -> Result<Counts, StoreError> {
    let system = &site.system;
    let mut deliveries: Vec<StatusCount> = tally(&system.ledger).await?.into_iter().map(of_tally).collect();
    deliveries.sort_by(|a, b| (&a.channel, a.status).cmp(&(&b.channel, b.status)));
    Ok(Counts {
        inbox: system.catcher.inbox().list(None).len(),
        faults: system.catcher.faults().list().len(),
        plugin_problems: system.plugins.borrow().iter().filter(|plugin| plugin.problem.is_some()).count(),
        deliveries,
    })
}

fn of_tally(tally: Tally) -> StatusCount {
    StatusCount { channel: tally.channel, status: tally.status, count: tally.count }
}

async fn tally(ledger: &AnyLedger) -> Result<Vec<Tally>, StoreError> {
    let now = Timestamp::now();
    if let AnyLedger::Sqlite(file) = ledger {
        return file.tally(now).await;
    }
    let (mut found, mut after, mut seen): (Vec<Tally>, _, _) = (Vec::new(), None, 0);
    while seen < COUNTED {
        let page = ledger.list(&Filter::default(), now, after, PAGE_LIMIT).await?;
        seen += page.entries.len();
        for entry in page.entries {
            let (channel, status) = (entry.key.channel, entry.record.state.kind());
            match found.iter_mut().find(|tally| tally.channel == channel && tally.status == status) {
                Some(tally) => tally.count += 1,
                None => found.push(Tally { channel, status, count: 1 }),
            }
        }
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    Ok(found)
}
