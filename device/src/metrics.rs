//! Figures for Prometheus, in its text format, and the file that its node exporter reads.

use std::fmt::Write as _;
use std::path::Path;

use tokio::time::{Duration, MissedTickBehavior, interval};

use crate::spool::Figures;

/// What is before each name.
const PREFIX: &str = "campanile_device_";

/// The figures of a device.
#[must_use]
pub fn text(device: &str, is_running: bool, figures: &Figures) -> String {
    let is_connected = is_running && figures.link.connected_since.is_some();
    let gauges = [
        ("running", "Whether the publisher runs.", u64::from(is_running)),
        ("connected", "Whether the broker has accepted its connection.", u64::from(is_connected)),
        ("spooled", "Transitions that wait for their acknowledgement.", figures.spooled),
        ("spooled_bytes", "Payloads of transitions that wait.", figures.spooled_bytes),
    ];
    let mut text = String::new();
    for (name, help, value) in gauges {
        one(&mut text, device, name, "gauge", help, value);
    }
    if let Some(oldest) = figures.oldest {
        let seconds = u64::try_from(oldest.as_second()).unwrap_or_default();
        one(
            &mut text,
            device,
            "oldest_timestamp_seconds",
            "gauge",
            "When the oldest of them was found.",
            seconds,
        );
    }
    for (name, count) in figures.counters.named() {
        one(&mut text, device, &format!("{name}_total"), "counter", help(name), count);
    }
    text
}

fn one(text: &mut String, device: &str, name: &str, kind: &str, help: &str, value: u64) {
    // Ids are letters, digits, `:`, `_` and `-`: nothing in a label has to be escaped.
    writeln!(text, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}").ok();
    writeln!(text, "{PREFIX}{name}{{device=\"{device}\"}} {value}").ok();
}

fn help(counter: &str) -> &'static str {
    match counter {
        "appended" => "Transitions that were found and kept.",
        "acknowledged" => "Transitions that the broker has acknowledged.",
        "sent" => "Publishes, copies included.",
        "dropped_full" => "Transitions that were lost because the spool was full.",
        "dropped_old" => "Transitions that were lost because they were too old.",
        "refused" => "Transitions that were lost because they were too large, or the spool was full.",
        _ => "Connections that the broker has accepted.",
    }
}

/// Writes the file every so often, for as long as it is polled. Whoever reads it sees one state or the next, never half of one.
pub async fn keep(file: &Path, every: Duration, device: &str, spool: &Path) {
    let mut ticks = interval(every.max(Duration::from_secs(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_well = true;
    loop {
        ticks.tick().await;
        let written =
            Figures::of_file(spool).map_err(|error| error.to_string()).and_then(|(figures, is_running)| {
                write(file, &text(device, is_running, &figures))
                    .map_err(|error| format!("`{}`: {error}", file.display()))
            });
        // Told once, until it works again.
        if let (Err(why), true) = (&written, is_well) {
            tracing::warn!("metrics can't be written: {why}");
        }
        is_well = written.is_ok();
    }
}

/// Puts a file in place of the one before.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let next = file.with_extension("prom.new");
    std::fs::write(&next, text)?;
    std::fs::rename(&next, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::{Bounds, Spool};

    #[test]
    fn each_figure_has_a_name_a_kind_and_a_help() {
        let spool = Spool::in_memory(Bounds::default()).unwrap();
        insta::assert_snapshot!(text("home-heating", true, &spool.figures().unwrap()));
    }
}
