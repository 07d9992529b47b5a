//! How far a delivery in several parts has come, kept from attempt to attempt in `resume`.

use campanile_channel::Receipt;

use crate::answer::Sent;

/// The parts that Discord has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How many.
    pub(crate) parts: usize,
    /// The first of them: the one to edit later.
    pub(crate) first: Sent,
}

impl Progress {
    /// Reads what [`Progress::to_resume`] wrote; anything else is no progress.
    pub(crate) fn from_resume(resume: &str) -> Self {
        let mut pieces = resume.split(',');
        let mut next = || pieces.next().unwrap_or_default();
        let parts = next().parse().unwrap_or_default();
        Self { parts, first: Sent { message: next().to_owned(), channel: next().to_owned() } }
    }

    /// The number of parts, the id of the first, and the channel it is in.
    pub(crate) fn to_resume(&self) -> String {
        if self.parts == 0 {
            return String::new();
        }
        format!("{},{},{}", self.parts, self.first.message, self.first.channel)
    }

    /// One more part.
    pub(crate) fn add(&mut self, sent: Sent) {
        if self.parts == 0 {
            self.first = sent;
        }
        self.parts += 1;
    }

    /// The receipt once all parts are delivered.
    pub(crate) fn into_receipt(self) -> Receipt {
        Receipt { message_id: self.first.message, target: self.first.channel, warnings: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_survives_an_attempt() {
        let mut progress = Progress::default();
        assert_eq!(progress.to_resume(), "");
        progress.add(Sent { message: "7".into(), channel: "8".into() });
        progress.add(Sent::default());
        assert_eq!(progress.to_resume(), "2,7,8");
        assert_eq!(Progress::from_resume("2,7,8"), progress);
        assert_eq!(Progress::from_resume("2").parts, 2);
        assert_eq!(Progress::from_resume("garbage"), Progress::default());
    }
}
