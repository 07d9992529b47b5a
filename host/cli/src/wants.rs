//! What a plugin wants of whoever runs it: hosts, and secrets with where they go. Two of them tell what an update wants more.

use std::collections::{BTreeMap, BTreeSet};

use campanile_core::description::Description;
use campanile_core::grant::Origin;
use serde::{Deserialize, Serialize};

/// What a description asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Wants {
    /// Origins that it talks to, as they are granted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) hosts: BTreeSet<String>,
    /// Settings whose value is a URL that it talks to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) hosts_from_settings: BTreeSet<String>,
    /// The places where each secret may appear in a request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) secrets: BTreeMap<String, BTreeSet<String>>,
}

impl Wants {
    pub(crate) fn of(description: &Description) -> Self {
        let origin =
            |host: &String| Origin::parse(host).map_or_else(|_| host.clone(), |origin| origin.to_string());
        let secrets = description.secrets.iter().map(|secret| {
            let places = secret.places.iter().map(|place| place.name().to_owned());
            (secret.name.clone(), places.collect())
        });
        Self {
            hosts: description.hosts.iter().map(origin).collect(),
            hosts_from_settings: description.hosts_from_settings.iter().cloned().collect(),
            secrets: secrets.collect(),
        }
    }

    /// What is wanted here and was not wanted `before`.
    pub(crate) fn beyond(&self, before: &Self) -> Self {
        let places = |(name, places): (&String, &BTreeSet<String>)| {
            let known = before.secrets.get(name);
            let more: BTreeSet<String> = places
                .iter()
                .filter(|place| known.is_none_or(|known| !known.contains(*place)))
                .cloned()
                .collect();
            (!more.is_empty()).then(|| (name.clone(), more))
        };
        Self {
            hosts: self.hosts.difference(&before.hosts).cloned().collect(),
            hosts_from_settings: self
                .hosts_from_settings
                .difference(&before.hosts_from_settings)
                .cloned()
                .collect(),
            secrets: self.secrets.iter().filter_map(places).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// In words, each thing for itself.
    pub(crate) fn words(&self) -> Vec<String> {
        let hosts = self.hosts.iter().cloned();
        let settings =
            self.hosts_from_settings.iter().map(|setting| format!("the host of the setting {setting}"));
        let secrets = self.secrets.iter().map(|(name, places)| {
            let places: Vec<&str> = places.iter().map(String::as_str).collect();
            format!("the secret {name} in {}", places.join(", "))
        });
        hosts.chain(settings).chain(secrets).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wants(hosts: &[&str], places: &[&str]) -> Wants {
        let description = json!({
            "describe-version": 1, "name": "pager", "version": "1.0.0", "summary": "Pages.",
            "settings": { "type": "object", "properties": { "url": {} } },
            "hosts": hosts, "hosts-from-settings": ["url"],
            "secrets": [{ "name": "api-key", "summary": "The key.", "places": places }],
        });
        Wants::of(&Description::parse(&description.to_string()).unwrap())
    }

    #[test]
    fn an_update_may_want_less_or_the_same_in_other_words() {
        let before = wants(&["https://a.example", "https://b.example"], &["header", "body"]);
        assert!(wants(&["https://A.example:443/"], &["body"]).beyond(&before).is_empty());
        assert!(before.beyond(&before).is_empty());
    }

    #[test]
    fn what_an_update_wants_more_is_told() {
        let before = wants(&["https://a.example"], &["header"]);
        let more =
            wants(&["https://a.example", "https://evil.example"], &["header", "query"]).beyond(&before);
        assert_eq!(more.words(), ["https://evil.example", "the secret api-key in query"]);
        let all = before.beyond(&Wants::default());
        assert_eq!(
            all.words(),
            ["https://a.example", "the host of the setting url", "the secret api-key in header"]
        );
    }

    #[test]
    fn it_is_written_and_read_as_toml() {
        let wants = wants(&["https://a.example"], &["header", "body"]);
        let text = toml::to_string(&wants).unwrap();
        assert_eq!(
            text,
            "hosts = [\"https://a.example\"]\nhosts-from-settings = [\"url\"]\n\n[secrets]\napi-key = [\"body\", \"header\"]\n"
        );
        assert_eq!(toml::from_str::<Wants>(&text).unwrap(), wants);
    }
}
