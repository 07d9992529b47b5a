//! One way to write rows, whatever the format.

use std::io::Write;

use crate::error::ExportError;
use crate::format::Format;
use crate::formats::{CsvExporter, JsonlExporter, ParquetExporter};
use crate::row::Row;

/// Writes rows. What was written is complete only after [`Exporter::finish`].
#[derive(Debug)]
pub struct Exporter<W: Write + Send>(Formats<W>);

#[derive(Debug)]
enum Formats<W: Write + Send> {
    Parquet(Box<ParquetExporter<W>>),
    Csv(Box<CsvExporter<W>>),
    Jsonl(JsonlExporter<W>),
}

impl<W: Write + Send> Exporter<W> {
    /// Starts a table. `query` says what was asked for; a Parquet file carries it as `campanile.query`.
    ///
    /// # Errors
    ///
    /// If `sink` takes nothing.
    pub fn start(format: Format, sink: W, query: &str) -> Result<Self, ExportError> {
        Ok(Self(match format {
            Format::Parquet => Formats::Parquet(Box::new(ParquetExporter::start(sink, query)?)),
            Format::Csv => Formats::Csv(Box::new(CsvExporter::start(sink)?)),
            Format::Jsonl => Formats::Jsonl(JsonlExporter::start(sink)),
        }))
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// If the sink takes no more. There is nothing to be finished then.
    pub fn write(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        match &mut self.0 {
            Formats::Parquet(parquet) => parquet.write(row),
            Formats::Csv(csv) => csv.write(row),
            Formats::Jsonl(jsonl) => jsonl.write(row),
        }
    }

    /// Writes what is still held and the end of the table, and flushes the sink.
    ///
    /// # Errors
    ///
    /// If the sink takes no more.
    pub fn finish(self) -> Result<(), ExportError> {
        match self.0 {
            Formats::Parquet(parquet) => parquet.finish(),
            Formats::Csv(csv) => csv.finish(),
            Formats::Jsonl(jsonl) => jsonl.finish(),
        }
    }

    /// Bytes of rows that were added and not written yet: never more than [`HELD_BYTES`](crate::HELD_BYTES) and the largest row.
    pub fn held(&self) -> usize {
        match &self.0 {
            Formats::Parquet(parquet) => parquet.held(),
            Formats::Csv(_) | Formats::Jsonl(_) => 0,
        }
    }
}
