//! Faults as compact text: a kind, then `:KEY=VALUE` as often as needed, for example `429:retry-after=3:times=1`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Fault, FaultKind, FixedAnswer};

/// The longest wait that a fault may ask for or make: a day.
const MAX_SECONDS: f64 = 86_400.0;

/// Why a text is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultParseError {
    /// No such kind.
    #[error(
        "`{0}` is no fault; use a status such as `500` or `429`, or `reset`, `lost`, `hang`, `garbage` or `slow`"
    )]
    Kind(String),
    /// No `=`.
    #[error("expected `KEY=VALUE` after a colon, for example `times=1`, and found `{0}`")]
    NoValue(String),
    /// The same key again.
    #[error("`{0}` is given twice; give it once")]
    Twice(String),
    /// A key that means nothing here.
    #[error("`{key}` does not fit here; `{kind}` takes {allowed}")]
    Key {
        /// What was given.
        key: String,
        /// The fault's kind.
        kind: String,
        /// What would mean something.
        allowed: &'static str,
    },
    /// A value of the wrong form.
    #[error("`{key}={value}` is not possible; use {expected}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What is possible.
        expected: &'static str,
    },
}

impl FromStr for Fault {
    type Err = FaultParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, keys) = text.split_once(':').map_or((text, None), |(kind, keys)| (kind, Some(keys)));
        let mut keys = Keys::read(keys)?;
        let mut fault = Self::new(keys.kind(kind)?);
        fault.times =
            keys.take("times", "a number from 1", |value| value.parse().ok().filter(|times| *times > 0))?;
        if let Some(probability) = keys.take("probability", "a number from 0 to 1", fraction)? {
            fault.probability = probability;
        }
        if let Some(latency) = keys.take("latency", "a time up to a day such as `250ms` or `2s`", duration)? {
            fault.latency = latency;
        }
        keys.finish(kind)?;
        Ok(fault)
    }
}

/// The keys of a text that have not been understood yet.
struct Keys<'text>(Vec<(&'text str, &'text str)>);

impl<'text> Keys<'text> {
    fn read(text: Option<&'text str>) -> Result<Self, FaultParseError> {
        let (mut keys, mut rest) = (Self(Vec::new()), text);
        while let Some(text) = rest {
            // A body is the last, so that it may contain anything.
            let (part, next) = match text.split_once(':') {
                Some((part, next)) if !text.starts_with("body=") => (part, Some(next)),
                _ => (text, None),
            };
            let (key, value) =
                part.split_once('=').ok_or_else(|| FaultParseError::NoValue(part.to_owned()))?;
            if key != "header" && keys.0.iter().any(|(known, _)| *known == key) {
                return Err(FaultParseError::Twice(key.to_owned()));
            }
            keys.0.push((key, value));
            rest = next;
        }
        Ok(keys)
    }

    fn kind(&mut self, kind: &str) -> Result<FaultKind, FaultParseError> {
        match kind {
            "reset" => Ok(FaultKind::Reset),
            "lost" => Ok(FaultKind::Lost),
            "hang" => Ok(FaultKind::Hang),
            "garbage" => Ok(FaultKind::Garbage),
            "slow" => Ok(FaultKind::Slow),
            "429" if !self.has("body") && !self.has("header") => self.rate_limit(),
            _ => {
                let status = kind.parse().ok().filter(|status| (200..600).contains(status));
                let status = status.ok_or_else(|| FaultParseError::Kind(kind.to_owned()))?;
                let mut headers = Vec::new();
                while let Some(header) = self.take("header", "NAME=VALUE", header)? {
                    headers.push(header);
                }
                let body = self.take("body", "any text", |value| Some(value.to_owned()))?;
                Ok(FaultKind::Status(FixedAnswer { status, headers, body }))
            }
        }
    }

    fn rate_limit(&mut self) -> Result<FaultKind, FaultParseError> {
        let rate = "a number and a unit of time such as `1/s` or `20/m`";
        match self.take("rate", rate, per_second)? {
            Some(per_second) => {
                let burst = self.take("burst", "a number from 1", |value| {
                    value.parse().ok().filter(|burst| *burst > 0)
                })?;
                Ok(FaultKind::TokenBucket { per_second, burst: burst.unwrap_or(1) })
            }
            None => {
                let retry_after =
                    self.take("retry-after", "seconds up to a day such as `3` or `0.5`", seconds)?;
                Ok(FaultKind::RateLimited { retry_after })
            }
        }
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == key)
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, FaultParseError> {
        let Some(at) = self.0.iter().position(|(known, _)| *known == key) else { return Ok(None) };
        let (_, value) = self.0.remove(at);
        let error = || FaultParseError::Value { key, value: value.to_owned(), expected };
        read(value).map(Some).ok_or_else(error)
    }

    fn finish(self, kind: &str) -> Result<(), FaultParseError> {
        let Some((key, _)) = self.0.first() else { return Ok(()) };
        let allowed = match kind {
            "reset" | "lost" | "hang" | "garbage" | "slow" => "`times`, `probability`, `latency`",
            "429" => {
                "`retry-after`, or `rate` with `burst`, or `header` and `body`; and `times`, `probability`, `latency`"
            }
            _ => "`header`, `body`, `times`, `probability`, `latency`",
        };
        Err(FaultParseError::Key { key: (*key).to_owned(), kind: kind.to_owned(), allowed })
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

fn fraction(text: &str) -> Option<f64> {
    number(text).filter(|number| *number <= 1.0)
}

fn seconds(text: &str) -> Option<f64> {
    number(text).filter(|number| *number <= MAX_SECONDS)
}

fn duration(text: &str) -> Option<Duration> {
    let (amount, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
    let unit = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return None,
    };
    let total = number(amount)? * unit;
    Some(total).filter(|total| *total <= MAX_SECONDS).map(Duration::from_secs_f64)
}

fn per_second(text: &str) -> Option<f64> {
    let (amount, unit) = text.split_once('/')?;
    let unit = match unit {
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    // A lower rate would ask for waits of more than a day.
    number(amount).map(|amount| amount / unit).filter(|rate| *rate >= 1.0 / MAX_SECONDS)
}

fn header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = http::HeaderName::from_bytes(name.as_bytes()).ok()?;
    http::HeaderValue::from_str(value).ok()?;
    Some((name.as_str().to_owned(), value.to_owned()))
}

impl fmt::Display for Fault {
    /// The text that reads as this fault. Only what could not be read is lost: a colon in a header, and the difference
    /// between the provider's 429 and a fixed one without header and body.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.kind)?;
        if let Some(times) = self.times {
            write!(formatter, ":times={times}")?;
        }
        if self.probability < 1.0 {
            write!(formatter, ":probability={}", self.probability)?;
        }
        if !self.latency.is_zero() {
            write!(formatter, ":latency={}s", self.latency.as_secs_f64())?;
        }
        let FaultKind::Status(FixedAnswer { headers, body, .. }) = &self.kind else { return Ok(()) };
        for (name, value) in headers {
            write!(formatter, ":header={name}={value}")?;
        }
        body.iter().try_for_each(|body| write!(formatter, ":body={body}"))
    }
}

impl fmt::Display for FaultKind {
    /// The kind as text, without the header and body of a fixed answer: a body must be the last of all.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(answer) => write!(formatter, "{}", answer.status),
            Self::RateLimited { retry_after: None } => write!(formatter, "429"),
            Self::RateLimited { retry_after: Some(seconds) } => {
                write!(formatter, "429:retry-after={seconds}")
            }
            Self::TokenBucket { per_second, burst } => {
                write!(formatter, "429:rate={per_second}/s:burst={burst}")
            }
            Self::Reset => write!(formatter, "reset"),
            Self::Lost => write!(formatter, "lost"),
            Self::Garbage => write!(formatter, "garbage"),
            Self::Hang => write!(formatter, "hang"),
            Self::Slow => write!(formatter, "slow"),
        }
    }
}

#[cfg(test)]
mod tests;
