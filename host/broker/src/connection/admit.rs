//! Who may connect, and on what terms. Pure.

use std::time::Duration;

use uuid::Uuid;

use super::Peer;
use super::publish::{check, published};
use crate::config::Limits;
use crate::message::Qos;
use crate::notes::Shown;
use crate::presence::Presence;
use crate::session::Published;
use crate::wire::{Hello, Publish, Refusal};

/// "Client ID size" of AWS IoT Core's quotas, in bytes.
const MAX_CLIENT_ID: usize = 128;

/// A client that may connect.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) client_id: String,
    pub(super) protocol: &'static str,
    /// Whether the broker has made its client id up.
    pub(super) assigned: bool,
    pub(super) clean_start: bool,
    pub(super) keep_alive: Duration,
    /// In seconds, if it is not what the client has asked for.
    pub(super) other_keep_alive: Option<u16>,
    pub(super) expiry: Duration,
    /// Whether that is not what the client has asked for.
    pub(super) other_expiry: bool,
    /// Messages that may be under way to the client.
    pub(super) window: usize,
    pub(super) will: Option<CheckedWill>,
}

/// A last will that may be published.
#[derive(Debug)]
pub(super) struct CheckedWill {
    publish: Publish,
    qos: Qos,
    pub(super) delay: Duration,
}

impl CheckedWill {
    pub(super) fn published(self, from: &Presence) -> Published {
        published(self.publish, self.qos, from)
    }
}

/// Why a client may not connect: for its program, and for people.
type Refused = (Refusal, String);

pub(super) fn admit(limits: &Limits, peer: &Peer, hello: Hello) -> Result<Admitted, Refused> {
    let assigned = hello.client_id.is_empty() && peer.certificate.is_none() && hello.clean_start;
    let client_id =
        if assigned { format!("auto-{}", Uuid::new_v4()) } else { identify(peer, hello.client_id)? };
    let client = Shown(&client_id).to_string();
    if hello.enhanced_authentication {
        let why = format!("client {client} asks for an authentication method; AWS IoT takes certificates");
        return Err((Refusal::Authentication, why));
    }
    let (keep_alive, other_keep_alive) = keep_alive(limits, hello.keep_alive);
    let expiry = hello.expiry.min(limits.session_expiry);
    let will = match hello.will {
        Some(will) => {
            let qos = check(&will.publish).map_err(|(problem, why)| {
                (Refusal::Will(problem), format!("client {client}, whose last will is {why},"))
            })?;
            // MQTT 5: when the session ends, the will is due.
            Some(CheckedWill { publish: will.publish, qos, delay: will.delay.min(expiry) })
        }
        None => None,
    };
    let takes = hello.receive_max.map_or(u16::MAX, std::num::NonZero::get);
    Ok(Admitted {
        client_id,
        protocol: hello.protocol,
        assigned,
        clean_start: hello.clean_start,
        keep_alive,
        other_keep_alive,
        expiry,
        other_expiry: expiry != hello.expiry,
        window: takes.min(limits.in_flight).into(),
        will,
    })
}

/// The client id, which with TLS must be the certificate's common name: what a policy does in AWS that allows `iot:Connect` for
/// `client/${iot:Connection.Thing.ThingName}` only.
fn identify(peer: &Peer, client_id: String) -> Result<String, Refused> {
    let client = Shown(&client_id);
    if let Some((principal, authority)) = &peer.certificate {
        if authority.is_revoked(&principal.certificate_id) {
            let why = format!(
                "client {client}, whose certificate has been revoked or is not in the index of the authority,"
            );
            return Err((Refusal::NotAuthorized, why));
        }
        let name = principal.common_name.as_deref().unwrap_or_default();
        if name != client_id {
            let why =
                format!("client id {client}, which does not match the certificate's name {},", Shown(name));
            return Err((Refusal::NotAuthorized, why));
        }
    }
    if client_id.is_empty() {
        return Err((
            Refusal::ClientId,
            "a client without a client id that wants its session kept".to_owned(),
        ));
    }
    if client_id.len() > MAX_CLIENT_ID {
        let size = client_id.len();
        let why = format!("client id {client} with {size} bytes; AWS IoT allows {MAX_CLIENT_ID},");
        return Err((Refusal::ClientId, why));
    }
    if client_id.chars().any(char::is_control) {
        return Err((Refusal::ClientId, format!("client id {client}, which has control characters in it,")));
    }
    Ok(client_id)
}

/// The keep-alive, and what the client is told if that is another one than it has asked for.
fn keep_alive(limits: &Limits, asked: u16) -> (Duration, Option<u16>) {
    let longest = limits.longest_keep_alive;
    let wanted = if asked == 0 { longest } else { Duration::from_secs(asked.into()) };
    let granted = wanted.max(limits.shortest_keep_alive).min(longest);
    let told = u16::try_from(granted.as_secs()).unwrap_or(u16::MAX);
    (granted, Some(told).filter(|told| *told != asked))
}
