//! What a client subscribes to.

use std::num::NonZeroU16;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Connection, End};
use crate::hub::Subscribed;
use crate::message::Qos;
use crate::notes::Shown;
use crate::session::{MAX_SUBSCRIPTIONS, Subscription};
use crate::topic::{Filter, TopicError};
use crate::wire::{Outbound, Problem, Requested, Subscribe};

/// "Subscriptions per subscribe request" of AWS IoT Core's quotas.
const MAX_FILTERS: usize = 8;

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Connection<S> {
    pub(super) async fn subscribe(&mut self, subscribe: Subscribe) -> Result<(), End> {
        let Subscribe { packet_id, id, requested } = subscribe;
        let granted = if requested.len() > MAX_FILTERS {
            let filters = requested.len();
            self.refuse(&format!("{filters} filters in one SUBSCRIBE; AWS IoT allows {MAX_FILTERS}"));
            requested.iter().map(|_| Err(Problem::Quota)).collect()
        } else {
            requested.iter().map(|requested| self.grant(requested, id)).collect()
        };
        self.wire.send(Outbound::SubscribeAck { packet_id, granted }).await?;
        self.deliver().await
    }

    fn grant(&self, requested: &Requested, id: Option<std::num::NonZeroU32>) -> Result<Qos, Problem> {
        let filter = Filter::parse(&requested.filter).map_err(|error| {
            self.refuse(&format!("the filter {}, which {error}", Shown(&requested.filter)));
            if error == TopicError::Shared { Problem::SharedSubscription } else { Problem::Filter }
        })?;
        let Requested { qos, no_local, retain_as_published, retained: (if_new, if_not), .. } = *requested;
        let subscription = Subscription { filter, qos, no_local, retain_as_published, id };
        match self.place.subscribe(&subscription, |new| if new { if_new } else { if_not }) {
            Subscribed::Granted => Ok(qos),
            Subscribed::Refused => {
                self.refuse(&format!(
                    "a filter more than the {MAX_SUBSCRIPTIONS} that AWS IoT allows a connection"
                ));
                Err(Problem::Quota)
            }
        }
    }

    fn refuse(&self, what: &str) {
        self.hub
            .notes
            .say(format!("refused: client {} subscribed to {what}", Shown(&self.presence.client_id)));
    }

    pub(super) async fn unsubscribe(&mut self, packet_id: NonZeroU16, filters: &[String]) -> Result<(), End> {
        let forget = |filter: &String| self.place.session(|session| session.unsubscribe(filter));
        let existed = filters.iter().map(|filter| forget(filter).unwrap_or_default()).collect();
        Ok(self.wire.send(Outbound::UnsubscribeAck { packet_id, existed }).await?)
    }
}
