//! `allowed_mentions`: who a message may ping (discord-api-docs `resources/message`, "Allowed Mentions Object").

use std::collections::BTreeSet;

use serde_json::Value;

use super::errors::FormErrors;
use super::is_snowflake;

/// Most ids in each list.
const IDS: usize = 100;
/// The values of `parse`.
const KINDS: [&str; 3] = ["users", "roles", "everyone"];

/// Somebody who is mentioned in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mention<'a> {
    /// `@everyone` or `@here`.
    Everyone,
    /// `<@id>`.
    User(&'a str),
    /// `<@&id>`.
    Role(&'a str),
}

/// Who may be pinged.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowed {
    kinds: BTreeSet<String>,
    users: BTreeSet<String>,
    roles: BTreeSet<String>,
}

impl Allowed {
    /// What counts if the field is absent: webhooks ping users, but neither roles nor everyone.
    pub(super) fn of_webhooks() -> Self {
        Self { kinds: BTreeSet::from(["users".to_owned()]), ..Self::default() }
    }

    /// Nobody: mentions inside embeds never ping.
    pub(super) fn nobody() -> Self {
        Self::default()
    }

    /// Whether `mention` pings.
    pub(super) fn pings(&self, mention: Mention<'_>) -> bool {
        match mention {
            Mention::Everyone => self.kinds.contains("everyone"),
            Mention::User(id) => self.kinds.contains("users") || self.users.contains(id),
            Mention::Role(id) => self.kinds.contains("roles") || self.roles.contains(id),
        }
    }

    /// Reads the field.
    pub(super) fn read(value: Option<&Value>, errors: &mut FormErrors) -> Self {
        let object = match value {
            None | Some(Value::Null) => return Self::of_webhooks(),
            Some(Value::Object(object)) => object,
            Some(_) => {
                errors.not_an_object("allowed_mentions");
                return Self::nobody();
            }
        };
        let allowed = Self {
            kinds: kinds(object.get("parse"), errors),
            users: ids(object.get("users"), "allowed_mentions.users", errors),
            roles: ids(object.get("roles"), "allowed_mentions.roles", errors),
        };
        for (kind, ids) in [("users", &allowed.users), ("roles", &allowed.roles)] {
            if allowed.kinds.contains(kind) && !ids.is_empty() {
                let message = format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
                errors.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", &message);
            }
        }
        allowed
    }
}

fn kinds(value: Option<&Value>, errors: &mut FormErrors) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for (index, item) in value.and_then(Value::as_array).into_iter().flatten().enumerate() {
        match item.as_str().filter(|kind| KINDS.contains(kind)) {
            Some(kind) => {
                kinds.insert(kind.to_owned());
            }
            None => errors.add(
                &format!("allowed_mentions.parse.{index}"),
                "BASE_TYPE_CHOICES",
                "Value must be one of ('users', 'roles', 'everyone').",
            ),
        }
    }
    kinds
}

fn ids(value: Option<&Value>, path: &str, errors: &mut FormErrors) -> BTreeSet<String> {
    let items = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if items.len() > IDS {
        errors.too_long(path, IDS);
    }
    let mut ids = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let id = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        if !is_snowflake(&id) {
            errors.not_a(&format!("{path}.{index}"), &id, "snowflake");
        } else if !ids.insert(id) {
            let message = "The set already contains this value";
            errors.add(&format!("{path}.{index}"), "SET_TYPE_ALREADY_CONTAINS_VALUE", message);
        }
    }
    ids
}
