//! Rows that are gathered, column by column.

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use jiff::Timestamp;
use parquet::errors::ParquetError;
use serde_json::Value;

use super::schema::schema;
use crate::error::ExportError;
use crate::row::Row;

/// Rows of a batch: as many as the writer looks at before it asks whether a page is full.
const ROWS: usize = 1024;

/// Bytes of a batch: those of a page.
pub(super) const BYTES: usize = 1024 * 1024;

#[derive(Default)]
pub(super) struct Batch {
    rows: usize,
    bytes: usize,
    received_at: TimestampMillisecondBuilder,
    occurred_at: TimestampMicrosecondBuilder,
    device: StringBuilder,
    device_id: StringBuilder,
    event_id: StringBuilder,
    trace_id: StringBuilder,
    topic: StringBuilder,
    status: StringBuilder,
    previous: StringBuilder,
    seq: Int64Builder,
    reading: StringBuilder,
    payload: StringBuilder,
    raw: BinaryBuilder,
}

impl Batch {
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let (reading, payload) = (row.reading.map(Value::to_string), row.payload.map(Value::to_string));
        self.rows += 1;
        self.bytes += size(row, reading.as_deref(), payload.as_deref());
        self.received_at.append_option(row.received_at.map(Timestamp::as_millisecond));
        self.occurred_at.append_option(row.occurred_at.map(Timestamp::as_microsecond));
        self.device.append_option(row.device);
        self.device_id.append_option(row.device_id);
        self.event_id.append_option(row.event_id);
        self.trace_id.append_option(row.trace_id);
        self.topic.append_option(row.topic);
        self.status.append_option(row.status);
        self.previous.append_option(row.previous);
        self.seq.append_option(row.seq);
        self.reading.append_option(reading);
        self.payload.append_option(payload);
        self.raw.append_option(row.raw.as_deref());
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.bytes >= BYTES
    }

    /// Of its texts.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What was gathered; the next one begins empty.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ExportError> {
        (self.rows, self.bytes) = (0, 0);
        // In the order of the schema.
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.received_at.finish().with_timezone("UTC")),
            Arc::new(self.occurred_at.finish().with_timezone("UTC")),
            Arc::new(self.device.finish()),
            Arc::new(self.device_id.finish()),
            Arc::new(self.event_id.finish()),
            Arc::new(self.trace_id.finish()),
            Arc::new(self.topic.finish()),
            Arc::new(self.status.finish()),
            Arc::new(self.previous.finish()),
            Arc::new(self.seq.finish()),
            Arc::new(self.reading.finish()),
            Arc::new(self.payload.finish()),
            Arc::new(self.raw.finish()),
        ];
        RecordBatch::try_new(schema(), columns).map_err(|error| ParquetError::from(error).into())
    }
}

/// Bytes of the row's texts.
fn size(row: &Row<'_>, reading: Option<&str>, payload: Option<&str>) -> usize {
    let texts = [row.device, row.device_id, row.event_id, row.trace_id, row.topic, row.status, row.previous];
    let texts = texts.into_iter().chain([reading, payload]).flatten().map(str::len);
    texts.sum::<usize>() + row.raw.as_ref().map_or(0, Vec::len)
}
