//! One client from its first byte to its last event: who may connect, what it publishes and subscribes to, and how it ends.

mod admit;
mod end;
mod pace;
mod publish;
mod subscribe;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use self::admit::{Admitted, admit};
use self::end::End;
use self::pace::Pace;
use crate::NotKept;
use crate::broker::Client;
use crate::hub::{Attach, Hub, Place};
use crate::identity::Authority;
use crate::message::Principal;
use crate::notes::Shown;
use crate::presence::Presence;
use crate::session::Published;
use crate::wire::{Accept, Hello, Incoming, Outbound, Wire, WireError};

/// Deliveries that are written before the client is listened to again.
const DELIVERIES_AT_ONCE: usize = 50;

/// Bytes of a client's messages that are being kept at once; more are not read. Twice what AWS IoT lets it publish in a second.
const BYTES_AT_ONCE: usize = 1024 * 1024;

/// How long what a client has published may still be kept when it has gone.
const FINISH: Duration = Duration::from_secs(10);

/// Who is at the other end, as far as the transport tells.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// With TLS, the certificate and who has issued it.
    pub(crate) certificate: Option<(Principal, Arc<Authority>)>,
}

/// What became of a message that was to be kept.
struct Kept {
    published: Arc<Published>,
    packet_id: Option<NonZeroU16>,
    result: Result<(), NotKept>,
}

type Keeping = Pin<Box<dyn Future<Output = Kept> + Send>>;

struct Connection<S> {
    hub: Arc<Hub>,
    wire: Wire<S>,
    peer: Peer,
    place: Place,
    presence: Presence,
    /// What is being kept. It goes on at once and ends in order, because acknowledgements keep the order of messages
    /// [MQTT-4.6.0-2].
    keeping: FuturesOrdered<Keeping>,
    keeping_bytes: usize,
    pace: Pace,
    aliases: HashMap<NonZeroU16, String>,
    window: usize,
    keep_alive: Duration,
    heard: Instant,
}

/// Serves a client until it has gone or the broker stops.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send>(hub: Arc<Hub>, stream: S, peer: Peer) {
    let opened = tokio::select! {
        () = hub.stopping.cancelled() => return,
        opened = timeout(hub.limits.connect, Wire::open(stream)) => opened,
    };
    match opened {
        Ok(Ok((wire, hello))) => welcome(hub, wire, hello, peer).await,
        // Who connects and says nothing looks whether somebody is there.
        Ok(Err(WireError::Closed)) => tracing::debug!("{} connected and went", peer.address),
        Ok(Err(error)) => hub.notes.say(format!("refused: a connection from {}: {error}", peer.address)),
        Err(_) => hub.notes.say(format!(
            "refused: a connection from {}, which sent no CONNECT within {} s",
            peer.address,
            hub.limits.connect.as_secs()
        )),
    }
}

async fn welcome<S>(hub: Arc<Hub>, mut wire: Wire<S>, hello: Hello, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    match admit(&hub.limits, &peer, hello) {
        Ok(admitted) => {
            if let Some(connection) = Connection::begin(hub, wire, peer, &admitted).await {
                connection.serve(admitted).await;
            }
        }
        Err((refusal, why)) => {
            hub.notes.say(format!("refused: {} from {}", why, peer.address));
            wire.send(Outbound::Refuse(refusal)).await.ok();
            wire.close().await;
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Connection<S> {
    async fn begin(hub: Arc<Hub>, mut wire: Wire<S>, peer: Peer, admitted: &Admitted) -> Option<Self> {
        let principal = peer.certificate.as_ref().map(|(principal, _)| principal.clone());
        let client = Client {
            client_id: admitted.client_id.clone(),
            principal: principal.clone(),
            source_ip: peer.address.ip(),
            protocol: admitted.protocol,
            connected_at: jiff::Timestamp::now(),
            subscriptions: Vec::new(),
        };
        let (clean_start, expiry) = (admitted.clean_start, admitted.expiry);
        let place = hub.attach(Attach { client, clean_start, expiry });
        let accept = Accept {
            session_present: place.session_present,
            assigned: admitted.assigned.then(|| admitted.client_id.clone()),
            keep_alive: admitted.other_keep_alive,
            expiry: admitted.other_expiry.then_some(expiry),
            receive_max: NonZeroU16::new(hub.limits.in_flight).unwrap_or(NonZeroU16::MIN),
        };
        wire.send(Outbound::Accept(accept)).await.ok()?;
        let now = Instant::now();
        let presence = Presence {
            client_id: admitted.client_id.clone(),
            principal,
            source_ip: peer.address.ip(),
            session: Uuid::new_v4(),
            version: place.version,
        };
        let pace = Pace::new(&hub.limits, now);
        Some(Self {
            hub,
            wire,
            peer,
            place,
            presence,
            keeping: FuturesOrdered::new(),
            keeping_bytes: 0,
            pace,
            aliases: HashMap::new(),
            window: admitted.window,
            keep_alive: admitted.keep_alive,
            heard: now,
        })
    }

    async fn serve(mut self, admitted: Admitted) {
        tracing::debug!(
            "client {} connected from {} with MQTT {}",
            Shown(&self.presence.client_id),
            self.peer.address,
            admitted.protocol
        );
        if let Some(event) = self.presence.connected(jiff::Timestamp::now()) {
            // In line with what the client publishes, so that it is kept first.
            self.keep(Published { message: event, expires: None }, None);
        }
        let end = self.run().await;
        self.finish(end, admitted.will).await;
    }

    async fn run(&mut self) -> End {
        loop {
            if let Err(end) = self.step().await {
                return end;
            }
        }
    }

    /// Waits for what comes next, and does it.
    async fn step(&mut self) -> Result<(), End> {
        let now = Instant::now();
        let paused = self.pace.until() > now;
        let full =
            self.keeping.len() >= self.hub.limits.in_flight.into() || self.keeping_bytes >= BYTES_AT_ONCE;
        let reading = !paused && !full;
        if !reading {
            // Whom nobody listens to can't be silent.
            self.heard = now;
        }
        tokio::select! {
            () = self.hub.stopping.cancelled() => Err(End::shutting_down()),
            () = self.place.kick.cancelled() => Err(End::taken_over()),
            Some(kept) = self.keeping.next() => self.kept(kept).await,
            () = self.place.wake.notified() => self.deliver().await,
            () = sleep_until(self.pace.until()), if paused => Ok(()),
            packet = self.wire.next(), if reading => {
                self.heard = Instant::now();
                self.incoming(packet?).await
            }
            // "The server disconnects the client after 1.5 times the keep-alive interval."
            () = sleep_until(self.heard + self.keep_alive * 3 / 2), if reading => {
                Err(End::silent(self.keep_alive))
            }
        }
    }

    async fn incoming(&mut self, packet: Incoming) -> Result<(), End> {
        match packet {
            Incoming::Publish(publish) => self.publish(*publish),
            Incoming::Acknowledged(packet_id) => {
                self.place.session(|session| session.acknowledged(packet_id));
                self.deliver().await
            }
            Incoming::Subscribe(subscribe) => self.subscribe(subscribe).await,
            Incoming::Unsubscribe { packet_id, filters } => self.unsubscribe(packet_id, &filters).await,
            Incoming::Ping => Ok(self.wire.send(Outbound::Pong).await?),
            Incoming::Disconnect { with_will, expiry } => {
                if let Some(expiry) = expiry {
                    self.place.set_expiry(expiry.min(self.hub.limits.session_expiry));
                }
                Err(End::by_client(with_will))
            }
            Incoming::Unexpected(what) => Err(End::protocol(what)),
        }
    }

    /// Begins to keep a message; what becomes of it is told in order.
    fn keep(&mut self, published: Published, packet_id: Option<NonZeroU16>) {
        let hub = Arc::clone(&self.hub);
        self.keeping_bytes += published.message.payload.len();
        self.keeping.push_back(Box::pin(async move {
            let result = hub.ingest.keep(published.message.clone()).await;
            Kept { published: Arc::new(published), packet_id, result }
        }));
    }

    /// A message has been kept: it goes to its subscribers, and its publisher hears of it.
    async fn kept(&mut self, kept: Kept) -> Result<(), End> {
        self.keeping_bytes -= kept.published.message.payload.len();
        kept.result.map_err(|error| End::not_kept(&kept.published.message.topic, &error.0))?;
        self.hub.hand_on(&kept.published);
        if let Some(packet_id) = kept.packet_id {
            self.wire.send(Outbound::PublishAck(packet_id)).await?;
        }
        Ok(())
    }

    /// Writes what waits for the client, as far as it may be under way.
    async fn deliver(&mut self) -> Result<(), End> {
        let window = self.window;
        for _ in 0..DELIVERIES_AT_ONCE {
            let next = self.place.session(|session| session.next(window, Instant::now()));
            let Some(outgoing) = next.flatten() else { return Ok(()) };
            let (packet_id, delivery) = (outgoing.packet_id, outgoing.delivery.clone());
            match self.wire.send(Outbound::Publish(outgoing)).await {
                Ok(()) => {}
                Err(WireError::Unwritable(why)) => {
                    // Larger than the client says it can take: [MQTT-3.1.2-25] wants it to be left out as if it had been sent.
                    let topic = Shown(&delivery.published.message.topic).to_string();
                    let client = Shown(&self.presence.client_id);
                    self.hub.notes.say(format!("left out: a message on {topic} for client {client}: {why}"));
                    if let Some(packet_id) = packet_id {
                        self.place.session(|session| session.acknowledged(packet_id));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.place.wake.notify_one();
        Ok(())
    }
}
