//! What TLS complains about, in sentences that say whose fault it is.

use std::io;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use crate::config::{Broker, Tls};

/// What is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) what: String,
    pub(super) remedy: String,
}

impl Trouble {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// The broker has ended the connection and did not say why.
pub(super) fn closed(broker: &Broker) -> Trouble {
    let remedy = if is_aws(broker) {
        "at AWS: the certificate is not registered, not active, or has no policy that allows iot:Connect for this client id"
    } else {
        "look at the broker's log: it does not like the certificate, or the client id"
    };
    Trouble::new("the broker has closed the connection without a word", remedy)
}

/// Whether the host is AWS IoT's.
pub(super) fn is_aws(broker: &Broker) -> bool {
    broker.host.ends_with(".amazonaws.com") || broker.host.ends_with(".amazonaws.com.cn")
}

/// What an error of a TLS connection means.
pub(super) fn of(error: &io::Error, tls: &Tls, broker: &Broker) -> Trouble {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match cause {
        Some(Error::InvalidCertificate(error)) => of_server(error, tls, broker),
        Some(Error::AlertReceived(alert)) => of_alert(*alert, broker),
        Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Trouble::new(
            format!("what listens on port {} speaks no TLS", broker.port()),
            "look at broker.port: 8883 is usual for TLS, 1883 is without",
        ),
        Some(other) => Trouble::new(other.to_string(), "look at the broker's log"),
        None if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
            closed(broker)
        }
        None => Trouble::new(error.to_string(), "look at the broker's log"),
    }
}

/// What is wrong with the server's certificate.
fn of_server(error: &CertificateError, tls: &Tls, broker: &Broker) -> Trouble {
    let (ca, host) = (tls.ca.display(), &broker.host);
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Trouble::new(
            format!("the server's certificate is not signed by an authority in `{ca}`"),
            "put the certificate of the broker's authority there; at AWS that is Amazon Root CA 1. If it is the right one, somebody is in between",
        ),
        CertificateError::NotValidForName => Trouble::new(
            format!("the server's certificate is not for `{host}`"),
            "set broker.host to a name that it has",
        ),
        CertificateError::NotValidForNameContext { presented, .. } => Trouble::new(
            format!("the server's certificate is for {}, not for `{host}`", presented.join(", ")),
            "set broker.host to a name that it has",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Trouble::new(
            "the server's certificate has expired",
            "if it was renewed, the device's clock is ahead; else the broker needs a new one",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Trouble::new(
            "the server's certificate is not valid yet",
            "the device's clock is behind: set it right",
        ),
        other => Trouble::new(
            format!("the server's certificate can't be used: {other}"),
            "the broker needs another one",
        ),
    }
}

/// What the server says against us.
fn of_alert(alert: AlertDescription, broker: &Broker) -> Trouble {
    use AlertDescription as Alert;

    let remedy = "`campanile-device provision` gets one that it takes";
    match alert {
        Alert::CertificateExpired => Trouble::new(
            "the broker says that our certificate has expired",
            "`campanile-device provision --renew` gets a new one; or the broker's clock is ahead",
        ),
        Alert::CertificateRevoked => Trouble::new("the broker says that our certificate is revoked", remedy),
        Alert::UnknownCA => {
            Trouble::new("the broker does not know the authority that has signed our certificate", remedy)
        }
        Alert::CertificateRequired => {
            Trouble::new("the broker wants a certificate and got none", "look at broker.tls.certificate")
        }
        Alert::BadCertificate
        | Alert::CertificateUnknown
        | Alert::UnsupportedCertificate
        | Alert::AccessDenied
        | Alert::DecryptError => {
            Trouble::new(format!("the broker does not take our certificate ({alert:?})"), remedy)
        }
        Alert::NoApplicationProtocol => Trouble::new(
            format!("what listens on port {} does not speak MQTT there", broker.port()),
            "port 443 is for AWS IoT; others take MQTT on 8883",
        ),
        Alert::UnrecognisedName => Trouble::new(
            format!("the server is not `{}`", broker.host),
            "set broker.host to a name that it has",
        ),
        Alert::ProtocolVersion | Alert::HandshakeFailure | Alert::InsufficientSecurity => Trouble::new(
            format!("the broker and we have no version or cipher of TLS in common ({alert:?})"),
            "the broker has to offer TLS 1.2 or 1.3",
        ),
        other => Trouble::new(format!("the broker has ended TLS: {other:?}"), "look at the broker's log"),
    }
}
