//! The formats by name.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet: columns with types, compressed with zstd. The file can be read once it is finished.
    Parquet,
    /// Comma-separated values as RFC 4180 has them, with a header; for people and spreadsheets.
    Csv,
    /// An object a line.
    Jsonl,
}

/// The text names no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write parquet, csv or jsonl")]
pub struct UnknownFormat;

impl Format {
    /// The format that a file's name ends with.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text.to_ascii_lowercase().as_str() {
            "parquet" => Ok(Self::Parquet),
            "csv" => Ok(Self::Csv),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            _ => Err(UnknownFormat),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_its_format() {
        for (path, expected) in [
            ("a/b.parquet", Some(Format::Parquet)),
            ("b.CSV", Some(Format::Csv)),
            ("b.ndjson", Some(Format::Jsonl)),
            ("b.json", None),
            ("parquet", None),
            ("-", None),
        ] {
            assert_eq!(Format::of(Path::new(path)), expected, "{path}");
        }
        for format in [Format::Parquet, Format::Csv, Format::Jsonl] {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }
}
