//! Parquet by the writer of Apache Arrow. Rows are gathered into batches, the writer encodes a batch at a time, and what it has encoded
//! is a row group as soon as it is large enough. Both are bounded by bytes: a payload has up to 128 KiB.

mod batch;
mod schema;

use std::io::Write;

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use self::batch::Batch;
use crate::error::ExportError;
use crate::row::Row;

/// Rows of a row group: what DuckDB's own writer takes. Readers work on as many at once as they have processors.
const GROUP_ROWS: usize = 122_880;

/// Bytes of a row group that is written. It is held in memory until then, mostly compressed.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of rows that are held at most, beside the largest row: a group, and the batch that fills it up.
pub const HELD_BYTES: usize = GROUP_BYTES + 2 * batch::BYTES;

pub(crate) struct ParquetExporter<W: Write + Send> {
    writer: ArrowWriter<W>,
    batch: Batch,
}

impl<W: Write + Send> std::fmt::Debug for ParquetExporter<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ParquetExporter").finish_non_exhaustive()
    }
}

impl<W: Write + Send> ParquetExporter<W> {
    pub(crate) fn start(sink: W, query: &str) -> Result<Self, ExportError> {
        let writer = ArrowWriter::try_new(sink, schema::schema(), Some(properties(query)))?;
        Ok(Self { writer, batch: Batch::default() })
    }

    pub(crate) fn write(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        self.batch.add(row);
        if self.batch.is_full() { self.encode() } else { Ok(()) }
    }

    pub(crate) fn finish(mut self) -> Result<(), ExportError> {
        self.encode()?;
        // It flushes as well.
        self.writer.finish()?;
        Ok(())
    }

    pub(crate) fn held(&self) -> usize {
        self.writer.memory_size() + self.batch.bytes()
    }

    fn encode(&mut self) -> Result<(), ExportError> {
        let batch = self.batch.take()?;
        self.writer.write(&batch)?;
        if self.writer.memory_size() >= GROUP_BYTES {
            self.writer.flush()?;
        }
        Ok(())
    }
}

fn properties(query: &str) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("campanile {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("campanile.query".to_owned(), query.to_owned())]))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS));
    for column in ["event_id", "trace_id", "reading", "payload", "raw"] {
        // Nearly every value is another one.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column), false);
    }
    for column in ["reading", "payload", "raw"] {
        // Nobody asks for what comes before a payload.
        let column = ColumnPath::from(column);
        properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
    }
    properties.build()
}
