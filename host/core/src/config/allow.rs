//! `allow`: where a channel may send.

use toml::Spanned;
use toml::de::DeValue;

use super::table::{self, Entry, Findings, Table};
use crate::diagnostic::Diagnostic;
use crate::grant::{Grant, Origin};

pub(super) fn read(channel: &mut Table<'_>, found: &mut Findings) -> Vec<Grant> {
    let path = channel.path_of("allow");
    let Some((items, _)) = channel.list("allow", found) else { return Vec::new() };
    items.into_iter().filter_map(|item| grant(&path, item, found)).collect()
}

fn grant(path: &str, value: Entry<'_>, found: &mut Findings) -> Option<Grant> {
    match value.get_ref() {
        DeValue::String(text) => {
            let origin = origin(&Spanned::new(value.span(), text.as_ref()), found)?;
            Some(Grant { origin, private: false })
        }
        DeValue::Table(_) => {
            let mut table = Table::of(path.to_owned(), value, found)?;
            let text = table.required_text("origin", "\"http://192.168.1.5:8123\"", found);
            let private = table.boolean("private", false, found);
            table.finish(found);
            Some(Grant { origin: origin(&text?, found)?, private })
        }
        _ => {
            let expected = "a list of `\"https://HOST\"` or `{ origin = \"…\", private = true }`";
            found.push(table::wrong_type(path, value, expected));
            None
        }
    }
}

fn origin(text: &Spanned<&str>, found: &mut Findings) -> Option<Origin> {
    let refused = |error: crate::grant::OriginError| {
        found.push(Diagnostic::error("config::origin", error.to_string()).at(text.span()));
    };
    Origin::parse(text.get_ref()).map_err(refused).ok()
}
