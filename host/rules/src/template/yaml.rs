//! Reads YAML, and so JSON, into [`Node`]s.
//!
//! Templates come from people, but perhaps from people one does not know: size, depth and number of nodes are bounded, and
//! nothing in the text can make the tree larger than the text. It must not know what keys and tags mean.

use std::collections::BTreeSet;
use std::ops::Range;

use campanile_diagnostic::Diagnostic;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::node::{Entry, Located, Node, Value};
use super::shown::shown;

/// Largest template that CloudFormation takes, in bytes: 1 MB, from S3 ("CloudFormation quotas", template body size).
const MAX_BYTES: usize = 1024 * 1024;

/// Deepest nesting. Ordinary templates go down to about 15; what is deeper than this only wants to use up the stack.
const MAX_DEPTH: usize = 48;

/// Most nodes. A template of 500 resources, the most of a stack, has some 20 000.
const MAX_NODES: usize = 100_000;

/// Enough to see that a generator writes keys twice.
const MAX_DUPLICATES: usize = 20;

/// A template's text, read.
#[derive(Debug)]
pub(super) struct Document {
    /// Everything.
    pub(super) root: Node,
    /// Keys that are there twice.
    pub(super) findings: Vec<Diagnostic>,
}

/// Reads the one document in `text`.
pub(super) fn parse(text: &str) -> Result<Document, Diagnostic> {
    if text.len() > MAX_BYTES {
        let message = format!("the template is larger than {} KiB", MAX_BYTES / 1024);
        return Err(Diagnostic::error("template::too-large", message));
    }
    let mut reader = Reader::new(text);
    let root = loop {
        let (event, span) = reader.next()?;
        match event {
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd => {
                return Err(Diagnostic::error("template::syntax", "the template is empty"));
            }
            event => break reader.node(event, span, 0)?,
        }
    };
    reader.end()?;
    Ok(Document { root, findings: reader.findings })
}

struct Reader<'t> {
    text: &'t str,
    /// The byte at which each character begins, if that is not the same number.
    bytes: Option<Vec<usize>>,
    parser: Parser<'t, StrInput<'t>>,
    nodes: usize,
    findings: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let starts = || text.char_indices().map(|(byte, _)| byte).collect();
        let bytes = (!text.is_ascii()).then(starts);
        Self { text, bytes, parser: Parser::new_from_str(text), nodes: 0, findings: Vec::new() }
    }

    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Diagnostic> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.range(span))),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    /// A template is one document.
    fn end(&mut self) -> Result<(), Diagnostic> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentEnd => {}
                _ => {
                    let finding = Diagnostic::error("template::syntax", "a second document begins here");
                    return Err(finding.at(span).help("a template is one YAML document: remove the `---`"));
                }
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Range<usize>, depth: usize) -> Result<Node, Diagnostic> {
        self.count(&span, depth)?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                no_anchor(anchor, &span)?;
                let tag = tag.and_then(|tag| name(&tag));
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if plain && is_null(&text) { Value::Null } else { Value::Text(text.into()) };
                Ok(Node { span: self.without_trailing_space(span), tag, value, gap: None })
            }
            Event::SequenceStart(anchor, tag) => {
                no_anchor(anchor, &span)?;
                let (items, end) = self.items(&span, depth)?;
                let tag = tag.and_then(|tag| name(&tag));
                Ok(Node { span: span.start..end, tag, value: Value::List(items), gap: None })
            }
            Event::MappingStart(anchor, tag) => {
                no_anchor(anchor, &span)?;
                let (entries, end) = self.entries(&span, depth)?;
                let tag = tag.and_then(|tag| name(&tag));
                Ok(Node { span: span.start..end, tag, value: Value::Map(entries), gap: None })
            }
            Event::Alias(_) => Err(no_alias(span)),
            _ => Err(Diagnostic::error("template::syntax", "a value is missing").at(span)),
        }
    }

    fn count(&mut self, span: &Range<usize>, depth: usize) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if depth > MAX_DEPTH {
            return Err(too_deep(span.clone()));
        }
        if self.nodes > MAX_NODES {
            let message = format!("the template has more than {MAX_NODES} values");
            return Err(Diagnostic::error("template::too-large", message).at(span.clone()));
        }
        Ok(())
    }

    fn items(&mut self, start: &Range<usize>, depth: usize) -> Result<(Vec<Node>, usize), Diagnostic> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                let last = items.last().map_or(start.end, |item| item.span.end);
                return Ok((items, end_of(&span, last)));
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn entries(&mut self, start: &Range<usize>, depth: usize) -> Result<(Vec<Entry>, usize), Diagnostic> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut end = start.end;
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok((self.unique(entries), end_of(&span, end)));
            }
            let key = key(self.node(event, span, depth + 1)?)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            end = value.span.end.max(key.span.end);
            entries.push(Entry { key, value });
        }
    }

    /// Of equal keys the last stays, as with most readers; each is reported.
    fn unique(&mut self, mut entries: Vec<Entry>) -> Vec<Entry> {
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        entries.reverse();
        entries.retain(|entry| {
            let is_new = seen.insert(entry.key.value.clone());
            if !is_new {
                twice.push(entry.key.clone());
            }
            is_new
        });
        entries.reverse();
        for key in twice.into_iter().rev() {
            if self.findings.len() < MAX_DUPLICATES {
                let message = format!("the key `{}` is there again further down", shown(&key.value));
                let finding = Diagnostic::error("template::duplicate-key", message).at(key.span);
                self.findings.push(finding.label("overridden").help("keep one of the two"));
            }
        }
        entries
    }

    /// A block scalar reaches to the next token; empty lines after it are not what anyone wants to see marked.
    fn without_trailing_space(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        start..self.byte(span.end).max(start)
    }

    /// The parser counts characters, and after directives with odd line ends too many.
    fn byte(&self, marker: Marker) -> usize {
        let byte = match &self.bytes {
            None => Some(marker.index()),
            Some(bytes) => bytes.get(marker.index()).copied(),
        };
        byte.unwrap_or(self.text.len()).min(self.text.len())
    }

    fn syntax(&self, error: &ScanError) -> Diagnostic {
        let start = self.byte(*error.marker());
        let end = self
            .text
            .get(start..)
            .and_then(|rest| rest.chars().next())
            .map_or(start, |at| start + at.len_utf8());
        // The parser's own limit, which many brackets in a row reach before ours.
        if error.info() == "recursion limit exceeded" {
            return too_deep(start..end);
        }
        let message = format!("this can't be read as YAML: {}", error.info());
        Diagnostic::error("template::syntax", message).at(start..end).label("the reader gave up here")
    }
}

fn too_deep(span: Range<usize>) -> Diagnostic {
    let message = format!("the template is nested more than {MAX_DEPTH} levels deep");
    Diagnostic::error("template::too-deep", message).at(span)
}

/// A flow collection ends with its bracket; a block one with the last thing in it.
fn end_of(closing: &Range<usize>, last: usize) -> usize {
    if closing.is_empty() { last } else { closing.end }
}

fn key(node: Node) -> Result<Located<String>, Diagnostic> {
    let span = node.span.clone();
    let value = match node.value {
        Value::Text(text) if node.tag.is_none() => text,
        // YAML's null is no key of a template, but `null:` and `~:` are words as well.
        Value::Null => String::new(),
        _ => return Err(Diagnostic::error("template::syntax", "a key must be plain text").at(span)),
    };
    if value == "<<" {
        let finding = Diagnostic::error("template::alias", "CloudFormation knows no hash merges (`<<`)");
        return Err(finding.at(span).help("write the keys out"));
    }
    Ok(Located { value, span })
}

/// "CloudFormation doesn't support … aliases … hash merges" (user guide, "Template formats", YAML); and they are how a
/// small text becomes a large tree.
fn no_alias(span: Range<usize>) -> Diagnostic {
    Diagnostic::error("template::alias", "CloudFormation knows no aliases (`*name`)")
        .at(span)
        .help("write the value out, or make it a parameter or a mapping")
}

fn no_anchor(anchor: usize, span: &Range<usize>) -> Result<(), Diagnostic> {
    // The parser numbers anchors from 1.
    if anchor == 0 {
        return Ok(());
    }
    let finding = Diagnostic::error("template::alias", "CloudFormation knows no anchors (`&name`)");
    Err(finding.at(span.clone()).help("remove the anchor and write its value where it is used"))
}

/// The tag without `!`; YAML's own tags (`!!str`) say nothing that matters here.
fn name(tag: &Tag) -> Option<String> {
    if tag.is_yaml_core_schema() || (tag.handle.is_empty() && tag.suffix == "!") {
        return None;
    }
    let full = if tag.handle == "!" { tag.suffix.clone() } else { tag.to_string() };
    (!full.is_empty()).then_some(full)
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

#[cfg(test)]
mod tests;
