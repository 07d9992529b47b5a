//! What is counted for as long as the file lives, across restarts.

use serde::Serialize;

/// Counts of transitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counters {
    /// Appended.
    pub appended: u64,
    /// Acknowledged by the broker, each once.
    pub acknowledged: u64,
    /// Published, copies included.
    pub sent: u64,
    /// Gone without an acknowledgement because there was no room.
    pub dropped_full: u64,
    /// Gone because they were too old.
    pub dropped_old: u64,
    /// Never appended: too large for a message, or no room.
    pub refused: u64,
    /// Connections to the broker, the first one included.
    pub connections: u64,
}

impl Counters {
    /// Each with the name that it has in the file, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("appended", self.appended),
            ("acknowledged", self.acknowledged),
            ("sent", self.sent),
            ("dropped_full", self.dropped_full),
            ("dropped_old", self.dropped_old),
            ("refused", self.refused),
            ("connections", self.connections),
        ]
    }

    /// The one of that name.
    pub(super) fn of_name(&mut self, name: &str) -> Option<&mut u64> {
        match name {
            "appended" => Some(&mut self.appended),
            "acknowledged" => Some(&mut self.acknowledged),
            "sent" => Some(&mut self.sent),
            "dropped_full" => Some(&mut self.dropped_full),
            "dropped_old" => Some(&mut self.dropped_old),
            "refused" => Some(&mut self.refused),
            "connections" => Some(&mut self.connections),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_name() {
        let mut counters = Counters::default();
        for (place, (name, _)) in Counters::default().named().into_iter().enumerate() {
            *counters.of_name(name).unwrap() += u64::try_from(place).unwrap() + 1;
        }
        assert_eq!(counters.named().map(|(_, count)| count), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(counters.of_name("other"), None);
    }
}
