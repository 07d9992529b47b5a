//! How a request to AWS failed. Never with what was sent: a refusal of a signature repeats the signed headers, and the
//! session's token is one of them.

use std::error::Error;
use std::fmt::Debug;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Characters of a message of somebody else's that are repeated.
const MESSAGE: usize = 300;

/// How a request failed, after all its tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The service answered that it will not.
    Refused {
        /// The service's name for it.
        code: String,
        /// The first line of what it says.
        message: String,
    },
    /// No answer in time; what was asked for may have been done.
    TimedOut,
    /// No connection, no credentials, no region, or no answer that can be understood: why.
    Unreachable(String),
}

impl Failure {
    /// What an error of the SDK comes down to.
    pub fn of<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: Debug,
    {
        match error {
            SdkError::ServiceError(refusal) => Self::Refused {
                code: refusal.err().code().unwrap_or("unknown").to_owned(),
                message: first_line(refusal.err().message().unwrap_or("no reason")),
            },
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            _ => Self::Unreachable(first_line(&innermost(error))),
        }
    }
}

/// The outer errors of the SDK say no more than "dispatch failure".
fn innermost<E, R>(error: &SdkError<E, R>) -> String
where
    E: Error + 'static,
    R: Debug,
{
    let mut innermost: &dyn Error = match error {
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(connector) => connector,
            None => error,
        },
        _ => error,
    };
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_is_not_repeated() {
        let refusal = "The request signature we calculated does not match the signature you provided.\n\n\
            The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:TOKEN\n'";
        assert!(first_line(refusal).ends_with("you provided."));
        assert_eq!(first_line(&"ü".repeat(1000)).chars().count(), MESSAGE);
        assert_eq!(first_line(""), "");
    }
}
