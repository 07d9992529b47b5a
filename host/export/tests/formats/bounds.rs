//! Memory, with payloads as large as AWS takes them.

use std::io::{self, Write};

use bytes::Bytes;
use campanile_export::{Exporter, Format, HELD_BYTES, Row};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::{Map, Value, json};

use crate::written;

/// The largest payload of a message.
const PAYLOAD: usize = 128 * 1024;

/// An event whose payload nothing can compress.
fn large(number: u64) -> Map<String, Value> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let text: String = (0..PAYLOAD)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b' ' + u8::try_from(state % 90).unwrap())
        })
        .collect();
    let item = json!({ "client_id": "c", "trace_id": number.to_string(), "payload": { "status": "A", "reading": text } });
    item.as_object().unwrap().clone()
}

#[test]
fn what_is_held_is_bounded_whatever_is_sent() {
    let mut exporter = Exporter::start(Format::Parquet, io::sink(), "").unwrap();
    let mut most = 0;
    for number in 0..150 {
        exporter.write(&Row::of(&large(number))).unwrap();
        most = most.max(exporter.held());
    }
    // Of 37 MiB: a payload is in two columns.
    assert!(most <= HELD_BYTES + 2 * PAYLOAD, "{most}");
    assert!(most > HELD_BYTES / 2, "{most}");
}

#[test]
fn row_groups_are_bounded_by_bytes() {
    let items: Vec<_> = (0..100).map(large).collect();
    let file = SerializedFileReader::new(Bytes::from(written(Format::Parquet, &items))).unwrap();
    let rows: Vec<_> = file.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    assert_eq!(rows.iter().sum::<i64>(), 100);
    assert!(rows.len() > 1, "{rows:?}");
}

#[test]
fn rows_of_all_the_other_formats_are_written_at_once() {
    /// Counts the bytes.
    #[derive(Default)]
    struct Count(usize);

    impl Write for &mut Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    for format in [Format::Csv, Format::Jsonl] {
        let mut count = Count::default();
        let mut exporter = Exporter::start(format, &mut count, "").unwrap();
        for number in 0..3 {
            exporter.write(&Row::of(&large(number))).unwrap();
        }
        assert_eq!(exporter.held(), 0);
        exporter.finish().unwrap();
        assert!(count.0 > 3 * PAYLOAD);
    }
}
