//! A file for each format.

mod csv;
mod jsonl;
mod parquet;

pub(crate) use self::csv::CsvExporter;
pub(crate) use self::jsonl::JsonlExporter;
pub use self::parquet::HELD_BYTES;
pub(crate) use self::parquet::ParquetExporter;
