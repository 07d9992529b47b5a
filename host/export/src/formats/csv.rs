//! CSV as RFC 4180 has it: a header, lines that end with CR LF, and quotes where a cell needs them. `reading` and `payload` are JSON
//! text, `raw` is base64, and a cell is empty where there is no value.
//!
//! Who opens such a file with a spreadsheet runs what begins with `=` as a formula, and devices choose most of this text. CSV is the
//! format for people, so [`guarded`] makes it text, always; programs take Parquet or JSON lines, which have it as it was.

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};
use jiff::Timestamp;
use serde_json::Value;

use crate::error::ExportError;
use crate::row::{COLUMNS, Row};

/// What a spreadsheet takes for the start of a formula, or skips before looking for one (OWASP, "CSV Injection").
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Makes text of what follows it, in every spreadsheet.
const TEXT: char = '\'';

pub(crate) struct CsvExporter<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> std::fmt::Debug for CsvExporter<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CsvExporter").finish_non_exhaustive()
    }
}

impl<W: Write> CsvExporter<W> {
    pub(crate) fn start(sink: W) -> Result<Self, ExportError> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(sink);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer })
    }

    pub(crate) fn write(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        Ok(self.writer.write_record(cells(row).iter().map(AsRef::<str>::as_ref))?)
    }

    pub(crate) fn finish(mut self) -> Result<(), ExportError> {
        Ok(self.writer.flush()?)
    }
}

/// In the order of [`COLUMNS`]. JSON text and base64 are no formulas: the one begins with a bracket, a quote, a word or a number, the
/// other has neither brackets nor blanks.
fn cells<'e>(row: &Row<'e>) -> [Cow<'e, str>; 13] {
    [
        time(row.received_at),
        time(row.occurred_at),
        text(row.device),
        text(row.device_id),
        text(row.event_id),
        text(row.trace_id),
        text(row.topic),
        text(row.status),
        text(row.previous),
        row.seq.map(|seq| seq.to_string()).unwrap_or_default().into(),
        json(row.reading),
        json(row.payload),
        row.raw_text().unwrap_or_default().into(),
    ]
}

fn time<'e>(at: Option<Timestamp>) -> Cow<'e, str> {
    at.map(|at| at.to_string()).unwrap_or_default().into()
}

fn json<'e>(value: Option<&Value>) -> Cow<'e, str> {
    value.map(Value::to_string).unwrap_or_default().into()
}

fn text(text: Option<&str>) -> Cow<'_, str> {
    guarded(text.unwrap_or_default())
}

/// Text that no spreadsheet takes for a formula. What begins with the mark gets another one, so who takes one away from every cell that
/// begins with it has what there was.
fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) || text.starts_with(TEXT) {
        format!("{TEXT}{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for (hostile, expected) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("'quoted", "''quoted"),
            ("INACTIVE", "INACTIVE"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guarded(hostile), expected);
        }
    }
}
