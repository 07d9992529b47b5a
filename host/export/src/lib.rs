//! Events as tables for other tools: rows in, bytes out, in Parquet, CSV or JSON lines.
//!
//! Knows no store and no file: what is written to is anything that takes bytes, and a row is made of what the cold rule of
//! `deploy/template.yaml` selects. Memory is bounded by bytes, whatever rows there are and how large each is.

mod error;
mod exporter;
mod format;
mod formats;
mod row;

pub use error::ExportError;
pub use exporter::Exporter;
pub use format::{Format, UnknownFormat};
pub use formats::HELD_BYTES;
pub use row::{COLUMNS, Row};
