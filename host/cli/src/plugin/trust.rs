//! Why a plugin is not trusted, or what keeps it from being added, each with the next thing to do.

use std::path::PathBuf;

use campanile_sandbox::folder::FileError;
use campanile_sandbox::limits::COMPONENT_BYTES;

use super::signature::SignatureError;
use crate::exit::Exit;

/// What is in the way.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustError {
    #[error(transparent)]
    File(FileError),
    #[error("`{0}` is not https: what comes over it could have been changed on the way")]
    NotHttps(String),
    #[error("`{0}` has a user or a password in it, which would be seen by whoever lists processes")]
    Password(String),
    #[error("`{url}`: {reason}")]
    Fetch { url: String, reason: String },
    #[error("`{0}` has more than {COMPONENT_BYTES} bytes")]
    TooLarge(String),
    #[error("{0}")]
    NotAPlugin(String),
    #[error("`{0}` is neither a public key of minisign nor a file with one")]
    PublisherKey(String),
    #[error("`{name}`: {error}")]
    Signature { name: String, error: SignatureError },
    #[error("`{name}` has another publisher's key in plugins.lock: {pinned}")]
    OtherKey { name: String, pinned: String },
    #[error("`{file}` has changed, and plugins.lock has a publisher's key for `{name}`: it has to be signed")]
    HasKey { name: String, file: String },
    #[error("`{}` is there as well, and calls itself `{name}` too", other.display())]
    Twin { name: String, other: PathBuf },
    #[error("`{}` is another plugin, `{name}`", path.display())]
    Taken { path: PathBuf, name: String },
    #[error("nothing was changed: there is nobody to ask whether `{name}` may have that")]
    NobodyToAsk { name: String },
    #[error("nothing was changed: `{name}` wants more than was agreed to, and --yes does not agree to that")]
    WantsMore { name: String },
    #[error("nothing was changed")]
    Declined,
    #[error(
        "`{0}` is no name for a channel: lower case letters, digits and hyphens, a letter first, at most 64"
    )]
    ChannelName(String),
    #[error("there is a channel `{0}` already")]
    ChannelExists(String),
    #[error("the channel can't be written into campanile.toml as it is")]
    ChannelByHand(String),
    #[error("the plugin `{plugin}` serves {}", channels.join(", "))]
    Used { plugin: String, channels: Vec<String> },
}

impl TrustError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NotHttps(_)
            | Self::Password(_)
            | Self::PublisherKey(_)
            | Self::NobodyToAsk { .. }
            | Self::WantsMore { .. }
            | Self::ChannelName(_) => Exit::Usage,
            Self::ChannelExists(_) | Self::ChannelByHand(_) | Self::Used { .. } => Exit::Configuration,
            Self::Fetch { .. } | Self::Declined => Exit::Unexpected,
            _ => Exit::Plugin,
        }
    }

    /// The next thing to do.
    pub(crate) fn help(&self) -> Option<String> {
        let help = match self {
            Self::NotHttps(_) => "take the https URL, or fetch it yourself and add the file",
            Self::Password(_) => "fetch it yourself and add the file",
            Self::Fetch { .. } => "fetch it yourself and add the file",
            Self::PublisherKey(_) => {
                "give the text of 56 characters that begins with RW, or the file minisign.pub"
            }
            Self::Signature { error: SignatureError::Missing, .. } => {
                "the publisher signs with minisign -S -m FILE; the signature belongs beside it, as FILE.minisig"
            }
            Self::Signature { .. } => "ask its publisher; do not take it as it is",
            Self::OtherKey { name, .. } => {
                return Some(format!(
                    "if the publisher has a new key: campanile plugin remove {name}, and add it again"
                ));
            }
            Self::HasKey { file, .. } => {
                return Some(format!(
                    "add it with its signature, {file}.minisig: campanile plugin add plugins/{file}"
                ));
            }
            Self::Twin { .. } => "remove one of them",
            Self::Taken { .. } => "move it away first",
            Self::NobodyToAsk { .. } => "look at what it wants, above; then agree to it: --yes",
            Self::WantsMore { name } => {
                return Some(format!(
                    "look at what it also wants, above; then agree to it on a terminal, or take it as a new one: \
                     campanile plugin remove {name}, and add it again"
                ));
            }
            Self::ChannelExists(_) => "take another name, or leave --channel away and change that one",
            Self::ChannelByHand(block) => return Some(format!("leave --channel away, and write:\n{block}")),
            Self::Used { .. } => "take it out of campanile.toml first; or remove it all the same: --yes",
            _ => return None,
        };
        Some(help.to_owned())
    }
}
