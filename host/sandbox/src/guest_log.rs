//! What a plugin says, kept within bounds. A flood is counted, not kept.

use crate::bindings::campanile::channel::log::Level;
use crate::limits;

/// The log of one attempt.
#[derive(Debug, Default)]
pub(crate) struct GuestLog {
    lines: Vec<String>,
    bytes: usize,
    dropped: usize,
}

impl GuestLog {
    pub(crate) fn write(&mut self, level: Level, message: &str) {
        let name = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        self.push(name, message);
    }

    /// Adds what was written to a standard stream, a line each.
    pub(crate) fn write_stream(&mut self, name: &str, bytes: &[u8]) {
        for line in String::from_utf8_lossy(bytes).lines() {
            self.push(name, line);
        }
    }

    fn push(&mut self, prefix: &str, message: &str) {
        let left = limits::LOG_BYTES.saturating_sub(self.bytes);
        if self.lines.len() >= limits::LOG_LINES || left == 0 {
            self.dropped += 1;
            return;
        }
        let message = one_line(message, left);
        self.bytes += message.len();
        self.lines.push(format!("{prefix}: {message}"));
    }

    /// The lines kept, and one that counts what was not.
    pub(crate) fn into_lines(mut self) -> Vec<String> {
        if self.dropped > 0 {
            self.lines.push(format!("host: {} more lines were dropped", self.dropped));
        }
        self.lines
    }
}

/// At most `limit` bytes of `text`, with control characters made visible, so that a plugin can't forge log lines.
fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for character in text.chars() {
        let before = line.len();
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
        if line.len() > limit {
            line.truncate(before);
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_bounded_and_counted() {
        let mut log = GuestLog::default();
        for _ in 0..100_000 {
            log.write(Level::Info, &"x".repeat(1000));
        }
        let lines = log.into_lines();
        assert!(lines.iter().map(String::len).sum::<usize>() < 2 * limits::LOG_BYTES);
        assert_eq!(lines.last().unwrap(), "host: 99934 more lines were dropped");
    }

    #[test]
    fn a_line_can_not_pretend_to_be_two() {
        let mut log = GuestLog::default();
        log.write(Level::Warn, "a\nerror: b\u{1b}[31m");
        assert_eq!(log.into_lines(), ["warn: a\\nerror: b\\u{1b}[31m"]);
    }
}
