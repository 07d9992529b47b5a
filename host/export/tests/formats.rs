//! What was written is what is read again, by readers that are not ours.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

#[path = "formats/bounds.rs"]
mod bounds;
#[path = "formats/columns.rs"]
mod columns;
#[path = "formats/round_trip.rs"]
mod round_trip;
#[path = "formats/selected.rs"]
mod selected;
#[path = "formats/trouble.rs"]
mod trouble;

use campanile_export::{Exporter, Format, Row};
use serde_json::{Map, Value};

/// All that is written of these items.
fn written(format: Format, items: &[Map<String, Value>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut exporter = Exporter::start(format, &mut file, r#"{"device":null}"#).unwrap();
    for item in items {
        exporter.write(&Row::of(item)).unwrap();
    }
    exporter.finish().unwrap();
    file
}
