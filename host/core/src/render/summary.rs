//! One message about many devices.

use jiff::Timestamp;
use serde_json::json;

use super::{RenderedNotification, cut};
use crate::notification::{Notification, TextFormat};
use crate::route::Route;
use crate::template::utc;
use crate::transition::{Member, Summary};

impl Route {
    /// Renders `summary`: one line for each device.
    #[must_use]
    pub fn render_summary(&self, summary: &Summary, now: Timestamp) -> RenderedNotification {
        let members = devices(&summary.members);
        let first = members.first();
        let notification = Notification {
            event_id: summary.key.clone(),
            device_id: first.map(|first| first.device_id.clone()).unwrap_or_default(),
            status: first.map(|first| first.status.clone()).unwrap_or_default(),
            severity: summary.severity,
            title: cut::title(&title(&members, summary.more), ""),
            body: cut::body(&body(&members, summary.more), TextFormat::Text),
            body_format: TextFormat::Text,
            occurred_at: first.map_or(now, |first| first.occurred_at).to_string(),
            fields: Vec::new(),
            event_json: event_json(&members, summary.more),
        };
        RenderedNotification { notification, problems: Vec::new() }
    }
}

/// What is to be said of each device: the last there is.
fn devices(members: &[Member]) -> Vec<&Member> {
    let is_last = |(index, member): &(usize, &Member)| {
        !members.iter().skip(index + 1).any(|later| later.device_id == member.device_id)
    };
    members.iter().enumerate().filter(is_last).map(|(_, member)| member).collect()
}

fn title(members: &[&Member], more: usize) -> String {
    let count = members.len().saturating_add(more);
    let devices = if count == 1 { "device" } else { "devices" };
    match members.first() {
        Some(first) if members.iter().all(|member| member.status == first.status) => {
            format!("{count} {devices} {}", first.status)
        }
        _ => format!("{count} {devices} with alerts"),
    }
}

fn body(members: &[&Member], more: usize) -> String {
    let mut lines = Vec::new();
    for Member { device_id, status, occurred_at, .. } in members {
        lines.push(cut::line(&format!("{device_id}: {status} since {}", utc(*occurred_at))));
    }
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

fn event_json(members: &[&Member], more: usize) -> String {
    let member = |member: &&Member| {
        json!({
            "device_id": member.device_id,
            "status": member.status,
            "occurred_at": member.occurred_at.to_string(),
        })
    };
    json!({ "members": members.iter().map(member).collect::<Vec<_>>(), "more": more }).to_string()
}
