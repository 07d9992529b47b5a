//! Whatever devices send, each format has it.

use std::collections::HashSet;

use campanile_export::{COLUMNS, Format, Row};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::columns::{self, Cells};
use crate::selected::item;
use crate::written;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parquet_has_what_was_written(items in prop::collection::vec(item(), 0..20)) {
        let expected: Vec<_> = items.iter().map(|item| Cells::of(&Row::of(item))).collect();
        prop_assert_eq!(columns::read(written(Format::Parquet, &items)), expected);
    }

    #[test]
    fn csv_has_what_was_written(items in prop::collection::vec(item(), 0..20)) {
        let file = written(Format::Csv, &items);
        let mut reader = csv::Reader::from_reader(file.as_slice());
        prop_assert!(reader.headers().unwrap().iter().eq(COLUMNS));
        let read: Vec<_> = reader.records().map(|record| unguarded(&record.unwrap())).collect();
        prop_assert_eq!(read, items.iter().map(expected_cells).collect::<Vec<_>>());
    }

    #[test]
    fn no_cell_of_csv_is_a_formula(items in prop::collection::vec(item(), 1..20)) {
        let file = written(Format::Csv, &items);
        for record in csv::Reader::from_reader(file.as_slice()).records() {
            for cell in &record.unwrap() {
                let is_number = cell.parse::<f64>().is_ok() || cell.starts_with("-0");
                let is_base64 = cell.len() == 4 && cell.starts_with('+');
                prop_assert!(is_number || is_base64 || is_date(cell) || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{}", cell);
            }
        }
    }

    #[test]
    fn json_lines_have_what_was_written(items in prop::collection::vec(item(), 0..20)) {
        let file = String::from_utf8(written(Format::Jsonl, &items)).unwrap();
        let lines: Vec<Map<String, Value>> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(lines.len(), items.len());
        for (line, item) in lines.iter().zip(&items) {
            prop_assert_eq!(line.keys().map(String::as_str).collect::<HashSet<_>>(), HashSet::from(COLUMNS));
            let row = Row::of(item);
            prop_assert_eq!(&line["payload"], row.payload.unwrap_or(&Value::Null));
            prop_assert_eq!(&line["device"], &json!(row.device));
            prop_assert_eq!(&line["status"], &json!(row.status));
            prop_assert_eq!(&line["seq"], &json!(row.seq));
            prop_assert_eq!(&line["occurred_at"], &json!(row.occurred_at.map(|at| at.to_string())));
            prop_assert_eq!(&line["raw"], item.get("raw").unwrap_or(&Value::Null));
        }
    }
}

/// Years before 0 have a sign.
fn is_date(cell: &str) -> bool {
    cell.parse::<jiff::Timestamp>().is_ok()
}

/// The cells with what made text of a formula taken away, as the docs say how.
fn unguarded(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell).to_owned()).collect()
}

fn expected_cells(item: &Map<String, Value>) -> Vec<String> {
    let row = Row::of(item);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let json = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    vec![
        row.received_at.map(|at| at.to_string()).unwrap_or_default(),
        row.occurred_at.map(|at| at.to_string()).unwrap_or_default(),
        text(row.device),
        text(row.device_id),
        text(row.event_id),
        text(row.trace_id),
        text(row.topic),
        text(row.status),
        text(row.previous),
        row.seq.map(|seq| seq.to_string()).unwrap_or_default(),
        json(row.reading),
        json(row.payload),
        text(item.get("raw").and_then(Value::as_str)),
    ]
}

#[test]
fn a_table_without_rows_has_its_columns() {
    let file = written(Format::Parquet, &[]);
    let metadata = columns::metadata(file);
    assert!(metadata.schema().fields().iter().map(|field| field.name().as_str()).eq(COLUMNS));
    assert_eq!(metadata.metadata().file_metadata().num_rows(), 0);
    let header = format!("{}\r\n", COLUMNS.join(","));
    assert_eq!(String::from_utf8(written(Format::Csv, &[])).unwrap(), header);
    assert!(written(Format::Jsonl, &[]).is_empty());
}

#[test]
fn a_file_tells_who_wrote_it_and_what_was_asked() {
    let item = json!({ "client_id": "c", "trace_id": "t" });
    let item = item.as_object().unwrap().clone();
    let metadata = columns::metadata(written(Format::Parquet, std::slice::from_ref(&item)));
    let metadata = metadata.metadata().file_metadata();
    assert_eq!(metadata.created_by(), Some(concat!("campanile ", env!("CARGO_PKG_VERSION"))));
    let keys = metadata.key_value_metadata().unwrap();
    let query = keys.iter().find(|entry| entry.key == "campanile.query").unwrap();
    assert_eq!(query.value.as_deref(), Some(r#"{"device":null}"#));
    // The same rows are the same bytes.
    for format in [Format::Parquet, Format::Csv, Format::Jsonl] {
        let items = [item.clone(), item.clone()];
        assert_eq!(written(format, &items), written(format, &items));
    }
}
