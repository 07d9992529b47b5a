//! The answer to an event: what is told of it, or why nothing is.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::news::News;
use super::state::DeviceState;
use crate::template::utc;

/// What an event comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// To be written before anything is told.
    pub state: DeviceState,
    /// What is told.
    pub verdict: Verdict,
}

/// What is told of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This.
    Tell(News),
    /// The event is known, and told this: channels that have not finished go on with it.
    Resume(News),
    /// Nothing, at least for now.
    Silent(Silence),
}

impl Verdict {
    /// What to hand to the channels.
    #[must_use]
    pub fn news(&self) -> Option<&News> {
        match self {
            Self::Tell(news) | Self::Resume(news) => Some(news),
            Self::Silent(_) => None,
        }
    }
}

/// Why nothing is told of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "because")]
pub enum Silence {
    /// It is known, and told nothing the first time.
    Duplicate,
    /// Something newer is known of the device.
    Late,
    /// The status is a good one, and no alert is open.
    NothingWrong,
    /// The alert that is open tells it.
    AlertOpen,
    /// It recovered, but nobody was told that it was bad.
    AlertNotTold,
    /// It recovered, and the policy tells no recoveries.
    RecoveriesSilent,
    /// It recovered while the alert is still on its way; the recovery follows it.
    AlertOnItsWay,
    /// It is old; it is told if nothing newer comes until then.
    Stale {
        /// When it is told.
        until: Timestamp,
    },
    /// It is bad, but not for long enough; it is told if it lasts.
    Pending {
        /// Until then.
        until: Timestamp,
    },
    /// The device changes to and fro.
    Flapping,
    /// Many devices alert together; one message tells of this one too.
    Folded {
        /// When it is sent.
        until: Timestamp,
    },
    /// It was not sent yet when something newer was told.
    Overtaken,
    /// The route leads to no channel.
    NoChannel,
    /// Held in quiet hours.
    QuietHours {
        /// When they end.
        until: Timestamp,
    },
}

impl fmt::Display for Silence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate => formatter.write_str("the event is known, and there was nothing to tell of it"),
            Self::Late => formatter.write_str("something newer is known of the device"),
            Self::NothingWrong => {
                formatter.write_str("the status is not one to alert on, and no alert is open")
            }
            Self::AlertOpen => formatter.write_str("the alert that is open tells it"),
            Self::AlertNotTold => formatter.write_str("nobody was told of the alert that this ends"),
            Self::RecoveriesSilent => formatter.write_str("recoveries are not told"),
            Self::AlertOnItsWay => {
                formatter.write_str("the alert is still on its way; the recovery follows it")
            }
            Self::Stale { until } => {
                write!(formatter, "it is old; it is told if nothing newer comes until {}", utc(*until))
            }
            Self::Pending { until } => write!(formatter, "it is told if it lasts until {}", utc(*until)),
            Self::Flapping => {
                formatter.write_str("the device changes to and fro; it is told when it is stable")
            }
            Self::Folded { until } => {
                write!(formatter, "many devices alert together; one message tells of it at {}", utc(*until))
            }
            Self::Overtaken => formatter.write_str("something newer was told before it could be"),
            Self::NoChannel => formatter.write_str("the route leads to no channel"),
            Self::QuietHours { until } => write!(formatter, "held in quiet hours until {}", utc(*until)),
        }
    }
}
