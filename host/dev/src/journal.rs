//! The journal: every message that was published, kept before it is acknowledged, and what the rules and their actions made of it.
//!
//! It is what makes a crash harmless: what was not finished is gone on with at the next start.

mod file;
mod kept;
mod tables;

use campanile_broker::Message;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::file::{Journal, QUEUED, RETAINED};

/// Counted from 1; never given twice in a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub u64);

/// A message in the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: MessageId,
    /// As it was published.
    pub message: Message,
    /// How it came in.
    pub source: Source,
    /// What every rule made of it, in the template's order; empty until the rules were asked.
    pub verdicts: Vec<Verdict>,
    /// What people should know of it, for example that its `device_id` is not the client that published it.
    pub concerns: Vec<String>,
}

/// How a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A client published it.
    Mqtt,
    /// The broker tells of a client.
    Presence,
    /// Somebody published it on the page, by the API or with a key.
    Hand,
    /// It was published once more.
    Replay(MessageId),
    /// A rule's action has published it.
    Republished {
        /// What the rule had selected.
        of: MessageId,
        /// How many such actions led to it, one after the other: those of AWS would go on in a circle.
        times: u32,
    },
}

/// What a rule made of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verdict {
    /// The rule's logical id in the template.
    pub rule: String,
    /// What its statement said.
    pub judgement: Judgement,
    /// Its actions, if it selected the message, and the error action if one of them failed.
    pub actions: Vec<ActionRun>,
}

/// What a rule's statement said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Judgement {
    /// The message is for it; this is what its actions get.
    Selected {
        /// JSON, or text for what is none.
        output: String,
    },
    /// It listens to other topics.
    OtherTopic {
        /// The topics that it listens to.
        filter: String,
    },
    /// Its condition is not true.
    NotTrue {
        /// Why, as lines of text, indented.
        reason: String,
    },
    /// It is not deployed, or is off.
    Off {
        /// Why.
        reason: String,
    },
    /// It takes too many steps or too much memory.
    Exceeded,
}

/// An action of a rule, on one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ActionRun {
    /// In the spelling of the API: `lambda`, `dynamoDBv2`, `sqs`.
    pub kind: String,
    /// Where it stands.
    pub state: ActionState,
    /// When it came to that.
    pub at: Timestamp,
}

/// Where an action stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum ActionState {
    /// It will be done, or is being done.
    Pending,
    /// It is done. Of `lambda`: the function has answered, with this report.
    Done {
        /// The function's report, as JSON; none of other actions.
        report: Option<serde_json::Value>,
    },
    /// It failed. Of `lambda`: the event was given up and is in the on-failure queue.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A message in a queue that rules or the function put it into when something failed. Nobody takes it out: it is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMessage {
    /// Counted from 1; never given twice in a journal.
    pub id: u64,
    /// The queue, as the template calls it, or [`ON_FAILURE`].
    pub queue: String,
    /// When it was put there.
    pub at: Timestamp,
    /// The published message that it is about.
    pub message: MessageId,
    /// What SQS would hold: JSON.
    pub body: String,
}

/// The queue of events that the function's platform has given up, for which the template has a name of its own.
pub const ON_FAILURE: &str = "on-failure";
