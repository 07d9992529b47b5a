//! What somebody is asked to agree to: a component, compared with the one that is there.

use campanile_core::description::Description;

use crate::output::{CARE, STRONG, styled, visible};
use crate::plugin::candidate::Candidate;
use crate::plugin::trust::TrustError;
use crate::project::lock::Pin;
use crate::wants::Wants;

/// What a plugin is to the one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// There is none of its name.
    New,
    /// It is pinned with this digest.
    Same,
    /// Another one is there, with this version; what it wants more.
    Update { version: String, more: Wants },
}

impl Change {
    /// Of `candidate`, where `pin` was agreed to, or `present` is there without.
    pub(super) fn of(candidate: &Candidate, pin: Option<&Pin>, present: Option<&Description>) -> Self {
        let update = |version: &str, before: &Wants| Self::Update {
            version: version.to_owned(),
            more: Wants::of(&candidate.description).beyond(before),
        };
        match (pin, present) {
            (Some(pin), _) if pin.sha256 == candidate.digest => Self::Same,
            (Some(pin), _) => update(&pin.version, &pin.wants),
            (None, Some(present)) => update(&present.version, &Wants::of(present)),
            (None, None) => Self::New,
        }
    }

    /// What it wants and was not agreed to before; nothing is marked of a plugin that is new as a whole.
    pub(super) fn more(&self) -> Wants {
        match self {
            Self::Update { more, .. } => more.clone(),
            Self::New | Self::Same => Wants::default(),
        }
    }

    /// In words, what there is to agree to.
    pub(super) fn words(&self, name: &str) -> String {
        match self {
            Self::New => format!("{} is new here", styled(STRONG, name)),
            Self::Same => format!("{} is there already, the same bytes", styled(STRONG, name)),
            Self::Update { version, more } if more.is_empty() => {
                format!(
                    "{} {} is there, and this wants no more than it",
                    styled(STRONG, name),
                    visible(version)
                )
            }
            Self::Update { version, more } => format!(
                "{} {} is there, and this {}: {}",
                styled(STRONG, name),
                visible(version),
                styled(CARE, "also wants"),
                visible(&more.words().join("; "))
            ),
        }
    }

    /// The word for machines.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Update { .. } => "update",
        }
    }
}

/// Whether it may be installed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Consent {
    Given,
    /// A person is there: the question.
    Ask(String),
}

/// Who has to agree. `yes` is the flag, which was written before anybody knew what an update wants: it agrees to a new plugin, which
/// somebody has just chosen, and to an update that wants no more.
pub(super) fn consent(
    change: &Change,
    name: &str,
    yes: bool,
    is_terminal: bool,
) -> Result<Consent, TrustError> {
    let wants_more = !change.more().is_empty();
    let question = if wants_more { "Let it have that, and install it?" } else { "Install it?" };
    let name = name.to_owned();
    match (change, wants_more) {
        (Change::Same, _) => Ok(Consent::Given),
        (_, false) if yes => Ok(Consent::Given),
        _ if is_terminal => Ok(Consent::Ask(question.to_owned())),
        (_, true) if yes => Err(TrustError::WantsMore { name }),
        _ => Err(TrustError::NobodyToAsk { name }),
    }
}
