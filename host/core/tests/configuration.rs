//! Configurations that are valid: the embedded default, the sample, and what they mean.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that can not do its work fails the test")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use campanile_core::config::{Config, DEFAULT_CONFIG, Limits, SecretSource};
use campanile_core::description::Description;
use campanile_core::notification::Severity;
use campanile_core::resolve::{Resolution, resolve};
use campanile_core::retry::OnUnknown;
use campanile_core::route::Route;
use campanile_core::transition::storm::StormPolicy;
use campanile_core::transition::{FlappingPolicy, Policy, QuietHours, Recoveries, Window};
use jiff::civil::{Weekday, time};
use proptest::prelude::*;

fn messenger() -> Description {
    Description::parse(include_str!("descriptions/messenger.json")).unwrap()
}

fn parse(text: &str) -> Config {
    Config::parse(text).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn resolved(text: &str) -> Resolution {
    resolve(&parse(text), &[&messenger()])
}

/// The default configuration with every commented key in force.
fn uncommented_default() -> String {
    let is_key = |line: &str| {
        let key = line.split(" = ").next().unwrap_or_default();
        line.starts_with('[')
            || (key != line && key.chars().all(|next| next.is_ascii_lowercase() || next == '-'))
    };
    let uncomment = |line: &'static str| line.strip_prefix("# ").filter(|rest| is_key(rest)).unwrap_or(line);
    // The example of `allow` would be there twice.
    DEFAULT_CONFIG
        .lines()
        .filter(|line| *line != "allow = [\"https://api.telegram.org\"]")
        .map(uncomment)
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_default_configuration_is_valid() {
    let config = parse(DEFAULT_CONFIG);
    assert_eq!(config.warnings, []);
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["family"]);
    assert_eq!(config.channels["family"].limits, Limits::default());
}

#[test]
fn the_default_configuration_shows_every_key() {
    let text = uncommented_default();
    parse(&text);
    // A key that the model does not know is reported together with all those it knows.
    let table = text
        .replace("[channels.family]", "zzz = 1\n[channels.family]\nzzz = 1")
        .replace("[channels.family.limits]", "[channels.family.limits]\nzzz = 1")
        .replace("[[routes]]", "[[routes]]\nzzz = 1")
        .replace("flapping = { ", "flapping = { zzz = 1, ")
        .replace("quiet-hours = { ", "quiet-hours = { zzz = 1, ")
        .replace("windows = [{ ", "windows = [{ zzz = 1, ")
        .replace("storm = { ", "storm = { zzz = 1, ")
        .replace("[store]", "[store]\nzzz = 1")
        .replace("[template]", "[template]\nzzz = 1");
    let found = Config::parse(&table).unwrap_err();
    assert_eq!(found.len(), 10, "{found:#?}");
    let help: String = found.iter().filter_map(|finding| finding.help.clone()).collect();
    let mut keys: Vec<&str> = help.split('`').skip(1).step_by(2).collect();
    assert_eq!(
        keys.len(),
        4 + 7 + 4 + 15 + 3 + 3 + 3 + 3 + 4 + 2,
        "document, channel, limits, route with its four tables, store and template: {keys:?}"
    );
    keys.extend(["env", "file", "origin", "private"]);
    let is_shown = |key: &str| {
        let forms = [format!("{key} = "), format!("[{key}"), format!(".{key}]")];
        text.lines().any(|line| forms.iter().any(|form| line.contains(form)))
    };
    for key in keys {
        assert!(is_shown(key), "`{key}` is not in default_config.toml");
    }
}

#[test]
fn the_defaults_in_the_comments_are_the_real_ones() {
    let (shown, real) = (parse(&uncommented_default()), parse(DEFAULT_CONFIG));
    let (shown_channel, real_channel) = (&shown.channels["family"], &real.channels["family"]);
    assert_eq!(shown_channel.limits, real_channel.limits);
    assert_eq!(shown_channel.on_unknown, real_channel.on_unknown);
    let (shown_route, real_route) = (shown.routes.iter().next().unwrap(), real.routes.iter().next().unwrap());
    // These two are off by default, and shown by an example.
    let shown_policy = Policy { quiet_hours: None, repeat: None, ..shown_route.policy.clone() };
    assert_eq!((&shown_policy, shown_route.format), (&real_route.policy, real_route.format));
    let storm = |route: &Route| route.storm.as_ref().map(|storm| storm.policy.clone());
    assert_eq!(storm(shown_route), storm(real_route));
}

#[test]
fn the_sample_is_valid() {
    let config = parse(include_str!("../../../campanile.toml"));
    assert_eq!(config.warnings, []);
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["family", "ops"]);
    let route = config.routes.iter().next().unwrap();
    assert_eq!(
        (route.policy.severity, route.channels.as_slice()),
        (Severity::Critical, &["family".to_owned(), "ops".into()][..])
    );
}

#[test]
fn a_configuration_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&parse(DEFAULT_CONFIG));
}

#[test]
fn an_empty_configuration_is_valid() {
    assert!(parse("").channels.is_empty());
}

#[test]
fn everything_that_is_set_arrives() {
    let text = r#"
        [channels.family]
        plugin = "messenger"
        on-unknown = "skip"
        fallback = "ops"
        allow = ["https://api.messenger.example", { origin = "http://192.168.1.5:8123", private = true }]
        limits = { memory-mib = 128, timeout = "30s", cpu-ms = 2_000, attempts = 3 }
        secrets = { token = { env = "TOKEN" }, signing-key = { ssm = "/campanile/key" } }
        settings = { chat = "1", silent = true }
        [channels.ops]
        plugin = "nobody"
    "#;
    let Resolution { channels, diagnostics, .. } = resolved(text);
    let codes: Vec<&str> = diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["config::unknown-plugin"], "of `ops`");
    let [channel] = channels.as_slice() else { panic!("{channels:?}") };
    assert_eq!((channel.name.to_string(), channel.plugin.as_str()), ("family".into(), "messenger"));
    assert_eq!(channel.settings_json, r#"{"chat":"1","silent":true}"#);
    assert_eq!((channel.on_unknown, channel.fallback.as_deref()), (OnUnknown::Skip, Some("ops")));
    let (timeout, cpu) = (Duration::from_secs(30), Duration::from_secs(2));
    assert_eq!(channel.limits, Limits { memory_mib: 128, timeout, cpu, attempts: 3 });
    let allow: Vec<String> = channel.allow.iter().map(ToString::to_string).collect();
    assert_eq!(
        allow,
        ["\"https://api.messenger.example\"", "{ origin = \"http://192.168.1.5:8123\", private = true }"]
    );
    let sources: Vec<_> = channel.secrets.iter().map(|secret| secret.source.clone()).collect();
    assert_eq!(
        sources,
        [Some(SecretSource::Env("TOKEN".into())), Some(SecretSource::Ssm("/campanile/key".into()))]
    );
}

#[test]
fn where_there_is_no_environment_its_variables_are_parameters() {
    let config = parse(
        r#"
        [channels.family]
        plugin = "messenger"
        secrets.bot-token = { env = "BOT_TOKEN" }
        secrets.proxy = { file = "proxy" }
        secrets.key = { ssm = "/other/key" }
        "#,
    );
    let config = config.with_variables_under("/campanile");
    let sources: Vec<_> =
        config.channels["family"].secrets.values().map(|entry| entry.source.clone()).collect();
    let ssm = |name: &str| SecretSource::Ssm(name.to_owned());
    let expected = [ssm("/campanile/BOT_TOKEN"), ssm("/other/key"), SecretSource::File("proxy".to_owned())];
    assert_eq!(sources, expected);
}

#[test]
fn everything_that_a_route_says_arrives() {
    let config = parse(
        r#"
        channels.family = { plugin = "messenger" }
        [[routes]]
        channels = ["family"]
        severity = "warning"
        max-age = "1h"
        stale-wait = "0s"
        for = "5m"
        recoveries = "silent"
        repeat = "4h"
        flapping = { changes = 8, window = "1h", settle = "5m" }
        quiet-hours = { zone = "Europe/Berlin", windows = [{ days = ["sat", "sun"], start = "22:00", end = "07:00" }], all-clear = true }
        storm = { group = "event.payload.site", window = "2m", threshold = 5 }
        "#,
    );
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let days = vec![Weekday::Saturday, Weekday::Sunday];
    let window = Window { days, start: time(22, 0, 0, 0), end: time(7, 0, 0, 0) };
    let route = config.routes.get("route-1").unwrap();
    let expected = Policy {
        recoveries: Recoveries::Silent,
        severity: Severity::Warning,
        max_age: minutes(60),
        stale_wait: Duration::ZERO,
        lasting: minutes(5),
        flapping: Some(FlappingPolicy { changes: 8, window: minutes(60), settle: minutes(5) }),
        quiet_hours: Some(QuietHours::new("Europe/Berlin", vec![window]).unwrap()),
        all_clear: true,
        repeat: Some(minutes(240)),
    };
    assert_eq!(route.policy, expected);
    let storm = route.storm.as_ref().unwrap();
    assert!(storm.group.is_some());
    assert_eq!(storm.policy, StormPolicy { window: minutes(2), threshold: 5 });
}

#[test]
fn folding_can_be_left_to_the_defaults_or_turned_off() {
    let route = |rest: &str| {
        let text = format!("channels.family.plugin = 'messenger'\n[[routes]]\nchannels = ['family']\n{rest}");
        let config = parse(&text);
        let route = config.routes.get("route-1").unwrap();
        (route.policy.flapping.clone(), route.storm.as_ref().map(|storm| storm.policy.clone()))
    };
    let usual = (Some(FlappingPolicy::default()), Some(StormPolicy::default()));
    for rest in ["", "flapping = true\nstorm = true", "flapping = {}\nstorm = {}"] {
        assert_eq!(route(rest), usual);
    }
    assert_eq!(route("flapping = false\nstorm = false"), (None, None));
}

#[test]
fn a_fallback_needs_no_route_of_its_own() {
    let config = parse(
        "channels.family = { plugin = 'messenger', fallback = 'ops' }
        channels.ops = { plugin = 'messenger', fallback = 'pager' }
        channels.pager.plugin = 'messenger'
        routes = [{ channels = ['family'] }]",
    );
    assert_eq!(config.warnings, []);
    let fallbacks: Vec<_> = config.channels.values().map(|channel| channel.fallback.as_deref()).collect();
    assert_eq!(fallbacks, [Some("ops"), Some("pager"), None]);
}

#[test]
fn a_list_makes_one_channel_of_each_item() {
    let text = r#"
        [channels.family]
        plugin = "messenger"
        allow = ["https://api.messenger.example"]
        secrets.token.env = "TOKEN"
        settings = { chat = ["1", "22"], silent = true }
    "#;
    let Resolution { channels, diagnostics, .. } = resolved(text);
    assert_eq!(diagnostics, []);
    let made: Vec<_> = channels
        .iter()
        .map(|it| (it.name.to_string(), it.name.channel(), it.settings_json.as_str()))
        .collect();
    assert_eq!(
        made,
        [
            ("family/1".to_owned(), "family", r#"{"chat":"1","silent":true}"#),
            ("family/22".to_owned(), "family", r#"{"chat":"22","silent":true}"#),
        ]
    );
}

#[test]
fn a_host_in_the_settings_stands_in_for_the_plugins_own() {
    let text = r#"
        [channels.family]
        plugin = "messenger"
        allow = ["https://own.example:8443"]
        secrets.token.env = "TOKEN"
        settings = { chat = "1", api-url = "https://own.example:8443/api" }
    "#;
    let Resolution { channels, diagnostics, .. } = resolved(text);
    assert_eq!(diagnostics, []);
    let hosts: Vec<String> = channels[0].hosts.iter().map(ToString::to_string).collect();
    assert_eq!(
        hosts,
        ["https://api.messenger.example", "https://own.example:8443"],
        "secrets may go to both"
    );
}

#[test]
fn a_channel_that_lacks_secrets_and_grants_can_still_be_caught() {
    let Resolution { channels, diagnostics, .. } =
        resolved("[channels.family]\nplugin = \"messenger\"\nsettings.chat = \"1\"");
    let codes: Vec<&str> = diagnostics.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["config::missing-secret", "config::not-granted"]);
    assert_eq!(channels.len(), 1);
    assert_eq!(channels[0].secrets.len(), 2, "all that the plugin declares");
}

#[test]
fn one_wrong_channel_does_not_take_the_others_along() {
    let text = "channels.bad = { plugin = 'messenger', settings = { chat = 'x' } }
        channels.good = { plugin = 'messenger', settings = { chat = '1' } }
        channels.lost = { plugin = 'nobody' }";
    let names: Vec<String> = resolved(text).channels.iter().map(|channel| channel.name.to_string()).collect();
    assert_eq!(names, ["good"]);
}

#[test]
fn a_schema_can_neither_reach_out_nor_run_for_ever() {
    for schema in [
        serde_json::json!({ "type": "object", "$ref": "https://example.com/schema.json" }),
        serde_json::json!({ "type": "object", "$ref": "file:///etc/passwd" }),
        serde_json::json!({ "type": "object", "properties": { "chat": { "pattern": "(a)\\1" } } }),
        serde_json::json!({ "type": "object", "properties": { "chat": { "pattern": "(?:\\w{1000}){1000}" } } }),
    ] {
        let plugin = Description { settings: schema, fan_out: None, ..messenger() };
        let config = parse(
            "[channels.family]\nplugin = \"messenger\"\nsettings.chat = \"aaaaaaaaaaaaaaaaaaaaaaaaa!\"",
        );
        let Resolution { channels, diagnostics, .. } = resolve(&config, &[&plugin]);
        assert!(channels.is_empty());
        assert!(diagnostics.iter().any(|finding| finding.code == "plugin::schema"), "{diagnostics:#?}");
    }
}

#[test]
fn a_schema_that_refers_to_itself_comes_to_an_end() {
    let looping = serde_json::json!({ "allOf": [{ "$ref": "#/$defs/loop" }] });
    for schema in [
        serde_json::json!({ "type": "object", "$ref": "#" }),
        serde_json::json!({ "type": "object", "$ref": "#/$defs/loop", "$defs": { "loop": looping } }),
    ] {
        let plugin = Description { settings: schema, fan_out: None, ..messenger() };
        let config = parse("[channels.family]\nplugin = \"messenger\"\nsettings.chat = { a = [{ a = [] }] }");
        assert_eq!(resolve(&config, &[&plugin]).channels.len(), 1);
    }
}

#[test]
fn the_sample_fits_the_plugins_that_come_with_it() {
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins");
    let describe = |name: &str| {
        let text = fs::read_to_string(plugins.join(name).join("describe.json")).unwrap();
        Description::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let plugins = ["telegram", "discord", "webhook"].map(describe);
    let plugins: Vec<&Description> = plugins.iter().collect();
    for text in [include_str!("../../../campanile.toml"), DEFAULT_CONFIG] {
        let config = parse(text);
        let Resolution { channels, diagnostics, .. } = resolve(&config, &plugins);
        assert_eq!(diagnostics, []);
        assert_eq!(channels.len(), config.channels.len());
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_places_in_it(text in any_toml()) {
        match Config::parse(&text) {
            Ok(config) => drop(resolve(&config, &[&messenger()])),
            Err(found) => {
                prop_assert!(!found.is_empty());
                for span in found.iter().filter_map(|finding| finding.span.clone()) {
                    prop_assert!(text.get(span.clone()).is_some(), "{span:?} in {text:?}");
                }
            }
        }
    }
}

/// Pieces of configuration in any order, and any text between them.
fn any_toml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(&[
            "[channels.family]\n",
            "[[routes]]\n",
            "plugin = ",
            "\"messenger\"\n",
            "settings",
            ".chat = ",
            "secrets = ",
            "allow = ",
            "{ env = \"A\" }\n",
            "[",
            "]\n",
            "{",
            "}\n",
            "when = ",
            "'event.status'\n",
            "title = ",
            "\"{{ \"\n",
            "\"\"\"\n{{ evnt }}\"\"\"\n",
            "limits.attempts = ",
            "7\n",
            "é = ",
            "2026-11-23\n",
            "channels = [\"family\"]\n",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
