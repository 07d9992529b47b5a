//! Rows in columns that are as wide as they need to be.

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use super::{styled, visible};

/// A cell: text of anybody's, made visible.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl std::fmt::Display) -> Self {
        Self::styled(Style::new(), text)
    }

    pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> Self {
        Self { text: visible(&text.to_string()), style }
    }

    fn width(&self) -> usize {
        self.text.width()
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Escapes around nothing would keep the blanks before them at the end of a line.
        if self.text.is_empty() { Ok(()) } else { formatter.write_str(&styled(self.style, &self.text)) }
    }
}

/// A line for each row; the last column is not padded.
pub(crate) fn columns<const N: usize>(rows: &[[Cell; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let line = |row: &[Cell; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| {
            let padding = " ".repeat(width - cell.width());
            format!("{cell}{padding}")
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "🏠", "x"], ["bbb", "\u{1b}", ""]].map(|row| row.map(Cell::new));
        assert_eq!(columns(&rows), ["a    🏠      x", "bbb  \\u{1b}"]);
    }
}
