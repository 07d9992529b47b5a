//! Marked-up text: one model, read from plain text or HTML, written as each provider wants it.
//!
//! Text is a sequence of [`Run`]s, each with the styles it is shown in. So it can be cut anywhere, and markup
//! can be neither left open nor crossed. Writers live with the plugin that needs them and follow [`RichText::steps`].

mod fit;
mod flow;
mod html;
mod steps;
mod style;

pub use steps::Step;
pub use style::Style;

use crate::text;

/// Text that is shown in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Never empty.
    pub text: String,
    /// Outermost first, each kind at most once. [`Style::Quote`] and [`Style::Heading`] come before all others;
    /// [`Style::Code`] or [`Style::Pre`], of which there is at most one, comes last.
    pub styles: Vec<Style>,
}

/// Marked-up text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichText {
    runs: Vec<Run>,
}

impl RichText {
    /// Text in which every character means itself, [cleaned](text::clean).
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::styled(&text::clean(text), &[])
    }

    /// Text read from HTML, as forgiving as a browser.
    ///
    /// Known are the tags of Telegram and those that give text its lines: paragraphs, headings, lists, tables, rules.
    /// Line ends count as written, as in Telegram's HTML. Of other tags just the text is kept; scripts and style sheets vanish.
    /// Links stay if they begin with `http:`, `https:`, `mailto:` or `tg:`.
    #[must_use]
    pub fn from_html(html: &str) -> Self {
        html::read(html)
    }

    /// `text` in these styles, not cleaned.
    #[must_use]
    pub fn styled(text: &str, styles: &[Style]) -> Self {
        let mut rich = Self::default();
        rich.push(text, styles);
        rich
    }

    /// The runs, in order; no two neighbours have the same styles.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Adds `text` in these styles at the end. Their order is made right.
    pub fn push(&mut self, text: &str, styles: &[Style]) {
        if text.is_empty() {
            return;
        }
        let styles = style::nested(styles);
        match self.runs.last_mut() {
            Some(last) if last.styles == styles => last.text.push_str(text),
            _ => self.runs.push(Run { text: text.to_owned(), styles }),
        }
    }

    /// Adds all of `other` at the end.
    pub fn append(&mut self, other: &Self) {
        for run in &other.runs {
            self.push(&run.text, &run.styles);
        }
    }

    /// The text alone.
    #[must_use]
    pub fn to_plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Length of the text in Unicode code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.iter().map(|run| run.text.chars().count()).sum()
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether there is nothing to see: no text, or just [blank](text::is_blank) text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.runs.iter().all(|run| text::is_blank(&run.text))
    }

    /// Cuts white space off the end and returns how many line ends were in it.
    fn trim_end(&mut self) -> usize {
        let mut line_ends = 0;
        while let Some(last) = self.runs.last_mut() {
            let kept = last.text.trim_end().len();
            line_ends += last.text.drain(kept..).filter(|character| *character == '\n').count();
            if kept > 0 {
                break;
            }
            self.runs.pop();
        }
        line_ends
    }
}

#[cfg(test)]
mod tests;
