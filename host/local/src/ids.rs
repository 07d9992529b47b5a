//! Identifiers in the forms that the service uses.
//!
//! They must be unique and need not be secret, so the keys of the standard library's hasher (random for each process,
//! different for each call) are randomness enough.

use std::hash::{BuildHasher, RandomState};

/// A version 4 UUID: the form of request ids.
pub(crate) fn uuid() -> String {
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff,
    )
}

/// A trace header of AWS X-Ray that is not sampled.
pub(crate) fn trace_header(now: jiff::Timestamp) -> String {
    let (seconds, high, low, parent) = (now.as_second(), random() >> 32, random(), random());
    format!("Root=1-{seconds:08x}-{high:08x}{low:016x};Parent={parent:016x};Sampled=0")
}

/// The name of an environment's log stream.
pub(crate) fn log_stream(now: jiff::Timestamp) -> String {
    let date = now.strftime("%Y/%m/%d");
    format!("{date}/[$LATEST]{:016x}{:016x}", random(), random())
}

/// A number from 0 up to 1.
pub(crate) fn fraction() -> f64 {
    let high = u32::try_from(random() >> 32).unwrap_or(u32::MAX);
    f64::from(high) / (f64::from(u32::MAX) + 1.0)
}

fn random() -> u64 {
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn identifiers_have_the_forms_of_the_service() {
        let now: jiff::Timestamp = "2026-11-23T04:05:06Z".parse().unwrap();
        for (pattern, text) in [
            (r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", uuid()),
            (r"^Root=1-6[0-9a-f]{7}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", trace_header(now)),
            (r"^2026/11/23/\[\$LATEST\][0-9a-f]{32}$", log_stream(now)),
        ] {
            assert!(Regex::new(pattern).unwrap().is_match(&text), "{text}");
        }
    }

    #[test]
    fn no_two_uuids_are_equal() {
        let ids: std::collections::HashSet<String> = (0..1000).map(|_| uuid()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
