//! The device's certificate: whose it is, until when, and whether the key is its own.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::{Check, Outcome};
use crate::config::Tls;
use crate::tls::{self, TlsError};

/// How long before its end a certificate is told of.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The name in certificates whose keys AWS has made.
const AWS: &str = "AWS IoT Certificate";

/// What is in a certificate that people know it by.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) issuer: String,
    from: Timestamp,
    until: Timestamp,
}

pub(super) fn examine(tls: &Tls, device: &str, now: Timestamp) -> Vec<Check> {
    let (certificate, named) = match tls::certificates(&tls.certificate) {
        Ok(chain) => match chain.first().and_then(|own| Known::of(own)) {
            Some(known) => (known.age(now, &tls.certificate), known.is_of(device)),
            None => (unreadable(format!("`{}` is no certificate", tls.certificate.display())), None),
        },
        Err(error) => (unreadable(error.to_string()), None),
    };
    let mut checks = vec![Check { name: "certificate", outcome: certificate }];
    checks.extend(named.map(|outcome| Check { name: "name", outcome }));
    checks.push(Check { name: "key", outcome: key(tls) });
    checks
}

fn unreadable(found: String) -> Outcome {
    Outcome::failed(found, "`campanile-device provision` makes a key and gets a certificate for it")
}

impl Known {
    /// None if it can't be read.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let validity = parsed.validity();
        let name = |of: &x509_parser::x509::X509Name<'_>| {
            let common = of.iter_common_name().next().and_then(|name| name.as_str().ok());
            common.map_or_else(|| of.to_string(), str::to_owned)
        };
        Some(Self {
            name: name(parsed.subject()),
            issuer: name(parsed.issuer()),
            from: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            until: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
        })
    }

    fn age(&self, now: Timestamp, path: &Path) -> Outcome {
        let Self { name, issuer, from, until } = self;
        if now < *from {
            return Outcome::failed(
                format!("`{}` is good from {from} on, and the clock says {now:.0}", path.display()),
                "set the clock right",
            );
        }
        let left = until.duration_since(now);
        if left.is_negative() {
            let found = format!("`{}` has expired at {until}, and the clock says {now:.0}", path.display());
            return Outcome::failed(
                found,
                "`campanile-device provision --renew` gets a new one; or the clock is wrong",
            );
        }
        let found = format!("{name}, by {issuer}, until {until}, {} days", left.as_hours() / 24);
        if left < SOON {
            Outcome::warning(found, "`campanile-device provision --renew` gets a new one")
        } else {
            Outcome::ok(found)
        }
    }

    fn is_of(&self, device: &str) -> Option<Outcome> {
        if self.name == AWS {
            return Some(Outcome::ok(format!(
                "AWS has made it: its policy decides who `{device}` is, by the name of the thing"
            )));
        }
        Some(if self.name == device {
            Outcome::ok(format!("the certificate, the client id and the thing are `{device}`"))
        } else {
            Outcome::warning(
                format!("the certificate is of `{}`, and the client id is `{device}`", self.name),
                "brokers that compare the two refuse it: set device.id to the name of the thing, or provision that id",
            )
        })
    }
}

fn key(tls: &Tls) -> Outcome {
    let path = tls.key.display();
    match tls::client_config(tls, 0) {
        Ok(_) if is_open(&tls.key) => Outcome::warning(
            format!("it belongs to the certificate, but others can read `{path}`"),
            format!("chmod 600 {path}"),
        ),
        Ok(_) => Outcome::ok("it belongs to the certificate"),
        Err(error @ TlsError::Identity { .. }) => Outcome::failed(
            error.to_string(),
            "take the two files that were made together, or provision anew",
        ),
        // Told of the certificate already.
        Err(TlsError::NoCertificate(path)) if path == tls.certificate => {
            Outcome::not_tried("there is no certificate")
        }
        Err(error) => Outcome::failed(error.to_string(), "set the paths in [broker.tls] right"),
    }
}

/// Whether others than its owner may read a file.
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}
