//! What is around every page: where one is, where one may go, and how things stand.

use campanile_core::ledger::StateKind;
use campanile_store::StoreError;
use maud::{DOCTYPE, Markup, html};

use crate::web::model::about::{AboutSystem, about};
use crate::web::site::Site;

/// Where a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Inbox,
    Events,
    Deliveries,
    Devices,
    Rules,
    Playground,
    Faults,
    Plugins,
    Queues,
    Latency,
    Nowhere,
}

/// The places: their name, address, and the key that leads there after `g`.
const PLACES: [(Place, &str, &str, &str); 10] = [
    (Place::Inbox, "Inbox", "/inbox", "i"),
    (Place::Events, "Events", "/events", "e"),
    (Place::Deliveries, "Deliveries", "/deliveries", "d"),
    (Place::Devices, "Devices", "/devices", "v"),
    (Place::Rules, "Rules", "/rules", "r"),
    (Place::Playground, "Playground", "/rules/playground", "p"),
    (Place::Faults, "Faults", "/faults", "f"),
    (Place::Plugins, "Plugins", "/plugins", "l"),
    (Place::Queues, "Queues", "/queues", "q"),
    (Place::Latency, "Latency", "/latency", "t"),
];

/// What is around a page.
pub(super) struct Frame {
    title: String,
    place: Place,
    /// Kinds of the feed that change the page, separated by spaces.
    live: &'static str,
    pub(super) about: AboutSystem,
}

impl Frame {
    /// That of a page, with what it has to know.
    pub(super) async fn of(site: &Site, title: impl Into<String>, place: Place) -> Result<Self, StoreError> {
        Ok(Self { title: title.into(), place, live: "", about: about(site).await? })
    }

    /// A page that is shown anew when the feed tells one of these.
    pub(super) fn live(self, kinds: &'static str) -> Self {
        Self { live: kinds, ..self }
    }

    /// The page.
    pub(super) fn page(&self, content: &Markup) -> Markup {
        document(
            &self.title,
            &html! {
                a.skip href="#main" { "Skip to the content" }
                (self.header())
                main #main data-live=(self.live) tabindex="-1" { (content) }
                (help())
                div #toast role="status" aria-live="polite" data-keep {}
            },
        )
    }

    fn header(&self) -> Markup {
        html! {
            header #top {
                a.brand href="/" { (bell()) span { "Campanile" } }
                nav aria-label="Pages" {
                    @for (place, name, address, key) in PLACES {
                        a href=(address) data-go=(key) aria-current=[(place == self.place).then_some("page")] {
                            (name) (self.count(place))
                        }
                    }
                }
                div.standing {
                    (self.sending())
                    span #live.off role="status" data-keep { "reading" }
                    button.plain #theme type="button" title="Light, dark, or as the system" data-keep { "theme: auto" }
                    button.plain #keys type="button" title="Keys" aria-haspopup="dialog" { "?" }
                }
                (self.addresses())
            }
        }
    }

    fn count(&self, place: Place) -> Markup {
        let counts = &self.about.counts;
        let waiting = counts.deliveries(Some(StateKind::Retry), None)
            + counts.deliveries(Some(StateKind::Claimed), None);
        let (number, tone) = match place {
            Place::Inbox => (counts.inbox as u64, "quiet"),
            Place::Deliveries => (waiting, "care"),
            Place::Faults => (counts.faults as u64, "bad"),
            Place::Plugins => (counts.plugin_problems as u64, "bad"),
            _ => (0, "quiet"),
        };
        html! { @if number > 0 { span.count.(tone) { (number) } } }
    }

    fn sending(&self) -> Markup {
        html! {
            @if self.about.live.is_empty() {
                span.badge.caught title="Nothing leaves this machine: deliveries go to the inbox." { "caught, not sent" }
            } @else {
                span.badge.live title="These channels really send." { "live: " (self.about.live.join(", ")) }
            }
        }
    }

    fn addresses(&self) -> Markup {
        html! {
            div.addresses {
                @for address in self.about.mqtt.iter().chain(&self.about.mqtts) { code { (address) } }
                span { (self.about.persistence) }
                span { "Campanile " (self.about.version) " · " a href="/api/openapi.json" { "API" } " · times are UTC" }
            }
        }
    }
}

/// A page with nothing around it.
pub(super) fn bare(title: &str, content: &Markup) -> Markup {
    document(title, &html! { main #main { (content) } })
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Campanile" }
                link rel="icon" href="/assets/icon.svg";
                link rel="stylesheet" href="/assets/style.css";
                script src="/assets/theme.js" {}
                script src="/assets/main.js" type="module" {}
            }
            body { (body) }
        }
    }
}

fn bell() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path d="M12 3a6 6 0 0 0-6 6v5l-2 3h16l-2-3V9a6 6 0 0 0-6-6z" fill="currentColor" {}
            path d="M9.5 19a2.5 2.5 0 0 0 5 0z" fill="currentColor" {}
        }
    }
}

/// The keys.
fn help() -> Markup {
    let keys = [
        ("j k", "next, previous"),
        ("enter", "open"),
        ("/", "filter"),
        ("r", "replay or resend"),
        ("p", "publish a sample"),
        ("?", "this list"),
        ("esc", "close"),
    ];
    html! {
        dialog #help aria-label="Keys" {
            h2 { "Keys" }
            dl.keys {
                @for (key, what) in keys { div { dt { kbd { (key) } } dd { (what) } } }
                @for (_, name, _, key) in PLACES { div { dt { kbd { "g " (key) } } dd { (name) } } }
            }
            form method="dialog" { button type="submit" { "Close" } }
        }
    }
}

/// What a list says that has nothing yet: what to do.
pub(super) fn empty(about: &AboutSystem, title: &str, text: &str) -> Markup {
    let port = about.mqtt.as_deref().and_then(|address| address.rsplit(':').next()).unwrap_or("1883");
    let line = format!(
        "mosquitto_pub -p {port} -i {} -q 1 -t {} -m '{{\"device_id\":\"{}\",\"status\":\"INACTIVE\",\"previous\":\"ACTIVE\",\"occurred_at\":\"'$(date -u +%FT%TZ)'\"}}'",
        about.device, about.topic, about.device
    );
    html! {
        div.empty {
            h2 { (title) }
            p { (text) }
            (sample_button())
            @if about.mqtt.is_some() { p.quiet { "or from a terminal" } (crate::web::render::bits::command(&line)) }
        }
    }
}

/// Publishes a sample.
pub(super) fn sample_button() -> Markup {
    html! {
        button type="button" data-key="p" data-post="/api/events/sample" data-body=r#"{"status":"INACTIVE"}"# data-said="published" {
            "Publish a sample"
        }
    }
}
