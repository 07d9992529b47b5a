//! Embeds and their limits (discord-api-docs `resources/message`, "Embed Limits"): text is trimmed, lengths are code
//! points, limits are inclusive.

use serde::Serialize;
use serde_json::{Map, Value};

use super::errors::FormErrors;

/// Most embeds of a message.
const EMBEDS: usize = 10;
/// Most fields of an embed.
const FIELDS: usize = 25;
/// Most characters of title, description, field names and values, footer and author over all embeds of a message.
const TOTAL: usize = 6000;
const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1024;
const FOOTER: usize = 2048;
const AUTHOR: usize = 256;
const URL: usize = 2048;
const COLOR: i64 = 0x00FF_FFFF;

/// An embed as Discord keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Embed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) color: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) footer: Option<Footer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<Author>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<Image>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Footer {
    pub(super) text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Author {
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Image {
    pub(super) url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) inline: bool,
}

impl Embed {
    /// Whether people would see anything.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self { color: self.color, url: self.url.clone(), ..Self::default() }
    }

    /// What counts towards the limit over all embeds.
    fn size(&self) -> usize {
        let texts = [&self.title, &self.description].into_iter().flatten();
        let small = self
            .footer
            .iter()
            .map(|footer| &footer.text)
            .chain(self.author.iter().map(|author| &author.name));
        let fields = self.fields.iter().flat_map(|field| [&field.name, &field.value]);
        texts.chain(small).chain(fields).map(|text| text.chars().count()).sum()
    }
}

/// Reads `embeds`; `None` if the field is absent or null.
pub(super) fn read(value: Option<&Value>, errors: &mut FormErrors) -> Option<Vec<Embed>> {
    let items = match value? {
        Value::Null => return None,
        Value::Array(items) => items,
        _ => {
            errors.add("embeds", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return None;
        }
    };
    if items.len() > EMBEDS {
        errors.too_long("embeds", EMBEDS);
    }
    let read_one = |(index, item)| read_embed(item, &format!("embeds.{index}"), errors);
    let embeds: Vec<Embed> = items.iter().enumerate().filter_map(read_one).collect();
    if embeds.iter().map(Embed::size).sum::<usize>() > TOTAL {
        let message = format!("Embed size exceeds maximum size of {TOTAL}");
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", &message);
    }
    Some(embeds)
}

fn read_embed(item: &Value, path: &str, errors: &mut FormErrors) -> Option<Embed> {
    let Some(object) = item.as_object() else {
        errors.not_an_object(path);
        return None;
    };
    if object.is_empty() {
        errors.add(path, "LIST_ITEM_VALUE_REQUIRED", "List item values of ModelType are required");
        return None;
    }
    let mut reader = Reader { object, path, errors };
    Some(Embed {
        title: reader.text("title", TITLE),
        description: reader.text("description", DESCRIPTION),
        url: reader.url("url"),
        color: reader.color(),
        timestamp: reader.timestamp(),
        footer: reader.part("footer", |part| part.text("text", FOOTER)).map(|text| Footer { text }),
        author: reader.part("author", |part| part.text("name", AUTHOR)).map(|name| Author { name }),
        image: reader.part("image", |part| part.url("url")).map(|url| Image { url }),
        fields: reader.fields(),
    })
}

/// Reads the members of one object, noting what is wrong with each.
pub(super) struct Reader<'a> {
    pub(super) object: &'a Map<String, Value>,
    /// Where the object is in the form; empty for the form itself.
    pub(super) path: &'a str,
    pub(super) errors: &'a mut FormErrors,
}

impl Reader<'_> {
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Trimmed text of at most `max` characters; `None` if it is absent, null or empty.
    pub(super) fn text(&mut self, key: &str, max: usize) -> Option<String> {
        let text = match self.object.get(key)? {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            other => {
                let message = format!("Could not interpret \"{other}\" as string.");
                self.errors.add(&self.at(key), "STRING_TYPE_CONVERT", &message);
                return None;
            }
        };
        if text.chars().count() > max {
            self.errors.too_long(&self.at(key), max);
        }
        (!text.is_empty()).then_some(text)
    }

    /// An http or https URL.
    pub(super) fn url(&mut self, key: &str) -> Option<String> {
        let text = self.text(key, URL)?;
        let path = self.at(key);
        match text.split_once("://") {
            Some(("http" | "https", _)) => {
                // The API wants a dot in the host: `localhost` is refused.
                let formed = url::Url::parse(&text)
                    .is_ok_and(|url| url.host_str().is_some_and(|host| host.contains('.')));
                if !formed {
                    self.errors.add(&path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
                }
            }
            Some((scheme, _)) => {
                let message =
                    format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https').");
                self.errors.add(&path, "URL_TYPE_INVALID_SCHEME", &message);
            }
            None => self.errors.add(&path, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
        }
        Some(text)
    }

    fn color(&mut self) -> Option<u32> {
        let value = self.object.get("color").filter(|value| !value.is_null())?;
        let path = self.at("color");
        let Some(color) = value.as_i64() else {
            self.errors.not_a(&path, value.as_str().unwrap_or(&value.to_string()), "int");
            return None;
        };
        if color < 0 {
            self.errors.add(&path, "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.");
        } else if color > COLOR {
            let message = format!("int value should be less than or equal to {COLOR}.");
            self.errors.add(&path, "NUMBER_TYPE_MAX", &message);
        }
        u32::try_from(color).ok()
    }

    fn timestamp(&mut self) -> Option<String> {
        let text = self.text("timestamp", usize::MAX)?;
        let known = text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok();
        if !known {
            let message = format!("Could not parse {text}. Should be ISO8601.");
            self.errors.add(&self.at("timestamp"), "DATE_TIME_TYPE_PARSE", &message);
        }
        Some(text)
    }

    fn part<T>(&mut self, key: &str, read: impl Fn(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let value = self.object.get(key).filter(|value| !value.is_null())?;
        let path = self.at(key);
        let Some(object) = value.as_object() else {
            self.errors.not_an_object(&path);
            return None;
        };
        read(&mut Reader { object, path: &path, errors: self.errors })
    }

    fn fields(&mut self) -> Vec<Field> {
        let items = self.object.get("fields").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let path = self.at("fields");
        if items.len() > FIELDS {
            self.errors.too_long(&path, FIELDS);
        }
        let mut fields = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.{index}");
            let Some(object) = item.as_object() else {
                self.errors.not_an_object(&path);
                continue;
            };
            let inline = object.get("inline").and_then(Value::as_bool).unwrap_or(false);
            let mut reader = Reader { object, path: &path, errors: self.errors };
            let name = reader.needed("name", FIELD_NAME);
            let value = reader.needed("value", FIELD_VALUE);
            fields.push(Field { name, value, inline });
        }
        fields
    }

    fn needed(&mut self, key: &str, max: usize) -> String {
        let is_text = self.object.get(key).is_none_or(|value| value.is_null() || value.is_string());
        self.text(key, max).unwrap_or_else(|| {
            if is_text {
                self.errors.required(&self.at(key));
            }
            String::new()
        })
    }
}
