//! A Parquet file, read by Apache Arrow.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType, TimestampMillisecondType};
use arrow_array::{Array as _, RecordBatch};
use bytes::Bytes;
use campanile_export::Row;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use serde_json::Value;

/// The cells of a row, as both sides have them.
#[derive(Debug, PartialEq)]
pub(crate) struct Cells {
    times: [Option<i64>; 2],
    texts: [Option<String>; 7],
    seq: Option<i64>,
    /// Read again: digits may be written in more than one way.
    json: [Option<Value>; 2],
    raw: Option<Vec<u8>>,
}

impl Cells {
    pub(crate) fn of(row: &Row<'_>) -> Self {
        let texts =
            [row.device, row.device_id, row.event_id, row.trace_id, row.topic, row.status, row.previous];
        Self {
            times: [
                row.received_at.map(jiff::Timestamp::as_millisecond),
                row.occurred_at.map(jiff::Timestamp::as_microsecond),
            ],
            texts: texts.map(|text| text.map(str::to_owned)),
            seq: row.seq,
            json: [row.reading.cloned(), row.payload.cloned()],
            raw: row.raw.clone(),
        }
    }

    fn read(batch: &RecordBatch, row: usize) -> Self {
        let column = |name: &str| batch.column_by_name(name).unwrap();
        let text = |name: &str| {
            let column = column(name).as_string::<i32>();
            column.is_valid(row).then(|| column.value(row).to_owned())
        };
        let json = |name: &str| text(name).map(|text| serde_json::from_str(&text).unwrap());
        let received = column("received_at").as_primitive::<TimestampMillisecondType>();
        let occurred = column("occurred_at").as_primitive::<TimestampMicrosecondType>();
        let seq = column("seq").as_primitive::<Int64Type>();
        let raw = column("raw").as_binary::<i32>();
        Self {
            times: [
                received.is_valid(row).then(|| received.value(row)),
                occurred.is_valid(row).then(|| occurred.value(row)),
            ],
            texts: ["device", "device_id", "event_id", "trace_id", "topic", "status", "previous"].map(text),
            seq: seq.is_valid(row).then(|| seq.value(row)),
            json: ["reading", "payload"].map(json),
            raw: raw.is_valid(row).then(|| raw.value(row).to_vec()),
        }
    }
}

/// Every row of a file.
pub(crate) fn read(file: Vec<u8>) -> Vec<Cells> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file)).unwrap().build().unwrap();
    let of_batch =
        |batch: RecordBatch| (0..batch.num_rows()).map(|row| Cells::read(&batch, row)).collect::<Vec<_>>();
    reader.flat_map(|batch| of_batch(batch.unwrap())).collect()
}

/// What a file tells of itself.
pub(crate) fn metadata(file: Vec<u8>) -> ArrowReaderMetadata {
    ArrowReaderMetadata::load(&Bytes::from(file), parquet::arrow::arrow_reader::ArrowReaderOptions::default())
        .unwrap()
}
