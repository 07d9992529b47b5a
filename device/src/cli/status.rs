//! `campanile-device status`.

use std::fmt::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use super::output::{ago, bytes, print, time, visible};
use super::{CONFIGURATION, ConfigFile, FAILED, failed};
use crate::metrics;
use crate::spool::Figures;

/// Tells what waits, what was sent, and how the connection is. It looks into the spool, whether `run` uses it or not.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  campanile-device status
  campanile-device status --json | jq .spooled
  campanile-device status --prometheus >/var/lib/prometheus/node-exporter/campanile-device.prom")]
pub(super) struct Status {
    #[command(flatten)]
    config: ConfigFile,
    /// One JSON object.
    #[arg(long, conflicts_with = "prometheus")]
    json: bool,
    /// The text that Prometheus reads; `[metrics]` of the configuration has `run` write it to a file.
    #[arg(long)]
    prometheus: bool,
}

impl Status {
    pub(super) fn run(&self) -> ExitCode {
        let config = match self.config.read() {
            Ok(config) => config,
            Err(error) => return failed(&error, CONFIGURATION),
        };
        let (figures, is_running) = match Figures::of_file(&config.spool.path) {
            Ok(told) => told,
            Err(error) => return failed(&error, FAILED),
        };
        let device = &config.device.id;
        print(&match (self.json, self.prometheus) {
            (true, _) => as_json(device, is_running, &figures),
            (false, true) => metrics::text(device, is_running, &figures),
            (false, false) => for_people(device, is_running, &figures, Timestamp::now()),
        });
        ExitCode::SUCCESS
    }
}

fn as_json(device: &str, is_running: bool, figures: &Figures) -> String {
    let mut told = json!({ "device": device, "running": is_running });
    if let (Some(told), Ok(serde_json::Value::Object(figures))) =
        (told.as_object_mut(), serde_json::to_value(figures))
    {
        told.extend(figures);
    }
    format!("{told}\n")
}

fn for_people(device: &str, is_running: bool, figures: &Figures, now: Timestamp) -> String {
    let (counters, link) = (&figures.counters, &figures.link);
    let state = match (is_running, link.connected_since) {
        (true, Some(since)) => format!("connected since {}, {}", time(since), ago(since, now)),
        (true, None) => "running, not connected".to_owned(),
        (false, _) => "not running".to_owned(),
    };
    let oldest =
        figures.oldest.map(|oldest| format!(", the oldest since {}, {}", time(oldest), ago(oldest, now)));
    let lost = [
        (counters.dropped_full, "no room"),
        (counters.dropped_old, "too old"),
        (counters.refused, "refused"),
    ];
    let lost: Vec<_> =
        lost.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    let trouble = link.trouble.as_ref().zip(link.trouble_at);
    let lines = [
        (
            "spooled",
            format!("{}  {}{}", figures.spooled, bytes(figures.spooled_bytes), oldest.unwrap_or_default()),
        ),
        ("found", counters.appended.to_string()),
        ("sent", format!("{}  copies included", counters.sent)),
        ("acknowledged", counters.acknowledged.to_string()),
        ("lost", if lost.is_empty() { "0".to_owned() } else { lost.join(", ") }),
        ("connections", counters.connections.to_string()),
        (
            "last trouble",
            trouble.map_or("none".to_owned(), |(why, at)| format!("{}  {}", time(at), visible(why))),
        ),
    ];
    let mut text = format!("{device}  {state}\n");
    for (name, what) in lines {
        writeln!(text, "  {name:<12}  {what}").ok();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::{Counters, Link};

    fn figures() -> Figures {
        let at = |text: &str| Some(text.parse().unwrap());
        let counters = Counters {
            appended: 120,
            acknowledged: 117,
            sent: 125,
            dropped_old: 2,
            connections: 4,
            ..Counters::default()
        };
        let trouble = Some("the broker said \u{1b}[2J".to_owned());
        let link = Link {
            connected_since: at("2026-11-28T02:00:00Z"),
            trouble,
            trouble_at: at("2026-11-28T01:59:00Z"),
        };
        Figures { spooled: 3, spooled_bytes: 900, oldest: at("2026-11-28T01:00:00Z"), counters, link }
    }

    #[test]
    fn people_see_what_matters() {
        let now = "2026-11-28T02:10:00Z".parse().unwrap();
        insta::assert_snapshot!(for_people("home-heating", true, &figures(), now));
    }

    #[test]
    fn programs_get_all_of_it() {
        insta::assert_snapshot!(as_json("home-heating", true, &figures()));
    }

    #[test]
    fn whoever_does_not_run_is_not_connected() {
        let told = for_people("home-heating", false, &figures(), Timestamp::now());
        assert!(told.starts_with("home-heating  not running\n"), "{told}");
    }
}
