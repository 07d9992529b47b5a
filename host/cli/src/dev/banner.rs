//! What runs and where, for whoever has just started it.

use std::path::PathBuf;

use campanile_broker::Identity;
use campanile_dev::System;
use campanile_dev::broker::Addresses;
use campanile_dev::plugins::PluginStatus;
use campanile_dev::rulebook::BookRule;
use serde_json::{Value, json};

use super::sample::Sample;
use crate::output::{self, BAD, CARE, GOOD, QUIET, STRONG, styled, visible};

/// The device of the sample.
pub(super) const DEVICE: &str = "home-heating";

/// What a banner tells beside what the system knows.
#[derive(Debug)]
pub(super) struct Banner<'s> {
    pub(super) system: &'s System,
    pub(super) addresses: Addresses,
    /// The outside broker that messages are taken from.
    pub(super) broker: Option<&'s url::Url>,
    /// The page.
    pub(super) page: Option<String>,
    /// The channels that really send.
    pub(super) live: Vec<String>,
    /// The certificates that were asked for, and that of their authority.
    pub(super) identities: Vec<Identity>,
    pub(super) authority: Option<PathBuf>,
    /// How this tool is called.
    pub(super) tool: &'static str,
}

impl Banner<'_> {
    /// Prints it.
    pub(super) fn show(&self) {
        let version = env!("CARGO_PKG_VERSION");
        output::line(format!("\n  {}  {version}\n", styled(STRONG, "campanile dev")));
        match &self.page {
            Some(page) => entry("page", &format!("{page}  {}", styled(QUIET, "e opens it"))),
            None => entry("page", &styled(QUIET, "none")),
        }
        self.show_brokers();
        self.show_rules();
        self.show_plugins();
        self.show_places();
        self.show_first_event();
        self.show_identities();
    }

    fn show_brokers(&self) {
        if let Some(broker) = self.broker {
            entry("broker", &visible(&without_password(broker)));
        }
        if let Some(address) = self.addresses.mqtt {
            entry("mqtt", &format!("mqtt://{address}"));
        }
        if let Some(address) = self.addresses.mqtts {
            let how = styled(QUIET, "with a certificate: --identity NAME");
            entry("mqtts", &format!("mqtts://{address}  {how}"));
        }
    }

    fn show_rules(&self) {
        let book = self.system.rules.borrow();
        for (number, rule) in book.rules.iter().enumerate() {
            entry(if number == 0 { "rules" } else { "" }, &self::rule(rule));
        }
        entry(
            if book.rules.is_empty() { "rules" } else { "" },
            &styled(QUIET, format!("of {}", book.template)),
        );
    }

    fn show_plugins(&self) {
        let plugins = self.system.plugins.borrow();
        for (number, status) in plugins.iter().enumerate() {
            entry(if number == 0 { "plugins" } else { "" }, &plugin(status));
        }
        if plugins.is_empty() {
            entry("plugins", &styled(CARE, "none: drop a .wasm into the folder of plugins"));
        }
        for want in plugins.iter().flat_map(|status| &status.wants) {
            entry("grant", &format!("{want}  {}", styled(QUIET, "before you deploy")));
        }
    }

    fn show_places(&self) {
        let data = self.system.data();
        let store = if data.is_temporary() {
            format!("in a temporary folder  {}", styled(CARE, "lost on exit: --data-dir DIR keeps it"))
        } else {
            visible(&data.path().display().to_string())
        };
        entry("store", &store);
        if self.system.resumed() > 0 {
            entry("", &format!("goes on with {}", count(self.system.resumed())));
        }
        let caught = styled(CARE, "caught, not sent");
        if self.live.is_empty() {
            entry("sending", &format!("{caught}  {}", styled(QUIET, "--live CHANNEL sends")));
        } else {
            let live = styled(BAD, format!("live: {} really sends", self.live.join(", ")));
            entry("sending", &format!("{live}, all else {caught}"));
        }
    }

    fn show_first_event(&self) {
        output::line("\n  a first event, from another terminal:\n");
        let port = self.addresses.mqtt.map(|address| address.port());
        if let Some(port) = port {
            let what = self.first_event(DEVICE);
            output::line(format!("    mosquitto_pub -h 127.0.0.1 -p {port} -i {DEVICE} {what}"));
        }
        let elsewhere = self.addresses.mqtt.filter(|address| address.port() != 1883);
        let elsewhere = elsewhere.map(|address| format!(" --mqtt {address}")).unwrap_or_default();
        output::line(format!("    {} publish --sample{elsewhere}\n", self.tool));
    }

    fn show_identities(&self) {
        let (Some(address), Some(authority)) = (self.addresses.mqtts, &self.authority) else { return };
        for identity in &self.identities {
            let what = self.first_event(&identity.device);
            output::line(format!("  {} has a certificate:\n", styled(STRONG, visible(&identity.device))));
            output::line(format!(
                "    mosquitto_pub -h localhost -p {} -i {} --cafile {} --cert {} --key {} {what}\n",
                address.port(),
                identity.device,
                authority.display(),
                identity.certificate.display(),
                identity.key.display(),
            ));
        }
    }

    /// The arguments of `mosquitto_pub` that say where and what, in the fewest words.
    fn first_event(&self, device: &str) -> String {
        let topic = sample(self.system, device, "INACTIVE").topic;
        let payload = json!({ "device_id": device, "status": "INACTIVE" });
        format!("-q 1 -t {topic} -m '{payload}'")
    }

    /// The same for machines.
    pub(super) fn to_json(&self) -> Value {
        let (book, plugins) = (self.system.rules.borrow(), self.system.plugins.borrow());
        let rule = |rule: &BookRule| json!({ "id": rule.topic_rule.logical_id, "off": rule.off });
        let identity = |identity: &Identity| json!({ "device": identity.device, "certificate": identity.certificate, "key": identity.key });
        json!({
            "type": "ready",
            "version": env!("CARGO_PKG_VERSION"),
            "mqtt": self.addresses.mqtt,
            "mqtts": self.addresses.mqtts,
            "broker": self.broker.map(without_password),
            "page": self.page,
            "catcher": self.system.catcher.url(),
            "data-dir": self.system.data().path(),
            "kept": !self.system.data().is_temporary(),
            "resumed": self.system.resumed(),
            "template": book.template,
            "rules": book.rules.iter().map(rule).collect::<Vec<_>>(),
            "plugins": plugins.iter().map(plugin_to_json).collect::<Vec<_>>(),
            "live": self.live,
            "authority": self.authority,
            "identities": self.identities.iter().map(identity).collect::<Vec<_>>(),
        })
    }
}

/// A message that the first rule with a function selects, as far as its topics go.
pub(super) fn sample(system: &System, device: &str, status: &str) -> Sample {
    let book = system.rules.borrow();
    let invokes = |rule: &&BookRule| rule.topic_rule.actions.iter().any(|action| action.kind == "lambda");
    let rule = book.rules.iter().filter(|rule| rule.off.is_none()).find(invokes);
    let filter = rule.and_then(|rule| rule.rule.as_ref()?.topic_filter()).map(ToString::to_string);
    Sample::new(device, status, filter.as_deref())
}

/// `1 message`, `2 messages`.
fn count(messages: u64) -> String {
    crate::error::count(usize::try_from(messages).unwrap_or(usize::MAX), "message")
}

fn without_password(broker: &url::Url) -> String {
    let mut shown = broker.clone();
    if shown.password().is_some() && shown.set_password(Some("…")).is_err() {
        return "…".to_owned();
    }
    shown.to_string()
}

fn rule(rule: &BookRule) -> String {
    let id = styled(STRONG, &rule.topic_rule.logical_id);
    match &rule.off {
        None => format!("{id}  {}", styled(GOOD, "on")),
        Some(reason) => format!("{id}  {}", styled(CARE, visible(reason))),
    }
}

pub(super) fn plugin(status: &PluginStatus) -> String {
    let name = status.name.as_deref().unwrap_or(&status.file);
    let digest = status.digest.as_deref().and_then(|digest| digest.get(..12)).unwrap_or_default();
    let compiled = status.compiled_in.map(|time| format!("compiled in {time} ms")).unwrap_or_default();
    let version = status.version.as_deref().unwrap_or_default();
    let known = format!("{} {}", styled(STRONG, visible(name)), visible(version));
    match &status.problem {
        None => format!("{known}  {}", styled(QUIET, format!("{digest}  {compiled}").trim_end())),
        Some(problem) => format!("{known}  {}", styled(BAD, visible(problem))),
    }
}

fn plugin_to_json(status: &PluginStatus) -> Value {
    json!({
        "file": status.file,
        "name": status.name,
        "version": status.version,
        "sha256": status.digest,
        "bytes": status.size,
        "compiled-ms": status.compiled_in,
        "problem": status.problem,
        "channels": status.channels,
        "wants": status.wants,
    })
}

fn entry(name: &str, value: &str) {
    output::line(format!("  {name:<9} {value}"));
}
