//! The types of the columns.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::row::COLUMNS;

/// Every column may be empty.
pub(super) fn schema() -> SchemaRef {
    let field = |name: &&str| Field::new(*name, kind(name), true);
    Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()))
}

/// Moments are UTC: of the rule to the millisecond, which is all that `timestamp()` tells, of a device to the microsecond, which is the
/// finest that DuckDB and most others keep.
fn kind(column: &str) -> DataType {
    let utc = || Some("UTC".into());
    match column {
        "received_at" => DataType::Timestamp(TimeUnit::Millisecond, utc()),
        "occurred_at" => DataType::Timestamp(TimeUnit::Microsecond, utc()),
        "seq" => DataType::Int64,
        "raw" => DataType::Binary,
        _ => DataType::Utf8,
    }
}
