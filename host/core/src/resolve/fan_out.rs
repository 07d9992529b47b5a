//! A setting that may be a list makes one channel of each item, so that each has its own deliveries: one target that is
//! gone neither delays nor repeats the others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::channel_name::ChannelName;
use crate::config::ChannelConfig;
use crate::description::Description;
use crate::diagnostic::Diagnostic;
use crate::text::is_invisible;

/// Longest name of an item, in bytes; longer ones go by their number.
const NAME_BYTES: usize = 128;

/// What one channel is made of.
pub(super) struct Item {
    pub(super) name: ChannelName,
    pub(super) settings: Map<String, Value>,
    /// The JSON pointer of the list that it is an item of, and its index.
    spread: Option<(String, usize)>,
}

impl Item {
    /// Where the value at `pointer` of these settings is in the settings of the file.
    pub(super) fn original_pointer(&self, pointer: &str) -> String {
        match &self.spread {
            Some((list, index)) if pointer.starts_with(list.as_str()) => {
                pointer.replacen(list, &format!("{list}/{index}"), 1)
            }
            _ => pointer.to_owned(),
        }
    }
}

pub(super) fn items(
    name: &str,
    channel: &ChannelConfig,
    plugin: &Description,
    found: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let settings = &channel.settings.json;
    let list = plugin.fan_out.as_ref().and_then(|key| Some((key, settings.get(key)?.as_array()?)));
    let Some((key, list)) = list else {
        let name = ChannelName::new(name, None);
        return vec![Item { name, settings: settings.clone(), spread: None }];
    };
    let pointer = format!("/{key}");
    let problem = |message: String, pointer: &str| {
        Diagnostic::error("config::settings", message).at(channel.settings.place(pointer))
    };
    if list.is_empty() {
        found.push(problem(format!("the list `{key}` is empty"), &pointer));
    }
    let mut names = BTreeSet::new();
    let mut items = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let name = ChannelName::new(name, Some(item_name(value, index)));
        if !names.insert(name.to_string()) {
            found.push(problem(format!("`{name}` is in the list twice"), &format!("{pointer}/{index}")));
            continue;
        }
        let mut settings = settings.clone();
        settings.insert(key.clone(), value.clone());
        items.push(Item { name, settings, spread: Some((pointer.clone(), index)) });
    }
    items
}

/// The item itself if it can be read in a log, else its number.
fn item_name(value: &Value, index: usize) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let is_readable = !text.is_empty() && text.len() <= NAME_BYTES && !text.chars().any(is_invisible);
    if is_readable { text } else { (index + 1).to_string() }
}
