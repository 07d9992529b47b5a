//! Why there is no connection, in words for a log. What to do about it is `doctor`'s to say.

use std::error::Error;
use std::io;

use rumqttc::{ConnectReturnCode, ConnectionError, StateError};

/// The reason.
pub(super) fn of(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ConnectionRefused(code) => refused(*code),
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => {
            "the broker does not answer".to_owned()
        }
        ConnectionError::MqttState(StateError::AwaitPingResp) => {
            "the broker has not answered since the last keep-alive".to_owned()
        }
        ConnectionError::MqttState(StateError::ConnectionAborted) => {
            "the broker has closed the connection".to_owned()
        }
        ConnectionError::MqttState(StateError::Unsolicited(id)) => {
            format!("the broker has acknowledged what was not sent, packet {id}")
        }
        other => innermost(other),
    }
}

fn refused(code: ConnectReturnCode) -> String {
    let why = match code {
        ConnectReturnCode::BadClientId => "it does not take the client id",
        ConnectReturnCode::NotAuthorized => "the certificate, or its policy, does not allow it",
        ConnectReturnCode::BadUserNamePassword => "it wants a user name and a password",
        ConnectReturnCode::RefusedProtocolVersion => "it does not speak MQTT 3.1.1",
        ConnectReturnCode::ServiceUnavailable | ConnectReturnCode::Success => "it has no time now",
    };
    format!("the broker does not let us in: {why}")
}

/// What has happened below all the layers that hand it on: a word of rustls or of the system.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let inner = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
        .map(|inner| inner as &(dyn Error + 'static));
    match inner.or_else(|| error.source()) {
        Some(inner) => innermost(inner),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_left_out() {
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let error = ConnectionError::Io(io::Error::other(tls));
        assert_eq!(of(&error), "invalid peer certificate: UnknownIssuer");
        let system = ConnectionError::Io(io::Error::from_raw_os_error(111));
        assert_eq!(of(&system), "Connection refused (os error 111)");
        let lost =
            ConnectionError::MqttState(StateError::Io(io::Error::from(io::ErrorKind::ConnectionReset)));
        assert_eq!(of(&lost), "connection reset");
    }

    #[test]
    fn refusals_say_what_is_refused() {
        let told = of(&ConnectionError::ConnectionRefused(ConnectReturnCode::NotAuthorized));
        assert_eq!(told, "the broker does not let us in: the certificate, or its policy, does not allow it");
    }
}
