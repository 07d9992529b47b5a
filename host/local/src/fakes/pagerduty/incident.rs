//! An incident: what events have made of it, and how people see it.

use jiff::Timestamp;

use super::event::Alert;
use crate::fakes::{EmbedField, Part, Shown, StyledText};

/// An incident of a service. Each has one alert, as long as nobody groups them.
#[derive(Clone, Debug)]
pub(super) struct Incident {
    routing_key: String,
    dedup_key: String,
    /// Counted from 1 for the same routing and `dedup_key`: a resolved one is not opened again, a new one is made.
    count: u32,
    alert: Alert,
    status: Status,
    /// Events that said the same again.
    repeated: u32,
    opened: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Triggered,
    Acknowledged,
    Resolved,
}

impl Incident {
    pub(super) fn new(
        routing_key: String,
        dedup_key: String,
        count: u32,
        alert: Alert,
        opened: Timestamp,
    ) -> Self {
        Self { routing_key, dedup_key, count, alert, status: Status::Triggered, repeated: 0, opened }
    }

    /// Whether events with these keys apply to it.
    pub(super) fn takes(&self, routing_key: &str, dedup_key: &str) -> bool {
        self.status != Status::Resolved && self.routing_key == routing_key && self.dedup_key == dedup_key
    }

    /// Notes a further trigger. It may change the severity and the details, and neither the summary nor the status: an acknowledged
    /// incident stays so.
    pub(super) fn trigger_again(&mut self, alert: Alert) -> Shown {
        self.repeated += 1;
        let summary = std::mem::take(&mut self.alert.summary);
        self.alert = Alert { summary, ..alert };
        self.shown()
    }

    /// Somebody works on it.
    pub(super) fn acknowledge(&mut self) -> Shown {
        self.status = Status::Acknowledged;
        self.shown()
    }

    /// It is over.
    pub(super) fn resolve(&mut self) -> Shown {
        self.status = Status::Resolved;
        self.shown()
    }

    /// What people see.
    pub(super) fn shown(&self) -> Shown {
        let place = self.routing_key.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        let key = self.routing_key.get(place..).unwrap_or_default();
        let number = if self.count == 1 { String::new() } else { format!(" ({})", self.count) };
        let timestamp = self.alert.timestamp.clone().unwrap_or_else(|| self.opened.to_string());
        Shown {
            message_id: format!("{}{number}", self.dedup_key),
            to: format!("service of the integration …{key}"),
            author: self.alert.client.clone(),
            silent: self.status != Status::Triggered,
            parts: vec![Part::Embed {
                color: Some(self.color()),
                title: Some(StyledText::plain(&self.alert.summary)),
                description: None,
                fields: self.fields(),
                footer: Some(format!("dedup key {}", self.dedup_key)),
                timestamp: Some(timestamp),
            }],
        }
    }

    fn color(&self) -> u32 {
        match (self.status, self.alert.severity.as_str()) {
            (Status::Resolved, _) => 0x06_a4_51,
            (_, "critical") => 0xc9_25_2d,
            (_, "error") => 0xe5_6b_1f,
            (_, "warning") => 0xf2_b3_06,
            _ => 0x25_6c_db,
        }
    }

    /// PagerDuty reads no markup in what an event says.
    fn fields(&self) -> Vec<EmbedField> {
        let status = match self.status {
            Status::Triggered => "Triggered",
            Status::Acknowledged => "Acknowledged",
            Status::Resolved => "Resolved",
        };
        let mut fields = vec![
            field("Status", StyledText::plain(status), true),
            field("Severity", StyledText::plain(&self.alert.severity), true),
        ];
        fields.push(field("Source", StyledText::plain(&self.alert.source), true));
        if self.repeated > 0 {
            fields.push(field("Triggered again", StyledText::plain(&self.repeated.to_string()), true));
        }
        fields.extend(
            self.alert.details.iter().map(|(name, value)| field(name, StyledText::plain(value), false)),
        );
        fields.extend(
            self.alert.links.iter().map(|(text, url)| field("Link", StyledText::link(text, url), false)),
        );
        fields
    }
}

fn field(name: &str, value: StyledText, inline: bool) -> EmbedField {
    EmbedField { name: name.to_owned(), value, inline }
}
