//! Lines of the standard input. What is no line is told, and what comes after it is heard: codecs of libraries end at the first, or wait
//! for more input before they look at what they have.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, BufReader, Stdin, stdin};

use super::Heard;
use crate::signal::LINE_BYTES;

/// Lines, each of at most [`LINE_BYTES`].
#[derive(Debug)]
pub struct Lines<R = BufReader<Stdin>> {
    reader: R,
    line: Vec<u8>,
    /// How long the line is, also beyond what is kept of it.
    length: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self::of(BufReader::new(stdin()))
    }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    fn of(reader: R) -> Self {
        Self { reader, line: Vec::new(), length: 0 }
    }

    /// The next one; none at the end, and when nothing more can be read. Nothing is lost if this is dropped before it ends.
    pub(super) async fn next(&mut self) -> Option<Heard> {
        loop {
            let chunk = match self.reader.fill_buf().await {
                Ok(chunk) => chunk,
                Err(error) => {
                    tracing::error!("nothing more can be read: {error}");
                    return None;
                }
            };
            if chunk.is_empty() {
                return (self.length > 0).then(|| self.take());
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let room = LINE_BYTES.saturating_sub(self.line.len()).min(part.len());
            self.line.extend_from_slice(part.get(..room).unwrap_or_default());
            self.length = self.length.saturating_add(part.len());
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Some(self.take());
            }
        }
    }

    fn take(&mut self) -> Heard {
        let (line, length) = (std::mem::take(&mut self.line), std::mem::take(&mut self.length));
        if length > LINE_BYTES {
            return Heard::Trouble(format!("a line has {length} bytes, and the longest has {LINE_BYTES}"));
        }
        String::from_utf8(line).map_or_else(|_| Heard::Trouble("a line is not UTF-8".to_owned()), Heard::Line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(input: &[u8]) -> Vec<String> {
        let mut lines = Lines::of(BufReader::with_capacity(7, input));
        let mut all = Vec::new();
        while let Some(heard) = lines.next().await {
            all.push(match heard {
                Heard::Line(line) => line,
                Heard::Trouble(why) => format!("! {why}"),
            });
        }
        all
    }

    #[tokio::test]
    async fn each_is_heard_whatever_is_between() {
        let long = "x".repeat(LINE_BYTES + 1);
        let input =
            [b"ACTIVE\n\n\xff\n", long.as_bytes(), b"\n", &long.as_bytes()[1..], b"\nINACTIVE"].concat();
        let expected = [
            "ACTIVE",
            "",
            "! a line is not UTF-8",
            "! a line has 65537 bytes, and the longest has 65536",
            &long[1..],
            "INACTIVE",
        ];
        assert_eq!(lines(&input).await, expected);
        assert_eq!(lines(b"").await, [""; 0]);
        assert_eq!(lines(b"\r\n").await, ["\r"]);
    }
}
