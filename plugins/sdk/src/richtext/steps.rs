//! Rich text as a writer of nested markup needs it: what to open, write and close, one after the other.

use super::{RichText, Run, Style};

/// One step of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Begins a style.
    Open(&'a Style),
    /// Writes the text of a run; all its styles are open.
    Text(&'a Run),
    /// Ends the style that was begun last.
    Close(&'a Style),
}

impl RichText {
    /// The steps that write this text. Every style is closed, innermost first.
    #[must_use]
    pub fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        let mut open: &[Style] = &[];
        for run in self.runs() {
            let kept = common(open, &run.styles);
            steps.extend(open.iter().skip(kept).rev().map(Step::Close));
            steps.extend(run.styles.iter().skip(kept).map(Step::Open));
            steps.push(Step::Text(run));
            open = &run.styles;
        }
        steps.extend(open.iter().rev().map(Step::Close));
        steps
    }
}

/// How many styles both begin with.
pub(super) fn common(left: &[Style], right: &[Style]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}
