//! What is written to takes no more.

use std::fs::File;
use std::io::{self, Write};

use campanile_export::{ExportError, Exporter, Format, Row};
use serde_json::json;

/// Writes rows until it fails.
fn failure(format: Format, sink: impl Write + Send) -> ExportError {
    let item = json!({ "client_id": "c", "trace_id": "t", "payload": { "status": "ACTIVE" } });
    let write = || {
        let mut exporter = Exporter::start(format, sink, "")?;
        for _ in 0..10_000 {
            exporter.write(&Row::of(item.as_object().unwrap()))?;
        }
        exporter.finish()
    };
    write().unwrap_err()
}

#[test]
fn a_full_disk_is_told_by_every_format() {
    for format in [Format::Parquet, Format::Csv, Format::Jsonl] {
        let error = failure(format, File::options().write(true).open("/dev/full").unwrap());
        assert!(error.is_full() && !error.is_reader_gone(), "{format}: {error:?}");
        assert!(error.to_string().contains("No space left on device"), "{format}: {error}");
    }
}

#[test]
fn a_reader_that_went_away_is_told_by_every_format() {
    for format in [Format::Parquet, Format::Csv, Format::Jsonl] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let error = failure(format, writer);
        assert!(error.is_reader_gone() && !error.is_full(), "{format}: {error:?}");
    }
}
