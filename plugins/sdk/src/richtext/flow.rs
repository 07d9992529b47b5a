//! Lays out the text of a document: where its blocks break into lines, what stands before items and between cells.
//!
//! White space around a block says nothing, so it is written only when text follows.

use super::steps::common;
use super::style::{Style, nest};
use super::{RichText, Run};

/// More line ends than this do not show any better what belongs together.
const MAX_LINE_ENDS: usize = 2;

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Flow {
    written: RichText,
    /// Those of the text to come.
    styles: Vec<Style>,
    /// How many line ends come before the next text.
    line_ends: usize,
    /// What comes directly before the next text: the mark of an item, separators of cells.
    mark: RichText,
}

impl Flow {
    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        let fresh = self.written.is_empty() || self.line_ends > 0 || !self.mark.is_empty();
        let text = match fresh {
            true if self.in_pre() => text.strip_prefix('\n').unwrap_or(text),
            true => text.trim_start(),
            false => text,
        };
        if !text.is_empty() {
            self.write_gap();
            self.written.push(text, &self.styles);
        }
    }

    /// Ends the line within a block.
    pub(super) fn line_end(&mut self) {
        if self.in_pre() {
            self.text("\n");
        } else {
            self.block(self.line_ends + 1);
        }
    }

    /// Begins a block with `line_ends` before it; with more if the author left an empty line, with none at the
    /// beginning of an item or cell.
    pub(super) fn block(&mut self, line_ends: usize) {
        if self.mark.is_empty() {
            let left = self.written.trim_end();
            self.line_ends = self.line_ends.max(line_ends).max(left).min(MAX_LINE_ENDS);
        }
    }

    /// Begins a line with `mark` before its text; the item or row before it has ended.
    pub(super) fn item(&mut self, mark: &str) {
        self.written.trim_end();
        self.line_ends = 1;
        self.mark = RichText::styled(mark, &self.styles);
    }

    /// Goes on in the line of the block before, behind `separator`.
    pub(super) fn cell(&mut self, separator: &str) {
        self.written.trim_end();
        self.line_ends = 0;
        self.mark.push(separator, &self.styles);
    }

    /// Shows the text to come in `style` too.
    pub(super) fn begin(&mut self, style: Style) {
        nest(&mut self.styles, style);
    }

    /// Shows the text to come no longer in styles of this kind.
    pub(super) fn end(&mut self, style: &Style) {
        self.styles.retain(|open| !open.same_kind(style));
    }

    /// Whether the text to come is a [`Style::Pre`].
    pub(super) fn in_pre(&self) -> bool {
        matches!(self.styles.last(), Some(Style::Pre(_)))
    }

    /// What was written, without white space at its end.
    pub(super) fn finish(mut self) -> RichText {
        self.written.trim_end();
        self.written
    }

    /// Line ends get the styles of both sides, but never belong to a heading or code: those end with their text.
    fn write_gap(&mut self) {
        let mark = std::mem::take(&mut self.mark);
        let mut line_ends = std::mem::take(&mut self.line_ends);
        let quoted = is_quoted(&self.styles);
        if let Some(Run { styles, .. }) = self.written.runs().last() {
            // A quote is made of whole lines, so it can neither begin nor end between the cells of one.
            let broken = line_ends == 0 && is_quoted(styles) != quoted;
            if broken {
                line_ends = 1;
            }
            let mut shared = styles.clone();
            shared.truncate(common(styles, &self.styles));
            shared.retain(|style| *style != Style::Heading && !style.is_verbatim());
            self.written.push(&"\n".repeat(line_ends), &shared);
            if broken {
                return;
            }
        }
        for Run { text, mut styles } in mark.runs().iter().cloned() {
            styles.retain(|style| *style != Style::Quote);
            if quoted {
                nest(&mut styles, Style::Quote);
            }
            self.written.push(&text, &styles);
        }
    }
}

/// Whether text in these styles is a quote.
fn is_quoted(styles: &[Style]) -> bool {
    styles.first() == Some(&Style::Quote)
}
