//! How long channels take, as bars with their figures.

use maud::{Markup, html};

use super::bits::milliseconds;
use crate::web::model::latency::{Latency, Quantiles};

const WIDTH: u64 = 1000;

/// A group of bars for each channel.
pub(in crate::web) fn chart(latencies: &[Latency]) -> Markup {
    let all = latencies.iter().flat_map(|latency| [&latency.first_attempts, &latency.retries]);
    let longest = all.map(|quantiles| quantiles.p99).max().unwrap_or_default().max(1);
    let slowest =
        latencies.iter().map(|latency| latency.until_delivered.p99).max().unwrap_or_default().max(1);
    html! {
        @for latency in latencies {
            section.latency {
                h3 { (latency.channel) }
                (bars("first attempts", &latency.first_attempts, longest))
                (bars("retries", &latency.retries, longest))
                (bars("until delivered", &latency.until_delivered, slowest))
            }
        }
    }
}

fn bars(name: &str, quantiles: &Quantiles, longest: u64) -> Markup {
    let width = |value: u64| (value.saturating_mul(WIDTH) / longest).clamp(3, WIDTH);
    html! {
        @if quantiles.count > 0 {
            div.bars {
                div.name { (name) " " span.quiet { (quantiles.count) } }
                svg viewBox=(format!("0 0 {WIDTH} 18")) preserveAspectRatio="none" aria-hidden="true" {
                    rect.p99 width=(width(quantiles.p99)) height="18" {}
                    rect.p95 width=(width(quantiles.p95)) height="18" {}
                    rect.p50 width=(width(quantiles.p50)) height="18" {}
                }
                div.figures {
                    @for (name, value) in [("p50", quantiles.p50), ("p95", quantiles.p95), ("p99", quantiles.p99)] {
                        span { span.quiet { (name) } " " (milliseconds(value)) }
                    }
                }
            }
        }
    }
}
