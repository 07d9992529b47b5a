//! JSON lines: an object for each event, `reading` and `payload` as the JSON that they are. Every line has every key, so that tools
//! which guess the columns from the first lines guess right.

use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use crate::error::ExportError;
use crate::row::Row;

#[derive(Debug)]
pub(crate) struct JsonlExporter<W> {
    sink: W,
}

/// In the order of [`COLUMNS`](crate::COLUMNS).
#[derive(Serialize)]
struct Line<'e> {
    received_at: Option<String>,
    occurred_at: Option<String>,
    device: Option<&'e str>,
    device_id: Option<&'e str>,
    event_id: Option<&'e str>,
    trace_id: Option<&'e str>,
    topic: Option<&'e str>,
    status: Option<&'e str>,
    previous: Option<&'e str>,
    seq: Option<i64>,
    reading: Option<&'e Value>,
    payload: Option<&'e Value>,
    raw: Option<String>,
}

impl<W: Write> JsonlExporter<W> {
    pub(crate) fn start(sink: W) -> Self {
        Self { sink }
    }

    pub(crate) fn write(&mut self, row: &Row<'_>) -> Result<(), ExportError> {
        serde_json::to_writer(&mut self.sink, &line(row))?;
        self.sink.write_all(b"\n")?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), ExportError> {
        Ok(self.sink.flush()?)
    }
}

fn line<'e>(row: &Row<'e>) -> Line<'e> {
    Line {
        received_at: row.received_at.map(|at| at.to_string()),
        occurred_at: row.occurred_at.map(|at| at.to_string()),
        device: row.device,
        device_id: row.device_id,
        event_id: row.event_id,
        trace_id: row.trace_id,
        topic: row.topic,
        status: row.status,
        previous: row.previous,
        seq: row.seq,
        reading: row.reading,
        payload: row.payload,
        raw: row.raw_text(),
    }
}
