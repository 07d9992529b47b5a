//! Why a request of a plugin has no answer.

use super::denial::Denial;
use crate::bindings::campanile::channel::http::{SendError, SendReason};

/// The ways a request ends without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SendFailure {
    /// The host refused it.
    Denied(Denial),
    /// It is not a request.
    Invalid(String),
    /// It, or its answer, is larger than allowed.
    TooLarge,
    /// The answer is larger than allowed.
    AnswerTooLarge,
    /// No complete answer in time.
    Timeout,
    /// No connection.
    NotConnected(String),
    /// The connection broke after the request was written, at least in part.
    Broken(String),
}

impl SendFailure {
    /// Whether the provider may have seen the request.
    pub(crate) fn request_sent(&self) -> bool {
        matches!(self, Self::Timeout | Self::Broken(_) | Self::AnswerTooLarge)
    }
}

impl From<Denial> for SendFailure {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl From<SendFailure> for SendError {
    fn from(failure: SendFailure) -> Self {
        let request_sent = failure.request_sent();
        let reason = match failure {
            SendFailure::Denied(denial) => SendReason::Denied(denial.to_string()),
            SendFailure::Invalid(detail) => SendReason::Invalid(detail),
            SendFailure::TooLarge | SendFailure::AnswerTooLarge => SendReason::TooLarge,
            SendFailure::Timeout => SendReason::Timeout,
            SendFailure::NotConnected(detail) | SendFailure::Broken(detail) => SendReason::Network(detail),
        };
        Self { reason, request_sent }
    }
}
