//! Reading a TOML table key by key: each key is asked for once, and whatever was not asked for is unknown.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, suggestion};
use crate::duration;
use crate::text::quoted;

/// What is wrong so far.
pub(super) type Findings = Vec<Diagnostic>;

/// A value and its place.
pub(super) type Entry<'t> = &'t Spanned<DeValue<'t>>;

/// What a key says that can be a table, or `false`.
pub(super) enum Part<'t> {
    /// Nothing, or `true`.
    Usual,
    /// `false`.
    Off,
    /// How it is wanted.
    Table(Table<'t>),
}

/// A table that is being read.
pub(super) struct Table<'t> {
    /// As in a header, for example `channels.family`; empty for the document.
    pub(super) path: String,
    /// Where to point when something is missing in it.
    pub(super) span: Range<usize>,
    entries: &'t DeTable<'t>,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    pub(super) fn document(document: &'t Spanned<DeTable<'t>>) -> Self {
        Self { path: String::new(), span: 0..0, entries: document.get_ref(), asked: Vec::new() }
    }

    /// The table in `value`, called `path`; anything else is a finding.
    pub(super) fn of(path: String, value: Entry<'t>, found: &mut Findings) -> Option<Self> {
        match value.get_ref() {
            DeValue::Table(entries) => Some(Self { path, span: value.span(), entries, asked: Vec::new() }),
            _ => {
                found.push(wrong_type(&path, value, "a table"));
                None
            }
        }
    }

    /// All entries, for tables whose keys are names that the user chooses.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, Range<usize>, Entry<'t>)> {
        entries(self.entries)
    }

    /// The dotted path of `key`.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<Entry<'t>> {
        self.asked.push(key);
        self.entries.get(key)
    }

    pub(super) fn table(&mut self, key: &'static str, found: &mut Findings) -> Option<Self> {
        let path = self.path_of(key);
        self.get(key).and_then(|value| Self::of(path, value, found))
    }

    /// A table, or `false` to do without what it is about.
    pub(super) fn part(&mut self, key: &'static str, found: &mut Findings) -> Part<'t> {
        let path = self.path_of(key);
        let Some(value) = self.get(key) else { return Part::Usual };
        match value.get_ref() {
            DeValue::Boolean(true) => Part::Usual,
            DeValue::Boolean(false) => Part::Off,
            DeValue::Table(entries) => {
                Part::Table(Self { path, span: value.span(), entries, asked: Vec::new() })
            }
            _ => {
                found.push(wrong_type(&path, value, "a table or `false`"));
                Part::Usual
            }
        }
    }

    /// True or false, or `default`.
    pub(super) fn boolean(&mut self, key: &'static str, default: bool, found: &mut Findings) -> bool {
        let path = self.path_of(key);
        match self.get(key).map(|value| (value, value.get_ref())) {
            None => default,
            Some((_, DeValue::Boolean(value))) => *value,
            Some((value, _)) => {
                found.push(wrong_type(&path, value, "true or false"));
                default
            }
        }
    }

    pub(super) fn text(&mut self, key: &'static str, found: &mut Findings) -> Option<Spanned<&'t str>> {
        let path = self.path_of(key);
        self.get(key).and_then(|value| text(&path, value, found))
    }

    pub(super) fn required_text(
        &mut self,
        key: &'static str,
        example: &str,
        found: &mut Findings,
    ) -> Option<Spanned<&'t str>> {
        if self.entries.contains_key(key) {
            return self.text(key, found);
        }
        self.asked.push(key);
        found.push(self.missing(key, example));
        None
    }

    /// The finding that `key` is missing.
    pub(super) fn missing(&self, key: &str, example: &str) -> Diagnostic {
        let message = format!("`{}` is missing", self.path_of(key));
        Diagnostic::error("config::missing-key", message)
            .at(self.span.clone())
            .help(format!("add `{key} = {example}`"))
    }

    pub(super) fn list(
        &mut self,
        key: &'static str,
        found: &mut Findings,
    ) -> Option<(Vec<Entry<'t>>, Range<usize>)> {
        let path = self.path_of(key);
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Array(items) => Some((items.iter().collect(), value.span())),
            _ => {
                found.push(wrong_type(&path, value, "a list"));
                None
            }
        }
    }

    /// A whole number within `range`, or `default`.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u32>,
        default: u32,
        found: &mut Findings,
    ) -> u32 {
        let path = self.path_of(key);
        let Some(value) = self.get(key) else { return default };
        let DeValue::Integer(number) = value.get_ref() else {
            found.push(wrong_type(&path, value, "a whole number"));
            return default;
        };
        let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
        number.filter(|number| range.contains(number)).unwrap_or_else(|| {
            let (least, most) = range.into_inner();
            let message = format!("`{path}` is out of range");
            let finding = Diagnostic::error("config::invalid-value", message).at(value.span());
            found.push(finding.help(format!("from {least} to {most}; the default is {default}")));
            default
        })
    }

    /// [`whole`](Self::whole), for what is counted.
    pub(super) fn count(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u32>,
        default: usize,
        found: &mut Findings,
    ) -> usize {
        let default = u32::try_from(default).unwrap_or(u32::MAX);
        usize::try_from(self.whole(key, range, default, found)).unwrap_or(usize::MAX)
    }

    /// A length of time within `range`, or `default`.
    pub(super) fn duration(
        &mut self,
        key: &'static str,
        range: RangeInclusive<Duration>,
        default: Duration,
        found: &mut Findings,
    ) -> Duration {
        self.length(key, range, &duration::compact(default), found).unwrap_or(default)
    }

    /// A length of time within `range`, if there is a value; `usual` says what is done without.
    pub(super) fn length(
        &mut self,
        key: &'static str,
        range: RangeInclusive<Duration>,
        usual: &str,
        found: &mut Findings,
    ) -> Option<Duration> {
        let path = self.path_of(key);
        let value = self.text(key, found)?;
        let invalid = |message: String| Diagnostic::error("config::invalid-value", message).at(value.span());
        match duration::parse(value.get_ref()) {
            Ok(duration) if range.contains(&duration) => return Some(duration),
            Ok(_) => {
                let (least, most) = range.into_inner();
                let [least, most] = [least, most].map(duration::compact);
                let help = format!("from {least} to {most}; the default is {usual}");
                found.push(invalid(format!("`{path}` is out of range")).help(help));
            }
            Err(error) => found.push(invalid(format!("`{path}`: {error}"))),
        }
        None
    }

    /// One of `choices`, if there is a value.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        found: &mut Findings,
    ) -> Option<T> {
        let path = self.path_of(key);
        choice(&path, &self.text(key, found)?, choices, found)
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, found: &mut Findings) {
        for (key, span, _) in self.entries().filter(|(key, ..)| !self.asked.contains(key)) {
            let place = if self.path.is_empty() { "the file".to_owned() } else { format!("`{}`", self.path) };
            let message = format!("{place} has no key `{}`", quoted(key));
            let help = suggestion(key, "keys", self.asked.iter().copied());
            found.push(
                Diagnostic::error("config::unknown-key", message).at(span).label("unknown key").help(help),
            );
        }
    }
}

/// Keys with their places, and values.
pub(super) fn entries<'t>(
    table: &'t DeTable<'t>,
) -> impl Iterator<Item = (&'t str, Range<usize>, Entry<'t>)> {
    table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
}

/// The text in `value`, called `path`; anything else is a finding.
pub(super) fn text<'t>(path: &str, value: Entry<'t>, found: &mut Findings) -> Option<Spanned<&'t str>> {
    match value.get_ref() {
        DeValue::String(text) => Some(Spanned::new(value.span(), text.as_ref())),
        _ => {
            found.push(wrong_type(path, value, "text"));
            None
        }
    }
}

/// One of `choices`, which `value` of `path` names; anything else is a finding.
pub(super) fn choice<T: Copy>(
    path: &str,
    value: &Spanned<&str>,
    choices: &[(&'static str, T)],
    found: &mut Findings,
) -> Option<T> {
    let chosen = choices.iter().find(|(name, _)| name == value.get_ref());
    if chosen.is_none() {
        let message = format!("`{path}` can't be `{}`", quoted(value.get_ref()));
        let help = suggestion(value.get_ref(), "values", choices.iter().map(|(name, _)| *name));
        found.push(Diagnostic::error("config::invalid-value", message).at(value.span()).help(help));
    }
    chosen.map(|(_, choice)| *choice)
}

/// The finding that `path` should have been `expected`.
pub(super) fn wrong_type(path: &str, value: Entry<'_>, expected: &str) -> Diagnostic {
    let is = match value.get_ref() {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let message = format!("`{path}` is {is}; it must be {expected}");
    Diagnostic::error("config::wrong-type", message).at(value.span()).label(is)
}
