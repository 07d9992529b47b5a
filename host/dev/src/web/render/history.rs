//! The status of a device over time, as a band.

use jiff::Timestamp;
use maud::{Markup, html};

use super::bits::{moment, status_tone};
use crate::web::model::device::Past;

const WIDTH: i64 = 1000;

/// The statuses, newest first as they are read, drawn from the oldest to now.
pub(in crate::web) fn chart(events: &[Past], now: Timestamp) -> Markup {
    let mut points: Vec<(Timestamp, &str)> =
        events.iter().filter_map(|past| Some((past.occurred_at?, past.status.as_deref()?))).collect();
    points.sort_by_key(|(at, _)| *at);
    let Some((first, _)) = points.first().copied() else { return html! {} };
    let length = now.duration_since(first).as_secs().max(1);
    let place = |at: Timestamp| (at.duration_since(first).as_secs() * WIDTH / length).clamp(0, WIDTH);
    let ends = points.iter().skip(1).map(|(at, _)| *at).chain([now]);
    html! {
        figure.history {
            svg viewBox=(format!("0 0 {WIDTH} 40")) preserveAspectRatio="none" role="img" aria-label="status over time" {
                @for ((at, status), end) in points.iter().zip(ends) {
                    @let (from, to) = (place(*at), place(end));
                    rect.(status_tone(status)) x=(from) y="0" width=((to - from).max(2)) height="40" {
                        title { (status) " since " (at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()) }
                    }
                }
            }
            figcaption { span { (moment(first)) } span.legend { span.key.good { "active" } span.key.bad { "inactive" } } span { "now" } }
        }
    }
}
